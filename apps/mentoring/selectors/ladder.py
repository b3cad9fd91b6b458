"""The ladder of a programme: the rung of each member with its reason and what the next one asks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models.fields.json import KeyTransform
from django.http import Http404

from apps.accounts.models import User
from apps.assessments.models import Result
from apps.assessments.selectors import on_shared
from apps.members.models import Member, Participation, Programme
from apps.members.selectors import get_member, get_programme
from apps.mentoring.choices import EngagementState, Rung
from apps.mentoring.models import Engagement, Ladder, Leaving, Standing
from apps.mentoring.selectors.rungs import Climb, Facts, climb, usual_rules

BASES = ("claimed", "evidenced")


@dataclass(frozen=True, slots=True)
class RungRow:
    """A member on the ladder; `shares` False tells nothing else. `falls_to` waits for a manager's decision."""

    member_id: str
    member: str
    shares: bool
    rung: str
    rung_label: str
    since: datetime | None
    climb: Climb | None
    falls_to: str
    words: str
    version: int


@dataclass(frozen=True, slots=True)
class LadderPage:
    """All members of a programme by name; `counts` are (rung, members) from the lowest up."""

    programme: Programme
    rows: list[RungRow]
    counts: list[tuple[str, int]]
    waiting: int


@dataclass(frozen=True, slots=True)
class MemberLadder:
    """The member's rungs, one for each of its programmes, as (programme, row)."""

    member: Member
    rows: list[tuple[str, RungRow]]
    all_rungs: list[tuple[str, str]]


def facts_of(members: Sequence[int]) -> dict[int, Facts]:
    """What the rules look at, by member. Three queries for any number of members."""
    results = _results(members)
    ended, mentored = _engagements(members)
    return {
        member: Facts(
            len(results[member]),
            *_levels(results[member]),
            closed_engagements=ended[member],
            mentoring=mentored[member],
        )
        for member in members
    }


def _results(members: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Areas of the standing results on the shared framework by member, oldest first."""
    read = {basis: KeyTransform("areas", KeyTransform(basis, "document")) for basis in BASES}
    rows = on_shared(Result.objects.standing().filter(member__in=members)).order_by("computed_at", "pk")
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.annotate(**read).values("member", "assessment__version_of", *BASES):
        found[row["member"]].append(row)
    return found


def _levels(rows: Sequence[Mapping[str, Any]]) -> tuple[tuple[tuple[int, int], ...], int]:
    """(claimed, evidenced) of the newest result's answered areas, and how many rose since the first on its edition."""
    if not rows:
        return (), 0
    newest = rows[-1]
    first = next(r for r in rows if r["assessment__version_of"] == newest["assessment__version_of"])
    claimed, now, before = (
        _by_area(areas) for areas in (newest["claimed"], newest["evidenced"], first["evidenced"])
    )
    both = tuple((claimed[code], now[code]) for code in sorted(claimed.keys() & now.keys()))
    return both, sum(level > before[code] for code, level in now.items() if code in before)


def _by_area(areas: Iterable[Mapping[str, Any]] | None) -> dict[str, int]:
    return {a["code"]: a["label"]["level"] for a in areas or () if a.get("label")}


def _engagements(members: Sequence[int]) -> tuple[Counter[int], Counter[int]]:
    """Engagements that ended by member, those left early not among them; engagements mentored, by partner."""
    rows = Engagement.objects.all()
    left = Leaving.objects.filter(undone_at__isnull=True).values("engagement")
    ended = rows.filter(member__in=members, state=EngagementState.CLOSED).exclude(pk__in=left)
    return (
        Counter(ended.values_list("member", flat=True)),
        Counter(rows.filter(mentor__in=members).values_list("mentor", flat=True)),
    )


def rules_of(programme: Programme) -> dict[str, Any]:
    """The programme's own ladder, or the usual one."""
    own = Ladder.objects.filter(programme=programme).values_list("document", flat=True).first()
    return own or usual_rules()


def ladder_page(user: User, programme_id: str) -> LadderPage:
    """The ladder of a programme, for its office. A constant number of queries."""
    programme = get_programme(user, programme_id)
    joined = list(
        Participation.objects.filter(programme=programme).select_related("member").order_by("member__name")
    )
    facts = facts_of([p.member_id for p in joined if p.shares_levels])
    standings = {s.member_id: s for s in Standing.objects.filter(programme=programme)}
    rules = rules_of(programme)
    rows = [_row(p, standings.get(p.member_id), facts, rules) for p in joined]
    counted = Counter(row.rung for row in rows if row.shares)
    counts = [
        (str(rung.label), counted[rung]) for rung in Rung if any(r["rung"] == rung for r in rules["rungs"])
    ]
    return LadderPage(programme, rows, counts, sum(bool(row.falls_to) for row in rows))


def _row(
    p: Participation, standing: Standing | None, facts: Mapping[int, Facts], rules: Mapping[str, Any]
) -> RungRow:
    if not p.shares_levels:
        return RungRow(p.member.public_id, p.member.name, False, "", "", None, None, "", "", 0)
    found = climb(rules, facts[p.member_id])
    rung = Rung(standing.rung) if standing else found.rung
    falls = str(Rung(standing.asked_rung).label) if standing and standing.asked_rung else ""
    return RungRow(
        p.member.public_id, p.member.name, True, rung.value, str(rung.label), standing.since if standing else None,
        found, falls, standing.words if standing else "", standing.version if standing else 0,
    )  # fmt: skip


def member_ladder(user: User, member_id: str) -> MemberLadder:
    """Where a member stands in each of its programmes, for its own people."""
    member = get_member(user, member_id)
    return MemberLadder(member, rungs_of(member), [(str(value), str(label)) for value, label in Rung.choices])


def rungs_of(member: Member) -> list[tuple[str, RungRow]]:
    """(programme, row) of a member that the caller may see, for its own people. Six queries, one without a programme."""
    joined = list(
        Participation.objects.filter(member=member)
        .select_related("programme", "member")
        .order_by("programme__name")
    )
    if not joined:
        return []
    facts, standings = (
        facts_of([member.pk]),
        {s.programme_id: s for s in Standing.objects.filter(member=member)},
    )
    own = dict(
        Ladder.objects.filter(programme__in=[p.programme_id for p in joined]).values_list(
            "programme", "document"
        )
    )
    rows = []
    for p in joined:
        p.shares_levels = True  # its own people see their rung whatever the office sees
        rows.append(
            (
                p.programme.name,
                _row(p, standings.get(p.programme_id), facts, own.get(p.programme_id) or usual_rules()),
            )
        )
    return rows


def standing_to_decide(user: User, programme_id: str, member_id: str) -> tuple[Programme, Standing]:
    """The standing of a sharing member, for a manager's decision. Raises Http404 without one."""
    programme = get_programme(user, programme_id)
    rows = Standing.objects.filter(programme=programme, member__public_id=member_id).select_related("member")
    found = rows.first()
    if found is None:
        raise Http404
    return programme, found
