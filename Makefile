# The habits of the project. `make` alone lists them. Needs Python 3.11 to 3.13, its pip, and make.
PYTHON ?= python3
VENV   ?= .venv
ARGS   ?=
INFERENCE_VENV ?= .venv-inference
PEERS_VENV ?= .venv-peers
SUPERVISION_VENV ?= .venv-supervision
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip -qq --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test test-inference test-peers test-supervision lint types docs picture docs-check bench wheel wheel-test constraints clean

help: ## this list
	@echo "Vision Readiness. First 'make demo', then:"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "PYTHON=python3.12 chooses the interpreter, VENV=folder the environment, ARGS='-k words' goes to pytest."

demo: $(VENV)/.onnx ## judge two bundled projects, one ready and one blocked, and write readiness.html
	@$(BIN)/vision-readiness demo

test: $(VENV)/.test ## run every test; ARGS='-m "not wheel"' leaves out the one that builds an environment
	@$(BIN)/python -m pytest $(ARGS)

test-inference: $(VENV)/.test ## ask a real Roboflow inference server, from an environment of its own (Python 3.11, 3.12)
	@if $(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))'; then \
	   $(MAKE) --no-print-directory $(INFERENCE_VENV)/.ready && \
	   INFERENCE_VENV='$(INFERENCE_VENV)' $(BIN)/python -m pytest -m inference $(ARGS) tests/inference; \
	 else \
	   echo "!!! inference 0.59.1 needs Python 3.11 or 3.12, $(PYTHON) is another: ITS TESTS ARE SKIPPED" >&2; \
	 fi

test-peers: $(VENV)/.test $(PEERS_VENV)/.ready ## the errors and their costs against tidecv's, from an environment of its own
	@PEERS_VENV='$(PEERS_VENV)' $(BIN)/python -m pytest -m peers $(ARGS) tests/peers

test-supervision: $(SUPERVISION_VENV)/.ready ## the bridge to supervision, from an environment of its own
	@$(SUPERVISION_VENV)/bin/python -m pytest $(ARGS) tests/adapters/test_supervision_bridge.py

lint: $(VENV)/.lint ## rules, format and the arrows between the packages
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo

types: $(VENV)/.lint ## strict types of the packages, and of the public names as a user meets them; mypy and pyright
	@$(BIN)/mypy
	@$(BIN)/mypy tests/typing/api.py examples docs/generate.py
	@$(BIN)/pyright --pythonpath $(BIN)/python

docs: $(VENV)/.test ## write the generated pages again
	@$(BIN)/python docs/generate.py

picture: $(VENV)/.test ## take the picture in README again; needs Chromium
	@$(BIN)/python docs/picture.py

docs-check: $(VENV)/.test ## fail if a generated page is stale
	@$(BIN)/python docs/generate.py --check

bench: $(VENV)/.test $(PEERS_VENV)/.ready ## measure the stages, the figures beside other evaluators and the scan; docs/numbers.md
	@PEERS_VENV='$(PEERS_VENV)' $(BIN)/python -m tests.bench

wheel: $(VENV)/.test ## build the wheel into dist/
	@$(BIN)/python -m build --wheel --no-isolation

wheel-test: $(VENV)/.test ## build the wheel, and try it in a fresh environment with the source gone
	@$(BIN)/python -m pytest -m wheel $(ARGS)

constraints: ## renew constraints.txt; needs uv
	@{ head -n 1 constraints.txt; \
	   uv pip compile --quiet --universal --all-extras --no-header --no-annotate --python-version 3.11 pyproject.toml; \
	 } > constraints.new
	@mv constraints.new constraints.txt

clean: ## remove the environment, the caches and what was built
	rm -rf $(VENV) $(INFERENCE_VENV) $(PEERS_VENV) $(SUPERVISION_VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache readiness.html
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp for each extra, so that what is installed is not installed again until a pin changes.
$(VENV)/.onnx $(VENV)/.test $(VENV)/.lint: $(VENV)/.%: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing the extra '$*' into $(VENV) ..."
	@$(PIP) install --constraint constraints.txt --editable '.[$*]'
	@touch $@

# Its pins are older than ours, so the server has an environment of its own; the product is tried in there as well.
$(INFERENCE_VENV)/.ready: tests/inference/requirements.txt pyproject.toml
	@$(MAKE) --no-print-directory VENV='$(INFERENCE_VENV)' '$(INFERENCE_VENV)/bin/python'
	@echo "Installing an inference server into $(INFERENCE_VENV) ..."
	@'$(INFERENCE_VENV)/bin/python' -m pip -qq --disable-pip-version-check install \
	   --requirement tests/inference/requirements.txt --editable .
	@touch $@

$(PEERS_VENV)/.ready: tests/peers/requirements.txt
	@$(MAKE) --no-print-directory VENV='$(PEERS_VENV)' '$(PEERS_VENV)/bin/python'
	@echo "Installing other evaluators into $(PEERS_VENV) ..."
	@'$(PEERS_VENV)/bin/python' -m pip -qq --disable-pip-version-check install --requirement tests/peers/requirements.txt
	@touch $@

$(SUPERVISION_VENV)/.ready: pyproject.toml constraints.txt
	@$(MAKE) --no-print-directory VENV='$(SUPERVISION_VENV)' '$(SUPERVISION_VENV)/bin/python'
	@echo "Installing supervision into $(SUPERVISION_VENV) ..."
	@'$(SUPERVISION_VENV)/bin/python' -m pip -qq --disable-pip-version-check install --constraint constraints.txt \
	   --editable '.[supervision]' hypothesis pytest
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "Vision Readiness needs Python 3.11 to 3.13; $(PYTHON) is another: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) > /dev/null 2>&1 || \
	  { $(PYTHON) -m venv --clear --without-pip $(VENV) && $(PYTHON) -m pip -qq --python $(BIN)/python install pip; } || \
	  { rm -rf $(VENV); echo "$(PYTHON) cannot make an environment: install its venv module" >&2; exit 1; }

.PHONY: bench-stats bench-decisions
bench-stats: $(VENV)/.test ## how often bounds, thresholds and slices are wrong, by simulation; ARGS=0.1 is quick
	@$(BIN)/python -m tests.bench.stats $(ARGS)

bench-decisions: $(VENV)/.test ## whether "ready" can be trusted: 1,200 made-up projects decided; ARGS=60 is quick
	@$(BIN)/python -m tests.bench.decisions $(ARGS)

.PHONY: bench-stress bench-faults
bench-stress: $(VENV)/.test ## what every shift of the pictures does to the model of a public data set
	@$(BIN)/python -m tests.bench.stress $(ARGS)

bench-faults: $(VENV)/.test ## a whole check with one fault at a time in what Roboflow answers
	@$(BIN)/python -m tests.bench.faults $(ARGS)

.PHONY: bench-mutants
bench-mutants: $(VENV)/.test ## whether the tests notice 300 small faults, one at a time; ARGS='20 rates' is quick
	@$(BIN)/python -m tests.bench.mutants $(ARGS)

.PHONY: bench-cases
bench-cases: $(VENV)/.test ## about a hundred odd files of real people, each with what is right; needs their generators
	@$(BIN)/python -m tests.bench.cases $(ARGS)

.PHONY: bench-crash bench-hostile migration
bench-crash: $(VENV)/.test ## 200 deliveries while the service is killed 20 times, on SQLite and on Postgres
	@$(BIN)/python -m tests.bench.crash $(ARGS)

bench-hostile: $(VENV)/.test ## fuzz, slow and huge requests, and what the OpenAPI does not allow; ARGS=0.05 is quick
	@$(BIN)/python -m tests.bench.hostile $(ARGS)

bench-load: $(VENV)/.test ## 100 signed deliveries a second while jobs run, beside a bare route; ARGS=600 is the whole
	@$(BIN)/python -m tests.bench.load $(ARGS)

migration: $(VENV)/.test ## write the step that follows a change of the tables; ARGS='what it changes'
	@$(BIN)/python -m tests.webhook.store.new_migration $(ARGS)
