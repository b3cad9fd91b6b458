"""What was seen on printed pages and mended: empty parts say so, lists end above the proof, words without end are cheap."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest
from django.utils import translation
from weasyprint.text import line_break

from apps.reports.pdf import render_pdf
from tests.reports import edges, kinds, reading

FONT = '@font-face { font-family: "Noto Sans"; src: url("belay-static:fonts/NotoSans-Regular.woff2") }'
STYLE = f"<style>{FONT} body {{ font-family: 'Noto Sans'; overflow-wrap: anywhere }}</style>"


def pages(kind: str, world: str, language: str) -> list[str]:
    content = render_pdf(kinds.html_of(kind, world, language), language=language, title="Look").content
    return reading.pages(content)


@pytest.mark.parametrize("text", ["Unbroken" * 625, "a\u0639" * 2500, "Word\u00a0" * 1000])
def test_words_without_end_cost_the_engine_no_more_than_others(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For each line the engine would lay out all that is left of the word: here, millions of letters."""
    laid_out = 0
    real = line_break.Layout.set_text

    def counted(layout: Any, words: str, *rest: Any, **more: Any) -> None:
        nonlocal laid_out
        laid_out += len(words)
        real(layout, words, *rest, **more)

    monkeypatch.setattr(line_break.Layout, "set_text", counted)
    page = f"<html><head>{STYLE}</head><body><p>{text}</p></body></html>"
    content = render_pdf(page, language="en", title="x").content
    assert laid_out < 30 * len(text) and edges.beyond(content) == []


def test_address_stays_as_it_is() -> None:
    address = "https://veldara.example/" + "path/" * 90
    html = f'<html><head>{STYLE}</head><body><p style="font-size: 4pt">{address}</p></body></html>'
    text = "".join(reading.pages(render_pdf(html, language="en", title="x").content))
    assert "".join(text.split()) == address


def test_programme_without_members_is_short_and_says_what_is_missing() -> None:
    found = pages("programme", "empty", "fr")
    assert len(found) == 4  # cover, contents, two pages
    assert "Pas encore assez de données" in " ".join(" ".join(found).split())


def test_exercise_without_events_has_no_empty_page_or_table() -> None:
    found = pages("after_action", "empty", "en")
    assert len(found) == 4 and "Who took part" not in "".join(found)


def test_heading_of_a_column_of_days_is_not_the_name_of_a_switch() -> None:
    html = kinds.html_of("engagement", "usual", "fr")
    assert '<th scope="col">Actif</th>' not in html and '<th scope="col">Date</th>' in html
    assert '<th scope="col">Modifier</th>' not in kinds.html_of("after_action", "usual", "fr")


def test_days_and_hours_are_in_the_reader_s_language() -> None:
    certificate = kinds.html_of("certificate", "usual", "fr")
    assert "2,5 heures" in certificate and "6 mai 2026" in certificate and "6 Mai" not in certificate
    programme = kinds.html_of("programme", "usual", "fr")
    assert "6,5 heures" in programme and "6 Mai" not in programme and "5 Jul" not in programme


def test_findings_with_an_owner_cannot_be_read_the_wrong_way_round() -> None:
    assert "2 من 5" in kinds.html_of("after_action", "usual", "ar")
    assert "2 / 5" not in kinds.html_of("after_action", "usual", "ar")


def test_questionnaire_ends_its_first_sentence() -> None:
    assert "15 questions. Answers should be there" in kinds.html_of("sheet_blank", "usual", "en")


def test_lists_of_an_arabic_certificate_end_above_the_proof() -> None:
    content = render_pdf(kinds.html_of("certificate", "many", "ar"), language="ar", title="Look").content
    with pikepdf.open(io.BytesIO(content)) as pdf:
        found = list(edges.runs(pdf, pdf.pages[0]))
        wide = float(pdf.pages[0].mediabox[2])
    lists = [run.y for run in found if "changed" in run.text]
    days = [run.y for run in found if "2026" in run.text and run.left > 0.75 * wide]
    assert lists and days and min(lists) > max(days) + 20


def test_a_table_does_not_leave_one_row_behind() -> None:
    """Neither below its heading at the end of a page, nor alone on the next."""
    rows = "".join(f"<tr><td>row{n}</td></tr>" for n in range(8))
    style = '<link rel="stylesheet" href="belay-static:css/report.css"><link rel="stylesheet" href="belay-static:css/papers.css">'
    for filled in range(195, 250, 4):
        body = f'<div style="height: {filled}mm"></div><table class="tbl"><thead><tr><th>head</th></tr></thead><tbody>{rows}</tbody></table>'
        text = reading.pages(
            render_pdf(
                f"<html><head>{style}</head><body>{body}</body></html>", language="en", title="x"
            ).content
        )
        assert all(page.count("row") != 1 for page in text), filled


def test_figure_of_a_programme_fits_below_its_facts_on_letter() -> None:
    """It would take the next page whole and leave its own nearly empty."""
    with translation.override("ar"):
        html = kinds.programme(kinds.WORLDS["usual"], paper="letter")
    text = reading.pages(render_pdf(html, language="ar", title="Look").content)
    assert "COO.4" in text[2]
