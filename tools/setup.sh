#!/usr/bin/env bash
# Makes .venv with everything pinned. `setup.sh demo` installs what the demo needs (requirements-demo.txt),
# `setup.sh dev` what tests and checks need too.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/environment.sh
what=${1:-dev}
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
if [ -z "$uv" ] && "$python" -m pip install --quiet --target .tools 'uv>=0.9,<1' 2>/dev/null; then uv=.tools/bin/uv; fi
environment .venv "$python" "requirements-$what.txt" "${ours[@]}"
[ "$what" = demo ] || touch .venv/.ready
touch .venv/.demo
