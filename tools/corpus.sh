#!/usr/bin/env bash
# Fetches the annotated forms that bench/mapper.py measures with (Formasaurus, MIT licence) into a
# cache folder outside of the repository.
set -euo pipefail
folder="${1:-${XDG_CACHE_HOME:-$HOME/.cache}/hermes-corpus}"
mkdir -p "$folder"
python3 -m pip download --quiet --no-deps --dest "$folder" 'formasaurus==0.10.0'
python3 -m zipfile -e "$folder"/formasaurus-0.10.0-*.whl "$folder"
echo "$folder/formasaurus/data"
