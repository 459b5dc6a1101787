#!/bin/sh
# Audit the sources and run every test, unless all passed on exactly these sources before. $1 is the environment's bin.
# Where CI is set they always run.
set -eu
bin=$1
passed=_build/.tested

state=$({ "$bin/python" --version; git ls-files -z --cached --others --exclude-standard |
    xargs -0 sha256sum 2>&1; } | sha256sum)
if [ -z "${CI:-}" ] && [ "$state" = "$(cat "$passed" 2>/dev/null)" ]; then
    echo "Nothing has changed since all tests passed. To run them again: rm $passed"
    exit 0
fi

sh tools/audit.sh "$bin"
sh tools/browser.sh "$bin/python"
echo "Running every test, some minutes; files side by side, those with a browser last the longest ..."
"$bin/python" -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile \
    --cov --cov-report term:skip-covered --cov-fail-under 100
mkdir -p _build
echo "$state" >"$passed"
echo "All tests passed."
