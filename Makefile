.PHONY: postgresql15 reference demo test messages collected quick check setup lock fix official screenshots engines verify verify-engines mutants
PYTHON_FILES = packages tests bench tools
unexport PYTHONDONTWRITEBYTECODE  # every process of the fleet would compile all modules anew

demo: .venv/.demo  ## Start everything with the demo site; prints its address
	.venv/bin/hermes up --demo

# For two cores: tests wait for half of their time. tests/support/lanes.py says who takes what.
PROCESSES = 5

test: setup  ## Run all tests
	.venv/bin/pytest -n $(PROCESSES) --dist loadfile --no-loadscope-reorder

collected: setup  ## Rewrite the asserts of all tests once, which each process of `make test` would do for itself
	.venv/bin/pytest --collect-only -qq > /dev/null

QUICK = tests/hermes/core tests/directory_bolt/core tests/hermes/storage tests/directory_bolt/storage \
	tests/hermes_base/postgres tests/hermes/contact tests/hermes_base/http tests/hermes_base/curl

quick: setup  ## Rules, storage and contact: for the inner loop
	.venv/bin/pytest -n 2 --dist worksteal $(QUICK)

POSTGRESQL15 = /usr/lib/postgresql/15
postgresql15: setup  ## Storage and the upgrade on Debian's PostgreSQL 15, the oldest that Hermes works with
	@if [ -x $(POSTGRESQL15)/bin/initdb ]; then \
		TESTS_POSTGRES_PROGRAMS=$(POSTGRESQL15) .venv/bin/pytest -n 2 --dist worksteal tests/hermes/storage \
			tests/directory_bolt/storage tests/directory_bolt/queues/test_postgres_queue.py tests/hermes_base/postgres/test_schema.py \
			tests/hermes_base/postgres/test_database.py tests/hermes/cli/test_upgrade.py; \
	else echo "skipped: PostgreSQL 15 is not installed (Debian's postgresql-15)"; fi

check: setup  ## Lint (bandit's rules included), format, types, layers, licences
	.venv/bin/ruff check $(PYTHON_FILES)
	.venv/bin/ruff format --check $(PYTHON_FILES)
	.venv/bin/pyright
	.venv/bin/lint-imports
	.venv/bin/python tools/licences.py

fix: setup  ## Let the tools mend what they can
	.venv/bin/ruff check --fix $(PYTHON_FILES)
	.venv/bin/ruff format $(PYTHON_FILES)

official: .venv-official/.ready  ## The providers' own SDKs, against which tests/official runs

.venv-official/.ready: requirements-official.txt tools/official.sh tools/environment.sh | setup
	tools/official.sh

COUNT = 300
SEED = 1
MINUTES = 60
mutants: setup  ## Small faults in a copy of the code, and which test sees each; another SEED draws others
	.venv/bin/python -m tools.mutants --count $(COUNT) --seed $(SEED) --minutes $(MINUTES)

reference: setup  ## docs/reference/, written from the code
	.venv/bin/python tools/reference.py

messages: setup  ## Every text that a reader meets, for translators: build/messages.pot
	.venv/bin/python tools/messages.py

screenshots: setup  ## Pictures of every screen of the demo, in build/screenshots/
	.venv/bin/python tools/screenshots.py

engines: .venv-engines/.ready  ## Run tests/directory_bolt/engines: Directory-Bolt on Prefect and SQS
	.venv-engines/bin/pytest -n 2 tests/directory_bolt/engines

.venv-engines/.ready: requirements-engines.txt requirements-engines-server.txt tools/engines.sh tools/environment.sh | setup
	tools/engines.sh

verify: setup  ## Prove purchase -> listing -> staff screen on a fresh demo; reports in build/verify/
	.venv/bin/python tools/verify.py

verify-engines: .venv-engines/.ready  ## The same through SQS and Prefect, each a local server
	.venv-engines/bin/python tools/verify.py --engines

setup: .venv/.ready

PROJECTS = $(wildcard packages/*/pyproject.toml)

.venv/.demo: requirements-demo.txt $(PROJECTS) tools/setup.sh tools/environment.sh
	tools/setup.sh demo

.venv/.ready: requirements-dev.txt pyproject.toml $(PROJECTS) tools/setup.sh tools/environment.sh
	tools/setup.sh dev

lock:  ## Pin the newest allowed versions, with hashes
	tools/lock.sh
