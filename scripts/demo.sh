#!/usr/bin/env bash
# Set up and run the site with demonstration data. A second run starts in seconds and loses nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh run
export BELAY_DEMO=1
port="${PORT:-8000}"
export SITE_URL="${SITE_URL:-http://127.0.0.1:$port}"
python=.venv/bin/python
say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
# What is loaded depends on these files only: an unchanged tree is not prepared a second time.
wanted="$(find content static locale apps config requirements -type f -not -name '*.pyc' -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)"
stamp="${BELAY_DATA_DIR:-var}/.prepared"
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
  say "Collecting static files"; $python manage.py collectstatic --noinput --verbosity 0
  say "Preparing the database"; $python manage.py migrate --verbosity 0; $python manage.py createcachetable
  say "Loading the framework, the courses and the resources"
  $python manage.py load_framework content/framework/shared.yaml
  $python manage.py load_course content/courses/*
  $python manage.py load_resources
  $python manage.py load_exercises
  say "Loading the demonstration region"; $python manage.py demo --reports
  echo "$wanted" > "$stamp"
fi
# Reports are signed with a key of this machine's own; it names nobody and is worth nothing elsewhere.
if [ -z "${BELAY_PDF_KEY_FILE:-}" ]; then
  keys="${BELAY_DATA_DIR:-var}/pdf-key"
  [ -e "$keys/pdf-key.p12" ] || $python manage.py make_pdf_key "$keys" --name "Belay demonstration" --days 3650 >/dev/null
  export BELAY_PDF_KEY_FILE="$keys/pdf-key.p12" BELAY_PDF_KEY_PASSPHRASE_FILE="$keys/pdf-key.pass"
fi
say "Starting web, worker and scheduler; Ctrl-C stops all of them"
echo
$python manage.py demo --who
echo "  $SITE_URL"
echo
exec $python manage.py up --bind "127.0.0.1:$port"
