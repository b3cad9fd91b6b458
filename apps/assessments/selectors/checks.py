"""Quality checks before submission: plain facts of questions in, sentences that say what to do out. No queries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MOST_UNKNOWN = Fraction(1, 5)
LARGEST_STEP = 2
SOON_DAYS = 60

LEVEL, UNKNOWN, NOT_APPLICABLE = "level", "unknown", "not_applicable"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of evidence: its last day, and whether it is too old to count fully."""

    title: str
    expires_on: date | None = None
    old: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One question as the checks see it. `kind` is "" while it is unanswered; `supports` is what evidence carries.

    `before` is the level of last time; `asked` is what a reviewer wants, `change` that it is another answer; `second` says that two answers stand, `undecided` names people whose own answer
    a colleague's overtook and who have not decided, `carried` that one was taken over from last time and nobody has confirmed it.
    """

    code: str
    area: str
    kind: str = ""
    level: int | None = None
    key: bool = False
    agreed: bool = False
    grade: str = "E0"
    supports: int = 2
    pieces: tuple[Piece, ...] = ()
    before: int | None = None
    asked: str = ""
    change: bool = False
    second: bool = False
    undecided: tuple[str, ...] = ()
    carried: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """`code` can only be done once `requires` has reached `level`."""

    code: str
    requires: str
    level: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: `check` names it, `code` is the question ("" for all of them). `blocks` forbids submitting.

    `waits` forbids it too, until the lead says that the submission is to go without what waits.
    """

    check: str
    code: str
    area: str
    text: str
    blocks: bool = False
    waits: bool = False


def find_all(facts: Sequence[Fact], needs: Sequence[Need], *, on: date) -> tuple[Finding, ...]:
    """Every finding on the day `on`, question by question in the order given, then those about all of them."""
    by_code = {fact.code: fact for fact in facts}
    found = [finding for fact in facts for finding in find_at(fact, needs, by_code, on=on)]
    return (*found, *_too_many_unknown(facts))


def find_at(
    fact: Fact, needs: Sequence[Need], others: Mapping[str, Fact], *, on: date
) -> tuple[Finding, ...]:
    """What the checks find at one question; `others` are the questions by code."""
    if not fact.kind and fact.carried:
        text = _(
            "It was taken over from last time. Confirm it or answer anew; until then it counts as not answered."
        )
        return (_finding(fact, "carried", text),)
    if not fact.kind:
        return (_finding(fact, "unanswered", _("Answer it, or say that you do not know yet.")),)
    found = list(_open_matters(fact))
    if fact.kind == UNKNOWN:
        found.append(_finding(fact, "unknown", _("It counts as level 0. Find out who knows.")))
    elif fact.kind == NOT_APPLICABLE:
        found += _not_applicable(fact)
    else:
        found += [*_contradictions(fact, needs, others), *_step(fact), *_evidence(fact, on), *_review(fact)]
    return tuple(found)


def _finding(fact: Fact, check: str, text: str, *, blocks: bool = False, waits: bool = False) -> Finding:
    return Finding(check, fact.code, fact.area, text, blocks, waits)


def _open_matters(fact: Fact) -> Iterator[Finding]:
    if fact.second:
        text = _("Two answers stand. The reviewer must choose one before anybody can submit.")
        yield _finding(fact, "two", text, blocks=True)
    if fact.undecided:
        yield _finding(fact, "undecided", _who_decides(fact.undecided), waits=True)
    if fact.asked:
        yield _finding(fact, "change" if fact.change else "asked", fact.asked)


def _who_decides(people: Sequence[str]) -> str:
    """Names stand between marks that keep their own direction."""
    text = ngettext(
        "%(names)s keeps another answer and has not decided yet. Ask, or submit without it.",
        "%(n)s people keep other answers and have not decided yet: %(names)s. Ask, or submit without them.",
        len(people),
    )
    names = ", ".join(f"\N{FIRST STRONG ISOLATE}{name}\N{POP DIRECTIONAL ISOLATE}" for name in people)
    return text % {"n": len(people), "names": names}


def _not_applicable(fact: Fact) -> Iterator[Finding]:
    if fact.key:
        text = _("This is a key indicator: it applies to everybody. Choose a level.")
        yield _finding(fact, "not_applicable_key", text)
    elif not fact.agreed:
        text = _("Until a reviewer agrees, it counts as unanswered. Ask for a review.")
        yield _finding(fact, "not_applicable", text)


def _contradictions(fact: Fact, needs: Sequence[Need], others: Mapping[str, Fact]) -> Iterator[Finding]:
    """A level above that of something which has to come first and is not there yet."""
    for need in needs:
        first = others.get(need.requires)
        if need.code != fact.code or first is None or first.kind not in (LEVEL, UNKNOWN):
            continue
        held = first.level or 0
        if held < need.level and (fact.level or 0) > held:
            values = {"level": fact.level, "first": need.requires, "needed": need.level, "held": held}
            text = _(
                "Level %(level)s cannot stand on %(first)s at level %(held)s: it needs level %(needed)s. Correct one of the two."
            )
            yield _finding(fact, "contradiction", text % values)


def _step(fact: Fact) -> Iterator[Finding]:
    """A change of more than two levels since last time."""
    if fact.before is None or fact.level is None or abs(fact.level - fact.before) <= LARGEST_STEP:
        return
    text = _("From level %(before)s last time to level %(level)s. Say in the reason what changed.")
    yield _finding(fact, "step", text % {"before": fact.before, "level": fact.level})


def _evidence(fact: Fact, on: date) -> Iterator[Finding]:
    if fact.level is not None and fact.level > fact.supports:
        values = {"level": fact.level, "grade": fact.grade, "supports": fact.supports}
        text = _("Level %(level)s claimed; evidence %(grade)s supports level %(supports)s.") % values
        yield _finding(fact, "evidence", text)
    for piece in fact.pieces:
        if piece.expires_on and piece.expires_on < on:
            text = _("“%(title)s” expired on %(day)s. Replace it by what is in force.")
            values = {"title": piece.title, "day": date_format(piece.expires_on)}
            yield _finding(fact, "expired", text % values)
        elif piece.old:
            text = _("“%(title)s” is older than 24 months. Replace it by something newer.")
            yield _finding(fact, "expired", text % {"title": piece.title})
        elif piece.expires_on and piece.expires_on <= on + timedelta(days=SOON_DAYS):
            text = _("“%(title)s” expires on %(day)s. Have the next one ready.")
            values = {"title": piece.title, "day": date_format(piece.expires_on)}
            yield _finding(fact, "expiring", text % values)


def _review(fact: Fact) -> Iterator[Finding]:
    if not (fact.agreed or fact.asked or fact.second):
        yield _finding(fact, "review", "")


def _too_many_unknown(facts: Sequence[Fact]) -> Iterator[Finding]:
    """More than a fifth of all questions answered with "not known"."""
    unknown = sum(fact.kind == UNKNOWN for fact in facts)
    if facts and Fraction(unknown, len(facts)) > MOST_UNKNOWN:
        text = ngettext(
            "%(n)s of %(total)s answers is “not known yet”. Ask those who know before you submit.",
            "%(n)s of %(total)s answers are “not known yet”. Ask those who know before you submit.",
            unknown,
        )
        yield Finding("unknowns", "", "", text % {"n": unknown, "total": len(facts)})


def titles() -> dict[str, str]:
    """The heading of each check, in the order in which they are shown."""
    return {
        "two": _("Two answers to decide between"),
        "undecided": _("An answer whose author has not decided"),
        "carried": _("Carried over and not confirmed: they count as not answered"),
        "unanswered": _("Not answered"),
        "change": _("A change that a reviewer requested"),
        "asked": _("Asked back by a reviewer"),
        "contradiction": _("Answers that contradict each other"),
        "step": _("More than two levels up or down since last time"),
        "not_applicable_key": _("“Does not apply” at a key indicator"),
        "not_applicable": _("“Does not apply” that no reviewer has agreed to"),
        "unknowns": _("Too much is not known"),
        "unknown": _("Not known yet"),
        "evidence": _("A level without the evidence it needs"),
        "expired": _("Evidence that has expired or is too old"),
        "expiring": _("Evidence that expires soon"),
        "review": _("Not yet agreed by a reviewer"),
    }
