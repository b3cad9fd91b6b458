"""Charts stay as they are, byte for byte, and can be told apart without colour and by people who see colours otherwise."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings

from apps.core.charts.lines import Ahead, Point, line
from apps.core.charts.marks import ACCENT, EDGE, FILL, MID, TEXT
from apps.core.charts.pairs import bar_interval, paired
from tests.core.colours import SIGHTS, ciede2000, contrast, distance, lightness, seen
from tests.core.drawings import GOLDEN, drawings

SVG = "{http://www.w3.org/2000/svg}"
ANEW = "Look at the drawing; if it is right: python -m tests.core.drawings"
SHEET = (Path(settings.BASE_DIR) / "static/css/belay.css").read_text()


def marks(svg: str, css: str) -> list[ElementTree.Element]:
    return [e for e in ElementTree.fromstring(svg).iter() if css in (e.get("class") or "").split()]


def number(value: str | None) -> float:
    return float(str(value).rstrip("%"))


@pytest.mark.parametrize("name", sorted(drawings()))
def test_a_chart_is_drawn_as_it_was(name: str) -> None:
    kept = GOLDEN / name
    assert kept.exists(), ANEW
    assert drawings()[name]() == kept.read_bytes().decode(), ANEW


def test_no_drawing_is_kept_of_a_chart_that_is_gone() -> None:
    assert {path.relative_to(GOLDEN).as_posix() for path in GOLDEN.rglob("*.*")} == set(drawings()), ANEW


@pytest.mark.parametrize("name", sorted(name for name in drawings() if name.endswith(".svg")))
def test_a_drawing_is_whole_and_needs_no_style_sheet(name: str) -> None:
    svg = drawings()[name]()
    root = ElementTree.fromstring(svg)
    assert "style" not in svg
    assert root.get("direction") == "ltr"
    assert root.get("viewBox") is None or root.get("width", "").isdigit()
    for text in root.iter(f"{SVG}text"):
        assert re.fullmatch(r"[0-9.]+", text.text or "")


def test_paired_bars_share_one_scale_and_say_their_numbers() -> None:
    svg = paired(6, 3, most=12)
    widths = [number(bar.get("width")) for bar in ElementTree.fromstring(svg).findall(f"{SVG}rect")]
    assert widths == [43, 21.5]
    assert [text.text for text in ElementTree.fromstring(svg).iter(f"{SVG}text")] == ["6", "3"]


def test_paired_bars_and_intervals_begin_at_the_other_end_from_right_to_left() -> None:
    for draw in (lambda rtl: paired(6, 3, most=12, rtl=rtl), lambda rtl: bar_interval(30, 20, 40, rtl=rtl)):
        ltr, rtl = (ElementTree.fromstring(draw(way)).findall(f"{SVG}rect")[-1] for way in (False, True))
        assert number(ltr.get("x")) == 0
        assert number(rtl.get("x")) == pytest.approx(100 - number(ltr.get("width")))


def test_a_projection_is_dashed_and_its_end_hollow() -> None:
    svg = line([Point(0, 10), Point(50, 20)], ahead=Ahead(50, 20, 100, 30, 15, 45))
    assert all(mark.get("stroke-dasharray") for mark in marks(svg, "m-prev"))
    assert [mark.get("stroke-dasharray") for mark in marks(svg, "m-link")][:2] == ["5 4", "2 3"]
    assert not any(mark.get("stroke-dasharray") for mark in marks(svg, "hi"))


def test_a_line_stands_on_zero_and_is_mirrored_whole() -> None:
    ltr, rtl = (line([Point(0, 0), Point(100, 100)], rtl=way) for way in (False, True))
    zero, full = (number(dot.get("cy")) for dot in marks(ltr, "hi-f"))
    assert number(marks(ltr, "axis-l")[0].get("y1")) == zero > full
    for left, right in zip(marks(ltr, "hi-f"), marks(rtl, "hi-f"), strict=True):
        assert number(left.get("cx")) + number(right.get("cx")) == pytest.approx(100)


def themes() -> dict[str, list[str]]:
    """The colours of levels 1–5 of both themes, as the style sheet says them."""
    found = [
        (dict(re.findall(r"--lv-(\d): *(#[0-9a-f]{6})", row)))
        for row in SHEET.splitlines()
        if "--lv-1: " in row
    ]
    return {
        name: [row[str(level)] for level in range(1, 6)]
        for name, row in zip(("light", "dark"), found, strict=False)
    }


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("sight", SIGHTS)
def test_neighbouring_levels_differ_for_every_sight(theme: str, sight: str) -> None:
    colours = [seen(colour, sight) for colour in themes()[theme]]
    for one, other in pairwise(colours):
        assert distance(one, other) >= 9  # 2 is just seen side by side; every level has its numeral too
        assert abs(lightness(one) - lightness(other)) >= 7


@pytest.mark.parametrize("sight", SIGHTS)
def test_levels_rise_in_one_direction_of_lightness_so_that_a_copy_in_grey_keeps_the_order(sight: str) -> None:
    for theme, colours in themes().items():
        values = [lightness(seen(colour, sight)) for colour in colours]
        assert values == sorted(values, reverse=theme == "light")


@pytest.mark.parametrize("sight", SIGHTS)
def test_the_two_bars_of_a_pair_differ_for_every_sight(sight: str) -> None:
    assert distance(seen(ACCENT, sight), seen(MID, sight)) >= 20
    assert abs(lightness(seen(ACCENT, sight)) - lightness(seen(MID, sight))) >= 20


def test_print_uses_the_colours_of_the_light_page() -> None:
    assert list(FILL[1:]) == themes()["light"]


def test_every_edge_and_every_numeral_is_strong_enough_to_be_seen() -> None:
    for fill, edge, text in zip(FILL, EDGE, TEXT, strict=True):
        assert max(contrast(edge, "#ffffff"), contrast(edge, fill)) >= 3
        assert contrast(text, fill) >= 4.5


def test_the_distance_of_colours_is_that_of_the_standard() -> None:
    """Pairs 1, 7 and 24 of the test data of Sharma, Wu and Dalal (2005), as Lab."""
    assert ciede2000((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert ciede2000((50, 0, 0), (50, -1, 2)) == pytest.approx(2.3669, abs=1e-4)
    assert ciede2000((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447)) == pytest.approx(
        1.4441, abs=1e-4
    )
    assert all(distance(a, a) == 0 for a in FILL)
