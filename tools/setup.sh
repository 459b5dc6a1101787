#!/bin/sh
# Create the environment $1 from the lock, with every download checked against its hash.
# $PYTHON names the interpreter.
set -eu
venv=$1
python=${PYTHON:-python3}

say() { echo "$*" >&2; }

if ! command -v "$python" >/dev/null 2>&1; then
    say "make: no '$python' here. Install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3"
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    say "make: $("$python" --version) is too old, the book needs 3.11 or newer: make PYTHON=python3.12"
    exit 1
fi

# Debian ships venv apart from Python itself.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    as_root=
    [ "$(id -u)" = 0 ] || as_root='sudo -n'
    say "Python's venv module is missing; installing Debian's python$version-venv ..."
    if ! { $as_root apt-get update -qq && $as_root apt-get install -y -qq "python$version-venv"; } >&2; then
        say "make: could not install it. Run: apt-get install python$version-venv"
        exit 1
    fi
fi

echo "Setting up $venv (once, and again only when requirements.txt or pyproject.toml change) ..."
"$python" -m venv "$venv"
if ! "$venv/bin/uv" --version >/dev/null 2>&1; then
    # uv installs the rest; its own wheel is checked against the same lock
    awk '/^uv==/ {keep = 1} keep; keep && !/\\$/ {exit}' requirements.txt >"$venv/uv.txt"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$venv/uv.txt"
fi
VIRTUAL_ENV=$venv "$venv/bin/uv" pip sync --quiet --require-hashes --compile-bytecode requirements.txt
VIRTUAL_ENV=$venv "$venv/bin/uv" pip install --quiet --no-deps --no-build-isolation --editable .
echo "Ready: $("$venv/bin/python" --version), $(grep -c '^[a-zA-Z0-9]' requirements.txt) locked packages in $venv"
