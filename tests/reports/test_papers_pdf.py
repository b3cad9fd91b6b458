"""Every kind of report as a file: tagged as PDF/UA asks, nothing outside the page, the same bytes again, one page where one is promised."""

from __future__ import annotations

import io
import re
import time
from functools import cache
from typing import Any

import pikepdf
import pytest

from apps.reports.documents import Printed
from apps.reports.pdf import render_pdf
from tests.reports import edges, papers, reading, samples, ua

LANGUAGES = ("en", "fr", "ar")


@cache
def made(kind: str, language: str) -> bytes:
    return render_pdf(papers.html_of(papers.KINDS[kind], language), language=language, title="Look").content


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", papers.KINDS)
def test_file_has_nothing_that_pdf_ua_forbids(kind: str, language: str) -> None:
    assert sorted(set(ua.faults(made(kind, language)))) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", papers.KINDS)
def test_no_text_leaves_its_page(kind: str, language: str) -> None:
    assert edges.beyond(made(kind, language)) == []


@pytest.mark.parametrize("kind", papers.KINDS)
def test_label_stands_at_the_top_and_the_foot_of_every_page(kind: str) -> None:
    content = made(kind, "ar")
    for number in range(len(reading.pages(content))):
        found = [w for w in reading.words(content, number) if re.fullmatch(reading.LABEL, w.text)]
        assert {w.y > 400 for w in found if w.size > 11.9} == {True, False}, number


def test_checker_finds_what_is_missing() -> None:
    """It would be worth little if it never spoke: an engine without tags, and a file robbed of its alternative texts."""
    with pikepdf.open(io.BytesIO(made("brief", "en"))) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and "/Alt" in item:
                del item["/Alt"]
        del pdf.Root.MarkInfo
        target = io.BytesIO()
        pdf.save(target)
    found = ua.faults(target.getvalue())
    assert "A figure has no alternative text." in found and "The file is not marked as tagged." in found


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_one_page_stays_one_page_with_the_longest_texts(language: str, paper: str) -> None:
    def longest() -> Printed:
        return papers.brief(
            papers.wide(papers.own(full=False)), paper=paper, head="a" * 20 + " 1234 " + "f" * 64
        )

    assert render_pdf(papers.html_of(longest, language), language=language, title="x").pages == 1


def test_nothing_answered_makes_every_report_and_says_so() -> None:
    empty = papers.own(answered=False, full=False)
    for make in (papers.assessment, papers.brief, papers.national):
        html = papers.html_of(lambda make=make: make(empty), "en")  # type: ignore[misc]
        assert "Nothing is answered yet" in html and "Every target is reached" not in html
    assert "no result of its own" in papers.html_of(lambda: papers.national(None, empty=True), "en")
    assert "nothing in them can be compared" in papers.html_of(lambda: papers.comparison(nothing=True), "en")


def test_many_comments_and_unbroken_words_stay_inside_the_page() -> None:
    def long() -> Printed:
        return papers.assessment(papers.unbroken(papers.own(full=False, text=papers.LONG, comments=4)))

    assert edges.beyond(render_pdf(papers.html_of(long, "en"), language="en", title="x").content) == []


def test_same_document_gives_the_same_bytes_on_another_day(monkeypatch: pytest.MonkeyPatch) -> None:
    html = papers.html_of(papers.KINDS["brief"], "en")
    again: list[bytes] = []
    real, clock = time.time, 0.0
    for days in (0, 40):
        clock = days * 86400.0
        monkeypatch.setattr(time, "time", lambda clock=clock: real() + clock)
        again.append(render_pdf(html, language="en", title="Look").content)
    assert again[0] == again[1] == made("brief", "en")


def test_evidence_is_listed_by_title_and_red_titles_are_counted_only() -> None:
    html = papers.html_of(papers.KINDS["assessment"], "en")
    assert "Record of the exercise" in html and "2 more are under" in html
    assert "The reason was written anew after the result was signed" in html


def test_chapters_recommend_what_comes_first_in_their_dimension() -> None:
    source = papers.own(full=True)
    document: Any = papers.assessment(source)
    for chapter in document.chapters:
        assert all(row.code.startswith(chapter.figures.code) for row in chapter.steps)
    assert any(chapter.steps for chapter in document.chapters)
    assert all(chapter.finding for chapter in document.chapters)


def test_clipping_keeps_whole_words_and_never_exceeds() -> None:
    from apps.reports.documents.brief import clip

    assert clip("one two three four", 12) == "one two…"
    assert clip("short", 12) == "short"
    assert len(clip("x" * 500, 40)) == 40


def test_contents_of_the_national_report_lead_to_its_chapters() -> None:
    document: Any = papers.national(papers.own(full=False))
    html = papers.html_of(lambda: document, "en")
    for entry in document.contents:
        assert f'id="{entry.anchor}"' in html, entry.anchor
    assert samples.request().reference in html
