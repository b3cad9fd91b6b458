"""Requests of a member: what is asked, what could be asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404

from apps.accounts.models import User
from apps.core.decisions import require
from apps.members.models import Member, Programme
from apps.members.selectors import get_member
from apps.mentoring import policies
from apps.mentoring.choices import Mode, NeedState, UrgencyState
from apps.mentoring.models import Need
from apps.mentoring.models.needs import all_may_pay
from apps.mentoring.selectors.figures import HIGHEST_LEVEL, AreaFigures, areas_of, latest_result
from apps.mentoring.selectors.waiting import Wait, waits_of
from apps.mentoring.selectors.words import language_names, readiness_names
from apps.resources.selectors import ResourceLink
from apps.resources.selectors import for_areas as resources_for

STATE_KINDS = {
    NeedState.SENT: "going",
    NeedState.PROPOSED: "you",
    NeedState.MATCHED: "ok",
    NeedState.DONE: "done",
    NeedState.WITHDRAWN: "none",
}
FIRST_SUGGESTIONS = 5


@dataclass(frozen=True, slots=True)
class NeedRow:
    public_id: str
    area: str
    area_name: str
    programme: str
    now_level: int
    wanted_level: int
    state_label: str
    state_kind: str
    languages: str
    mode_label: str
    missing: list[str]
    can_change: bool
    version: int
    wait: Wait | None = None
    urgent: str = ""
    urgent_kind: str = ""
    urgent_answer: str = ""
    can_mark: bool = False
    can_ask_again: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An area worth asking for; `priority` is the sum over its indicators, `first` the ones that weigh most."""

    area: str
    name: str
    level: int
    wanted: int
    priority: Decimal
    first: list[str]


@dataclass(frozen=True, slots=True)
class NeedsPage:
    member: Member
    rows: list[NeedRow]
    waiting: int
    suggestions: list[Suggestion]
    more: list[Suggestion]
    has_result: bool
    in_programme: bool
    can_ask: bool


@dataclass(frozen=True, slots=True)
class NeedDraft:
    """What the form starts with. `need` is None for a new request."""

    member: Member
    suggestion: Suggestion
    programmes: list[tuple[str, str]]
    initial: dict[str, Any]
    need: NeedRow | None
    helps: Sequence[ResourceLink] = ()
    partners: Sequence[tuple[str, str]] = ()


def needs_page(user: User, member_id: str) -> NeedsPage:
    """The requests of a member and the areas it could ask for, the highest priority first."""
    member = get_member(user, member_id)
    needs = list(
        Need.objects.visible_to(user)
        .filter(member=member)
        .select_related("programme", "member")
        .prefetch_related("urgencies")
        .order_by("-asked_at", "-pk")
    )
    can_ask = bool(policies.may_ask(user, member))
    result = latest_result(user, member)
    programmes = Programme.objects.filter(participations__member=member).count()
    open_areas = [n.area for n in needs if n.state not in (NeedState.WITHDRAWN, NeedState.DONE)]
    areas = areas_of(result) if result else []
    left = [
        suggestion_of(a)
        for a in areas
        if a.gaps and a.level < HIGHEST_LEVEL and open_areas.count(a.code) < programmes
    ]
    waits = waits_of(_still_waiting(needs))
    rows = [need_row(n, can_ask, waits.get(n.pk), again=open_areas) for n in needs]
    return NeedsPage(
        member=member,
        rows=rows,
        waiting=sum(r.wait is not None for r in rows),
        suggestions=left[:FIRST_SUGGESTIONS],
        more=left[FIRST_SUGGESTIONS:],
        has_result=result is not None,
        in_programme=programmes > 0,
        can_ask=can_ask,
    )


def _still_waiting(needs: list[Need]) -> list[Need]:
    """Those that the next round looks at; one that was invited in vain waits again before anybody says so."""
    waiting = set(Need.objects.waiting().filter(pk__in=[n.pk for n in needs]).values_list("pk", flat=True))
    return [n for n in needs if n.pk in waiting]


def need_row(
    need: Need, can_ask: bool, wait: Wait | None = None, *, again: Collection[str] | None = None
) -> NeedRow:
    """A request as its member sees it; `again` holds the areas that are asked for, None on the form."""
    state = NeedState.SENT if wait else NeedState(need.state)
    mark = next(iter(need.urgencies.all()), None) if again is not None else None
    kinds = {UrgencyState.ASKED: "going", UrgencyState.CONFIRMED: "you", UrgencyState.REFUSED: "none"}
    return NeedRow(
        public_id=need.public_id,
        area=need.area,
        area_name=need.area_name,
        programme=need.programme.name,
        now_level=need.now_level,
        wanted_level=need.wanted_level,
        state_label=str(state.label),
        state_kind=STATE_KINDS[state],
        languages=language_names(need.languages),
        mode_label=str(Mode(need.mode).label),
        missing=readiness_names(need.missing),
        can_change=can_ask and state == NeedState.SENT,
        version=need.version,
        wait=wait,
        urgent=str(UrgencyState(mark.state).label) if mark else "",
        urgent_kind=kinds[UrgencyState(mark.state)] if mark else "",
        urgent_answer=mark.answer if mark else "",
        can_mark=can_ask and wait is not None and (mark is None or mark.state == UrgencyState.REFUSED),
        can_ask_again=can_ask and again is not None and state == NeedState.DONE and need.area not in again,
    )


def suggestion_of(area: AreaFigures) -> Suggestion:
    """An area as a proposal to ask: two levels up, or up to the target when that is nearer."""
    wanted = min(HIGHEST_LEVEL, max(area.level + 1, min(area.target, area.level + 2)))
    return Suggestion(
        area.code, area.name, area.level, wanted, area.priority, [g.name for g in area.gaps[:3]]
    )


def new_need(user: User, member_id: str, area: str) -> NeedDraft:
    """The form for a request in one area. Raises Http404 for an area without a level in the latest result."""
    member = get_member(user, member_id)
    require(policies.may_ask(user, member))
    result = latest_result(user, member)
    found = next((a for a in areas_of(result) if a.code == area), None) if result else None
    if found is None or found.level >= HIGHEST_LEVEL:
        raise Http404
    suggestion = suggestion_of(found)
    initial = {
        "wanted_level": suggestion.wanted,
        "first_language": next(iter(member.languages), "en"),
        "other_languages": member.languages[1:],
        "mode": Mode.EITHER,
        "pays": all_may_pay(),
    }
    helps = _helps(user, member, area, found.level)
    return NeedDraft(member, suggestion, _programmes(member), initial, None, helps, partners_of(member))


def _helps(user: User, member: Member, area: str, level: int) -> list[ResourceLink]:
    """What helps in the meantime: up to three resources for the area. 2 queries."""
    found = resources_for(user, {area}, levels={area: level}, languages=member.languages, most=3)
    return found.get(area, [])


def edit_need(user: User, member_id: str, public_id: str) -> NeedDraft:
    """The form for a request that waits."""
    member = get_member(user, member_id)
    require(policies.may_ask(user, member))
    rows = Need.objects.visible_to(user).waiting().filter(member=member, public_id=public_id)
    need = rows.select_related("programme", "wished").first()
    if need is None:
        raise Http404
    names = [i["name"] for i in need.indicators[:3]]
    suggestion = Suggestion(
        need.area, need.area_name, need.now_level, need.wanted_level, need.priority, names
    )
    initial = {
        "wanted_level": need.wanted_level,
        "note": need.note,
        "first_language": next(iter(need.languages), "en"),
        "other_languages": need.languages[1:],
        "mode": need.mode,
        "hours_per_month": need.hours_per_month or None,
        "pays": need.pays,
        "wished": need.wished.public_id if need.wished else "",
        "wished_why": need.wished_why,
        "version": need.version,
        **need.readiness,
    }
    helps = _helps(user, member, need.area, need.now_level)
    row = need_row(need, can_ask=True)
    return NeedDraft(member, suggestion, [], initial, row, helps, partners_of(member))


def partners_of(member: Member) -> list[tuple[str, str]]:
    """Mentor partners that share a programme with the member, whom it may wish for."""
    rows = Member.objects.filter(is_mentor=True, programmes__in=member.programmes.all()).exclude(pk=member.pk)
    return [(m.public_id, m.name) for m in rows.distinct().order_by("name")]


def _programmes(member: Member) -> list[tuple[str, str]]:
    rows = Programme.objects.filter(participations__member=member)
    return [(p.public_id, p.name) for p in rows]
