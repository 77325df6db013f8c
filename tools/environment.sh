# Sourced by the scripts that make an environment, in the root of the checkout: by uv where it runs, else by venv and pip.

# System certificates: behind a company proxy the ones that uv ships are not enough.
export UV_SYSTEM_CERTS=1 UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
uv=$(command -v uv || true)
if [ -z "$uv" ] && [ -x .tools/bin/uv ]; then uv=.tools/bin/uv; fi
ours=(-e packages/hermes-worker -e packages/hermes-control -e packages/hermes-fleet -e packages/hermes-sandbox)

# environment PLACE PYTHON REQUIREMENTS [-e PACKAGE ...]: what is pinned there, then the packages of this checkout
environment() {
    local place=$1 python=$2 requirements=$3
    shift 3
    if [ -z "$uv" ] || ! by_uv "$place" "$python" "$requirements" "$@"; then
        echo "$place: uv is not to be had or failed; using venv and pip (about a minute longer)" >&2
        by_pip "$place" "$python" "$requirements" "$@"
    fi
}

by_uv() {
    local place=$1 python=$2 requirements=$3
    shift 3
    "$uv" venv --quiet --allow-existing --python "$python" "$place" &&
        "$uv" pip install --quiet --python "$place/bin/python" --require-hashes -r "$requirements" &&
        { [ $# = 0 ] || "$uv" pip install --quiet --python "$place/bin/python" --no-deps --no-build-isolation "$@"; }
}

by_pip() {
    local place=$1 python=$2 requirements=$3
    shift 3
    "$python" -m venv "$place" &&
        "$place/bin/python" -m pip install --quiet --require-hashes -r "$requirements" &&
        { [ $# = 0 ] || "$place/bin/python" -m pip install --quiet --no-deps --no-build-isolation "$@"; }
}
