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

again: $(DEV) $(BROWSERS) ## what failed in the last run, once more and alone; refuses if it was more than a few
	@$(BIN)/python -m tests.again

check: lint ## what a commit must pass, in under a minute: lint, and the tests that need no server
	@VARSEL_EXAMPLES=0.05 $(BIN)/pytest -n $(or $(WORKERS),2) -m "not server and not slow" $(ARGS)

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
	$(BIN)/uv pip compile pyproject.toml --extra otel --universal --generate-hashes --no-header --no-annotate -q -o requirements-otel.lock

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

growth: $(DEV) ## publishing into ARTICLES=100000 beside publishing into few; ten minutes
	VARSEL_BENCH_ARTICLES=$(or $(ARTICLES),100000) $(BIN)/python -m benchmarks growth
.PHONY: growth

pictures: $(DEV) $(BROWSERS) ## take the pictures of the site for the docs anew; look at them
	$(BIN)/python -m tests.browsers.pictures docs/images
.PHONY: pictures

editor: ## make the newsroom's editor anew from editor/src; needs Node and npm, which `make up` does not
	npm ci --prefix editor
	npm run build --prefix editor
.PHONY: editor

proof: $(DEV) $(BROWSERS) ## ten thousand bodies through the visual editor; BODIES=10000 SEED=1
	@BODIES=$(or $(BODIES),10000) SEED=$(or $(SEED),1) $(BIN)/pytest -n0 -s -m browsers tests/browsers/editor/test_bodies.py
.PHONY: proof

proof-properties: $(DEV) ## every property on TIMES=5 times the examples that its test names; an hour
	@VARSEL_EXAMPLES=$(or $(TIMES),5) $(BIN)/pytest -n $(or $(WORKERS),2) -m hypothesis $(ARGS)
.PHONY: proof-properties

proof-alerts: $(DEV) ## people by API and in the newsroom, events and deaths in any order: no promise of alerts breaks; RUNS=500
	@VARSEL_PROOF=$(or $(RUNS),500) $(BIN)/pytest -n0 tests/proof
.PHONY: proof-alerts

proof-years: $(DEV) ## years with an alert a week and a clock that jumps: everybody gets each, and what is kept stays small; YEARS=20
	@VARSEL_YEARS=$(or $(YEARS),20) $(BIN)/pytest -n0 tests/years
.PHONY: proof-years

HERE := $(shell sed -n 's/^VERSION = "\(.*\)"/\1/p' shared/release.py)
BUILT := build/varsel-$(HERE)
release: $(RUN) ## make a release: make release VERSION=1.2.0; ARGS=--dry-run shows what would change
	@$(BIN)/python -m varsel.release $(VERSION) $(ARGS)

image: ## build the image of this release, and say what it is pinned by; needs Docker
	@mkdir -p build
	docker buildx build --load --build-arg VERSION=$(HERE) --iidfile $(BUILT).image --metadata-file $(BUILT).json -t varsel:$(HERE) .
	@echo "varsel:$(HERE) is $$(cat $(BUILT).image)"

sbom: $(DEV) ## the packages of the image, as a CycloneDX document: build/varsel-VERSION.cdx.json
	@mkdir -p build
	@PYTHONWARNINGS=ignore $(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --mc-type application --output-reproducible --of JSON -o $(BUILT).cdx.json
	@echo "Wrote $(BUILT).cdx.json"

audit-packages: $(DEV) ## whether any package of the locks has a known fault; says so if nobody can be asked
	@$(BIN)/python -m tests.packages
.PHONY: release image sbom audit-packages

proof-systems: $(DEV) ## each way in which machines, releases and sets of Redis are tried, of which a run tries some
	@VARSEL_EXAMPLES=1 $(BIN)/pytest -n0 tests/machines tests/releases tests/failover
.PHONY: proof-systems

proof-pages: $(DEV) $(BROWSERS) ## each page at each width and in each scheme, and the newsroom's walk in each way, of which a run tries some
	@VARSEL_EXAMPLES=1 $(BIN)/pytest -n0 tests/browsers/test_accessibility.py tests/browsers/test_keyboard.py tests/browsers/test_second_theme.py tests/browsers/newsroom/test_doors.py tests/browsers/newsroom/test_every_page.py tests/browsers/newsroom/test_the_newsroom.py
.PHONY: proof-pages

proof-memory: $(DEV) ## what each service's process holds with 1,000 articles and with ARTICLES=20000, as a ratio with a bound
	@VARSEL_ARTICLES=$(or $(ARTICLES),20000) $(BIN)/pytest -n0 tests/system/test_memory.py
.PHONY: proof-memory

proof-failover: $(DEV) ## the master of Redis dies KILLS=50 times in mid-delivery: nobody is left out, mail goes on within 3 s
	@VARSEL_FAILOVERS=$(or $(KILLS),50) $(BIN)/pytest -n0 -s tests/failover/test_delivery.py
.PHONY: proof-failover

restore: $(DEV) ## a backup in mid-delivery, put back after a correction: nobody is mailed the old text; MEMBERS=20000
	@RESTORE_MEMBERS=$(or $(MEMBERS),20000) $(BIN)/pytest -n0 tests/system/test_restore.py
.PHONY: restore

contracts: $(DEV) ## make docs/openapi.json and docs/asyncapi.json anew from the code
	@$(BIN)/python -m varsel.contracts

$(BROWSERS): tests/browsers/package-lock.json editor/package-lock.json $(RUN)
	@! command -v npm > /dev/null || (npm ci --silent --prefix tests/browsers && npm ci --silent --prefix editor)
	@touch $@

words: $(DEV) ## bring shared/languages/*.po up to date with the texts in the code; names what has no words yet
	@$(BIN)/python -m shared.languages
.PHONY: words

VENDORED := tests/browsers/node_modules/@simplewebauthn/browser
vendored: $(BROWSERS) ## take the script for passkeys anew, as tests/browsers/package-lock.json has it
	cp $(VENDORED)/dist/bundle/index.umd.min.js shared/passkeys/browser/simplewebauthn.js
	cp $(VENDORED)/LICENSE.md shared/passkeys/browser/simplewebauthn.LICENSE.md

clean: ## remove what was installed; data in var stays
	rm -rf .venv

.PHONY: help up test check lint format bench lock contracts vendored clean

proof-containers: $(DEV) ## each container killed in each way, of which a run tries some; needs Docker
	@VARSEL_EXAMPLES=1 $(BIN)/pytest -n0 tests/containers
.PHONY: proof-containers
