# Every target does its own set-up: `make book` and `make test` work in a fresh clone.
PYTHON ?= python3
PORT   ?= 8000
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
UV     := $(BIN)/uv
SITE   := _build/html/index.html
LOCK   := $(UV) pip compile --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --quiet \
	--custom-compile-command "make lock"

export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help setup book serve check test audit mutation bench lock clean oldest newest twice colab picture upgrade

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## create .venv and install the locked requirements

$(READY): requirements.txt pyproject.toml tools/setup.sh
	@PYTHON="$(PYTHON)" sh tools/setup.sh $(VENV)
	@touch $@

book: $(READY) ## execute the chapters and build the site into _build/html
	@echo "Building the book (chapters whose code has not changed are taken from the cache) ..."
	@$(BIN)/jupyter-book build . -W --keep-going
	@echo
	@echo "Built: $(CURDIR)/$(SITE)"
	@echo "Open it in a browser, or run 'make serve' for a preview that follows your edits."

serve: $(READY) ## live preview on http://127.0.0.1:8000 (PORT=...), rebuilt on every save
	@PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python tools/serve.py $(PORT)

check: $(READY) ## in under two minutes: audit, tests of the package and of the texts, doctests
	@$(BIN)/python -m tools.run_tests check

test: $(READY) ## make check, then test the notebooks, Binder and the site in a browser
	@$(BIN)/python -m tools.run_tests test

audit: $(READY) ## lint, formatting, strict types, docstrings
	@sh tools/audit.sh $(BIN)

mutation: $(READY) ## change the package in a thousand small ways and see whether the tests notice
	@$(BIN)/python tests/mutation.py

bench: $(READY) ## time and memory of the losses, beside their peers and by sizes of blocks
	@JAX_PLATFORMS=cpu $(BIN)/python bench/losses.py
	@$(BIN)/python bench/blocks.py

lock: $(READY) ## compile pyproject.toml into requirements.txt and .binder/requirements.txt (UPGRADE=--upgrade)
	@$(LOCK) $(UPGRADE) --group all -o requirements.txt pyproject.toml
	@$(LOCK) $(UPGRADE) --group binder -c requirements.txt -o .binder/requirements.txt pyproject.toml
	@echo "Locked: requirements.txt and .binder/requirements.txt"

upgrade: ## lock the newest versions that are a week old, push them to branch `lock` (weekly.yml does it)
	@$(MAKE) --no-print-directory lock UPGRADE="--upgrade --exclude-newer '7 days'"
	@sh tools/push.sh lock origin

oldest: book ## execute the notebooks with the oldest versions that pyproject.toml allows
	@$(BIN)/python tools/run_notebooks.py lowest-direct

newest: book ## execute the notebooks with the newest versions there are
	@$(BIN)/python tools/run_notebooks.py highest

twice: $(READY) ## build the last commit in two folders and compare the sites, byte by byte
	@$(BIN)/python tools/twice.py

colab: ## push the site's notebooks to the branch that Colab opens (publish.yml does it)
	@sh tools/push.sh notebooks origin

picture: book ## take the README's picture of the site anew
	@sh tools/browser.sh $(BIN)/python
	@$(BIN)/python -m tools.picture

clean: ## remove everything that was built, and the environment
	@rm -rf _build $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage build code/*.egg-info
	@find book code tests bench tools -name __pycache__ -prune -exec rm -rf {} +
	@echo "Clean: _build, $(VENV) and the caches are gone."
