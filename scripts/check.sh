#!/usr/bin/env bash
# Everything that reads the code without running the suite.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
step() { printf '\033[1m==>\033[0m %s\n' "$*"; }
step "format"; $bin/ruff format --check --quiet .
step "lint"; $bin/ruff check --quiet .
step "templates"; $bin/djlint templates --lint --quiet
step "types"; $bin/mypy apps config
step "contracts"; $bin/lint-imports
step "migrations"; BELAY_DEMO=1 $bin/python manage.py makemigrations --check --dry-run
step "framework"; BELAY_DEMO=1 $bin/python manage.py lint_framework --strict content/framework/shared.yaml
step "courses"; BELAY_DEMO=1 $bin/python manage.py check_course content/courses/*
step "deployment"
data="$(mktemp -d)"
trap 'rm -rf "$data"' EXIT
SECRET_KEY="$($bin/python -c 'import secrets; print(secrets.token_urlsafe(64))')" SITE_URL=https://belay.example \
  ALLOWED_HOSTS=belay.example BELAY_FIELD_KEY="$($bin/python -c 'import secrets; print(secrets.token_urlsafe(48))')" \
  BELAY_SIGNING_KEY="$(BELAY_DEMO=1 BELAY_DATA_DIR="$data" $bin/python manage.py make_signing_key)" \
  BELAY_DATA_DIR="$data" DATABASE_URL="sqlite:////var/lib/belay/belay.sqlite3" EMAIL_URL=smtp+tls://user:password@mail.example:587 \
  $bin/python manage.py check --deploy --fail-level WARNING
step "lock files"
if grep -nE "^(--|-i |-f )|https?://|file:/" requirements/*.txt; then echo "A lock file carries an address."; exit 1; fi
