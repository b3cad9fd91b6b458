"""The shared framework as it is shipped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from apps.frameworks.services import read_framework_file
from apps.frameworks.services.checking import document_faults
from apps.scoring import parse_framework


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return read_framework_file(Path(settings.CONTENT_DIR) / "framework" / "shared.yaml")


def test_shared_framework_has_no_fault(document: dict[str, Any]) -> None:
    assert document_faults(document) == []


def test_shared_framework_has_the_size_it_says(document: dict[str, Any]) -> None:
    sizes = [
        len(document[part]) for part in ("dimensions", "areas", "indicators", "prerequisites", "profiles")
    ]
    assert sizes == [6, 28, 94, 40, 6]
    assert len(parse_framework(document, scope="national").indicators) == 61
    assert len(parse_framework(document, scope="organisational").indicators) == 51


def test_every_question_is_one_short_sentence(document: dict[str, Any]) -> None:
    wrong = [
        row["id"]
        for row in document["indicators"]
        if len(row["question"].split()) > 20 or row["question"].count("?") != 1
    ]
    assert wrong == []


def test_targets_never_ask_for_what_a_prerequisite_forbids(document: dict[str, Any]) -> None:
    """A wanted level above 1 needs its prerequisites wanted at their required level."""
    wrong = []
    for profile in document["profiles"]:
        asked = {row["id"] for row in document["indicators"] if row["scope"] in (profile["scope"], "both")}
        own, default = profile["targets"]["indicators"], profile["targets"]["default"]
        targets = {code: own.get(code, default) for code in asked}
        wrong += [
            (profile["id"], row)
            for row in document["prerequisites"]
            if {row["indicator"], row["requires"]} <= asked
            and targets[row["indicator"]] > 1
            and targets[row["requires"]] < row["at_level"]
        ]
    assert wrong == []
