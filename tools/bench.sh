#!/usr/bin/env bash
# Makes .venv-bench with the other crawlers that bench/crawl.py runs beside ours.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/environment.sh
environment .venv-bench .venv/bin/python requirements-bench.txt
touch .venv-bench/.ready
