# folkmote: `make serve` and `make test` set up all they need in .venv, from Python 3.11 and make alone.

PORT ?= 8000
PYTHON ?=

VENV := .venv
BIN := $(VENV)/bin
WORK := build
TOOLS := $(VENV)/.tools
SSSOM := $(VENV)/.sssom
PEERS := $(VENV)/.peers
CLIENTS := $(WORK)/clients
READY := $(VENV)/.ready
VERBS := check format diff build deploy export serve push query mcp anchor verify verify-anchors new crosswalk

# Folders too: a file that was deleted changes only the folder it stood in.
SCRIPTS := publish/web/static/scripts
SOURCES := $(shell find publish ontology data shapes -not -name '__pycache__' -not -name '*.pyc' -not -path '$(SCRIPTS)*' 2>/dev/null)
INTERFACE := $(shell find interface -type f 2>/dev/null)
PACKAGING := pyproject.toml README.md LICENSE LICENSE-DATA

# What is tested is what was installed, never what stands in this folder.
unexport PYTHONPATH
unexport PYTHONHOME
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help serve test check bench clean

help:
	@echo 'make serve   set up, check the data, build the release, serve it on http://127.0.0.1:8000 (PORT=8123 make serve)'
	@echo 'make test    set up, then every check and every test'
	@echo 'make check   set up, then check the data against its rules'
	@echo 'make bench   set up, then measure against other servers for some minutes'
	@echo 'make clean   remove all that these made'

serve: $(READY)
	@exec $(BIN)/folkmote serve . --port $(PORT)

check: $(READY)
	@$(BIN)/folkmote check .

test: $(READY) $(SSSOM)/.ready $(CLIENTS)/.ready
	@echo 'make test: style, types, direction of imports'
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo 2>/dev/null >$(WORK)/imports.txt || { cat $(WORK)/imports.txt; exit 1; }
	@$(BIN)/python -m pip check >/dev/null
	@$(BIN)/folkmote format --check .
	@echo 'make test: the data set against its rules'
	@$(BIN)/folkmote check .
	@echo 'make test: the release, built twice and compared'
	@rm -rf $(WORK)/first $(WORK)/second
	@$(BIN)/folkmote build $(WORK)/first .
	@$(BIN)/folkmote build $(WORK)/second .
	@diff -r $(WORK)/first $(WORK)/second
	@for verb in $(VERBS); do $(BIN)/folkmote $$verb --help >/dev/null || exit 1; done
	@test -n "$$FOLKMOTE_TEXT" || echo 'make test: FOLKMOTE_TEXT is not set, so tests that read the text itself are skipped'
	@test -n "$$FOLKMOTE_SUITES" || echo 'make test: FOLKMOTE_SUITES is not set, so the suites of standards bodies are skipped'
	@command -v chromium >/dev/null || echo 'make test: chromium is not installed, so no page is tried in a browser'
	@command -v virtuoso-t >/dev/null || echo 'make test: virtuoso-t is not installed, so what is tested with Virtuoso is skipped'
	@$(BIN)/pytest

# A short one; benchmarks/README.md says what more there is.
bench: $(READY) $(PEERS)/.ready
	@$(BIN)/python -m benchmarks.run --short

clean:
	@rm -rf $(VENV) $(WORK) $(SCRIPTS) .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find publish tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The package, built as it is released: an archive of the sources, the wheel from the archive.
$(READY): $(TOOLS) $(SOURCES) $(PACKAGING) $(INTERFACE)
	@$(MAKE) --no-print-directory --silent $(WORK)/interface/.ready
	@echo 'folkmote: building the package and installing it into $(VENV)'
	@rm -rf $(WORK)/dist && mkdir -p $(WORK)
	@$(BIN)/python -m build --no-isolation --outdir $(WORK)/dist . >$(WORK)/build.log 2>&1 || { cat $(WORK)/build.log >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --no-index --no-deps --force-reinstall $(WORK)/dist/*.whl
	@touch $@

# The scripts of the pages. Without Node the package is built without them, and the pages are forms.
$(WORK)/interface/.ready: $(INTERFACE)
	@mkdir -p $(WORK)/interface && rm -rf $(WORK)/interface/src && cp -R interface/. $(WORK)/interface
	@if ! command -v npm >/dev/null; then echo 'folkmote: npm is not installed, so the pages come without scripts, as plain forms'; rm -rf $(SCRIPTS); \
	elif { npm ci --prefix $(WORK)/interface --prefer-offline --no-audit --no-fund --ignore-scripts && \
	  (cd $(WORK)/interface && node build.mjs $(CURDIR)/$(SCRIPTS)); } >$(WORK)/interface.log 2>&1; then touch $@; \
	else echo 'folkmote: the scripts of the pages cannot be built (see $(WORK)/interface.log), so the pages are plain forms'; rm -rf $(SCRIPTS); fi

# The validator of mappings brings a hundred packages that neither a reader nor pytest should meet.
$(SSSOM)/.ready: tests/sssom.lock $(TOOLS)
	@echo 'make test: setting up the validator of mappings, once'
	@$(BIN)/python -m venv --clear $(SSSOM)
	@$(SSSOM)/bin/python -m pip install --quiet --no-input --no-deps --require-hashes -r tests/sssom.lock
	@touch $@

# Servers to measure against. Whoever only runs or tests folkmote needs none of them.
$(PEERS)/.ready: benchmarks/peers.lock $(TOOLS)
	@echo 'make bench: setting up the servers to compare with, once'
	@$(BIN)/python -m venv --clear $(PEERS)
	@$(PEERS)/bin/python -m pip install --quiet --no-input --no-deps --require-hashes -r benchmarks/peers.lock
	@touch $@

# The clients in JavaScript that ask the server in tests: packages for Node, which runs no script of theirs.
$(CLIENTS)/.ready: tests/clients/package-lock.json
	@mkdir -p $(CLIENTS)
	@cp tests/clients/package.json tests/clients/package-lock.json $(CLIENTS)
	@if ! command -v npm >/dev/null; then echo 'make test: npm is not installed, so the clients in JavaScript are not tried'; \
	elif npm ci --prefix $(CLIENTS) --ignore-scripts --no-audit --no-fund >$(WORK)/clients.log 2>&1; then touch $@; \
	else rm -rf $(CLIENTS)/node_modules; echo 'make test: npm cannot fetch its packages (see $(WORK)/clients.log), so the clients in JavaScript are not tried'; fi

# Other people's packages, each with its version and its checksum. The locks are complete, so
# nothing is resolved: a newer release elsewhere cannot change what is installed (--no-deps).
$(TOOLS): requirements.lock
	@found=; for python in $(PYTHON) python3 python python3.15 python3.14 python3.13 python3.12 python3.11; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo 'folkmote: needs Python 3.11 or newer; install it, or name it: make serve PYTHON=/path/to/python3' >&2; exit 1; \
	fi; \
	if ! $$found -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "folkmote: $$found has no venv module; install it (Debian, Ubuntu: apt install python3-venv)" >&2; exit 1; \
	fi; \
	echo "folkmote: setting up $(VENV) with $$($$found --version), once"; \
	$$found -m venv --clear $(VENV)
	@{ $(BIN)/python -m pip install --no-input --no-deps --require-hashes -r requirements.lock; echo "exit $$?"; } | awk \
	  -v all="$$(grep -c '==' requirements.lock)" \
	  '/^Collecting / { n++; if (n % 10 == 0) { print "folkmote: fetched " n " of " all " packages"; fflush() } } \
	   /^Installing collected/ { print "folkmote: installing them"; fflush() } \
	   /^exit / { code = $$2 } END { exit code }'
	@touch $@
