"""A table of a page becomes rows: what it says, with true numbers and days, and nothing of its buttons."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from apps.core.tables import read_tables


def rows_of(body: str, head: str = "<th>A</th><th class='n'>B</th>") -> list[list[object]]:
    table = read_tables([f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"])
    return [list(row) for row in table.rows]


def test_cells_say_what_the_page_says_to_an_ear() -> None:
    cell = (
        '<span class="chip"><span aria-hidden="true">–</span><span class="sr">Not assessed</span></span><svg><title>x</title>'
        '<path/></svg><span class="sr">to</span><span class="chip">4</span><form><button>Go</button></form>'
    )
    assert rows_of(f"<tr><th>{cell}</th><td>–</td></tr>") == [["A", "B"], ["Not assessed to 4", None]]


def test_blocks_stand_on_lines_of_their_own() -> None:
    cell = "<bdi>Ana</bdi>,\n  <b>lead</b><br><small>of\tthe  desk</small><ul><li>one</li><li>two</li></ul>"
    assert rows_of(f"<tr><th>{cell}</th><td>1</td></tr>")[1] == ["Ana, lead\nof the desk\none\ntwo", 1]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("12", 12), ("−3", -3), ("+2", 2), ("2.50", Decimal("2.50")), ("007", "007"), ("2 of 3", "2 of 3"),
        ("1e3", "1e3"), ("٣", "٣"), ("", None), ("9" * 40, "9" * 40),
    ],
)  # fmt: skip
def test_figures_are_numbers(said: str, kept: object) -> None:
    assert rows_of(f"<tr><th>5.10</th><td>{said}</td></tr>")[1] == ["5.10", kept]


def test_what_somebody_typed_stays_text() -> None:
    body = "<tr><th>7</th><td>7</td></tr><tr><th>8</th><td><bdi>8</bdi></td></tr>"
    assert rows_of(body, "<th>A</th><th>B</th>")[1:] == [["7", 7], ["8", "8"]]


def test_decimal_comma_of_the_page_is_read() -> None:
    with translation.override("fr"):
        assert rows_of("<tr><th>x</th><td>2,5</td></tr>")[1][1] == Decimal("2.5")


def test_per_cents_become_numbers_with_the_unit_in_the_heading() -> None:
    body = "<tr><th>x</th><td>45%</td></tr><tr><th>y</th><td>–</td></tr><tr><th>z</th><td>7 %</td></tr>"
    assert rows_of(body) == [["A", "B (%)"], ["x", 45], ["y", None], ["z", 7]]


def test_days_and_moments_are_exact() -> None:
    day = '<time datetime="2026-11-22T23:30:00+01:00">22 Nov 2026</time>'
    moment = '<div><time datetime="2026-11-22T23:30:00+01:00">22/11/2026 23:30</time></div>'
    assert rows_of(f"<tr><th>{day}</th><td>{moment}</td></tr>")[1] == [
        date(2026, 11, 22),
        datetime(2026, 11, 22, 23, 30),
    ]
    assert rows_of(f"<tr><th>since {day}</th><td><time datetime='soon'>soon</time></td></tr>")[1] == [
        "since 22 Nov 2026",
        "soon",
    ]


def test_column_of_buttons_and_drawings_are_left_out_but_a_state_beside_a_button_stays() -> None:
    head = '<th>A</th><th><span class="sr">Actions</span></th><th data-drawn>1 2 3</th>'
    acts = "<tr><th>x</th><td>{}<a href='#'>Change</a></td><td>drawn</td></tr>"
    assert rows_of(acts.format(""), head) == [["A"], ["x"]]
    assert rows_of(acts.format("revoked"), head) == [["A", "Actions"], ["x", "revoked"]]


def test_cells_that_reach_over_columns_and_rows_keep_the_others_in_place() -> None:
    head = "<th>A</th><th>B</th><th>C</th>"
    body = (
        "<tr><th rowspan='2'>x</th><td colspan='2'>not shown</td></tr><tr><td>1</td><td>2</td></tr>"
        "<tr><td colspan='3'>Nobody is asked.</td></tr><tr><th colspan='99999999'>all</th></tr>"
    )
    assert rows_of(body, head) == [
        ["A", "B", "C"],
        ["x", "not shown", None],
        ["x", 1, 2],
        ["all", None, None],
    ]


def test_tables_of_one_name_stand_below_each_other_under_their_captions() -> None:
    one = "<table><caption>{}</caption><thead><tr><th>A</th></tr></thead><tr><td>{}</td></tr></table>"
    assert read_tables([one.format("First", 1), one.format("Second", 2)]).rows == (
        ("", "A"),
        ("First", 1),
        ("Second", 2),
    )


def test_table_inside_a_cell_is_not_read() -> None:
    inner = "<details><summary>Why</summary><table><tr><td>9</td></tr></table></details>"
    assert rows_of(f"<tr><th>x</th><td>{inner}</td></tr>")[1] == ["x", "Why"]


def test_field_says_what_it_has_chosen() -> None:
    form = (
        "<form><label>Role</label><select><option>Viewer</option><option selected>Lead</option></select>"
        "<button>Save</button></form>"
    )
    assert rows_of(f"<tr><th>x</th><td>{form}</td></tr>")[1] == ["x", "Lead"]
