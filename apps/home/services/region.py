"""Nations, organisations and the programme of the demonstration."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from apps.home.services.chance import Chance
from apps.home.services.content import Content, MemberPlan
from apps.members.choices import MemberKind
from apps.members.models import Member, Participation, Programme


def make_programme(content: Content, chance: Chance) -> Programme:
    """The programme that every member takes part in."""
    return Programme.objects.create(public_id=chance.id("programme"), is_demo=True, **content.programme)


def make_members(content: Content, programme: Programme, chance: Chance) -> dict[str, Member]:
    """All members by slug: nations first, so that organisations can name theirs; all take part in the programme."""
    nations = [_member(plan, None, content, chance) for plan in content.members if plan.is_nation]
    found = _stored(content, Member.objects.bulk_create(nations))
    homes = [
        _member(plan, found[plan.nation], content, chance) for plan in content.members if not plan.is_nation
    ]
    found |= _stored(content, Member.objects.bulk_create(homes))
    Participation.objects.bulk_create(
        Participation(
            programme=programme,
            member=found[p.slug],
            shares_levels=p.shares,
            joined_at=found[p.slug].joined_at,
        )
        for p in content.members
    )
    return found


def _stored(content: Content, rows: list[Member]) -> dict[str, Member]:
    slugs = {(plan.name, plan.nation): plan.slug for plan in content.members}
    homes = {plan.name: plan.slug for plan in content.members if plan.is_nation}
    return {slugs[row.name, homes[row.nation.name] if row.nation else ""]: row for row in rows}


def _member(plan: MemberPlan, nation: Member | None, content: Content, chance: Chance) -> Member:
    first = next(r for r in content.rounds if r.year == min(plan.levels))
    joined = datetime.combine(first.opens, time(9), UTC) - timedelta(
        days=chance.at("joined", plan.slug).randint(10, 60)
    )
    return Member(
        public_id=chance.id("member", plan.slug), name=plan.name, nation=nation, sector=plan.sector,
        kind=MemberKind.ORGANISATION if nation else MemberKind.NATION, criticality=plan.criticality,
        languages=list(plan.languages), legal_tradition=plan.legal, region=plan.region, time_zone=plan.time_zone,
        is_mentor=plan.is_mentor, is_demo=True, joined_at=joined,
    )  # fmt: skip
