#!/usr/bin/env bash
# Writes the hashed requirements files from pyproject.toml and requirements-*.in (no index addresses in them).
set -euo pipefail
cd "$(dirname "$0")/.."
export UV_PYTHON_DOWNLOADS=never
common=(--quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links
        --no-annotate --no-emit-package hermes-worker --no-emit-package hermes-fleet --no-emit-package hermes-sandbox --custom-compile-command "make lock")
control=packages/hermes-control/pyproject.toml
.tools/bin/uv pip compile "${common[@]}" $control --extra demo --group build --group dev -o requirements-dev.txt
same=(-c requirements-dev.txt)  # what is installed is what was tested
.tools/bin/uv pip compile "${common[@]}" "${same[@]}" $control -o requirements.txt
.tools/bin/uv pip compile "${common[@]}" "${same[@]}" $control --extra fleet -o requirements-fleet.txt
.tools/bin/uv pip compile "${common[@]}" "${same[@]}" $control --extra demo --group build -o requirements-demo.txt
.tools/bin/uv pip compile "${common[@]}" requirements-official.in -o requirements-official.txt
.tools/bin/uv pip compile "${common[@]}" $control --extra demo requirements-engines.in -o requirements-engines.txt
.tools/bin/uv pip compile "${common[@]}" requirements-engines-server.in -o requirements-engines-server.txt
.tools/bin/uv pip compile "${common[@]}" requirements-bench.in -o requirements-bench.txt
