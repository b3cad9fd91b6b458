"""Every chart in every state that breaks charts, kept as text: `python -m tests.core.drawings` writes the files anew."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).parent / "golden"
GERMAN = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz & Cybersicherheitskapazitätsaufbauzusammenarbeit"
ARABIC = "فأسقيناكموه وأنتم لا تعلمون أن الاستراتيجية الوطنية لأمن المعلومات والاتصالات <قيد المراجعة>"
WORDS = {"german": GERMAN, "arabic": ARABIC}
Draw = Callable[[], str]


def _levels() -> Iterator[tuple[str, Draw]]:
    from apps.core.charts.levels import level_ladder, rungs, strip

    for way, rtl in (("ltr", False), ("rtl", True)):
        yield f"ladder/{way}.svg", lambda rtl=rtl: level_ladder(3, 2, 4, now_label="2025", rtl=rtl)
        yield f"ladder/{way}-fell.svg", lambda rtl=rtl: level_ladder(1, 3, 4, rtl=rtl)
        yield f"ladder/{way}-four-steps.svg", lambda rtl=rtl: level_ladder(2, 1, 3, highest=3, rtl=rtl)
    yield "ladder/one.svg", lambda: level_ladder(0)
    yield "ladder/equal.svg", lambda: level_ladder(3, 3, 3)
    yield "ladder/missing.svg", lambda: level_ladder(None)
    yield "strip/all.svg", lambda: strip(3, 2, 4, peers=(2, 3))
    yield "strip/one.svg", lambda: strip(0)
    yield "strip/equal.svg", lambda: strip(3, 3, 3, peers=(3, 3))
    yield "strip/missing.svg", lambda: strip(None)
    yield "strip/only-peers.svg", lambda: strip(None, peers=(0, 5))
    yield "strip/three-steps.svg", lambda: strip(2, 1, 2, highest=2)
    for level in (None, 0, 1, 5):
        yield f"rungs/{level}.svg".lower(), lambda level=level: rungs(level)
    for name, words in WORDS.items():
        yield f"ladder/{name}.svg", lambda words=words: level_ladder(3, now_label=words, title=words)
        yield f"strip/{name}.svg", lambda words=words: strip(3, title=words)


def _rows() -> Iterator[tuple[str, Draw]]:
    from apps.core.charts.rows import bar, key_mark, slope, stacked, trend

    steep = [("1", 2.0, 4.0), ("2", 1.0, 3.0), ("3", 3.0, 3.0)]
    for way, rtl in (("ltr", False), ("rtl", True)):
        yield f"stacked/{way}.svg", lambda rtl=rtl: stacked([1, 2, 4, 3, 2, 0], rtl=rtl)
        yield f"slope/{way}.svg", lambda rtl=rtl: slope(steep, rtl=rtl)
        yield (
            f"trend/{way}.svg",
            lambda rtl=rtl: trend([(0, 20, False), (40, 35, True), (100, 60, False)], rtl=rtl),
        )
    yield "stacked/empty.svg", lambda: stacked([0] * 6)
    yield "stacked/one.svg", lambda: stacked([0, 0, 1, 0, 0, 0])
    yield "stacked/equal.svg", lambda: stacked([2] * 6)
    yield "stacked/thousands.svg", lambda: stacked([1, 0, 4000, 0, 0, 5999])
    yield "slope/empty.svg", lambda: slope([])
    yield "slope/one.svg", lambda: slope([("1", 0, 5)], strong=False)
    yield "slope/equal.svg", lambda: slope([(str(n), 3, 3) for n in range(1, 7)])
    yield "trend/empty.svg", lambda: trend([])
    yield "trend/one.svg", lambda: trend([(0, 50, False)])
    yield "bar/empty.svg", lambda: bar([])
    yield "bar/one.svg", lambda: bar([(40, "fg")])
    yield "bar/too-much.svg", lambda: bar([(80, "fg"), (80, "you"), (-5, "mid")])
    for kind in ("prev", "now", "goal", "reached", "peers", "first", "second", "line", "ahead"):
        yield f"key/{kind}.svg", lambda kind=kind: key_mark(kind)
    for name, words in WORDS.items():
        yield f"stacked/{name}.svg", lambda words=words: stacked([1, 1], title=words)
        yield f"slope/{name}.svg", lambda words=words: slope([(words, 1, 2)], title=words)


def _quantities() -> Iterator[tuple[str, Draw]]:
    from apps.core.charts.intervals import interval
    from apps.core.charts.lines import Ahead, Point, line
    from apps.core.charts.pairs import bar_interval, paired

    rise = [Point(0, 31.2), Point(30, 41.5), Point(52, 40, joined=False), Point(78, 57)]
    ahead, years = Ahead(78, 56.4, 100, 63.1, 48, 100), [(0.0, "2019"), (78.0, "2025")]
    for way, rtl in (("ltr", False), ("rtl", True)):
        yield (
            f"line/{way}.svg",
            lambda rtl=rtl: line(rise, ahead=ahead, goals=[(90, 70)], marks=years, rtl=rtl),
        )
        yield f"line/{way}-small.svg", lambda rtl=rtl: line(rise, ahead=ahead, small=True, rtl=rtl, height=72)
        yield f"paired/{way}.svg", lambda rtl=rtl: paired(9, 4, most=12, rtl=rtl)
        yield f"bar-interval/{way}.svg", lambda rtl=rtl: bar_interval(62, 55, 69, rtl=rtl)
        yield f"interval/{way}.svg", lambda rtl=rtl: interval(0.4, -0.2, 1.1, rtl=rtl)
    yield "line/empty.svg", lambda: line([])
    yield "line/one.svg", lambda: line([Point(50, 20)])
    yield "line/equal.svg", lambda: line([Point(x, 40) for x in (0, 50, 100)])
    yield "line/levels.svg", lambda: line([Point(0, 0), Point(100, 5)], highest=5, step=1)
    yield "paired/empty.svg", lambda: paired(0, 0, most=0)
    yield "paired/one.svg", lambda: paired(3, 0, most=3)
    yield "paired/equal.svg", lambda: paired(2.5, 2.5, most=5)
    yield "bar-interval/missing.svg", lambda: bar_interval(None)
    yield "bar-interval/one.svg", lambda: bar_interval(40)
    yield "bar-interval/equal.svg", lambda: bar_interval(50, 50, 50)
    yield "bar-interval/outside.svg", lambda: bar_interval(140, -20, 180)
    yield "interval/equal.svg", lambda: interval(0, 0, 0)
    for name, words in WORDS.items():
        yield f"line/{name}.svg", lambda words=words: line(rise, marks=[(0, words)], title=words)
        yield f"paired/{name}.svg", lambda words=words: paired(1, 2, most=2, title=words)
        yield f"bar-interval/{name}.svg", lambda words=words: bar_interval(1, 0, 2, title=words)


def _plans() -> Iterator[tuple[str, Draw]]:
    from apps.core.charts.plans import frontier, span

    for state in ("planned", "doing", "done", "dropped"):
        yield f"gantt/{state}.svg", lambda state=state: span(20, 60, state, today=40)
    yield "gantt/nothing.svg", lambda: span(0, 0, "planned")
    yield "gantt/outside.svg", lambda: span(-30, 160, "doing", today=130)
    for name, words in WORDS.items():
        yield f"gantt/{name}.svg", lambda words=words: span(0, 100, "done", title=words)
    for way, rtl in (("ltr", False), ("rtl", True)):
        yield f"frontier/{way}.svg", lambda rtl=rtl: frontier([(0, 0), (4, 2.5), (9, 4)], (4, 2.5), rtl=rtl)
    yield "frontier/empty.svg", lambda: frontier([])
    yield "frontier/one.svg", lambda: frontier([(3, 1)])
    yield "frontier/equal.svg", lambda: frontier([(2, 1)] * 3)


def _part(source: str, **values: Any) -> Draw:
    from django.template import Context, Template
    from django.utils import translation

    def draw() -> str:
        with translation.override("en"):
            return Template("{% load components %}" + source).render(Context(values)) + "\n"

    return draw


def _tables() -> Iterator[tuple[str, Draw]]:
    heat = '{% part "charts/heat" rows=rows columns=columns caption="Heat" %}'
    squares = '{% part "charts/squares" areas=areas caption="Squares" %}'
    cells = [{"level": 3, "url": "#a"}, {"level": 0}, {"level": None}, {"level": None, "hidden": True}]
    named = {"german": GERMAN, "arabic": ARABIC, "short": "Veldara"}
    for name, words in named.items():
        rows = [{"name": words, "url": "#m", "cells": [*cells, {"level": 5, "asks": True}]}]
        yield f"heat/{name}.html", _part(heat, rows=rows, columns=[words] * 5)
        marks = [
            {"code": f"1.1.{n}", "level": n, "moved": way} for n, way in ((0, ""), (3, "up"), (5, "down"))
        ]
        area = {
            "code": "1.1",
            "name": words,
            "cells": [*marks, {"code": "1.1.9", "level": None, "moved": ""}],
        }
        yield f"squares/{name}.html", _part(squares, areas=[area])
    yield "heat/empty.html", _part(heat, rows=[], columns=[])
    yield (
        "heat/missing.html",
        _part(heat, rows=[{"name": "Veldara", "cells": [{"level": None}] * 3}], columns=list("abc")),
    )
    yield (
        "heat/equal.html",
        _part(heat, rows=[{"name": "Veldara", "cells": [{"level": 2}] * 3}], columns=list("abc")),
    )
    yield "squares/empty.html", _part(squares, areas=[])


def drawings() -> dict[str, Draw]:
    """File name under `golden` → the drawing that has to stand there."""
    return dict([*_levels(), *_rows(), *_quantities(), *_plans(), *_tables()])


def write() -> int:
    """Write every file anew, and drop those that no chart makes any more."""
    wanted = drawings()
    for old in GOLDEN.rglob("*.*"):
        if old.relative_to(GOLDEN).as_posix() not in wanted:
            old.unlink()
    for name, draw in wanted.items():
        path = GOLDEN / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(draw(), encoding="utf-8")
    return len(wanted)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.testing")
    import django

    django.setup()
    sys.stdout.write(f"{write()} drawings written. Look at what changed before you commit it.\n")
