#!/bin/sh
# Lint, formatting (of the code in Markdown, too), strict types, docstrings. $1 is the environment's bin.
set -eu
bin=$1

"$bin/ruff" check .
"$bin/ruff" format --check .
"$bin/mypy"
"$bin/numpydoc" lint code/crossentropy/*.py
echo "Audit clean."
