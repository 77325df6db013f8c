#!/usr/bin/env bash
# Makes .venv-official with the providers' own SDKs, which the tests in tests/official drive.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/environment.sh
environment .venv-official .venv/bin/python requirements-official.txt
touch .venv-official/.ready
