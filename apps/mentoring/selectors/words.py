"""Factors, causes and losses as phrases that a person reads."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.mentoring.choices import DeclineReason, Language, Pays, Readiness

FAR_HOURS = 6


@dataclass(frozen=True, slots=True)
class FactorRow:
    """One factor: its name, what it says, and the points it adds."""

    label: str
    text: str
    points: Decimal


def factor_rows(reasons: Iterable[Mapping[str, Any]]) -> list[FactorRow]:
    """The factors of a proposal, in the order of their points; the points sum to the score."""
    return [FactorRow(_label(r["name"]), phrase(r), Decimal(r["contribution"])) for r in reasons]


def short_reasons(reasons: Iterable[Mapping[str, Any]]) -> list[str]:
    """What speaks for the pair, without what adds nothing and without the urgency of the request."""
    speaking = (r for r in reasons if r["name"] != "priority" and Decimal(r["contribution"]))
    return [phrase(r) for r in speaking if not (r["name"] == "time_zone" and is_far(r))]


def is_far(reason: Mapping[str, Any]) -> bool:
    """Whether the clocks of the two sides make meetings hard."""
    return Decimal(reason["value"]) >= FAR_HOURS


def warnings(
    reasons: Iterable[Mapping[str, Any]], *, languages: list[str], past: Collection[str]
) -> list[str]:
    """What the manager should think about before accepting."""
    found = []
    for reason in reasons:
        if reason["name"] == "time_zone" and is_far(reason):
            found.append(hours_apart(Decimal(reason["value"])))
        if reason["name"] == "language" and languages and languages[0] not in reason["value"]:
            found.append(_("Not in the language asked for first"))
    if "worked" in past:
        found.append(_("Has worked together before"))
    found += [
        _("Declined before: %(reason)s") % {"reason": DeclineReason(why).label}
        for why in sorted(set(past) - {"worked"})
    ]
    return found


def phrase(reason: Mapping[str, Any]) -> str:
    """One factor in words."""
    name, value, some = reason["name"], reason["value"], bool(Decimal(reason["contribution"]))
    if name == "level_distance":
        return _level(*value)
    if name == "language":
        return _("%(languages)s in common") % {"languages": language_names(value)}
    if name == "time_zone":
        return hours_apart(Decimal(value))
    if name == "priority":
        return _("The request starts from level %(level)s") % {"level": value}
    if name == "hours":
        return _hours(*value)
    if name == "preference":
        return _preference(value)
    return {
        "sector": _("Same sector") if some else _("Another sector"),
        "region": _("Same region") if some else _("Another region, or not known"),
        "legal_tradition": _("Same legal tradition") if some else _("Another legal tradition, or not known"),
    }[name]


def _hours(wanted: int, offered: int) -> str:
    text = ngettext("%(n)s hour a month", "%(n)s hours a month", offered) % {"n": offered}
    if not wanted or offered >= wanted:
        return text
    return _("%(hours)s, %(wanted)s wanted") % {"hours": text, "wanted": wanted}


def _preference(sides: Iterable[tuple[int | None, str]]) -> str:
    """What each side has stated about the other; the programme office alone reads it."""
    (member, wish), (mentor, like) = sides
    said = [
        _("the member after its call: %(n)s of 5") % {"n": member}
        if member
        else _("the member wishes for this mentor") if Decimal(wish) else "",
        _("the mentor after its call: %(n)s of 5") % {"n": mentor}
        if mentor
        else _("the mentor likes to work with this sector") if Decimal(like) else "",
    ]  # fmt: skip
    return "; ".join(text for text in said if text) or _("Neither side has stated one")


def for_sides(reasons: Iterable[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], Decimal]:
    """The factors that both sides may read, and their sum: what either side stated about the other is not among them."""
    open_ = [r for r in reasons if r["name"] != "preference"]
    return open_, sum((Decimal(r["contribution"]) for r in open_), Decimal(0))


def _level(now: int, offered: int) -> str:
    text = ngettext(
        "Level %(level)s, %(n)s level above", "Level %(level)s, %(n)s levels above", offered - now
    )
    return text % {"level": offered, "n": offered - now}


def hours_apart(hours: Decimal) -> str:
    """How far apart the clocks are; halves and quarters are kept."""
    if not hours:
        return _("Same time zone")
    shown = f"{hours.normalize():f}"
    return ngettext("%(n)s hour apart", "%(n)s hours apart", 1 if hours == 1 else 2) % {"n": shown}


def language_names(codes: Iterable[str]) -> str:
    """Languages by their own names, as a list in the reader's language."""
    known = dict(Language.choices)
    return get_text_list([str(known.get(code, code)) for code in codes], _("and"))


def _label(name: str) -> str:
    return {
        "level_distance": _("Levels above the request"),
        "language": _("Language"),
        "time_zone": _("Time zone"),
        "sector": _("Sector"),
        "region": _("Region"),
        "legal_tradition": _("Legal tradition"),
        "priority": _("Urgency"),
        "hours": _("Hours a month"),
        "preference": _("Stated preference"),
    }[name]


def cause_text(cause: str) -> str:
    """Why a request has no mentor; private wishes read exactly like an offer that does not exist."""
    return {
        "no-eligible-mentor": _("No open offer meets the conditions of this request."),
        "capacity-full": _("Every mentor who could help is full."),
        "would-lower-total": _("A mentor has a place, but the round as a whole is better without this pair."),
    }[cause]


def readiness_names(missing: Iterable[str]) -> list[str]:
    """The readiness questions by their words."""
    return [str(Readiness(name).label) for name in missing]


def period_words(months: int) -> str:
    """What the places of an offer count, as a phrase beside their number; empty for members at the same time."""
    if not months:
        return ""
    return ngettext("in any %(n)s month", "in any %(n)s months", months) % {"n": months}


def pays_sentence(accepted: Iterable[str], offered: str) -> str:
    """Who bears the costs, as both sides read it on an invitation."""
    text = {
        Pays.MENTOR: _("The mentor partner bears its own costs."),
        Pays.MEMBER: _("The member bears the costs, such as travel."),
        Pays.PROGRAMME: _("The programme bears the costs, such as travel."),
    }[Pays(offered)]
    return (
        text if offered == Pays.MENTOR or offered in accepted else _("Who bears the costs is to be agreed.")
    )
