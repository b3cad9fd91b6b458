#!/usr/bin/env bash
# Run the suite on a real PostgreSQL, with a real Redis broker and a real Celery worker, and fail if they were not reached.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
work="$(mktemp -d)"
redis_port="${REDIS_PORT:-6390}"
say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
stop() {
  [ -n "${redis_pid:-}" ] && kill "$redis_pid" 2>/dev/null || true
  [ -n "${keeper_pid:-}" ] && kill "$keeper_pid" 2>/dev/null && wait "$keeper_pid" 2>/dev/null || true
  rm -rf "$work"
}
trap stop EXIT

say "Starting Redis on port $redis_port"
redis-server --port "$redis_port" --bind 127.0.0.1 --dir "$work" --save "" --appendonly no --daemonize no >"$work/redis.log" 2>&1 &
redis_pid=$!
export BROKER_URL="redis://127.0.0.1:$redis_port/0" CACHE_URL="redis://127.0.0.1:$redis_port/1"

if [ -z "${DATABASE_URL:-}" ]; then
  say "Starting PostgreSQL from its wheel"
  $bin/python scripts/postgres.py "$work/postgres" >"$work/uri" &
  keeper_pid=$!
  for _ in $(seq 60); do [ -s "$work/uri" ] && break; sleep 0.5; done
  DATABASE_URL="$(head -n 1 "$work/uri")"
  export DATABASE_URL
fi
export BELAY_DEMO=1 BELAY_TEST_SERVICES=1 BELAY_DATA_DIR="$work/data" DATABASE_POOL=0
mkdir -p "$BELAY_DATA_DIR"
say "Running the suite on $(echo "$DATABASE_URL" | cut -d: -f1) with a Redis broker"
$bin/python -m pytest -n 2 --dist loadfile -q -m "not e2e" --junitxml "$work/suite.xml"
$bin/python - "$work/suite.xml" <<'PY'
import sys
import xml.etree.ElementTree as tree
wanted = {"test_suite_runs_on_postgresql", "test_worker_takes_a_job_from_the_broker"}
ran = {case.get("name") for case in tree.parse(sys.argv[1]).iter("testcase") if case.find("skipped") is None}
if missing := wanted - ran:
    sys.exit(f"The services were not reached: {', '.join(sorted(missing))} did not run.")
PY
