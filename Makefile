# Everything starts here: `make help`.
SHELL := /bin/bash
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
# nothing is written outside the checkout and the state folder, caches included
CACHE := $(or $(HOTICH_STATE),$(CURDIR)/.state)/cache
export PIP_CACHE_DIR := $(CACHE)/pip
export npm_config_cache := $(CACHE)/npm
# where byte code is switched off every command compiles the whole program anew, which more than doubles its start
unexport PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK := 1
PIP := $(BIN)/python -m pip install --quiet --require-hashes

.DEFAULT_GOAL := help
# what tests need of Python, of the front end and of the system is fetched side by side
MAKEFLAGS += --jobs=3
.PHONY: run test tools check bench bench-scans bench-match bench-save bench-lookup bench-strokes help clean

run: $(VENV)/.run node_modules/.built ## Set up, start the database, load demo data, start the server
	@$(BIN)/hotich setup --demo
	@exec $(BIN)/hotich serve

test: $(VENV)/.test node_modules/.built tools ## Set up and run every test
	@$(BIN)/hotich compile-messages
	@$(BIN)/python -m pytest tests/rules tests/app tests/contract -n 2 --dist loadfile --no-loadscope-reorder
	@$(BIN)/python -m pytest tests/browser -n 2 --dist loadfile --no-loadscope-reorder

tools:
	@scripts/need_chromium.sh
	@scripts/need_tesseract.sh
	@scripts/need_java.sh

check: $(VENV)/.test node_modules/.built ## Style, types, arrows between the parts, fast tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit -q -c pyproject.toml -r src
	npm run --silent check
	$(BIN)/python -m pytest tests/rules tests/contract

bench: $(VENV)/.bench node_modules/.built ## Measure; the figures stand in docs/benchmarks.md
	@$(BIN)/python -m benchmarks

bench-scans: $(VENV)/.bench node_modules/.built ## Measure the scan pipeline against OCRmyPDF, without a database
	@$(BIN)/python -m benchmarks scans $(ARGS)

bench-match: $(VENV)/.bench ## Measure matching to a population against Splink, without a database
	@$(BIN)/python -m benchmarks match $(ARGS)

bench-lookup: $(VENV)/.bench node_modules/.built ## Measure look-ups of many officers at once against pg_trgm; ARGS="5000000"
	@$(BIN)/python -m benchmarks lookup $(ARGS)

bench-save: $(VENV)/.bench node_modules/.built ## Measure saves of keyed cases over HTTP against pgbench
	@$(BIN)/python -m benchmarks saving

bench-strokes: $(VENV)/.test node_modules/.built ## Measure keys pressed a case on the real keying screen, and how fast it answers
	@scripts/need_chromium.sh
	@$(BIN)/python -m benchmarks strokes $(ARGS)

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

clean: ## Remove what set-up made (not the state folder)
	rm -rf $(VENV) node_modules src/hotich/web/dist src/hotich/web/build

$(VENV)/.venv:
	@test -n "$(PYTHON)" || { echo "hotich needs Python 3.11 or newer (Debian: apt-get install python3 python3-venv)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "hotich needs the venv module (Debian: apt-get install python3-venv)"; exit 1; }
	@touch $@

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/.venv
	@echo "installing Python packages …"
	@$(PIP) -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.run
	@echo "installing Python packages for tests …"
	@$(PIP) -r requirements-test.lock
	@touch $@

$(VENV)/.bench: requirements-bench.lock $(VENV)/.run
	@$(PIP) -r requirements-bench.lock
	@touch $@

# after the install of the program itself, which lists folders that the build makes anew
node_modules/.built: package.json package-lock.json tsconfig.json src/hotich/web/build.mjs $(shell find src/hotich/*/ts src/hotich/*/css -type f 2>/dev/null) | $(VENV)/.run
	@command -v npm >/dev/null || { echo "hotich needs Node 20 or newer with npm"; exit 1; }
	@echo "installing front-end packages …"
	@npm ci --ignore-scripts --no-audit --no-fund --silent
	@npm run --silent build
	@touch $@
