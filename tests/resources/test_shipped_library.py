"""What the library holds as it is shipped: enough for every area, and templates that can be used as they are."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

FOLDER = Path(settings.CONTENT_DIR) / "resources"
TEMPLATES = {
    "action-plan", "asset-register", "backup-test-record", "csirt-mandate", "disclosure-policy",
    "exercise-kit", "incident-plan", "log-retention-table", "rfc2350-profile", "supplier-clauses",
}  # fmt: skip
WEAK = 1  # the highest level at which something that helps the weakest may begin


def shipped() -> dict[str, dict[str, Any]]:
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))]
    return {slug: entry for file in files for slug, entry in file.items()}


def framework_areas() -> list[str]:
    text = (FOLDER.parent / "framework" / "shared.yaml").read_text(encoding="utf-8")
    return [area["id"] for area in yaml.safe_load(text)["areas"]]


def test_every_area_has_three_resources_for_those_who_begin() -> None:
    areas = framework_areas()
    held = Counter(
        code for entry in shipped().values() if entry["levels"][0] <= WEAK for code in entry["areas"]
    )
    assert len(areas) == 28
    assert {code: held[code] for code in areas if held[code] < 3} == {}


def test_every_kind_and_language_is_there() -> None:
    entries = shipped().values()
    kinds = Counter(entry["kind"] for entry in entries)
    languages = Counter(entry["language"] for entry in entries)
    assert min(kinds[kind] for kind in ("guide", "template", "tool", "fund", "expert")) >= 5
    assert min(languages[code] for code in ("fr", "ar", "es", "pt")) >= 3


def test_each_address_stands_once() -> None:
    addresses = Counter(entry["url"].rstrip("/") for entry in shipped().values() if "url" in entry)
    assert [address for address, times in addresses.items() if times > 1] == []


@pytest.mark.parametrize(("slug", "entry"), sorted(shipped().items()))
def test_summary_says_what_when_and_what_not_in_few_words(slug: str, entry: dict[str, Any]) -> None:
    assert 20 <= len(entry["summary"].split()) <= 55
    assert 2 <= len(re.findall(r"[.!?؟](?:\s|$)", entry["summary"])) <= 4


def test_the_templates_are_those_promised() -> None:
    own = {slug: entry for slug, entry in shipped().items() if "file" in entry}
    assert set(own) == TEMPLATES
    assert {entry["file"] for entry in own.values()} == {f"templates/{slug}.md" for slug in TEMPLATES}
    assert {path.stem for path in (FOLDER / "templates").iterdir()} == TEMPLATES


@pytest.mark.parametrize("slug", sorted(TEMPLATES))
def test_template_can_be_used_as_it_is(slug: str) -> None:
    text = (FOLDER / "templates" / f"{slug}.md").read_text(encoding="utf-8")
    assert 350 <= len(text.split()) <= 900
    assert not text.startswith("#"), "its purpose comes first"
    assert "\n## How to use " in text
    assert re.search(r"^\|---", text, re.MULTILINE), "a table to fill in"
    assert re.search(r"[Ss]igned", text)
    assert re.search(r"[Rr]eview", text)
    assert re.search(r"\[[^]]+\]|\*[a-z][^*]+\*|_{6}", text), "fields to fill in"
    assert "TODO" not in text
