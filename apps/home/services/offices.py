"""What members of the demonstration let the programme's office read: answers of some areas, until a day."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from apps.home.services.chance import Chance
from apps.home.services.people import Cast
from apps.members.choices import Tlp
from apps.members.models import Grant, Member, Programme
from apps.members.policies import site_day

# Slug of the member → the areas; none means all.
SHARED = {
    "kestrin-port": ["PRO.3", "RES.3", "RES.4"],
    "lissane-hospital": ["PRO.2", "PRO.3"],
    "osmere-health": [],
    "veldara-grid": [],
    "ilmara-telecom": [],
}


def share_with_office(cast: Cast, members: dict[str, Member], programme: Programme, chance: Chance) -> None:
    """Some members agree; those that a small region leaves out do not."""
    Grant.objects.bulk_create(
        Grant(
            public_id=chance.id("grant", "office", slug), member=members[slug], to_programme=programme, areas=areas,
            purpose=_("Planning of the help that the programme arranges"), tlp=Tlp.AMBER_STRICT,
            given_by=cast.lead(slug), ends_on=site_day() + timedelta(days=240),
        )
        for slug, areas in SHARED.items()
        if slug in members
    )  # fmt: skip
