#!/usr/bin/env bash
# Mutation testing of the plain packages: `scripts/mutants.sh [children] [pattern or --sample=n ...]`.
# Patterns name mutants, as in `apps.scoring.rollup.*`; a sample is n of all mutants, drawn the same way each time.
# Results of functions that did not change are kept in mutants/; delete it to begin anew.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
children="${1:-1}"; shift || true
say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
wanted="$(sha256sum requirements/mutants.txt | cut -d' ' -f1)"
if [ "$(cat .venv/.stamp-mutants 2>/dev/null)" != "$wanted" ]; then
  say "Installing what mutation testing needs, each package checked by its hash"
  $bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/mutants.txt
  echo "$wanted" > .venv/.stamp-mutants
fi
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
say "Running with $children at a time; a full run takes hours on a small machine"
run() { nice -n 10 "$bin/mutmut" run --max-children "$children" "$@" >"$log" 2>&1 || { tail -n 40 "$log" >&2; exit 1; }; }
case "${1:-}" in
  --sample=*)
    # A name that matches no mutant makes them all without trying one.
    nice -n 10 "$bin/mutmut" run --max-children "$children" none >"$log" 2>&1 || grep -q "nothing matches" "$log" || { tail -n 40 "$log" >&2; exit 1; }
    mapfile -t names < <($bin/python scripts/mutants.py draw "${1#--sample=}")
    run "${names[@]}"
    ;;
  *) run "$@" ;;
esac
$bin/python scripts/mutants.py summary
