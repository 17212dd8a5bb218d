# Varsel. `make up` runs it; `make help` lists the rest. Needs Python 3.11 or newer and a package index.
PYTHON ?= python3
BIN := .venv/bin
RUN := .venv/.run
DEV := .venv/.dev
BROWSERS := .venv/.browsers
.DEFAULT_GOAL := help

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

up: $(RUN) ## install what is needed into .venv and run everything at http://127.0.0.1:8000
	@$(BIN)/varsel up

test: $(DEV) $(BROWSERS) ## all tests; those in containers or a browser run where there is Docker, or Chromium with Java and npm
	@$(BIN)/pytest -n $(or $(WORKERS),2) --dist loadgroup --durations=10 $(ARGS)

check: lint ## what a commit must pass, in under a minute: lint, and the tests that need no server
	@$(BIN)/pytest -n $(or $(WORKERS),2) -m "not server" $(ARGS)

lint: $(DEV) ## format, style, types, and who imports whom
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEV) ## format, and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(DEV) ## the figures of the README, as ratios
	$(BIN)/python -m benchmarks

chaos: $(DEV) ## kill processes at random while alerts are mailed, and audit; KILLS=200
	@$(BIN)/python -m tests.chaos --kills $(or $(KILLS),200) $(ARGS)
.PHONY: chaos

mutants: $(DEV) ## put small faults into a copy of the code: the tests must find each; ARGS="--only ledger/"
	@$(BIN)/python -m tests.mutants $(ARGS)
.PHONY: mutants

lock: $(DEV) ## make the lock files anew from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate -q -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-header --no-annotate -q -o requirements-dev.lock

$(RUN): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Varsel needs Python 3.11 or newer; set PYTHON=/path/to/python3")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing into .venv (a minute, the first time) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

$(DEV): requirements-dev.lock $(RUN)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

contracts: $(DEV) ## make docs/openapi.json and docs/asyncapi.json anew from the code
	@$(BIN)/python -m varsel.contracts

$(BROWSERS): tests/browsers/package-lock.json $(RUN)
	@! command -v npm > /dev/null || npm ci --silent --prefix tests/browsers
	@touch $@

clean: ## remove what was installed; data in var stays
	rm -rf .venv

.PHONY: help up test check lint format bench lock contracts clean
