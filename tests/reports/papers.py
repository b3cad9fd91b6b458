"""Sources of every kind of report without a database: with nothing answered, with all, with long and unbroken texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import translation

from apps.assessments.selectors.side_by_side import Head, IndicatorPair, Pair, SideBySide
from apps.frameworks.selectors.book import Rung
from apps.frameworks.selectors.voice import Said
from apps.insights.selectors.pictures import AreaLine, HeatLine, PicturePage, SectorLine
from apps.members.models import Member
from apps.mentoring.selectors.plans import ActionRow, PlanPage
from apps.reports import documents
from apps.reports.documents import Printed
from apps.reports.selectors import Annex, AnswerArea, PieceLine, ResultSource
from apps.reports.selectors.annex import AnswerLine
from apps.reports.selectors.comparison import AreaMoves, ComparisonSource, Move
from apps.reports.selectors.national import NationalSource, PictureDimension
from apps.reports.selectors.sheets import Asked, Card, PersonSheet, SheetsSource
from tests.reports import samples

LONG = "Unbroken" * 62 + "word"  # 500 characters
COMMENT = "We hold a yearly exercise with the three largest operators; the record of June names who took part and what changed."
ARABIC = "نعقد تمرينًا سنويًا مع أكبر ثلاث جهات، ويذكر محضر يونيو من شارك وما الذي تغيّر."


def annex(*, full: bool = True, comments: int = 1, text: str = COMMENT) -> Annex:
    """Answers to the sample framework, each with a reason of `comments` sentences."""
    tree = samples.tree(full)
    rows = samples.framework_document(full)["indicators"]
    areas = []
    for code, name in tree.areas.items():
        mine = [row["id"] for row in rows if row["area"] == code]
        lines = tuple(
            AnswerLine(
                one, tree.indicators[one], "en", n == 0, "rated", n % 6, n % 6, f"Step {n % 6}", "en",
                ARABIC if n == 1 else "" if n == 2 else " ".join([text] * comments), n == 2, n,
            )
            for n, one in enumerate(mine)
        )  # fmt: skip
        areas.append(AnswerArea(code, name, "en", lines))
    titles = ("Plan of the year", "Record of the exercise", text, ARABIC)
    pieces = tuple(
        PieceLine(title, "File", "E2", n == 1, date(2025, 11, 1), date(2027, 11, 1), ("GOV.1.1", "GOV.1.2"))
        for n, title in enumerate(titles)
    )
    return Annex(tuple(areas), pieces, withheld=2)


def action(place: int, name: str, **changes: Any) -> ActionRow:
    """One action that runs for a month."""
    first = date(2026, 6, 1) + timedelta(days=20 * place)
    values: dict[str, Any] = {
        "public_id": f"a{place}", "place": place, "code": f"GOV.1.{place}", "name": name, "area": "GOV.1",
        "before": 2, "to": 3, "work": "practice", "words": "", "cost": "15", "gain": "+1.5", "after": "1" if place > 1 else "",
        "owner": "Tomas Ekwe", "owner_id": "tomas", "mine": False, "starts_on": first, "due_on": first + timedelta(days=30),
        "late": place == 2, "state": "doing" if place == 1 else "planned", "state_label": "Doing", "tag": "going",
        "reason": "", "version": 1, "start": 10.0 * place, "end": 10.0 * place + 15, "next_state": "", "next_label": "",
        "can_work": False,
    }  # fmt: skip
    return ActionRow(**{**values, **changes})


def plan(name: str = "Year one", text: str = "Named responsible body", rows: int = 6) -> PlanPage:
    actions = tuple(action(n, text) for n in range(1, rows + 1))
    return PlanPage(
        "plan", Member(name="Veldara"), name, "person-days", "", date(2026, 6, 1), date(2026, 12, 1), False, 1, actions,
        (), (), None, 1, rows, 1, "15", "90", False,
    )  # fmt: skip


def own(*, answered: bool = True, text: str = COMMENT, comments: int = 1, full: bool = True) -> ResultSource:
    """The result of the samples with its annex and a plan; without any answer where not `answered`."""
    total = len(samples.framework_document(full)["indicators"])
    source = samples.source(full=full, missing=0 if answered else total, compared=answered)
    return replace(source, annex=annex(text=text, comments=comments, full=full), plan=plan(text=text[:80]))


def unbroken(source: ResultSource, text: str = LONG) -> ResultSource:
    """The same with every name as long as a name may be, without a space."""
    tree = source.tree
    longer = replace(
        tree,
        dimensions=dict.fromkeys(tree.dimensions, text[:150]),
        areas=dict.fromkeys(tree.areas, text[:150]),
        indicators=dict.fromkeys(tree.indicators, text[:200]),
        steps=dict.fromkeys(tree.steps, (text[:100], text)),
    )
    return replace(
        source, tree=longer, subject=text[:150], title=text[:150], headline=text, submitted_by=text[:150]
    )


def wide(source: ResultSource) -> ResultSource:
    """The same in the widest letter."""
    return unbroken(source, "W" * 500)


def brief(source: ResultSource, **changes: Any) -> Printed:
    title = f"On one page: {source.title}"[:200]
    return documents.brief_document(source, samples.request(title=title, **changes))


def assessment(source: ResultSource, **changes: Any) -> Printed:
    return documents.assessment_document(source, samples.request(title=source.title, **changes))


def national_source(source: ResultSource | None, *, empty: bool = False) -> NationalSource:
    """An edition over the areas of the sample framework; every fourth area is withheld."""
    tree = source.tree if source else samples.tree(True)
    lines = tuple(_line(n, code, name, empty) for n, (code, name) in enumerate(tree.areas.items()))
    sectors = ("Energy", "Health", "Transport", "Finance", "Digital infrastructure", "Public administration")
    page = PicturePage(
        Member(name=source.subject if source else "Veldara", public_id="nation"), True, 42, 30,
        finding="In 5 areas policy is well ahead of practice" if not empty else "Too few organisations stand behind any area",
        number=3, made_at=datetime(2026, 5, 1, 12, tzinfo=UTC), framework="Sample framework 1.0", content_hash="ab" * 32,
        areas=lines, columns=[] if empty else sectors,
        heat=[HeatLine(f"{a.code} {a.name}", [_cell(n + k) for k in range(6)]) for n, a in enumerate(lines)],
        sectors=[SectorLine(name, 7 - n, n, n < 2) for n, name in enumerate(sectors)],
        editions=[(3, datetime(2026, 5, 1, tzinfo=UTC))],
    )  # fmt: skip
    parts = tuple(
        PictureDimension(code, name, tuple(a for a in lines if tree.area_dimension[a.code] == code))
        for code, name in tree.dimensions.items()
    )
    return NationalSource(page, "en", parts, source, source.plan if source else None)


def _line(n: int, code: str, name: str, empty: bool) -> AreaLine:
    if empty or n % 4 == 3:
        return AreaLine(code, name, None if empty else 40, None, None, None, None, None, False, "fewer than five organisations")  # fmt: skip
    points, mine = 30 + 5 * (n % 6), 45 + 6 * (n % 5)
    gap = mine - points
    return AreaLine(code, name, mine, points, points - 10, 35, 12 + n, gap, abs(gap) >= 20, "")


def _cell(n: int) -> dict[str, Any]:
    if n % 5 == 4:
        return {"level": None, "hidden": True}
    return {"level": None} if n % 7 == 6 else {"level": None, "text": str(20 + 7 * n % 80), "shade": n % 6}


def national(source: ResultSource | None, *, empty: bool = False, **changes: Any) -> Printed:
    request = samples.request(title="National cybersecurity capacity, edition 3", **changes)
    return documents.national_document(national_source(source, empty=empty), request)


def comparison_source(*, text: str = COMMENT, nothing: bool = False) -> ComparisonSource:
    """Two results of the sample member; with `nothing` they may not be compared at all."""
    tree = samples.tree(True)
    heads = [
        Head("a", f"Assessment of 2024 {text[:60]}", "Sample framework 1.0", datetime(2024, 5, 6, tzinfo=UTC), "Leila Marwan", True),
        Head("b", "Assessment of 2026", "Sample framework 2.0", datetime(2026, 5, 6, tzinfo=UTC), "Leila Marwan", False),
    ]  # fmt: skip
    member = Member(name="National CERT of Veldara", public_id="member")
    if nothing:
        note = "These two are on different frameworks or scopes: nothing in them can be compared."
        page = SideBySide(member, (), heads[0], heads[1], "TLP:AMBER+STRICT", "Nothing to compare", note, 5, 1, None, (), (), ())  # fmt: skip
        return ComparisonSource(
            page, "en", (), tuple(tree.indicators.items()), 0, 80, 0, ("1" * 64, "2" * 64)
        )
    pairs = tuple(
        IndicatorPair(code, name, code.rpartition(".")[0], n % 4, (n * 3) % 5, "", "", 5, _way(n % 4, (n * 3) % 5))
        for n, (code, name) in enumerate(list(tree.indicators.items())[:60])
    )  # fmt: skip
    areas = tuple(_pair(n, code, name) for n, (code, name) in enumerate(tree.areas.items()))
    dimensions = tuple(_pair(n, code, name) for n, (code, name) in enumerate(tree.dimensions.items()))
    page = SideBySide(
        member, (), heads[0], heads[1], "TLP:AMBER+STRICT", "27 indicators rose, 12 fell",
        "The edition of the framework changed: 60 of 80 indicators are comparable (74 % of the weight).", 100, 20,
        _pair(1, "overall", "The whole"), dimensions, areas, pairs,
    )  # fmt: skip
    why = ("The answer rose from level 2 to 3.", "The evidence grew stronger: E1, now E2.")
    moved = tuple(
        AreaMoves(area, tuple(Move(p, why, text) for p in pairs if p.area == area.code and p.moved))
        for area in areas
    )
    return ComparisonSource(
        page, "en", moved, tuple(tree.indicators.items())[60:], 60, 80, 74, ("1" * 64, "2" * 64)
    )


def _way(then: int, now: int) -> str:
    return "up" if now > then else "down" if now < then else ""


def _pair(n: int, code: str, name: str) -> Pair:
    then, now = 30.0 + 7 * (n % 5), 40.0 + 5 * ((n + 2) % 6)
    says = (f"{then:.1f}: Developing", f"{now:.1f}: Established")
    change = f"{now - then:+.1f}".replace("-", "−")
    return Pair(code, name, *says, then, now, change, abs(now - then) >= 5, "up" if now > then else "down")


def comparison(*, text: str = COMMENT, nothing: bool = False, **changes: Any) -> Printed:
    request = samples.request(title="Comparison: Assessment of 2024 and Assessment of 2026", **changes)
    return documents.comparison_document(comparison_source(text=text, nothing=nothing), request)


def sheets_source(*, text: str = COMMENT, people: int = 2, each: int = 3) -> SheetsSource:
    """Sheets of a plan for some people and for nobody."""
    said = Said(text, "en")
    rung = Rung(3, 3, Said("Established", "en"), said, said, (said, Said(ARABIC, "ar")), False)
    ask = (
        Asked("Vera Lind", "answers for this area"),
        Asked(text[:150], "mentor partner in this area"),
        Asked("Leila Marwan", "runs the plan"),
    )
    names = [f"Person {n} {text[:60]}" for n in range(people)] + [""]
    sheets = tuple(
        PersonSheet(
            name, name, tuple(Card(action(n, text[:150], owner=name), rung, ask, ("1. First",)) for n in range(1, each + 1))
        )
        for name in names
    )  # fmt: skip
    return SheetsSource(
        "National CERT of Veldara", text[:120], "plan", date(2026, 6, 1), date(2026, 12, 1), "", sheets
    )


def actions(*, text: str = COMMENT, people: int = 2, each: int = 3, **changes: Any) -> Printed:
    request = samples.request(title="Action sheets: Year one", **changes)
    return documents.actions_document(sheets_source(text=text, people=people, each=each), request)


KINDS: dict[str, Callable[..., Printed]] = {
    "assessment": lambda **more: assessment(own(full=False), **more),
    "national": lambda **more: national(own(full=False), **more),
    "comparison": comparison,
    "brief": lambda **more: brief(own(full=False), **more),
    "actions": actions,
}


def html_of(make: Callable[[], Printed], language: str) -> str:
    """The page of a document in a language."""
    with translation.override(language):
        return documents.document_html(make())
