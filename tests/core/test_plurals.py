"""A number stands with the right plural, also one that is not whole; templates say no "1 hours"."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils.translation import override

from apps.core.plurals import plural_count

HOURS = (
    "{% blocktranslate count n=hours|plural_count with shown=hours %}{{ shown }} hour{% plural %}{{ shown }} hours"
    "{% endblocktranslate %}"
)
NOUNS = "hours|minutes|lessons|questions|people|learners|files"
SENTENCE = re.compile(
    r"\{% blocktrans(?:late)?(?P<head>[^%]*)%\}(?P<text>.*?)\{% endblocktrans(?:late)? %\}", re.DOTALL
)
BARE = re.compile(rf"\{{\{{ *(?P<name>\w+) *\}}\}} (?:{NOUNS})\b")


@pytest.mark.parametrize(
    ("value", "language", "count"),
    [
        (Decimal("1.0"), "en", 1), ("1", "en", 1), (0, "en", 0), (Decimal("1.5"), "en", 100), (2.5, "ar", 100),
        (Decimal("1.5"), "fr", 1), (Decimal("2.5"), "fr", 100), (11, "ar", 11), (Decimal("-1"), "en", 1),
    ],
)  # fmt: skip
def test_plural_of_numbers_that_need_not_be_whole(value: Decimal, language: str, count: int) -> None:
    with override(language):
        assert plural_count(value) == count


@pytest.mark.parametrize(("hours", "text"), [("1", "1 hour"), ("1.5", "1.5 hours"), ("2", "2 hours")])
def test_filter_in_a_sentence(hours: str, text: str) -> None:
    assert Template(HOURS).render(Context({"hours": hours})) == text


def test_templates_of_learning_count_what_they_name() -> None:
    """A sentence that names a number of things has both forms. Certificates, transcripts and courses first."""
    folder = Path(settings.BASE_DIR) / "templates"
    found = []
    for path in [*folder.glob("courses/**/*.html"), *folder.glob("reports/print/*.html")]:
        for match in SENTENCE.finditer(path.read_text(encoding="utf-8")):
            if " count " not in match["head"] and BARE.search(match["text"]):
                found.append(f"{path.name}: {match['text'][:80]}")
    assert found == []
