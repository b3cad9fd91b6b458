"""Whom one side should call, and what it said itself; never what the other side said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.core.decisions import require
from apps.members.models import Member
from apps.members.selectors import get_member
from apps.mentoring import policies
from apps.mentoring.choices import RoundState, Side
from apps.mentoring.models import CallNote, Shortlisted
from apps.mentoring.selectors.words import for_sides, short_reasons

SHOWN = (RoundState.CALLS, RoundState.SOLVING, RoundState.PROPOSED)


@dataclass(frozen=True, slots=True)
class CallRow:
    """One pair as `for_mentor` says which side reads it; `held_on` and `stars` are the own note."""

    public_id: str
    programme: str
    other: str
    area_name: str
    for_mentor: bool
    now_level: int
    wanted_level: int
    note: str
    why: list[str]
    score: str
    held_on: date | None
    stars: int
    words: str
    is_open: bool
    can_note: bool


@dataclass(frozen=True, slots=True)
class CallsPage:
    member: Member
    rows: list[CallRow]
    left: int


def calls_page(user: User, member_id: str) -> CallsPage:
    """The shortlists that a member is on, as asker or as mentor. Its leads and mentors read them."""
    member = get_member(user, member_id)
    require(policies.may_call(user, member))
    may = _sides(user, member)
    rows = [_row(r, may, member) for r in _listed(member)]
    return CallsPage(member, rows, sum(r.can_note and r.held_on is None for r in rows))


def calls_for(user: User, member: Member) -> int:
    """How many pairs of shortlists the member is in, for the person who may read them; 0 for others. Two queries."""
    if not policies.may_call(user, member):
        return 0
    mine = Q(need__member=member) | Q(offer__member=member)
    return Shortlisted.objects.filter(mine, removed=False, round__state__in=SHOWN).count()


def waiting_calls(led: set[int], mentored: set[int]) -> list[tuple[str, str]]:
    """(sentence, member id) of sides that have calls to hold, by the members that somebody leads and mentors for. One query."""
    mine = Q(need__member__in=led) | Q(offer__member__in=mentored)
    rows = Shortlisted.objects.filter(mine, removed=False, round__state=RoundState.CALLS)
    counts: dict[tuple[str, str], int] = {}
    found = rows.select_related("need__member", "offer__member").prefetch_related("notes")
    for row in found.order_by("round", "need", "layer", "pk"):
        for side, member, may in (
            (Side.MEMBER, row.need.member, led),
            (Side.MENTOR, row.offer.member, mentored),
        ):
            if member.pk in may and _own(row, side) is None:
                key = member.name, member.public_id
                counts[key] = counts.get(key, 0) + 1
    return [
        (ngettext("%(member)s: %(n)s call to hold", "%(member)s: %(n)s calls to hold", n) % {"member": name, "n": n}, public_id)
        for (name, public_id), n in counts.items()
    ]  # fmt: skip


def call_page(user: User, member_id: str, public_id: str) -> tuple[Member, CallRow, dict[str, Any]]:
    """One of them with what its form starts with. Raises Http404."""
    member = get_member(user, member_id)
    require(policies.may_call(user, member))
    may = _sides(user, member)
    row = next((_row(r, may, member) for r in _listed(member) if r.public_id == public_id), None)
    if row is None:
        raise Http404
    return member, row, {"held_on": row.held_on, "stars": row.stars or None, "words": row.words}


def _listed(member: Member) -> list[Shortlisted]:
    rows = Shortlisted.objects.filter(Q(need__member=member) | Q(offer__member=member), removed=False)
    rows = rows.filter(round__state__in=SHOWN).select_related(
        "need__member", "need__programme", "offer__member", "round"
    )
    return list(rows.prefetch_related("notes").order_by("round", "need", "layer", "pk"))


def _sides(user: User, member: Member) -> dict[bool, bool]:
    """Whether the person may note calls, for the member as the mentor's side and as the asking one."""
    return {
        True: bool(policies.may_reply_for_mentor(user, member)),
        False: bool(policies.may_reply_for_member(user, member)),
    }


def _row(row: Shortlisted, may: dict[bool, bool], member: Member) -> CallRow:
    for_mentor = row.offer.member_id == member.pk
    own = _own(row, Side.MENTOR if for_mentor else Side.MEMBER)
    reasons, score = for_sides(row.reasons)
    is_open = row.round.state == RoundState.CALLS
    return CallRow(
        public_id=row.public_id,
        programme=row.need.programme.name,
        other=(row.need if for_mentor else row.offer).member.name,
        area_name=row.need.area_name,
        for_mentor=for_mentor,
        now_level=row.need.now_level,
        wanted_level=row.need.wanted_level,
        note=row.need.note,
        why=short_reasons(reasons),
        score=f"{score:.2f}",
        held_on=own.held_on if own else None,
        stars=own.stars if own else 0,
        words=own.words if own else "",
        is_open=is_open,
        can_note=is_open and may[for_mentor],
    )


def _own(row: Shortlisted, side: Side) -> CallNote | None:
    return next((note for note in row.notes.all() if note.side == side), None)
