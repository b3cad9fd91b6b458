# Belay's commands. `make demo` and `make test` set up everything they need themselves.
PY := .venv/bin/python

.PHONY: demo test check services bench attacks coverage mutants lock format help

help: ## What can be made
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /\t/'

demo: ## Set up and run the site with demonstration data
	@bash scripts/demo.sh

test: ## Set up and pass every test, browser tests included
	@bash scripts/setup.sh dev
	@BELAY_DEMO=1 $(PY) -m pytest -n 2 --dist loadfile -q

check: ## Format, lint, types, contracts, migrations, deployment checks
	@bash scripts/setup.sh dev
	@bash scripts/check.sh

services: ## The suite again on PostgreSQL, with a real broker and worker
	@bash scripts/setup.sh services
	@bash scripts/services.sh

bench: ## Ratios against the bare limit, as JSON (only="matching reports" for some subjects)
	@bash scripts/setup.sh dev
	@BELAY_DEMO=1 $(PY) scripts/bench.py $(only)

attacks: ## What releases of the benchmark give away, over many worlds, as JSON
	@bash scripts/setup.sh dev
	@$(PY) scripts/attack_benchmark.py

coverage: ## Every line and branch of the plain packages, from their own tests alone
	@bash scripts/setup.sh dev
	@mkdir -p var && export COVERAGE_FILE=var/coverage && $(PY) -m coverage run --branch --source apps/scoring,apps/planning -m pytest \
	  --rootdir . -c tests/plain.ini --noconftest -p no:django -p tests.plain -q tests/scoring tests/planning \
	  && $(PY) -m coverage report --show-missing --skip-covered --fail-under 100

mutants: ## Mutation testing of the plain packages, as JSON (children=2, only="apps.scoring.rollup.*" or only=--sample=1000)
	@bash scripts/setup.sh dev
	@bash scripts/mutants.sh $(or $(children),1) $(if $(only),'$(only)')

format: ## Format Python
	@$(PY) -m ruff format . && $(PY) -m ruff check --fix .

lock: ## Pin all packages again, with hashes and without addresses (needs pip-tools)
	@for name in base scale dev mutants; do pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links -o requirements/$$name.txt requirements/$$name.in; done
