"""The people of the demonstration: eight whom a visitor can be, and the colleagues around them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from apps.accounts.models import User
from apps.home.services.chance import Chance
from apps.home.services.content import Content, MemberPlan
from apps.members.choices import Role
from apps.members.models import Manager, Member, Membership, Programme

# No mail reaches this domain: `.example` is reserved.
DOMAIN = "meridian.example"
NO_PASSWORD = "!"  # noqa: S105


@dataclass(slots=True)
class Cast:
    """`tour` by key; `of` gives the people of a member by role, in the order they joined."""

    tour: dict[str, User] = field(default_factory=dict)
    of: dict[str, dict[str, list[User]]] = field(default_factory=dict)

    def lead(self, slug: str) -> User:
        return self.of[slug][Role.LEAD][0]

    def respondent(self, slug: str) -> User:
        """Who answers: a respondent where the member has one, otherwise its lead."""
        return self.of[slug].get(Role.RESPONDENT, self.of[slug][Role.LEAD])[0]

    def reviewer(self, slug: str) -> User:
        """Who reviews: never the respondent."""
        return self.of[slug][Role.REVIEWER][0]

    def mentor(self, slug: str) -> User:
        """Who mentors for a partner."""
        return self.of[slug].get(Role.MENTOR, self.of[slug][Role.LEAD])[0]


def make_people(content: Content, members: dict[str, Member], programme: Programme, chance: Chance) -> Cast:
    """Make everybody; the people of the tour come first, in the order of the file."""
    cast = Cast(of={slug: {} for slug in members})
    places: list[tuple[User, str, str]] = []
    for row in content.people["tour"]:
        user = _tour_person(row, chance, content)
        user.save()
        cast.tour[row["key"]] = user
        if "member" in row:
            places.append((user, row["member"], row["role"]))
        if row.get("manages"):
            Manager.objects.create(programme=programme, user=user)
    taken = {(slug, role) for _user, slug, role in places}
    others = [
        (_colleague(plan, role, content, chance), plan.slug, role)
        for plan in content.members
        for role in _roles(plan)
        if (plan.slug, role) not in taken
    ]
    User.objects.bulk_create(user for user, _slug, _role in others)
    _join([*places, *others], members, cast, chance)
    return cast


def _roles(plan: MemberPlan) -> tuple[str, ...]:
    if plan.light:
        return (Role.LEAD, Role.REVIEWER)
    roles = (Role.LEAD, Role.RESPONDENT, Role.REVIEWER)
    return (*roles, Role.MENTOR) if plan.is_mentor else roles


def _tour_person(row: dict[str, Any], chance: Chance, content: Content) -> User:
    plan = content.by_slug.get(row.get("member", ""))
    return User(
        public_id=chance.id("person", row["key"]), email=f"{row['key']}@{DOMAIN}", full_name=row["name"],
        call_name=row["says"], language=row["language"], time_zone=plan.time_zone if plan else "UTC",
        is_staff=row.get("staff", False), is_demo=True, password=NO_PASSWORD,
    )  # fmt: skip


def _colleague(plan: MemberPlan, role: str, content: Content, chance: Chance) -> User:
    """Someone with an invented name; their region's names are likely, others occur."""
    home = plan.nation or plan.slug
    cultures = content.people["names"]
    dice = chance.at("name", plan.slug, role)
    usual = chance.at("culture", home).randrange(len(cultures))
    culture = cultures[usual] if dice.random() < 0.7 else dice.choice(cultures)
    return User(
        public_id=chance.id("person", plan.slug, role), email=f"{role}@{plan.slug}.{DOMAIN}",
        full_name=f"{dice.choice(culture['given'])} {dice.choice(culture['family'])}",
        time_zone=plan.time_zone, password=NO_PASSWORD,
    )  # fmt: skip


def _join(
    places: list[tuple[User, str, str]], members: dict[str, Member], cast: Cast, chance: Chance
) -> None:
    rows = []
    for user, slug, role in places:
        member = members[slug]
        cast.of[slug].setdefault(role, []).append(user)
        rows.append(
            Membership(
                public_id=chance.id("membership", slug, user.email), member=member, user=user, role=role,
                joined_at=member.joined_at,
            )
        )  # fmt: skip
    Membership.objects.bulk_create(rows)
