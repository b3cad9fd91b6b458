"""Releases of the peer benchmark: who may count, who agrees to, the release itself, and its clearing for the public."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.benchmark import rules
from apps.benchmark.releases import Contributor, Release, Shown, area_document, next_release
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.core.seals import content_hash, sign
from apps.frameworks.models import FrameworkVersion
from apps.insights.models import BenchmarkClearing, BenchmarkConsent, BenchmarkPlace, BenchmarkRelease
from apps.insights.policies import may_keep_benchmark
from apps.insights.selectors.contributors import contributors, earlier_releases
from apps.members.choices import MemberKind, Tlp
from apps.members.models import Member
from apps.members.policies import may_lead, site_day

FORMAT = {"name": "belay-benchmark", "version": 1}


@transaction.atomic
def approve_organisation(*, actor: User, member: Member, region: str, income: str, sector: str) -> None:
    """Let an organisation contribute, and say where it stands; a second call changes where."""
    require(may_keep_benchmark(actor))
    if member.kind != MemberKind.ORGANISATION:
        raise Refused(_("The benchmark compares organisations; nations do not count in it."))
    place, _new = BenchmarkPlace.objects.update_or_create(
        member=member, defaults={"region": region, "income": income, "sector": sector, "approved_by": actor}
    )
    audit.record(actor=actor, action="benchmark.approved", on=place, chain=member.public_id)


@transaction.atomic
def end_approval(*, actor: User, member: Member) -> None:
    """An organisation no longer contributes from the next release on."""
    require(may_keep_benchmark(actor))
    if BenchmarkPlace.objects.filter(member=member).delete()[0]:
        audit.record(actor=actor, action="benchmark.refused", on=member, chain=member.public_id)


@transaction.atomic
def set_benchmark_consent(*, actor: User, member: Member, counts: bool) -> None:
    """Let the member's result count in the coming release, or take that back; both until its cut-off."""
    require(may_lead(actor, member))
    if member.kind != MemberKind.ORGANISATION:
        raise Refused(_("The benchmark compares organisations; nations do not count in it."))
    Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    cut_off = rules.next_cut_off(site_day())
    held = BenchmarkConsent.objects.filter(member=member, cut_off=cut_off).first()
    if (held is not None and held.withdrawn_at is None) == counts:
        return
    row, _new = BenchmarkConsent.objects.update_or_create(
        member=member,
        cut_off=cut_off,
        defaults={"given_by": actor, "given_at": now()} if counts else {},
    )
    BenchmarkConsent.objects.filter(pk=row.pk).update(withdrawn_at=None if counts else now())
    action = "benchmark.joined" if counts else "benchmark.left"
    audit.record(actor=actor, action=action, on=row, chain=member.public_id, cut_off=cut_off.isoformat())


@transaction.atomic
def make_release(*, actor: None = None, today: date | None = None) -> BenchmarkRelease | None:
    """Make the release whose cut-off is over, once; None when it is made or nobody ever agreed.

    Nobody decides when: the date does. So no actor asks for it.
    """
    cut_off = rules.last_cut_off(today or site_day())
    made = BenchmarkRelease.objects.filter(is_demo=False)
    if made.filter(cut_off__gte=cut_off).exists():
        return None
    found, earlier = contributors(cut_off), earlier_releases()
    last = made.select_related("version_of__framework").order_by("-number").first()
    version = found.version or (last.version_of if last else None)
    if version is None:
        return None
    release = _numbered(found.people, version, cut_off, earlier)
    return store_release(release, version, results=found.results)


def _numbered(
    people: Iterable[Contributor], version: FrameworkVersion, cut_off: date, earlier: Sequence[Release]
) -> Release:
    """The next release under the next number of the site."""
    number = 1 + (BenchmarkRelease.objects.aggregate(most=Max("number"))["most"] or 0)
    return next_release(people, list(_names(version)), number=number, on=cut_off.isoformat(), earlier=earlier)


@transaction.atomic
def make_demo_release(
    *, people: Iterable[Contributor], version: FrameworkVersion, actor: None = None
) -> BenchmarkRelease:
    """Release what invented contributors brought, through the same rules, marked as a demonstration."""
    cut_off = rules.last_cut_off(site_day())
    return store_release(_numbered(people, version, cut_off, []), version, results={}, is_demo=True)


def store_release(
    release: Release, version: FrameworkVersion, *, results: Mapping[str, str], is_demo: bool = False
) -> BenchmarkRelease:
    """Keep the release with the site's signature."""
    names = _names(version)
    document = {
        "format": FORMAT, "number": release.number, "cut_off": release.on, "demonstration": is_demo,
        "framework": {"id": version.framework.slug, "version": version.version}, "rules": _rules(),
        "areas": [{"code": code, "name": name, "cells": area_document(release.areas[code])} for code, name in names.items()],
    }  # fmt: skip
    digest = content_hash(document)
    statement = _statement(release.number, release.on, digest, Tlp.GREEN)
    row = BenchmarkRelease.objects.create(
        number=release.number, cut_off=date.fromisoformat(release.on), version_of=version, document=document,
        rests_on={} if is_demo else _rests_on(release, results), content_hash=digest, statement=statement,
        proof=sign(statement), is_demo=is_demo,
    )  # fmt: skip
    audit.record(actor=None, action="benchmark.released", on=row, number=row.number, hash=digest)
    return row


def _names(version: FrameworkVersion) -> dict[str, str]:
    return dict(version.areas.order_by("dimension__position", "position").values_list("code", "name"))


def _rules() -> dict[str, int | str]:
    return {
        "fewest": rules.FEWEST, "fewest_changed": rules.FEWEST_CHANGED, "fewest_for_shares": rules.FEWEST_FOR_SHARES,
        "figures": "median and quartiles in half levels, shares in tens of per cent",
        "promise": "Not differentially private. Someone who knows all but one of the answers may narrow the last one down to a band.",
    }  # fmt: skip


def _statement(number: int, cut_off: str, digest: str, tlp: str) -> dict[str, Any]:
    return {"kind": "belay-benchmark", "number": number, "cut_off": cut_off, "release": digest, "tlp": tlp}


def _rests_on(release: Release, results: Mapping[str, str]) -> dict[str, dict[str, dict[str, str]]]:
    """Whose results are behind the figures that are new in this release."""
    return {
        code: {
            cut.code: {key: results[key] for key in cell.basis}
            for cut, cell in row.items()
            if isinstance(cell, Shown) and cell.number == release.number
        }
        for code, row in release.areas.items()
    }


@transaction.atomic
def clear_release(*, actor: User, release: BenchmarkRelease) -> None:
    """Let the public see a release; it cannot be taken back."""
    require(may_keep_benchmark(actor))
    if BenchmarkClearing.objects.filter(release=release).exists():
        return
    statement = _statement(release.number, release.cut_off.isoformat(), release.content_hash, Tlp.CLEAR)
    BenchmarkClearing.objects.create(
        release=release, statement=statement, proof=sign(statement), cleared_by=actor
    )
    audit.record(actor=actor, action="benchmark.cleared", on=release, number=release.number)
