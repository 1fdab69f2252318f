# Närvaro. `make run`: from a fresh clone to published tables. `make test`: from a fresh clone to test results.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# The environment: one with dbt's adapter for Apache Spark, if NARVARO_ENGINE says so (docs/scale.md).
VENV := $(if $(filter spark_%,$(NARVARO_ENGINE)),.venv-spark,.venv)
BIN := $(VENV)/bin

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
run: $(VENV) ## Read, check, transform and publish. DOCUMENTS=FOLDER reads the documents of that folder.
	$(BIN)/narvaro run $(if $(DOCUMENTS),--documents "$(DOCUMENTS)")

.PHONY: test
test: manifest ## All tests, on all cores. ARGS="…" goes to pytest.
	@# In their order, the quick ones last: pytest-xdist would leave the nights, a few tests a file, for the end.
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder $(ARGS)

.PHONY: test-spark
test-spark: .venv-spark ## Apache Spark against DuckDB, on a million contacts. Installs what it needs: Java too, on Debian as root.
	@[ -n "$${JAVA_HOME:-}" ] || command -v java >/dev/null || { \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update >/dev/null && \
		DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends openjdk-17-jre-headless >/dev/null; \
	} || { echo "Spark needs Java 17: install it, or name its folder in JAVA_HOME." >&2; exit 1; }
	.venv-spark/bin/narvaro manifest
	.venv-spark/bin/python -m pytest tests/spark $(ARGS)

.PHONY: lint
lint: $(VENV) ## Style, security, types and SQL.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml sources expectations orchestration
	$(BIN)/mypy
	$(BIN)/sqlfluff lint $(SQL)

.PHONY: format
format: $(VENV) ## Write Python and SQL the way `make lint` wants them.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix $(SQL)

.PHONY: dev
dev: manifest ## Dagster's user interface and its daemon, until interrupted.
	$(BIN)/narvaro dev

.PHONY: site
site: $(VENV) ## The report of what is published, made anew and served on this machine. PORT=8000.
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
SOAKS = $(addprefix tests/benchmarks/,lock_soak.py kill_soak.py small_disk.py growth.py)

.PHONY: soak
soak: manifest ## Readers during switches, nights that are killed, full disks, a hundred nights. Takes hours.
	$(BIN)/python -m tests.benchmarks.lock_soak
	$(BIN)/python -m tests.benchmarks.small_disk
	$(BIN)/python -m tests.benchmarks.kill_soak
	$(BIN)/python -m tests.benchmarks.growth

.PHONY: manifest
manifest: $(VENV) # The dbt project as Dagster reads it; the command does nothing while it is fresh.
	$(BIN)/narvaro manifest

# Models, tests and example queries are SQL of the warehouse; macros are fragments, which no dialect can parse.
SQL = $(wildcard transforms/models transforms/tests docs/queries)

## The environments: made from lock files alone, anew whenever one changes.

.PHONY: .venv .venv-spark
.venv .venv-spark: %: %/.project

.venv/.packages: requirements.lock
.venv-spark/.packages: requirements.lock transforms/requirements-spark.lock
.venv/.packages .venv-spark/.packages:
	@python=; for each in "$(PYTHON)" python3.11 python3; do \
		if [ -n "$$each" ] && "$$each" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; \
		then python=$$each; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Närvaro needs Python 3.11, and neither python3.11 nor python3 is one." >&2; \
		echo "Install it, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	[ ! -L $(@D) ] || { echo "$(@D) is a link to the environment of another checkout: make it anew there." >&2; exit 1; }; \
	echo "making $(@D) with $$("$$python" --version)"; \
	"$$python" -m venv --clear $(@D) || { \
		echo "This Python cannot make environments: its modules venv and ensurepip are missing." >&2; exit 1; }
	$(@D)/bin/python -m pip install --quiet --quiet --no-compile --require-hashes $(addprefix --requirement ,$^)
	@# Bytecode now, on all cores: imports then take a third of the time. Packages ship a few files that never compile.
	@$(@D)/bin/python -m compileall -q -j 0 $(@D)/lib >/dev/null || true
	@touch $@

# The project itself, so that its three packages and its command are found. Only what pyproject.toml says can change it.
.venv/.project .venv-spark/.project: %/.project: %/.packages pyproject.toml
	$(@D)/bin/python -m pip install --quiet --quiet --no-build-isolation --no-deps --no-index --editable .
	@touch $@

COMPILE = CUSTOM_COMPILE_COMMAND="make lock" .venv/bin/pip-compile --quiet --generate-hashes --allow-unsafe \
	--no-strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options $(ARGS)

.PHONY: lock
lock: .venv ## Write the lock files anew from pyproject.toml and transforms/requirements-spark.in. ARGS=--upgrade takes the newest versions.
	$(COMPILE) --extra dev --output-file requirements.lock pyproject.toml
	$(COMPILE) --output-file transforms/requirements-spark.lock transforms/requirements-spark.in

# In an environment of its own, that no lock file holds: what knows the newest faults has to be new itself.
.venv-audit:
	@python3 -m venv $@ && $@/bin/python -m pip install --quiet pip-audit || { rm -rf $@; exit 1; }

.PHONY: audit
audit: .venv-audit ## Known faults of the locked packages, and versions that their authors took back, as the package index tells.
	@status=0; for lock in requirements.lock transforms/requirements-spark.lock; do \
		echo "== $$lock: versions that were taken back"; \
		.venv-audit/bin/python -m pip install --quiet --dry-run --ignore-installed --no-deps --require-hashes \
			--requirement $$lock 2>&1 | { ! grep -A1 -E 'yanked|^ERROR'; } || status=1; \
		echo "== $$lock: known faults"; \
		.venv-audit/bin/pip-audit --strict --disable-pip --require-hashes --requirement $$lock $(ARGS) || { status=1; \
			echo "Faults stand above, or else the index tells of none and nothing was audited: docs/deploy.md." >&2; }; \
	done; exit $$status

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
	rm -rf .venv .venv-spark .venv-audit
