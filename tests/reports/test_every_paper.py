"""Every paper that is not asked for as a report, in every language, with words of 500 letters: tagged, labelled, inside its page."""

from __future__ import annotations

import re
from functools import cache

import pytest

from apps.reports.pdf import render_pdf
from tests.reports import edges, kinds, papers, reading, ua

LANGUAGES = ("en", "fr", "ar")
OTHERS = [kind for kind in kinds.KINDS if kind not in papers.KINDS]  # those are held in test_papers_pdf
ONE_PAGE = ("certificate",)


@cache
def made(kind: str, language: str) -> bytes:
    return render_pdf(kinds.html_of(kind, "short", language), language=language, title="Look").content


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", OTHERS)
def test_paper_has_nothing_that_pdf_ua_forbids(kind: str, language: str) -> None:
    assert sorted(set(ua.faults(made(kind, language)))) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", OTHERS)
def test_words_without_a_space_stay_inside_the_page(kind: str, language: str) -> None:
    content = made(kind, language)
    assert edges.beyond(content) == []
    assert kind not in ONE_PAGE or len(reading.pages(content)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in OTHERS if kind not in ONE_PAGE])
def test_label_stands_on_every_page(kind: str, language: str) -> None:
    for number, text in enumerate(reading.pages(made(kind, language)), 1):
        assert re.search(reading.LABEL, text), number


@pytest.mark.parametrize("kind", ["assessment", "national", "engagement", "after_action"])
def test_nothing_at_all_makes_a_paper_that_is_tagged(kind: str) -> None:
    content = render_pdf(kinds.html_of(kind, "empty", "fr"), language="fr", title="Look").content
    assert sorted(set(ua.faults(content))) == [] and edges.beyond(content) == []


def test_edges_are_found() -> None:
    """The check speaks where a word runs out at the side and where a line stands too low."""
    page = "<p>" + "x" * 500 + "</p>"
    assert edges.beyond(render_pdf(f"<html><body>{page}</body></html>", language="en", title="x").content)
    low = '<p style="position: absolute; top: 294mm">low</p>'
    html = f"<html><head><style>@page {{ size: A4; margin: 0 20mm }}</style></head><body>{low}</body></html>"
    assert edges.beyond(render_pdf(html, language="en", title="x").content) == ["page 1: low"]
