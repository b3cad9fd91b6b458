"""The script checks a badge by itself: no site, no network, no Django."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from apps.badges import bake_svg, sign, status_list
from tests.badges.small import DID, KEYS, SEED, SITE, signed
from tests.badges.test_reading import SVG

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "verify_badge.py"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    keys = [{"id": f"{DID}#{key}", "publicKeyMultibase": key} for key in KEYS]
    (tmp_path / "did.json").write_text(json.dumps({"id": DID, "verificationMethod": keys}))
    for name, revoked in (("clean", []), ("withdrawn", [94_567])):
        made = status_list(f"{SITE}/status/1/", issuer=DID, revoked=revoked, since="2026-03-01T00:00:00Z")
        held = sign(made, seed=SEED, controller=DID, at=datetime.now(UTC))
        (tmp_path / f"{name}.json").write_text(json.dumps(held))
    return tmp_path


def run(folder: Path, document: Any, *more: str) -> tuple[int, str]:
    text = json.dumps(document)
    (folder / "badge.svg").write_text(bake_svg(SVG, text))
    asked = [sys.executable, "-I", str(SCRIPT), "badge.svg", "--keys", "did.json", *more]
    done = subprocess.run(asked, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


def test_script_says_what_a_badge_is_worth(folder: Path) -> None:
    document = signed(valid_until=date(2999, 1, 1))
    assert run(folder, document) == (0, 'valid – "Doors"\n')
    assert run(folder, document, "--status", "clean.json")[0] == 0
    code, line = run(folder, document, "--status", "withdrawn.json")
    assert (code, "withdrawn" in line) == (1, True)
    assert run(folder, {**document, "name": "Other"}) == (2, "changed after it was signed\n")


def test_script_takes_no_signed_list_for_a_badge(folder: Path) -> None:
    held = json.loads((folder / "clean.json").read_text())
    code, line = run(folder, held, "--status", "clean.json")
    assert (code, "no badge" in line) == (2, True)


def test_script_refuses_a_list_that_was_changed_or_is_another(folder: Path) -> None:
    document = signed(valid_until=date(2999, 1, 1))
    held = json.loads((folder / "withdrawn.json").read_text())
    held["credentialSubject"]["encodedList"] = json.loads((folder / "clean.json").read_text())[
        "credentialSubject"
    ]["encodedList"]
    (folder / "withdrawn.json").write_text(json.dumps(held))
    assert "not signed by these keys" in run(folder, document, "--status", "withdrawn.json")[1]
    assert "cannot be checked" in run(folder, document, "--status", "missing.json")[1]
    assert "cannot be checked" in run(folder, {"a": 1}, "--status", "clean.json")[1]
