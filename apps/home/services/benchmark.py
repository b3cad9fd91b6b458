"""A release of the peer benchmark for the demonstration: invented contributors, the real rules."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from apps.benchmark.releases import Contributor
from apps.benchmark.rules import INCOMES, REGIONS, SECTORS
from apps.frameworks.models import FrameworkVersion
from apps.home.services.chance import Chance
from apps.home.services.people import Cast
from apps.insights.services import approve_organisation, make_demo_release, set_benchmark_consent
from apps.members.choices import MemberKind, Role
from apps.members.models import Member

CONTRIBUTORS = 420
SECTOR_WEIGHTS = (26, 8, 24, 22, 8, 4, 3, 2, 2, 1)
REGION_WEIGHTS = (34, 8, 32, 22, 4)


def make_benchmark(cast: Cast, version: FrameworkVersion, chance: Chance) -> None:
    """One release, and an organisation that agreed to count in the next."""
    make_demo_release(people=_invented(version, chance), version=version)
    lead = cast.tour["lead"]
    rows = Member.objects.filter(memberships__user=lead, memberships__role=Role.LEAD)
    for member in rows.filter(kind=MemberKind.ORGANISATION).order_by("pk")[:1]:
        approve_organisation(
            actor=cast.tour["administrator"], member=member, region="africa", income="lower-middle", sector=member.sector,
        )  # fmt: skip
        set_benchmark_consent(actor=lead, member=member, counts=True)


def _invented(version: FrameworkVersion, chance: Chance) -> Iterator[Contributor]:
    """Contributors that nobody can look up: a place in each dimension, and points in steps of five."""
    draw = random.Random(chance.digest("benchmark"))  # noqa: S311 - a demonstration that repeats
    codes = list(version.areas.order_by("code").values_list("code", flat=True))
    usual = {code: draw.choice((30, 35, 40, 45, 50, 55)) for code in codes}
    for number in range(CONTRIBUTORS):
        where = {
            "region": draw.choices(REGIONS, REGION_WEIGHTS)[0],
            "income": draw.choice(INCOMES),
            "sector": draw.choices(SECTORS, SECTOR_WEIGHTS)[0],
        }
        lift = draw.gauss(0, 10)
        points = {code: _points(draw.gauss(usual[code] + lift, 14)) for code in codes}
        yield Contributor(f"invented-{number:03}", where, points)


def _points(wanted: float) -> Fraction:
    return Fraction(5 * round(min(100.0, max(0.0, wanted)) / 5))
