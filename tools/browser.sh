#!/bin/sh
# Make sure that the browser tests have a Chrome or Chromium. $1 is the environment's Python.
set -eu
python=$1

if "$python" tools/browser.py; then exit 0; fi

as_root=
[ "$(id -u)" = 0 ] || as_root='sudo -n'
echo "No Chrome or Chromium here; installing Debian's chromium for the browser tests ..."
if command -v apt-get >/dev/null && { $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends chromium; } >/dev/null; then
    "$python" tools/browser.py && exit 0
fi
echo "Debian's package could not be installed; trying Playwright's own Chromium ..."
if "$python" -m playwright install chromium; then
    "$python" tools/browser.py && exit 0
fi
echo "make test: the browser tests need Chrome or Chromium. Install one, or set CHROME=/path/to/chrome." >&2
exit 1
