# Närvaro. `make run`: from a fresh clone to published tables. `make test`: from a fresh clone to test results.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

BIN := .venv/bin

# Nothing reports home.
export DO_NOT_TRACK := 1
export DAGSTER_DISABLE_TELEMETRY := yes
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export GX_ANALYTICS_ENABLED := false

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help
help: ## Show this list.
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

.PHONY: run
run: .venv ## Read, check, transform and publish. DOCUMENTS=FOLDER reads the documents of that folder.
	$(BIN)/narvaro run $(if $(DOCUMENTS),--documents "$(DOCUMENTS)")

.PHONY: test
test: manifest ## All tests, on all cores. ARGS="…" goes to pytest.
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile $(ARGS)

.PHONY: lint
lint: .venv ## Style, types and SQL.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint $(SQL)

.PHONY: format
format: .venv ## Write Python and SQL the way `make lint` wants them.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix $(SQL)

.PHONY: dev
dev: manifest ## Dagster's user interface and its daemon, until interrupted.
	$(BIN)/narvaro dev

.PHONY: site
site: .venv ## The report of what is published, made anew and served on this machine. PORT=8000.
	@test -e "$${NARVARO_DATA:-data}/published/current" || $(BIN)/narvaro run
	$(BIN)/narvaro site $(if $(PORT),--port $(PORT))

.PHONY: docs
docs: manifest ## Write the pages that are made from the dbt project: docs/kpis.md, docs/glossary.md.
	$(BIN)/python -m orchestration.reference_docs

.PHONY: bench
bench: export SIZE := $(or $(SIZE),quick)
bench: manifest ## Every benchmark, or ONLY=night; quick, or SIZE=full as the figures of docs/performance.md.
	@for script in $(filter-out $(SOAKS) tests/benchmarks/measure.py,$(BENCHMARKS)); do \
		module=$${script%/__main__.py}; module=$${module%.py}; \
		echo "== $$module"; $(BIN)/python -m "$${module//\//.}"; \
	done

# A script, or a folder with a __main__.py.
BENCHMARKS = $(wildcard $(foreach each,.py /__main__.py,tests/benchmarks/$(or $(ONLY),*)$(each)))
SOAKS = $(addprefix tests/benchmarks/,lock_soak.py kill_soak.py small_disk.py)

.PHONY: soak
soak: manifest ## Readers during switches, nights that are killed, full disks. Takes hours.
	$(BIN)/python -m tests.benchmarks.lock_soak
	$(BIN)/python -m tests.benchmarks.small_disk
	$(BIN)/python -m tests.benchmarks.kill_soak

.PHONY: manifest
manifest: .venv # The dbt project as Dagster reads it; the command does nothing while it is fresh.
	$(BIN)/narvaro manifest

# Models, tests and example queries are SQL of the warehouse; macros are fragments, which no dialect can parse.
SQL = $(wildcard transforms/models transforms/tests docs/queries)

## The environment: made from the lock file alone, anew whenever the lock file changes.

.PHONY: .venv
.venv: .venv/.project

.venv/.packages: requirements.lock
	@python=; for each in "$(PYTHON)" python3.11 python3; do \
		if [ -n "$$each" ] && "$$each" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; \
		then python=$$each; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Närvaro needs Python 3.11, and neither python3.11 nor python3 is one." >&2; \
		echo "Install it, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	echo "making .venv with $$("$$python" --version)"; \
	"$$python" -m venv --clear .venv || { \
		echo "This Python cannot make environments: its modules venv and ensurepip are missing." >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --quiet --no-compile --require-hashes --requirement requirements.lock
	@# Bytecode now, on all cores: imports then take a third of the time. Packages ship a few files that never compile.
	@$(BIN)/python -m compileall -q -j 0 .venv/lib >/dev/null || true
	@touch $@

# The project itself, so that its three packages and its command are found. Only what pyproject.toml says can change it.
.venv/.project: .venv/.packages pyproject.toml
	$(BIN)/python -m pip install --quiet --quiet --no-build-isolation --no-deps --no-index --editable .
	@touch $@

.PHONY: lock
lock: .venv ## Write requirements.lock anew from pyproject.toml. ARGS=--upgrade takes the newest versions.
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --extra dev --generate-hashes --allow-unsafe \
		--no-strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options \
		$(ARGS) --output-file requirements.lock pyproject.toml

.PHONY: clean
clean: ## Remove everything that was made, but the environment and data/.
	rm -rf build dist *.egg-info transforms/target transforms/logs transforms/.user.yml logs
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find sources expectations orchestration tests -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: clean-data
clean-data: ## Remove data/: landing, store, build, published tables and run history. The documents shipped here stay.
	rm -rf data

.PHONY: clean-all
clean-all: clean clean-data ## As after a fresh clone.
	rm -rf .venv
