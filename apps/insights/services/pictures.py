"""Make an edition of a national picture."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.core.seals import content_hash
from apps.frameworks.models import FrameworkVersion
from apps.insights.models import NationalPicture
from apps.insights.selectors.standings import (
    Kept,
    Standing,
    kept_points,
    leading_version,
    own_points,
    standings,
)
from apps.members.models import Member
from apps.members.policies import may_lead, site_day
from apps.scoring.editions import Entries, Entry, area_document, area_of, next_entries
from apps.scoring.rollup import FEWEST_ORGANISATIONS, Organisation, roll_up

FORMAT = {"name": "belay-national-picture", "version": 1}
RestsOn = dict[str, dict[str, Kept]]


@transaction.atomic
def make_picture(*, actor: User, nation: Member) -> NationalPicture:
    """Make the next edition from the results as they stand. Raises `Refused` where it would say nothing new.

    An edition never changes. What is new since the last one comes in by sectors and five organisations at a time.
    """
    require(may_lead(actor, nation))
    Member.objects.select_for_update().get(pk=nation.pk)
    version = leading_version(nation)
    found = standings(nation, version) if version else []
    earlier = list(NationalPicture.objects.filter(nation=nation, version_of=version).order_by("number"))
    counted = sum(bool(row.points) for row in found)
    if version is None or (counted < FEWEST_ORGANISATIONS and not earlier):
        raise Refused(
            _("A picture needs five organisations that take part and have a result on the same edition of the framework; %(n)s have.")
            % {"n": counted}
        )  # fmt: skip
    document, rests_on = _edition(nation, version, found, [row.rests_on for row in earlier])
    if earlier and _same(document, earlier[-1].document):
        raise Refused(_("Nothing can be shown yet that the last edition does not show."))
    number = 1 + (NationalPicture.objects.filter(nation=nation).values_list("number", flat=True).first() or 0)
    document |= {"edition": number}
    made = NationalPicture.objects.create(
        nation=nation, number=number, version_of=version, document=document, rests_on=rests_on,
        content_hash=content_hash(document), made_by=actor,
    )  # fmt: skip
    audit.record(actor=actor, action="picture.made", on=made, chain=nation.public_id, number=number)
    return made


def _same(document: Mapping[str, Any], last: Mapping[str, Any]) -> bool:
    return bool(document["areas"] == last["areas"])


def _edition(
    nation: Member, version: FrameworkVersion, found: list[Standing], earlier: list[RestsOn]
) -> tuple[dict[str, Any], RestsOn]:
    """Return what is shown, and what it rests on."""
    own = own_points(nation, version)
    names = dict(version.areas.order_by("dimension__position", "position").values_list("code", "name"))
    points = kept_points(found, earlier)
    areas, rests_on = [], {}
    for code, name in names.items():
        entries, kept = _area(code, found, earlier, points)
        shown = area_of(code, entries, own=own.get(code))
        areas.append({"name": name, **area_document(shown, own=own.get(code))})
        rests_on[code] = kept
    reach = roll_up(
        [], [Organisation(r.sector, r.criticality, r.designated, r.points) for r in found], nation={}
    )
    return {
        "format": FORMAT,
        "nation": nation.public_id,
        "framework": {"id": version.framework.slug, "version": version.version},
        "on": site_day().isoformat(),
        "areas": areas,
        "sectors": [
            {"code": s.code, "designated": s.designated, "answered": s.answered, "indicative": s.indicative}
            for s in reach.reach
        ],
    }, rests_on


def _area(
    code: str, found: list[Standing], earlier: list[RestsOn], points: Mapping[tuple[str, str], Fraction]
) -> tuple[Entries | None, dict[str, Kept]]:
    """Return the entries of one area, and by whom and by which results to keep them.

    An area that is not shown keeps what it last rested on, so that what comes next is held against that.
    """
    now = {row.member: row for row in found if code in row.points}
    before = [_entries(code, kept.get(code, {}), points) for kept in earlier]
    last = earlier[-1].get(code, {}) if earlier else {}
    entries = next_entries(before, {key: row.entry(code) for key, row in now.items()})
    if entries is None:
        return None, last
    fresh = {key: now[key].kept for key in entries if key in now and now[key].entry(code) == entries[key]}
    return entries, {key: fresh.get(key) or last[key] for key in entries}


def _entries(
    code: str, kept: Mapping[str, Kept], points: Mapping[tuple[str, str], Fraction]
) -> dict[str, Entry]:
    """Return what an earlier edition rested on; a result that is no longer held brings a value that equals no other."""
    return {
        member: Entry(sector, criticality, points.get((result, code), Fraction(-1)))
        for member, (sector, criticality, result) in kept.items()
    }
