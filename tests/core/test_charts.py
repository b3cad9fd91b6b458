"""Drawings: right places, right marks, readable without colour, the same in both directions, never a broken one."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from apps.core.charts.contours import contour_paths
from apps.core.charts.cover import cover
from apps.core.charts.intervals import interval
from apps.core.charts.levels import level_ladder, rungs, strip
from apps.core.charts.marks import LEVEL_NAMES, centre, known_level
from apps.core.charts.rows import bar, key_mark, slope, stacked, trend
from apps.core.style_guide import samples

SVG = "{http://www.w3.org/2000/svg}"
LEVEL = st.none() | st.integers(0, 5)


def parse(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def marks(svg: str, css: str) -> list[ElementTree.Element]:
    return [e for e in parse(svg).iter() if css in e.get("class", "").split()]


def show(source: str, **context: Any) -> str:
    return Template("{% load components charts %}" + source).render(Context(context))


def test_bands_are_sixths_and_levels_stand_in_their_middle() -> None:
    assert [round(centre(level), 2) for level in range(6)] == [8.33, 25, 41.67, 58.33, 75, 91.67]


@pytest.mark.parametrize("wrong", [-1, 6, "7", 2.5, "high"])
def test_a_level_outside_the_scale_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"0 to 5|invalid literal"):
        known_level(wrong)


def test_strip_shows_before_now_and_target_at_their_levels() -> None:
    svg = strip(3, 2, 4)
    assert marks(svg, "lv3")[0].get("cx") == "58.33%"
    assert marks(svg, "m-prev")[0].get("cx") == "41.67%"
    assert len(marks(svg, "m-link")) == 1
    assert len(marks(svg, "m-goal")) == 1


def test_strip_draws_level_zero_but_nothing_for_not_assessed() -> None:
    assert marks(strip(0), "lv0")[0].get("cx") == "8.33%"
    assert marks(strip(None, 2, 3), "lvf") == []
    assert len(marks(strip(None, 2, 3), "m-prev")) == 1


def test_strip_rings_a_reached_target_and_hides_an_unchanged_before() -> None:
    svg = strip(4, 4, 4)
    assert marks(svg, "m-goal")[0].tag == f"{SVG}circle"
    assert marks(svg, "m-prev") == []


def test_strip_spans_the_peers() -> None:
    peer = marks(strip(2, peers=(2, 3)), "peer")[0]
    assert (peer.get("x"), peer.get("width")) == ("35.33%", "29.33%")


@given(now=LEVEL, prev=LEVEL, goal=LEVEL)
def test_strip_and_ladder_are_well_formed_whatever_is_known(
    now: int | None, prev: int | None, goal: int | None
) -> None:
    for svg in (
        strip(now, prev, goal),
        level_ladder(now, prev, goal),
        level_ladder(now, prev, goal, rtl=True),
    ):
        places = re.findall(r'\b(?:x|x1|x2|cx|y|y1|y2|cy)="(-?[\d.]+)', svg)
        parse(svg)
        assert all(float(place) >= 0 for place in places)


def test_every_mark_carries_its_colour_for_print_and_a_class_for_the_page() -> None:
    for svg in (
        strip(3, 2, 4),
        level_ladder(3, 2, 4),
        bar([(40, "fg")]),
        slope([("1", 2, 4)]),
        rungs(2),
        stacked([1] * 6),
    ):
        for mark in parse(svg).iter():
            if mark.tag in {f"{SVG}{kind}" for kind in ("rect", "circle", "path", "line", "text")}:
                assert mark.get("class")
                assert mark.get("fill") or mark.get("stroke")
                assert mark.get("style") is None


def test_text_in_drawings_is_digits_only() -> None:
    svg = level_ladder(3, 2, 4, now_label="2025", prev_label="٢٠٢٣", goal_label="Target 2027")
    texts = [e.text for e in parse(svg).iter(f"{SVG}text")]
    assert "2025" in texts
    assert all(re.fullmatch(r"[0-9.]+", text or "") for text in texts)


def test_ladder_is_mirrored_in_right_to_left_languages() -> None:
    ltr, rtl = level_ladder(1), level_ladder(1, rtl=True)
    assert marks(ltr, "lv1")[-1].get("cx") == "25%"
    assert marks(rtl, "lv1")[-1].get("cx") == "75%"


def test_ladder_rope_also_goes_down() -> None:
    assert len(marks(level_ladder(1, 3, 4), "rope-l")) == 2 + 3


def test_title_makes_alternative_text_and_is_escaped() -> None:
    svg = strip(3, title="A <b> & c")
    assert parse(svg).findtext(f"{SVG}title") == "A <b> & c"
    assert parse(svg).get("aria-hidden") is None
    assert parse(strip(3)).get("aria-hidden") == "true"


def test_rungs_fill_as_many_as_the_level_says() -> None:
    assert [len(marks(rungs(level), "lvf")) for level in (None, 0, 1, 3, 5)] == [0, 0, 1, 3, 5]


@given(parts=st.lists(st.tuples(st.floats(-50, 200), st.sampled_from(["fg", "mid", "you"])), max_size=4))
def test_bar_never_leaves_its_line(parts: list[tuple[float, str]]) -> None:
    rects = parse(bar(parts)).findall(f"{SVG}rect")[1:]
    total = sum(float(str(rect.get("width")).rstrip("%")) for rect in rects)
    assert total <= 100.05


def test_stacked_row_counts_inside_wide_parts_and_skips_empty_levels() -> None:
    svg = stacked([1, 0, 40, 0, 0, 59])
    assert [e.text for e in parse(svg).iter(f"{SVG}text")] == ["40", "59"]
    assert len(parse(svg).findall(f"{SVG}rect")) == 3
    assert parse(stacked([0] * 6)).findall(f"{SVG}rect") == []


def test_slope_sets_equal_lines_apart() -> None:
    svg = slope([("1", 2, 3), ("2", 2, 3)])
    heights = {line.get("y1") for line in marks(svg, "hi")}
    assert len(heights) == 2


@pytest.mark.parametrize("kind", ["prev", "now", "goal", "reached", "peers"])
def test_key_marks_are_drawn(kind: str) -> None:
    assert len(parse(key_mark(kind))) >= 1


def test_cover_is_the_same_for_the_same_seed_and_small() -> None:
    first = cover("VEL-2025-014", now=3, prev=2, goal=4)
    assert first == cover("VEL-2025-014", now=3, prev=2, goal=4)
    assert first != cover("VEL-2025-015", now=3, prev=2, goal=4)
    assert len(first.encode()) < 60 * 1024
    parse(first)


def test_cover_mirrors_places_not_numerals() -> None:
    svg = cover("a", now=3, prev=2, goal=4, rtl=True)
    texts = {e.text: float(str(e.get("x"))) for e in parse(svg).iter(f"{SVG}text")}
    assert texts["2"] > texts["3"] > texts["4"]


def test_cover_without_a_result_is_only_landscape() -> None:
    assert list(parse(cover("a")).iter(f"{SVG}text")) == []


@pytest.mark.parametrize("seed", ["a", "b", "VEL-2025-014", "0"])
def test_contours_stay_on_the_sheet(seed: str) -> None:
    for path in contour_paths(seed, 794, 640):
        for start in re.findall(r"M(\d+) (\d+)", path):
            assert 0 <= int(start[0]) <= 794 + 24
            assert 0 <= int(start[1]) <= 640 + 24


@pytest.mark.parametrize("language", ["en", "ar"])
def test_dots_table_heads_its_six_levels_in_order(language: str) -> None:
    with translation.override(language):
        html = show(
            '{% part "charts/dots" rows=dots caption="c" now_label="2025" goal_label="Target" %}', **samples()
        )
        names = [str(name) for name in LEVEL_NAMES]
    assert re.findall(r"<b>(\d)</b>", html) == list("012345")
    assert [html.index(f"<i>{name}</i>") for name in names] == sorted(
        html.index(f"<i>{name}</i>") for name in names
    )


def test_dots_table_says_the_values_in_cells() -> None:
    rows = [{"name": "Law", "prev": 2, "now": 0, "goal": None}]
    html = show(
        '{% part "charts/dots" rows=rows caption="c" now_label="2025" prev_label="2023" goal_label="T" %}',
        rows=rows,
    )
    assert re.findall(r'<td class="v">([^<]+)</td>', html) == ["2", "0", "–"]


def test_dots_in_print_carry_alternative_text() -> None:
    rows = [{"name": "Law", "prev": 2, "now": 3, "goal": 4}]
    html = show('{% part "charts/dots" rows=rows caption="c" now_label="2025" print=True %}', rows=rows)
    assert html.count("<title>") == html.count("<svg xmlns")
    assert "Law: before 2, now 3, target 4" in html


def test_squares_say_code_level_and_movement() -> None:
    areas = [
        {
            "name": "Law",
            "cells": [
                {"code": "4.1.1", "level": 2, "moved": "up", "url": "/x/"},
                {"code": "4.1.2", "level": None},
            ],
        }
    ]
    html = show('{% part "charts/squares" areas=areas caption="c" %}', areas=areas)
    text = re.sub(r"<[^>]+>", "", html)
    assert "4.1.1: level 2, rose" in text
    assert "4.1.2: Not assessed" in text
    assert 'href="/x/"' in html
    assert 'href="/x/"' not in show(
        '{% part "charts/squares" areas=areas caption="c" print=True %}', areas=areas
    )


def test_heat_table_never_shows_what_is_not_shared() -> None:
    rows = [{"name": "Tamsin Isles", "cells": [{"level": 4, "hidden": True}, {"level": 1, "asks": True}]}]
    html = show(
        '{% part "charts/heat" columns=columns rows=rows caption="c" %}', columns=["A", "B"], rows=rows
    )
    assert ">4<" not in html
    assert "not shared" in html
    assert "asked for help" in html


@given(values=st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=1, max_size=12))
def test_numbers_at_the_end_of_slopes_never_touch(values: list[tuple[float, float]]) -> None:
    svg = slope([(str(n), a, b) for n, (a, b) in enumerate(values, 1)], highest=100, step=20)
    ends = [t for t in parse(svg).iter(f"{SVG}text") if t.get("class") == "t-strong"]
    assert sorted(int(t.text or 0) for t in ends) == list(range(1, len(values) + 1))
    places = [float(t.get("y") or 0) for t in ends]
    assert all(below - above >= 13.9 for above, below in pairwise(places))


def test_a_trend_joins_only_what_may_be_joined() -> None:
    svg = trend([(0, 20, False), (50, 40, True), (100, 60, False)])
    assert len(marks(svg, "hi")) == 1 and len(marks(svg, "hi-f")) == 3
    assert marks(trend([]), "hi-f") == []


def test_an_interval_is_drawn_around_its_value_and_mirrored_right_to_left() -> None:
    def ends(svg: str) -> list[float]:
        line = re.search(r'x1="([\d.]+)%" x2="([\d.]+)%" y1="14"', svg)
        assert line
        return [float(line[1]), float(line[2])]

    low, high = ends(interval(0.5, 0.0, 1.0))
    assert low < float(re.findall(r'cx="([\d.]+)%"', interval(0.5, 0.0, 1.0))[0]) < high
    assert ends(interval(0.5, 0.0, 1.0, rtl=True)) == pytest.approx([100 - low, 100 - high])
    assert ends(interval(0.5, -9, 9)) == [3.0, 97.0]
