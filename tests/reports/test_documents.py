"""What reports say: the figures of the result, nothing of members that do not share, and every text as it was typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation

from apps.reports.documents import assessment_document, brief_document, document_html, programme_document
from apps.reports.selectors import HelpSource, LearningSource, MemberSource, ProgrammeSource
from tests.reports import samples


def test_figures_are_those_of_the_stored_result() -> None:
    source = samples.source()
    document = assessment_document(source, samples.request())
    stored = source.document
    overall = stored["evidenced"]["overall"]
    assert document.overall.evidenced == overall["value"]["display"]
    assert document.overall.claimed == stored["claimed"]["overall"]["value"]["display"]
    assert document.overall.level == overall["label"]["level"]
    areas = {area.figures.code: area.figures for chapter in document.chapters for area in chapter.areas}
    for part in stored["evidenced"]["areas"]:
        assert areas[part["code"]].evidenced == part["value"]["display"]
    rows = {row.code: row for chapter in document.chapters for area in chapter.areas for row in area.rows}
    for row in stored["indicators"]:
        assert (rows[row["code"]].claimed, rows[row["code"]].evidenced) == (row["claimed"], row["evidenced"])
    cells = {cell.code: cell.level for row in document.squares for cell in row.cells}
    assert {code: level for code, level in cells.items() if level is not None} == {
        row["code"]: row["evidenced"] for row in stored["indicators"] if row["state"] == "rated"
    }


def test_explained_steps_add_up_to_the_score() -> None:
    from fractions import Fraction

    source = samples.source()
    for part in assessment_document(source, samples.request()).explained:
        if part.exact:
            shares = sum(Fraction(step.share) for step in part.steps if step.share)
            assert shares == 1, part.code
    overall = assessment_document(source, samples.request()).explained[0]
    assert overall.score == source.document["evidenced"]["overall"]["value"]["display"]


def test_work_lists_keep_the_order_of_the_result() -> None:
    source = samples.source()
    document = assessment_document(source, samples.request())
    for work in document.work:
        wanted = [entry["code"] for entry in source.document["priorities"][work.code]]
        shown = [row.code for row in work.rows]
        assert shown == wanted[: len(shown)]
        assert bool(work.more) == (len(wanted) > len(shown))


def test_missing_answers_are_said_and_the_range_is_shown() -> None:
    source = samples.source(missing=7)
    document = assessment_document(source, samples.request())
    html = document_html(document)
    assert document.provisional
    assert "This result is provisional" in html
    assert document.overall.low in html and document.overall.high in html


def test_first_result_has_no_column_for_before() -> None:
    html = document_html(assessment_document(samples.source(compared=False), samples.request()))
    assert ">Before<" not in html
    assert ">Before<" in document_html(assessment_document(samples.source(), samples.request()))


def test_level_before_is_that_of_the_result_before() -> None:
    source = samples.source()
    assert source.previous is not None
    old = {part["code"]: part["label"]["level"] for part in source.previous["evidenced"]["areas"]}
    dots = assessment_document(source, samples.request()).dots
    assert {row.code: row.prev for row in dots} == {row.code: old[row.code] for row in dots}
    assert any(row.prev != row.now for row in dots)


@pytest.mark.parametrize(("tlp", "said"), [
    ("TLP:RED", "Do not pass it on to anyone."), ("TLP:AMBER+STRICT", "Share only inside your own organisation,"),
    ("TLP:AMBER", "and with its clients"), ("TLP:GREEN", "not in public"), ("TLP:CLEAR", "without limits"),
])  # fmt: skip
def test_cover_says_what_the_label_of_the_report_allows(tlp: str, said: str) -> None:
    assert said in assessment_document(samples.source(tlp=tlp), samples.request(tlp=tlp)).cover.handling


HOSTILE = [
    "{{7*7}}", "{% load x %}", "${7*7}", "%(x)s", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>',
    "a\u202eb\u2066c", "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 CERT", "x" * 5000, "</title><h1>",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_people_stays_literal(text: str) -> None:
    from django.utils.html import escape

    source = samples.source(subject=text)
    html = document_html(assessment_document(source, samples.request(title=text)))
    assert escape(text) in html
    assert "<script>" not in html and "<img" not in html


def test_arabic_report_runs_right_to_left_and_labels_stay_as_they_are() -> None:
    with translation.override("ar"):
        html = document_html(assessment_document(samples.source(), samples.request()))
    assert '<html lang="ar" dir="rtl"' in html
    assert "TLP:AMBER+STRICT" in html


def test_red_names_the_reader_on_each_page() -> None:
    request = samples.request(tlp="TLP:RED", reader="Leila Marwan")
    html = document_html(assessment_document(samples.source(tlp="TLP:RED"), request))
    assert html.count("For Leila Marwan, copy ABCDE-FGHIJ-KLMNO-PQRST") == 2
    assert "Leila Marwan, copy" not in document_html(assessment_document(samples.source(), samples.request()))


def test_one_page_names_the_highest_areas_as_strongest_and_the_lowest_as_weakest() -> None:
    page = brief_document(samples.source(), samples.request())
    high, low = (
        [row.share if row.share is not None else row.now for row in rows]
        for rows in (page.strongest, page.weakest)
    )
    assert (
        high == sorted(high, reverse=True)
        and low == sorted(low)
        and min(high) >= max(low)
        and high[0] > low[0]
    )


def member(number: int, *, shares: bool = True, level: int | None = 2) -> MemberSource:
    levels = {"GOV.1": level, "RES.1": 3} if shares and level is not None else None
    assessed = date(2026, 5, 6) if level is not None else None
    return MemberSource(f"Member {number}", "Organisation", number == 1, assessed, shares, levels)


def programme(*members: MemberSource) -> ProgrammeSource:
    return ProgrammeSource(
        name="Meridian", purpose="To help.", members=members, areas={"GOV.1": "Direction", "RES.1": "Threats"}, language="en",
        rounds=(), help=HelpSource({("GOV.1", "Direction"): 2}, 1, 3, 1, 1, 1, 4, "6.5"),
        learning=(LearningSource("Cyber hygiene", 12, None), LearningSource("Incidents", None, None)),
    )  # fmt: skip


def test_spread_is_shown_from_five_sharing_members_only() -> None:
    few = programme_document(
        programme(*(member(n) for n in range(4)), member(9, shares=False)), samples.request()
    )
    enough = programme_document(programme(*(member(n) for n in range(5))), samples.request())
    assert few.spread == () and few.spread_note
    assert [row.counts for row in enough.spread] == [(0, 0, 5, 0, 0, 0), (0, 0, 0, 5, 0, 0)]


def test_an_area_in_which_four_of_five_have_a_level_is_not_spread() -> None:
    without = MemberSource("Member 5", "Organisation", False, date(2026, 5, 6), True, {"RES.1": 3})
    document = programme_document(programme(*(member(n) for n in range(4)), without), samples.request())
    assert [(row.code, sum(row.counts)) for row in document.spread] == [("RES.1", 5)]


def test_levels_of_a_member_that_does_not_share_are_nowhere() -> None:
    document = programme_document(programme(member(1), member(2, shares=False, level=5)), samples.request())
    hidden = document.heat[1]
    assert all(cell.hidden and cell.level is None for cell in hidden.cells)
    assert "lv5" not in document_html(document).split('id="levels"')[1].split("</section>")[0]


def test_member_without_a_result_is_a_dash_and_not_a_zero() -> None:
    document = programme_document(programme(member(1, level=None)), samples.request())
    assert document.heat[0].cells[0].level is None and not document.heat[0].cells[0].hidden
    assert document.members[0].assessed_on is None


def test_small_counts_of_learners_are_not_shown() -> None:
    document = programme_document(programme(member(1)), samples.request())
    assert [(row.started, row.completed) for row in document.learning] == [
        ("12", "fewer than 5"),
        ("fewer than 5", "fewer than 5"),
    ]


def test_empty_programme_makes_a_report() -> None:
    empty = replace(programme(), areas={}, learning=(), purpose="")
    html = document_html(programme_document(empty, samples.request()))
    assert "No members yet." in html and "Nobody has started a course yet." in html
