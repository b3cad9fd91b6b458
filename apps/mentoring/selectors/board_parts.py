"""Parts of the board: what can be taken back, which mentor to recruit next, how far the solver is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.mentoring.choices import Language
from apps.mentoring.models import MatchingRound


@dataclass(frozen=True, slots=True)
class LastStep:
    """The last decision since the answer; `number` names it when it is taken back."""

    number: int
    choice: str
    member: str
    mentor: str


@dataclass(frozen=True, slots=True)
class Recruit:
    """A kind of mentor that the programme lacks, in words."""

    who: str
    gain: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a round is that is being worked out; `percent` of the members whose guarantee is found."""

    text: str
    percent: int


def last_step(round_: MatchingRound) -> LastStep | None:
    """The decision that can be taken back. One query."""
    row = round_.steps.select_related("proposal__need__member", "proposal__offer__member").last()
    if row is None:
        return None
    pair = row.proposal
    return LastStep(row.pk, row.choice, pair.need.member.name, pair.offer.member.name)


def recruit_rows(round_: MatchingRound) -> list[Recruit]:
    """What the solver found when it tried one mentor more of each kind."""
    return [Recruit(_who(row), _gain(row)) for row in round_.recruits]


def _who(row: Mapping[str, Any]) -> str:
    text = ngettext(
        "A mentor for %(area)s at level %(level)s who works in %(language)s and has %(places)s place",
        "A mentor for %(area)s at level %(level)s who works in %(language)s and has %(places)s places",
        row["places"],
    )
    language = dict(Language.choices).get(row["language"], row["language"])
    return text % {
        "area": row["area_name"],
        "level": row["level"],
        "language": language,
        "places": row["places"],
    }


def _gain(row: Mapping[str, Any]) -> str:
    served, lifted = row["served"], Decimal(row["worst_off"])
    if served:
        text = ngettext("would serve %(n)s more request.", "would serve %(n)s more requests.", served)
        return text % {"n": served}
    return _("would lift the fit of the worst off by %(n)s.") % {"n": f"{lifted:f}"}


def standing_of(round_: MatchingRound) -> Standing:
    """What the solver is doing now, as the round tells it."""
    row = round_.progress
    if row is None:
        return Standing(_("Waiting for a worker"), 0)
    percent = round(100 * row["fixed"] / row["total"]) if row["total"] else 0
    if row["stage"] == "guarantee":
        text = _("Finding the guarantee: step %(step)s, %(fixed)s of %(total)s fixed")
        return Standing(text % row, percent)
    if row["stage"] == "total":
        return Standing(_("The guarantee stands. Finding the best total"), percent)
    return Standing(_("Choosing between answers that are equally good"), percent)
