"""A plan in words and rows; every figure is one of the stored document's, rounded here to be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.frameworks.selectors import Book
from apps.mentoring.selectors.questions import NEXT, PERSON_DAYS, PROFILE, SCORE, SET, WANTED, WITHIN
from apps.scoring.display import one_decimal

Document = Mapping[str, Any]
# The methods that call a score by levels which more of the same adds up to.
LABELLED = ("shared-mean", "mean-of-means")
MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure with its label; `kind` picks the mark."""

    label: str
    value: str
    note: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step in its place; `score` is the value of the whole once it is done, `after` the places it waits for."""

    place: int
    code: str
    name: str
    area: str
    before: int
    to: int
    work: str
    cost: str
    gain: str
    cost_so_far: str
    score: str
    after: str
    unlocks: str


@dataclass(frozen=True, slots=True)
class LeftRow:
    """One indicator whose next level is not in the plan, and why."""

    code: str
    name: str
    level: int
    why: str


@dataclass(frozen=True, slots=True)
class PointRow:
    """What one cost could gain at most."""

    cost: str
    gain: str
    score: str


def plain(value: object) -> str:
    """A cost without padding: 12.50 gives 12.5."""
    text = f"{Decimal(str(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(value: Fraction) -> str:
    """A gain as shown: +1.5."""
    return f"+{one_decimal(value)}" if value > 0 else one_decimal(value)


def unit_word(unit: str) -> str:
    """The unit of costs in words; a currency is written as it was typed."""
    return _("person-days") if unit == PERSON_DAYS else unit


def name_of(book: Book, code: str) -> str:
    """The name of an indicator, or its code where the framework has none."""
    return str(book.entries[code].name) if code in book.entries else code


def title_of(question: Document) -> str:
    """What a roadmap was asked for, as a title."""
    ask, values = question["ask"], {"name": question["name"], "unit": unit_word(question["unit"])}
    if ask == WITHIN and question["budget"] is None:
        return _("All that gains")
    if ask == WITHIN:
        return _("The most within %(budget)s %(unit)s") % {**values, "budget": plain(question["budget"])}
    if ask == NEXT:
        return _("To the next level")
    if ask == SCORE:
        return _("To a score of %(score)s") % {"score": plain(question["score"])}
    if ask == WANTED:
        return _("To the targets of the assessment")
    if ask.startswith(PROFILE):
        return _("To the profile “%(name)s”") % values
    assert ask.startswith(SET)
    return _("To our target “%(name)s”") % values


def headline(plan: Document, question: Document, unit: str, start: Fraction | None) -> str:
    """What the plan does, as the finding of the page."""
    n = len(plan["steps"])
    values = {"n": n, "cost": plain(plan["cost"]), "unit": unit}
    if not n:
        return _("Nothing is left to do for this")
    if start is None:
        return ngettext("%(n)s step for %(cost)s %(unit)s", "%(n)s steps for %(cost)s %(unit)s", n) % values
    values |= {"a": one_decimal(start), "b": one_decimal(start + Fraction(plan["gain"]))}
    return (
        ngettext(
            "%(n)s step for %(cost)s %(unit)s lifts the score from %(a)s to %(b)s",
            "%(n)s steps for %(cost)s %(unit)s lift the score from %(a)s to %(b)s",
            n,
        )
        % values
    )


def proof(plan: Document, unit: str) -> str:
    """What the certificate says, in a sentence."""
    certificate, least = plan["certificate"], plan["question"] != "most-gain-within-budget"
    if certificate["status"] == "optimal":
        if least:
            return _("Proved: no plan that reaches this costs less, and none at this cost gains more.")
        if plan["budget"] is None:
            return _("Proved: this is the cheapest plan of all that gain so much.")
        return _("Proved: no plan within this budget gains more, and none that gains as much costs less.")
    gap = Fraction(certificate["gap"])
    if least:
        return _("The best plan found. Not proved: one that costs up to %(gap)s %(unit)s less may exist.") % {
            "gap": one_decimal(gap),
            "unit": unit,
        }
    return _("The best plan found. Not proved: up to %(gap)s points more may be possible.") % {
        "gap": one_decimal(gap)
    }


def facts(plan: Document, unit: str, book: Book) -> tuple[Fact, ...]:
    """Cost, gain, what is left of the budget, and the level of the whole before and after."""
    found = [Fact(_("Cost"), plain(plan["cost"]), unit, "a")]
    if plan["left"] is not None:
        short = Decimal(plan["left"]) < 0
        label = _("Over the budget") if short else _("Left of the budget")
        found.append(Fact(label, plain(abs(Decimal(plan["left"]))), unit, "key" if short else ""))
    if Fraction(plan["gain"]):
        found.append(Fact(_("Gain"), signed(Fraction(plan["gain"])), _("points of the score"), "b"))
    whole = next((part for part in plan["parts"] if part["id"] == "overall"), None)
    if whole and whole["label_after"] is not None:
        levels = f"{whole['label_before']} → {whole['label_after']}"
        found.append(Fact(_("Level"), levels, _level_name(book, whole["label_after"]), "key"))
    return tuple(found)


def _level_name(book: Book, level: int) -> str:
    return str(book.scale[level].name) if level < len(book.scale) else ""


def work_word(work: str) -> str:
    """What a step is made of."""
    return _("Show what is done") if work == "evidence" else _("Change what is done")


def step_rows(plan: Document, book: Book, start: Fraction | None) -> tuple[StepRow, ...]:
    """The steps in the order to take them."""
    return tuple(_step(row, book, start) for row in plan["steps"])


def _step(row: Document, book: Book, start: Fraction | None) -> StepRow:
    code = row["indicator"]
    score = "" if start is None else one_decimal(start + Fraction(row["gain_so_far"]))
    return StepRow(
        place=row["place"],
        code=code,
        name=name_of(book, code),
        area=book.entries[code].area if code in book.entries else "",
        before=row["from"],
        to=row["to"],
        work=work_word(row["work"]),
        cost=plain(row["cost"]),
        gain=signed(Fraction(row["gain"])),
        cost_so_far=plain(row["cost_so_far"]),
        score=score,
        after=", ".join(str(place) for place in row["after"]),
        unlocks=listed(name_of(book, each) for each in row["unlocks"]),
    )


def listed(names: Iterable[str]) -> str:
    """Names as a list in the reader's language."""
    return str(get_text_list(list(names), _("and")))


def left_rows(plan: Document, book: Book, unit: str) -> tuple[LeftRow, ...]:
    """What is not in the plan, and why; in framework order."""
    return tuple(
        LeftRow(row["indicator"], name_of(book, row["indicator"]), row["level"], _why(row, book, unit))
        for row in plan["left_out"]
    )


def _why(row: Document, book: Book, unit: str) -> str:
    if row["cause"] == "cannot-rise":
        return stuck_sentence(row["stuck"], book)
    values = {
        "cost": plain(row["cost"]),
        "unit": unit,
        "gain": signed(Fraction(row["gain"])),
        "over": plain(row["over"] or 0),
        "needs": _needs(row["needs"], book),
    }
    sentences = {
        "over-budget": _("%(cost)s %(unit)s for %(gain)s points: %(over)s over the budget."),
        "no-gain": _("%(cost)s %(unit)s, and it would not raise the score."),
        "not-needed": _("Not needed for this; it would cost %(cost)s %(unit)s and add %(gain)s points."),
        "not-proved": _("%(cost)s %(unit)s for %(gain)s points; that it does not fit is not proved."),
    }
    said = sentences[row["cause"]] % values
    if not row["needs"]:
        return said
    return _("%(said)s With what must come first: %(needs)s.") % {"said": said, "needs": values["needs"]}


def _needs(needs: Sequence[Document], book: Book) -> str:
    text = _("%(name)s to level %(level)s")
    return listed(
        text % {"name": name_of(book, n["indicator"]), "level": n["level"]} for n in needs[:MOST_NAMED]
    )


def stuck_sentence(stuck: Document, book: Book) -> str:
    """Why an indicator cannot pass a level, whatever the budget."""
    values = {"name": name_of(book, stuck["indicator"]), "level": stuck["level"]}
    if stuck["obstacle"] == "prerequisite-cannot-rise":
        values |= {"requires": name_of(book, stuck["requires"]), "at": stuck["at_level"]}
        return _("%(name)s needs %(requires)s at level %(at)s first, and that cannot be reached.") % values
    if stuck["obstacle"] == "locked":
        return _("%(name)s is held at level %(level)s.") % values
    if not stuck["level"]:
        return _("%(name)s is not answered, so nobody knows where it stands. Answer it first.") % values
    return _("%(name)s cannot rise above level %(level)s.") % values


def point_rows(points: Sequence[Document], start: Fraction | None) -> tuple[PointRow, ...]:
    """The frontier as a table."""
    first = start if start is not None else Fraction(0)
    return tuple(
        PointRow(plain(p["cost"]), signed(Fraction(p["gain"])), one_decimal(first + Fraction(p["gain"])))
        for p in points
    )


def next_label(found: Document | None, book: Book, unit: str) -> str:
    """The cheapest way to the next level of the whole, as a sentence; empty where there is none."""
    whole = next((p for p in found["parts"] if p["id"] == "overall"), None) if found else None
    if found is None or whole is None or whole["label_after"] is None:
        return ""
    rising = found["levels"]
    text = _("%(name)s to level %(level)s")
    names = [text % {"name": name_of(book, row["id"]), "level": row["to"]} for row in rising[:MOST_NAMED]]
    if len(rising) > MOST_NAMED:
        more = len(rising) - MOST_NAMED
        names.append(ngettext("%(n)s more", "%(n)s more", more) % {"n": more})
    values = {
        "level": whole["label_after"],
        "label": _level_name(book, whole["label_after"]),
        "cost": plain(found["cost"]),
        "unit": unit,
        "steps": listed(names),
    }
    return _("Level %(level)s (%(label)s) takes %(cost)s %(unit)s at least: %(steps)s.") % values


def more_budget(found: Document | None, unit: str) -> str:
    """The least that must be added to the budget before a plan gains more; empty where nothing would."""
    if not found:
        return ""
    values = {"extra": plain(found["extra"]), "unit": unit, "gain": signed(Fraction(found["gain"]))}
    return _("The next thing to buy: %(extra)s %(unit)s more would gain %(gain)s points.") % values


def refusal(facts: Document, book: Book) -> tuple[str, ...]:
    """Why the target is out of reach."""
    said = []
    if "most" in facts:
        values = {"most": one_decimal(Fraction(facts["most"]))}
        said.append(_("With everything done that can be planned, the score comes to %(most)s.") % values)
    return (*said, *(stuck_sentence(row, book) for row in facts.get("stuck", ())))
