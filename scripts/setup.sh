#!/usr/bin/env bash
# Prepare the environment: `scripts/setup.sh` for running, `scripts/setup.sh dev` for checking and testing as well,
# `scripts/setup.sh services` adds what the run against real services needs. Says what it installs and why.
set -euo pipefail
cd "$(dirname "$0")/.."
kind="${1:-run}"
say() { printf '\033[1m==>\033[0m %s\n' "$*"; }

apt_install() { # why, packages...
  local why="$1"; shift
  local missing=()
  for package in "$@"; do dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || missing+=("$package"); done
  [ ${#missing[@]} -eq 0 ] && return 0
  local run=""
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null; then run="sudo"; else
      say "Missing: ${missing[*]} ($why). Installing needs root. Run as root:"; echo "    apt-get install -y --no-install-recommends ${missing[*]}"; exit 1
    fi
  fi
  say "Installing ${missing[*]}: $why."
  $run apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $run apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

python=""
for candidate in python3.11 python3.12 python3.13 python3; do
  if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then python="$candidate"; break; fi
done
[ -n "$python" ] || { say "Belay needs Python 3.11 or newer."; exit 1; }

if command -v dpkg-query >/dev/null; then
  "$python" -c 'import ensurepip, venv' 2>/dev/null || apt_install "to make the Python environment" python3-venv
  apt_install "text layout for the PDF reports" libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
  [ "$kind" = run ] || apt_install "a browser for the browser tests, and a tool that reads PDF pages" chromium poppler-utils
  [ "$kind" = services ] && apt_install "a real broker for the run against services" redis-server
  [ "$kind" = services ] && apt_install "an office program that fills the workbook in as people do" libreoffice-calc-nogui python3-uno
fi

files=(requirements/base.txt requirements/scale.txt)
[ "$kind" = run ] || files+=(requirements/dev.txt)
stamp=".venv/.stamp-$([ "$kind" = run ] && echo run || echo dev)"
wanted="$(cat "${files[@]}" | sha256sum | cut -d' ' -f1)"
if [ ! -x .venv/bin/python ]; then say "Making the environment in .venv"; "$python" -m venv .venv; fi
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
  say "Installing Python packages (${files[*]}), each checked by its hash"
  arguments=(); for file in "${files[@]}"; do arguments+=(-r "$file"); done
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes "${arguments[@]}"
  echo "$wanted" > "$stamp"
fi
