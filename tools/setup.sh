#!/usr/bin/env bash
# Makes .venv with everything pinned: by uv where it runs, else by venv and pip.
# `setup.sh demo` installs what the demo needs (requirements-demo.txt), `setup.sh dev` what tests and checks need too.
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-dev}
ours=(-e packages/hermes-worker -e packages/hermes-control -e packages/hermes-fleet -e packages/hermes-sandbox)
python=""
for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$("$candidate" -c 'import sys; print(sys.executable)')
        break
    fi
done
if [ -z "$python" ]; then
    echo "setup: Python 3.11 or newer is needed (set PYTHON to its path)" >&2
    exit 1
fi
# System certificates: behind a company proxy the ones that uv ships are not enough.
export UV_SYSTEM_CERTS=1 UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
uv=$(command -v uv || true)
if [ -z "$uv" ] && [ -x .tools/bin/uv ]; then uv=.tools/bin/uv; fi
if [ -z "$uv" ] && "$python" -m pip install --quiet --target .tools 'uv>=0.9,<1' 2>/dev/null; then uv=.tools/bin/uv; fi

by_uv() {
    "$uv" venv --quiet --allow-existing --python "$python" .venv &&
        "$uv" pip install --quiet --python .venv/bin/python --require-hashes -r "requirements-$what.txt" &&
        "$uv" pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation "${ours[@]}"
}

by_pip() {
    "$python" -m venv .venv &&
        .venv/bin/python -m pip install --quiet --require-hashes -r "requirements-$what.txt" &&
        .venv/bin/python -m pip install --quiet --no-deps --no-build-isolation "${ours[@]}"
}

if [ -z "$uv" ] || ! by_uv; then
    echo "setup: uv is not to be had or failed; using venv and pip (about a minute longer)" >&2
    by_pip
fi
[ "$what" = demo ] || touch .venv/.ready
touch .venv/.demo
