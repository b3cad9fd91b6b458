"""Roles needed against people with a current certificate, and how many of those end soon.

Inside a member its own people see exact numbers. A nation's sum over its organisations and a programme's sum over its
members never tell about fewer than ten people, nor let such a number follow by subtraction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from apps.accounts.models import User
from apps.core.decisions import require
from apps.courses.choices import CertificateKind
from apps.courses.models import Certificate, CourseVersion, RoleNeed
from apps.courses.selectors.roles import role_name
from apps.members.models import Member, Membership, Programme
from apps.members.policies import may_belong, may_lead, may_manage, site_day

SMALLEST = 10
QUARTERS = (timedelta(days=91), timedelta(days=182), timedelta(days=273), timedelta(days=365))


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One role. `held`, `ending` (within twelve months) and how many of those end in each quarter of a year from today.

    None stands for a number that would tell about fewer than ten.
    """

    role: str
    name: str
    needed: int
    held: int | None
    ending: int | None
    quarters: tuple[tuple[date, int | None], ...] = ()

    @property
    def missing(self) -> int | None:
        return None if self.held is None else max(0, self.needed - self.held)


@dataclass(frozen=True, slots=True)
class SkillsPage:
    """`nation` are the sums over a nation's organisations; empty for an organisation. `members` counts those summed."""

    name: str
    member: str
    programme: str
    rows: tuple[RoleRow, ...]
    nation: tuple[RoleRow, ...]
    members: int
    can_lead: bool
    ends: tuple[date, ...] = ()

    @property
    def short(self) -> int:
        """Roles in which people are missing."""
        return sum(bool(row.missing) for row in self.rows)


def known_roles() -> list[str]:
    """Codes of all roles that a published course works towards."""
    rows = CourseVersion.objects.values_list("document__nice_roles", flat=True)
    return sorted({role for roles in rows for role in roles or ()})


def member_skills(user: User, member: Member) -> SkillsPage:
    """The balance of a member for its own people; a nation also sees sums over its organisations."""
    require(may_belong(user, member))
    roles = known_roles()
    organisations = list(Member.objects.filter(nation=member).values_list("pk", flat=True))
    nation = _rows(roles, organisations, exact=False) if organisations else ()
    return SkillsPage(
        member.name, member.public_id, "", _rows(roles, [member.pk], exact=True), nation, len(organisations),
        bool(may_lead(user, member)), quarter_ends(),
    )  # fmt: skip


def programme_skills(user: User, programme: Programme) -> SkillsPage:
    """The balance over the members that share their levels with the programme's office."""
    require(may_manage(user, programme))
    shared = list(programme.participations.filter(shares_levels=True).values_list("member", flat=True))
    rows = _rows(known_roles(), shared, exact=False)
    return SkillsPage(programme.name, "", programme.public_id, rows, (), len(shared), False, quarter_ends())


def quarter_ends() -> tuple[date, ...]:
    """The last days of the next four quarters of a year, counted from today."""
    return tuple(site_day() + span for span in QUARTERS)


def _rows(roles: Iterable[str], members: list[int], *, exact: bool) -> tuple[RoleRow, ...]:
    """Two queries."""
    needed: dict[str, int] = {}
    for role, count in RoleNeed.objects.filter(member__in=members).values_list("role", "needed"):
        needed[role] = needed.get(role, 0) + count
    held = _holders(members)
    last = quarter_ends()
    found = []
    for role in roles:
        ends = [day for day in held.get(role, {}).values() if day is not None and day <= last[-1]]
        counts = [0] * len(last)
        for day in ends:
            counts[next(n for n, end in enumerate(last) if day <= end)] += 1
        found.append(_row(role, needed.get(role, 0), len(held.get(role, {})), counts, exact=exact))
    return tuple(found)


def _row(role: str, needed: int, held: int, counts: list[int], *, exact: bool) -> RoleRow:
    """Outside a member nothing under ten is told, nor may it follow by taking one number from another."""
    ending, days = sum(counts), quarter_ends()
    if exact:
        return RoleRow(role, role_name(role), needed, held, ending, tuple(zip(days, counts, strict=True)))
    shown = held >= SMALLEST
    safe = shown and ending >= SMALLEST and (held - ending) >= SMALLEST
    told = [count if count >= SMALLEST else None for count in counts]
    rest = sum(count for count in counts if count < SMALLEST)
    if not safe or (None in told and rest < SMALLEST):
        told = [None] * len(counts)
    by_quarter = tuple(zip(days, told, strict=True))
    return RoleRow(
        role, role_name(role), needed, held if shown else None, ending if safe else None, by_quarter
    )


def _holders(members: list[int]) -> dict[str, dict[int, date | None]]:
    """For each role the people with a current certificate for it, and when their last one ends (None: never)."""
    people = Membership.objects.filter(member__in=members).values("user")
    current = Certificate.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=site_day()),
        enrolment__user__in=people, enrolment__user__is_active=True, revoked_at__isnull=True, superseded_by__isnull=True,
    ).exclude(kind=CertificateKind.PARTICIPATION)  # fmt: skip
    found: dict[str, dict[int, date | None]] = {}
    for user, roles, ends in current.values_list("enrolment__user", "statement__nice_roles", "valid_until"):
        for role in roles or ():
            held = found.setdefault(role, {})
            if user not in held or ends is None:
                held[user] = ends
            elif (known := held[user]) is not None:
                held[user] = max(known, ends)
    return found
