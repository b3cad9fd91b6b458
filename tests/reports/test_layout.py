"""The pages of the papers as a reader leafs through them: contents that lead, nothing over another, no page for a line."""

from __future__ import annotations

import io
import re
from functools import cache

import pikepdf
import pytest

from apps.reports.pdf import render_pdf
from tests.reports import edges, kinds, layout, papers, reading

LANGUAGES = ("en", "fr", "ar")
PAPERS = ("assessment", "national", "comparison", "actions", "plan")
SHEET = '<link rel="stylesheet" href="belay-static:css/report.css"><link rel="stylesheet" href="belay-static:css/papers.css">'


@cache
def made(kind: str, language: str, world: str = "usual") -> bytes:
    return render_pdf(kinds.html_of(kind, world, language), language=language, title="Look").content


def page_of(body: str, direction: str = "ltr") -> bytes:
    html = f'<html dir="{direction}"><head>{SHEET}</head><body><section class="sheet">{body}</section></body></html>'
    return render_pdf(html, language="ar" if direction == "rtl" else "en", title="x").content


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["assessment", "national", "comparison", "programme"])
def test_contents_name_the_page_on_which_each_part_begins_with_its_heading(kind: str, language: str) -> None:
    lines = layout.contents(made(kind, language))
    assert len(lines) > 3
    assert [line for line in lines if line.printed != line.page or not line.headed] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PAPERS)
def test_nothing_is_drawn_over_another_and_no_heading_ends_a_page_and_all_letters_are_ours(
    kind: str, language: str
) -> None:
    content = made(kind, language)
    assert layout.overlapping(content) == []
    assert layout.stranded(content) == []
    assert {name for name in reading.font_names(content) if "Noto" not in name} == set()


def test_checks_of_the_layout_speak() -> None:
    """They would be worth little if they never did: a heading at the foot of a page, a line drawn over another."""
    foot = page_of(
        '<p>One</p><div style="break-before: page; height: 238mm"></div><h2 style="break-after: auto">Left behind</h2><p>On</p>'
    )
    assert layout.stranded(foot) == ["page 2: Left behind"]
    over = page_of('<p>One line of text</p><p style="margin-top: -7mm">Another line of text</p>')
    assert len(layout.overlapping(over)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_in_which_nothing_is_apart_has_no_page_for_that_line(language: str) -> None:
    lines = {line.anchor: line.page for line in layout.contents(made("national", language, "empty"))}
    assert lines["gaps"] == lines["sectors"]


@pytest.mark.parametrize("rows", range(37, 42))
def test_no_row_of_a_table_stands_alone_on_a_page(rows: int) -> None:
    body = "".join(f"<tr><td>Row {n}</td></tr>" for n in range(rows))
    pages = reading.pages(page_of(f'<table class="tbl"><tbody>{body}</tbody></table>'))
    assert all(len(re.findall(r"Row \d+", text)) > 2 for text in pages)


def test_a_name_of_another_direction_keeps_its_own_order() -> None:
    """The engine knows no dir="auto": without help the bracket of a Latin name on an Arabic page goes to its other end."""
    content = page_of("<p>المصدر: <bdi>Agency (NC)</bdi>.</p><p dir='auto'>Agency (NC)</p>", "rtl")
    with pikepdf.open(io.BytesIO(content)) as pdf:
        texts = [run.text.strip() for run in edges.runs(pdf, pdf.pages[0])]
    assert texts.count("Agency (NC)") == 2
    mixed = page_of("<p><bdi><bdi dir='ltr'>GOV.1</bdi> الحوكمة</bdi></p>")
    with pikepdf.open(io.BytesIO(mixed)) as pdf:
        code, name = sorted(edges.runs(pdf, pdf.pages[0]), key=lambda run: "GOV" not in run.text)[:2]
    assert code.left > name.left, "an Arabic name runs from its code to the left"


@pytest.mark.parametrize(
    ("language", "months"), [("fr", "nov. 2025"), ("ar", "نوفمبر 2025"), ("en", "Nov 2025")]
)
def test_days_of_evidence_are_written_as_the_language_writes_them(language: str, months: str) -> None:
    html = kinds.html_of("assessment", "usual", language)
    assert f"1 {months}" in html
    assert language != "fr" or "Nov 2025" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_step_of_a_plan_is_said_in_words_not_with_an_arrow(language: str) -> None:
    html = papers.html_of(lambda: papers.assessment(papers.own(full=False)), language)
    assert 'id="roadmap"' in html and "→" not in html


def test_a_share_reads_the_same_way_in_figures_and_in_tables() -> None:
    """On an Arabic page the sign stood before the number in the figures, and behind it in the tables."""
    with pikepdf.open(io.BytesIO(made("assessment", "ar"))) as pdf:
        texts = [run.text.strip() for run in edges.runs(pdf, pdf.pages[2])]
    assert "100.0\xa0%" in texts
