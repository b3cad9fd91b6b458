"""Rows for tests, made the short way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
from django.utils.timezone import localdate

from apps.accounts.models import User
from apps.frameworks.models import Area, Dimension, Framework, FrameworkVersion, Indicator, Level
from apps.members.models import Grant, Manager, Member, Membership, Participation, Programme


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    full_name = factory.Sequence(lambda n: f"Person {n}")
    password = "!"


class NationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Member

    name = factory.Sequence(lambda n: f"Nation {n}")
    kind = "nation"
    languages = ["en"]


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Member

    name = factory.Sequence(lambda n: f"Agency {n}")
    kind = "organisation"
    nation = factory.SubFactory(NationFactory)
    languages = ["en"]


class ProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Programme

    name = factory.Sequence(lambda n: f"Programme {n}")


def join(member: Member, user: User, role: str) -> Membership:
    """Make `user` a `role` of `member`."""
    return Membership.objects.create(member=member, user=user, role=role)


def take_part(programme: Programme, *members: Member) -> None:
    """Bring members into a programme."""
    for member in members:
        Participation.objects.create(programme=programme, member=member)


def manage(programme: Programme, user: User) -> None:
    """Make `user` a manager of the programme."""
    Manager.objects.create(programme=programme, user=user)


def share(owner: Member, giver: User, reader: Member, **fields: Any) -> Grant:
    """A grant in force for a month."""
    defaults = {"purpose": "Mentoring", "ends_on": localdate() + timedelta(days=30)}
    return Grant.objects.create(member=owner, to_member=reader, given_by=giver, **{**defaults, **fields})


SMALL = {
    "id": "small", "version": "1.0", "language": "en", "name": "Small framework",
    "scale": {"levels": [{"level": n, "name": f"L{n}", "meaning": f"Meaning {n}"} for n in range(6)]},
    "method": {"name": "shared-mean", "version": 1},
    "dimensions": [{"id": "GOV", "name": "Governance"}, {"id": "RES", "name": "Response"}],
    "areas": [
        {"id": "GOV.1", "dimension": "GOV", "name": "Direction"},
        {"id": "GOV.2", "dimension": "GOV", "name": "Mandates"},
        {"id": "RES.1", "dimension": "RES", "name": "Threats"},
    ],
    "indicators": [
        {"id": "GOV.1.1", "area": "GOV.1", "scope": "both", "key": True, "effort": 2, "name": "Strategy", "intent": "A strategy exists.", "crosswalk": {"CSF": ["GV.RM-01"]}},
        {"id": "GOV.1.2", "area": "GOV.1", "scope": "both", "key": False, "effort": 1, "name": "Plan", "intent": "A plan exists."},
        {"id": "GOV.2.1", "area": "GOV.2", "scope": "both", "key": True, "effort": 3, "name": "Mandate", "intent": "A body is in charge."},
        {"id": "RES.1.1", "area": "RES.1", "scope": "both", "key": False, "effort": 1, "name": "Threat picture", "intent": "Threats are known."},
        {"id": "RES.1.2", "area": "RES.1", "scope": "both", "key": True, "effort": 2, "name": "Warnings", "intent": "Warnings are sent."},
    ],
    "prerequisites": [{"indicator": "GOV.1.2", "requires": "GOV.1.1", "at_level": 2}],
    "profiles": [{"id": "baseline", "name": "Baseline", "scope": "organisational", "targets": {"default": 3}}],
}  # fmt: skip


STEPS = [
    {"level": n, "title": f"Step {n}", "text": f"Text of level {n}.", "evidence": ["A document."]}
    for n in range(6)
]
for _row in SMALL["indicators"]:
    _row |= {"question": f"{_row['name']}?", "look_for": ["Open the file."]}
    _row["levels"] = {"national": STEPS, "organisational": STEPS}


def small_version(state: str = "published") -> FrameworkVersion:
    """A published framework version with five indicators in three areas, six levels each, both scopes."""
    frame, _ = Framework.objects.get_or_create(slug="small", defaults={"name": "Small framework"})
    version = FrameworkVersion.objects.create(
        framework=frame,
        version=f"1.{frame.versions.count()}",
        state=state,
        document=SMALL,
        document_hash="0" * 64,
    )
    dims = {
        d["id"]: Dimension.objects.create(version=version, code=d["id"], name=d["name"], position=n)
        for n, d in enumerate(SMALL["dimensions"])
    }
    areas = {
        a["id"]: Area.objects.create(
            version=version, dimension=dims[a["dimension"]], code=a["id"], name=a["name"], position=n
        )
        for n, a in enumerate(SMALL["areas"])
    }
    for n, row in enumerate(SMALL["indicators"]):
        indicator = Indicator.objects.create(
            version=version, area=areas[row["area"]], code=row["id"], name=row["name"], intent=row["intent"], scope=row["scope"],
            key=row["key"], effort=row["effort"], position=n,
            help={"question": f"{row['name']}?", "look_for": ["Open the file."], "mistakes": [], "words": [], "crosswalk": {}},
        )  # fmt: skip
        Level.objects.bulk_create(
            Level(indicator=indicator, scope=scope, **step)
            for scope in ("national", "organisational")
            for step in STEPS
        )
    return version
