#!/usr/bin/env bash
# Makes .venv-engines with Hermes beside Prefect, boto3 and a local SQS, for tests/directory_bolt/engines and
# bench/engines.py, and in its folder `server` Prefect's server, which needs an older FastAPI than Hermes does.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/environment.sh
environment .venv-engines .venv/bin/python requirements-engines.txt "${ours[@]}"
environment .venv-engines/server .venv/bin/python requirements-engines-server.txt
touch .venv-engines/.ready
