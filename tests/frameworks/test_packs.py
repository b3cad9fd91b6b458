"""Evidence packs: two people who read the same pack reach levels within one of each other by the words alone."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from apps.frameworks.services import read_framework_file

PACKS = Path(__file__).parent / "packs"
NAMES = ("national-csirt", "power-utility", "small-ministry")
READERS = ("reader1", "reader2")
# What would give a level away: its number, or the name that the scale gives it.
GIVEN_AWAY = re.compile(r"\blevel\b|\b(?:Absent|Initial|Developing|Established|Managed|Adaptive)\b")


def pack_of(name: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((PACKS / f"{name}.yaml").read_text(encoding="utf-8"))
    return document


def reading_of(name: str, reader: str) -> dict[str, Any]:
    """What one reader found: `levels` maps each indicator to `{level: 0–5, why: the words that decided}`."""
    document: dict[str, Any] = yaml.safe_load((PACKS / f"{name}.{reader}.yaml").read_text(encoding="utf-8"))
    return document


@pytest.fixture(scope="module")
def scopes() -> dict[str, str]:
    document = read_framework_file(Path(settings.CONTENT_DIR) / "framework" / "shared.yaml")
    return {row["id"]: row["scope"] for row in document["indicators"]}


@pytest.mark.parametrize("name", NAMES)
def test_pack_concerns_twelve_indicators_of_its_scope(name: str, scopes: dict[str, str]) -> None:
    pack = pack_of(name)
    codes = pack["indicators"]
    assert pack["id"] == name
    assert len(codes) == len(set(codes)) == 12
    assert all(scopes[code] in (pack["scope"], "both") for code in codes)
    assert {code for piece in pack["evidence"] for code in piece["concerns"]} == set(codes)


@pytest.mark.parametrize("name", NAMES)
def test_pack_holds_dated_evidence_of_a_readable_length(name: str) -> None:
    pack = pack_of(name)
    assert 12 <= len(pack["evidence"]) <= 16
    for piece in pack["evidence"]:
        assert date.fromisoformat(piece["date"]) <= date.fromisoformat(pack["read_on"])
        assert piece["title"] and piece["owner"]
        assert 40 <= len(piece["excerpt"].split()) <= 120, piece["title"]


@pytest.mark.parametrize("name", NAMES)
def test_pack_gives_no_level_away(name: str) -> None:
    texts = [piece["title"] + " " + piece["excerpt"] for piece in pack_of(name)["evidence"]]
    assert [found for text in texts for found in GIVEN_AWAY.findall(text)] == []


@pytest.mark.parametrize("name", NAMES)
def test_two_readers_reach_levels_within_one_of_each_other(name: str) -> None:
    first, second = (reading_of(name, reader)["levels"] for reader in READERS)
    codes = set(pack_of(name)["indicators"])
    assert set(first) == set(second) == codes
    assert all(row[code]["why"].strip() for row in (first, second) for code in codes)
    assert all(row[code]["level"] in range(6) for row in (first, second) for code in codes)
    apart = {code: (first[code]["level"], second[code]["level"]) for code in sorted(codes)}
    assert {code: pair for code, pair in apart.items() if abs(pair[0] - pair[1]) > 1} == {}
