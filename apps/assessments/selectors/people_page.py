"""The page of people: who answers which area, and how far each is."""

from __future__ import annotations

from dataclasses import dataclass

from apps.accounts.models import User
from apps.assessments.models import Assessment
from apps.assessments.selectors.board import BoardArea, board_of
from apps.assessments.selectors.places import assessment_for
from apps.assessments.selectors.progress import ANSWERING
from apps.members.choices import Role
from apps.members.models import Membership
from apps.members.policies import role_of


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who can be given an area."""

    public_id: str
    name: str
    role_label: str
    reviews: bool


@dataclass(frozen=True, slots=True)
class Given:
    """Who answers and reviews an area now."""

    code: str
    name: str
    total: int
    respondent: str
    reviewer: str
    version: int


@dataclass(frozen=True, slots=True)
class Named:
    """The same in names, for those who only read."""

    code: str
    name: str
    respondent: str
    reviewer: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    assessment: Assessment
    areas: tuple[Given, ...]
    people: tuple[Person, ...]
    named: tuple[Named, ...]
    can_lead: bool
    closed: bool

    @property
    def unassigned(self) -> int:
        return sum(not area.respondent for area in self.areas)


def people_page(user: User, member: str, assessment: str) -> PeoplePage:
    """Who answers and who reviews each area, and who could. Raises Http404."""
    row = assessment_for(user, member, assessment)
    members = Membership.objects.filter(member=row.member, role__in=ANSWERING, user__is_active=True)
    people = [
        Person(m.user.public_id, str(m.user), m.get_role_display(), m.role in (Role.REVIEWER, Role.LEAD))
        for m in members.select_related("user").order_by("user__full_name", "pk")
    ]
    lines = board_of(row).areas
    areas, named = tuple(_given(area) for area in lines), tuple(_named(area) for area in lines)
    return PeoplePage(row, areas, tuple(people), named, role_of(user, row.member) == Role.LEAD, row.is_closed)


def _named(area: BoardArea) -> Named:
    row = area.assignment
    return Named(
        area.code,
        area.area.name,
        str(row.respondent) if row and row.respondent else "",
        str(row.reviewer) if row and row.reviewer else "",
    )


def _given(area: BoardArea) -> Given:
    row = area.assignment
    return Given(
        area.code,
        area.area.name,
        len(area.questions),
        row.respondent.public_id if row and row.respondent else "",
        row.reviewer.public_id if row and row.reviewer else "",
        row.version if row else 0,
    )
