#!/usr/bin/env bash
# Makes .venv-engines with Hermes beside Prefect, boto3 and a local SQS, for tests/engines and bench/engines.py,
# and in its folder `server` Prefect's server, which needs an older FastAPI than Hermes does.
set -euo pipefail
cd "$(dirname "$0")/.."
ours=(-e packages/hermes-worker -e packages/hermes-control -e packages/hermes-fleet -e packages/hermes-sandbox)
place=.venv-engines
# System certificates: behind a company proxy the ones that uv ships are not enough.
export UV_SYSTEM_CERTS=1 UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
python=$(.venv/bin/python -c 'import sys; print(sys.executable)')  # tools/setup.sh chose it
uv=$(command -v uv || true)
if [ -z "$uv" ] && [ -x .tools/bin/uv ]; then uv=.tools/bin/uv; fi

by_uv() {
    "$uv" venv --quiet --allow-existing --python "$python" "$place" &&
        "$uv" pip install --quiet --python "$place/bin/python" --require-hashes -r requirements-engines.txt &&
        "$uv" pip install --quiet --python "$place/bin/python" --no-deps --no-build-isolation "${ours[@]}" &&
        "$uv" venv --quiet --allow-existing --python "$python" "$place/server" &&
        "$uv" pip install --quiet --python "$place/server/bin/python" --require-hashes -r requirements-engines-server.txt
}

by_pip() {
    "$python" -m venv "$place" &&
        "$place/bin/python" -m pip install --quiet --require-hashes -r requirements-engines.txt &&
        "$place/bin/python" -m pip install --quiet --no-deps --no-build-isolation "${ours[@]}" &&
        "$python" -m venv "$place/server" &&
        "$place/server/bin/python" -m pip install --quiet --require-hashes -r requirements-engines-server.txt
}

if [ -z "$uv" ] || ! by_uv; then
    echo "engines: uv is not to be had or failed; using venv and pip" >&2
    by_pip
fi
touch "$place/.ready"
