#!/usr/bin/env bash
# Writes the hashed requirements files from pyproject.toml and requirements-*.in (no index addresses in them).
set -euo pipefail
cd "$(dirname "$0")/.."
export UV_PYTHON_DOWNLOADS=never
common=(--quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links
        --no-annotate --custom-compile-command "make lock")
.tools/bin/uv pip compile "${common[@]}" pyproject.toml -o requirements.txt
.tools/bin/uv pip compile "${common[@]}" pyproject.toml --group dev -o requirements-dev.txt
.tools/bin/uv pip compile "${common[@]}" requirements-official.in -o requirements-official.txt
.tools/bin/uv pip compile "${common[@]}" pyproject.toml requirements-engines.in -o requirements-engines.txt
.tools/bin/uv pip compile "${common[@]}" requirements-engines-server.in -o requirements-engines-server.txt
.tools/bin/uv pip compile "${common[@]}" requirements-bench.in -o requirements-bench.txt
