"""Requests without a mentor: the cause, what could change it; and what forcing a pair would cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import Http404
from django.utils.formats import date_format
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.matching import NotEligible, ProblemFaults, parse_problem, why_not
from apps.matching.explain import WhyNot
from apps.matching.scoring import Refusal
from apps.members.models import Programme
from apps.mentoring.choices import Decision, Mode, RoundState
from apps.mentoring.models import MatchingRound, Need, Offer
from apps.mentoring.selectors import pairs
from apps.mentoring.selectors.words import cause_text, language_names

MOST_OPTIONS = 3


@dataclass(frozen=True, slots=True)
class UnmatchedRow:
    need_id: str
    member: str
    area_name: str
    now_level: int
    wanted_level: int
    cause: str
    options: list[str]


@dataclass(frozen=True, slots=True)
class Alternative:
    offer_id: str
    mentor: str
    score: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class WhyNotPage:
    """`sentences` tell the loss of the chosen mentor; empty before one is chosen."""

    programme: Programme
    round_id: str
    round_name: str
    need_id: str
    member: str
    area_name: str
    alternatives: list[Alternative]
    offers: list[tuple[str, str]]
    chosen: str
    chosen_name: str
    finding: str
    sentences: list[str]
    can_force: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What options are read from: facts and the stored problem. Private wishes are not in it.

    `aside` holds (request, offer) that the office set aside, `possible` the ids of the stored problem's pairs, `full`
    the offers without a place left in this round, `again` the day on which one of them has a place again.
    """

    supply: pairs.Supply
    aside: frozenset[tuple[int, int]]
    possible: frozenset[tuple[str, str]]
    full: frozenset[int]
    again: Mapping[int, date]


def unmatched_rows(
    round_: MatchingRound, supply: pairs.Supply, matched: set[int], taken: Mapping[int, int]
) -> list[UnmatchedRow]:
    """Requests of the stored answer that got no place, each with its cause and at most three ways on."""
    if round_.answer is None:
        return []
    causes = {row["member"]: row["cause"] for row in round_.answer["unmatched"]}
    problem = round_.problem or {"members": (), "pairs": ()}
    known = {row["id"] for row in problem["members"]}
    read = Reading(
        supply,
        frozenset(round_.proposals.filter(decision=Decision.REJECTED).values_list("need", "offer")),
        frozenset((row["member"], row["mentor"]) for row in problem["pairs"]),
        frozenset(o.pk for o in supply.offers if taken.get(o.pk, 0) >= o.places),
        pairs.free_again(supply.offers),
    )
    rows = []
    for need in supply.needs:
        if need.pk in matched or need.missing:
            continue
        cause = causes.get(need.public_id)
        text = cause_text(cause) if cause else _changed_since(need.public_id in known)
        options = _options(need, read) if cause else []
        rows.append(
            UnmatchedRow(
                need.public_id,
                need.member.name,
                need.area_name,
                need.now_level,
                need.wanted_level,
                text,
                options,
            )
        )
    return rows


def _changed_since(was_solved: bool) -> str:
    if was_solved:
        return _("Its pair was set aside. Work the round out again to see who takes its place.")
    return _("This request came after the answer. Work the round out again.")


def _options(need: Need, read: Reading) -> list[str]:
    offers = [o for o in read.supply.offers if o.area == need.area and o.member_id != need.member_id]
    named = [text for offer in offers if (text := _option(need, offer, read))]
    return named[:MOST_OPTIONS] or [_("Ask a mentor partner who is strong in this area to make an offer.")]


def _option(need: Need, offer: Offer, read: Reading) -> str:
    name = offer.member.name
    if (need.pk, offer.pk) in read.aside:
        return _("%(mentor)s was set aside. Open that pair again to use it.") % {"mentor": name}
    if read.supply.in_conflict(need, offer):
        return _("%(mentor)s and this member are kept apart by a conflict of interest.") % {"mentor": name}
    result = pairs.score(need, offer, at=now())
    if isinstance(result, NotEligible):
        return near(offer, result, name) if len(result.reasons) == 1 else ""
    if (need.public_id, offer.public_id) not in read.possible:
        # It came later, or the two may not meet: nothing is said of either.
        return ""
    if offer.pk not in read.full:
        return _("%(mentor)s fits and has a place that came free. Work the round out again.") % {
            "mentor": name
        }
    if read.supply.free[offer.pk]:
        return _("%(mentor)s fits; its places go to requests that need them more.") % {"mentor": name}
    return full_text(name, read.again.get(offer.pk))


def full_text(name: str, again: date | None) -> str:
    """A mentor who fits and is full, with the day on which a place is planned to come free where one is known."""
    if again is None:
        return _("%(mentor)s fits but has no place left. Ask for one more place.") % {"mentor": name}
    return _(
        "%(mentor)s fits but has no place left. Ask for one more place, or start later: a place is planned to be free on %(day)s."
    ) % {"mentor": name, "day": date_format(again)}


def near(offer: Offer, result: NotEligible, name: str) -> str:
    """The single condition that fails."""
    reason = result.reasons[0]
    if reason is Refusal.NO_COMMON_LANGUAGE:
        text = _("%(mentor)s could help in %(languages)s. Ask whether an interpreter is possible.")
        return text % {"mentor": name, "languages": language_names(offer.languages)}
    if reason is Refusal.NO_COMMON_MODE:
        text = _("%(mentor)s could help, but only in this way: %(mode)s.")
        return text % {"mentor": name, "mode": Mode(offer.mode).label}
    if reason is Refusal.NOBODY_PAYS:
        return _("%(mentor)s could help, but who bears the costs is open.") % {"mentor": name}
    if reason is Refusal.LEVEL_TOO_CLOSE:
        return _("%(mentor)s is at level %(level)s, less than two levels above.") % {
            "mentor": name,
            "level": offer.level,
        }
    return ""


def why_not_page(
    programme: Programme, round_: MatchingRound, need_id: str, offer_id: str, *, can_manage: bool
) -> WhyNotPage:
    """What happens if another mentor takes a request: found by solving the stored problem again."""
    need = Need.objects.filter(programme=programme, public_id=need_id).select_related("member").first()
    document = round_.problem
    if need is None or document is None or all(m["id"] != need_id for m in document["members"]):
        raise Http404
    offers = list(
        Offer.objects.filter(programme=programme, area=need.area)
        .select_related("member")
        .order_by("member__name")
    )
    known = {m["id"] for m in document["mentors"]}
    choices = [
        (o.public_id, o.member.name) for o in offers if o.public_id in known and o.member_id != need.member_id
    ]
    names = {o.public_id: o.member.name for o in offers}
    if offer_id and offer_id not in dict(choices):
        raise Http404
    finding, sentences, possible = _loss(document, need, offer_id, names) if offer_id else ("", [], False)
    return WhyNotPage(
        programme=programme,
        round_id=round_.public_id,
        round_name=round_.name,
        need_id=need_id,
        member=need.member.name,
        area_name=need.area_name,
        alternatives=_alternatives(round_, need_id, names),
        offers=choices,
        chosen=offer_id,
        chosen_name=names.get(offer_id, ""),
        finding=finding,
        sentences=sentences,
        can_force=possible and can_manage and round_.state == RoundState.PROPOSED,
    )


def _alternatives(round_: MatchingRound, need_id: str, names: Mapping[str, str]) -> list[Alternative]:
    """The eligible mentors of a request, the best fit first."""
    chosen = {(r["member"], r["mentor"]) for r in (round_.answer or {}).get("pairs", ())}
    rows = [p for p in (round_.problem or {})["pairs"] if p["member"] == need_id and p["mentor"] in names]
    rows.sort(key=lambda p: (-Decimal(p["score"]), p["mentor"]))
    return [
        Alternative(
            p["mentor"], names[p["mentor"]], f"{Decimal(p['score']):.2f}", (need_id, p["mentor"]) in chosen
        )
        for p in rows
    ]


def _loss(
    document: Mapping[str, object], need: Need, offer_id: str, names: Mapping[str, str]
) -> tuple[str, list[str], bool]:
    try:
        found = why_not(parse_problem(document), need.public_id, offer_id)
    except ProblemFaults:
        return _("The stored problem cannot be solved again. Work the round out again."), [], False
    values = {"mentor": names[offer_id], "member": need.member.name}
    if found.already_matched:
        return _("%(mentor)s is the mentor that the answer proposes.") % values, [], False
    if not found.eligible:
        # One sentence for every unfit pair, so that nobody learns which condition it was.
        return (
            _("%(mentor)s and %(member)s do not meet every condition for working together.") % values,
            [_conditions()],
            False,
        )
    if not found.possible:
        return (
            _("%(mentor)s could help, but pairs that you accepted or pinned stand in the way.") % values,
            [],
            False,
        )
    return _finding(found, values), _sentences(found), True


def _conditions() -> str:
    return _(
        "The conditions: the same area, an open offer at least two levels above, a language and a way of working in common, "
        "no conflict of interest, and nothing that either side has told us in confidence or you have set aside."
    )


def _finding(found: WhyNot, values: Mapping[str, str]) -> str:
    loss = found.loss or Decimal(0)
    if loss > 0:
        return _("Choosing %(mentor)s costs the round %(loss)s points.") % {**values, "loss": f"{loss:f}"}
    if loss < 0:
        return _(
            "Choosing %(mentor)s raises the total by %(gain)s points, at the cost of a weaker member."
        ) % {**values, "gain": f"{-loss:f}"}
    return _("Choosing %(mentor)s leaves the total as it is.") % values


def _sentences(found: WhyNot) -> list[str]:
    sentences = []
    change = found.worst_off_change
    if change:
        down = _("The fit of the member that is worst off falls by %(n)s.")
        up = _("The fit of the member that is worst off rises by %(n)s.")
        sentences.append((down if change < 0 else up) % {"n": f"{abs(change):f}"})
    if found.released:
        n = len(found.released)
        sentences.append(
            ngettext("%(n)s proposed pair would fall away.", "%(n)s proposed pairs would fall away.", n)
            % {"n": n}
        )
    if found.added:
        n = len(found.added)
        sentences.append(ngettext("%(n)s pair would be new.", "%(n)s pairs would be new.", n) % {"n": n})
    return sentences
