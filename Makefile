# What people type: make run, make test, make check, make clean.
SHELL := /bin/bash
PYTHON ?= python3.11
# Where pip finds a CPU build of torch; empty takes pip's own settings.
TORCH_INDEX ?=
export TORCH_INDEX
# Processes that share the tests; 0 runs them in one, for a debugger.
WORKERS ?= auto
export RASA_TELEMETRY_ENABLED := false
export HF_HUB_OFFLINE := 1
export TF_CPP_MIN_LOG_LEVEL := 2
BIN := .venv/bin

.PHONY: run setup test test-fast test-web test-bot test-e2e test-spark fuzz check clean lock python

run: setup  ## Set up what is missing, start everything, print the addresses
	@$(BIN)/kefu demo
	@$(BIN)/kefu up

setup: python
	@$(PYTHON) deploy/setup.py run

test: python  ## Every test, fast ones first
	@$(PYTHON) deploy/setup.py test
	@$(MAKE) --no-print-directory test-fast test-web test-bot test-e2e

test-fast:
	$(BIN)/pytest -n $(WORKERS) --dist worksteal -m "not e2e and not browser and not spark"

test-web:
	cd web && npm run check && npm test

test-bot:
	bash deploy/test-assistant.sh

test-e2e:
	$(BIN)/pytest -n $(WORKERS) --dist loadfile -m "e2e or browser"

test-spark: python  ## Linkage on Spark: brings pyspark (0.5 GB), needs Java 17; CI runs it too
	@$(PYTHON) deploy/setup.py spark
	$(BIN)/pytest -m spark tests/crm_store/linkage

fuzz: python  ## Send made-up requests to every operation of the API, many of them
	@$(PYTHON) deploy/setup.py test
	FUZZ_EXAMPLES=100 FUZZ_SECONDS=3600 $(BIN)/pytest -q --timeout=7200 tests/gateway/test_fuzz.py

check: python  ## Style, types, layers, lock files, training data
	@$(PYTHON) deploy/setup.py check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python deploy/check_locks.py
	$(BIN)/kefu lint

lock:  ## Resolve the platform's requirements anew
	$(BIN)/pip-compile -q --upgrade --no-emit-index-url --no-emit-find-links \
	  --no-emit-trusted-host --no-header --strip-extras --annotation-style=line \
	  -o requirements.lock pyproject.toml
	$(BIN)/pip-compile -q --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	  --no-header --strip-extras --annotation-style=line --extra dev -c requirements.lock \
	  -o requirements-dev.lock pyproject.toml
	$(BIN)/pip-compile -q --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	  --no-header --strip-extras --annotation-style=line -o requirements-spark.lock \
	  requirements-spark.in

clean:  ## Remove what was installed, built and trained; var/ (your data) stays
	rm -rf .venv .venv-assistant .setup .rasa models web/node_modules web/*/dist web/*/node_modules

python:
	@command -v $(PYTHON) >/dev/null || \
	  { echo "set-up stopped: Kefu needs Python 3.11; '$(PYTHON)' is not on the PATH" >&2; exit 1; }
