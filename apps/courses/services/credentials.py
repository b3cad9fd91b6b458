"""The signed form of a certificate, made once, and the signed lists of what was withdrawn."""

from __future__ import annotations

import json
import secrets
from datetime import UTC
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps import badges
from apps.accounts.models import User
from apps.badges import Badge, Target
from apps.core.decisions import require
from apps.core.jobs import enqueue
from apps.core.seals import credential_seed
from apps.courses.choices import CertificateKind
from apps.courses.models import Certificate
from apps.courses.policies import may_learn
from apps.courses.selectors.certificates import verify_url
from apps.courses.selectors.issuer import issuer, site_url
from apps.courses.selectors.roles import NICE, NICE_URL, role_name
from apps.frameworks.selectors import published_version

TYPES = {
    CertificateKind.PARTICIPATION: "Course",
    CertificateKind.COMPLETION: "CertificateOfCompletion",
    CertificateKind.ACHIEVEMENT: "Certificate",
    CertificateKind.PRACTICE: "Certificate",
}
LIST_SECONDS = 300


@transaction.atomic
def open_credential(*, actor: User, certificate: str) -> dict[str, Any]:
    """The holder's own credential. Raises Http404 for a certificate of somebody else."""
    require(may_learn(actor))
    rows = Certificate.objects.select_for_update(of=("self",)).filter(enrolment__user=actor)
    row = (
        rows.select_related("enrolment__version_of", "enrolment__user").filter(public_id=certificate).first()
    )
    if row is None:
        raise Http404
    return sign_certificate(row)


def sign_certificate(row: Certificate) -> dict[str, Any]:
    """Sign what the certificate says, once; later calls return the same. `row` is locked, or just made."""
    if row.credential:
        held: dict[str, Any] = row.credential
        return held
    if row.place is None:
        row.place = new_place()
    number, index = divmod(row.place, badges.BITS)
    status = badges.status_entry(list_url(number), index)
    document = badges.document(_badge(row), issuer=issuer(), status=status)
    row.credential = badges.sign(
        document, seed=credential_seed(), controller=issuer().did, at=now().astimezone(UTC)
    )
    row.save(update_fields=["credential", "place"])
    made: dict[str, Any] = row.credential
    return made


def list_url(number: int) -> str:
    """The address of a list of what was withdrawn."""
    return site_url(reverse("courses:status_list", kwargs={"status_number": number}))


def status_list(number: int) -> dict[str, Any]:
    """The signed list, made anew every five minutes and after each withdrawal. Raises Http404 beyond the last one."""
    first = number * badges.BITS
    held = Certificate.objects.filter(place__gte=first, place__lt=first + badges.BITS)
    if number and not held.exists():
        raise Http404
    revoked = list(held.filter(revoked_at__isnull=False).order_by("place").values_list("place", flat=True))
    key = f"status-list:{number}:{len(revoked)}:{issuer().did}"
    made: str | None = cache.get(key)
    if made is None:
        made = json.dumps(_signed_list(number, [place - first for place in revoked if place is not None]))
        cache.set(key, made, LIST_SECONDS)
    found: dict[str, Any] = json.loads(made)
    return found


def _signed_list(number: int, revoked: list[int]) -> dict[str, Any]:
    at = now().astimezone(UTC)
    document = badges.status_list(
        list_url(number), issuer=issuer().did, revoked=revoked, since=at.strftime("%Y-%m-%dT%H:%M:%SZ")
    )
    return badges.sign(document, seed=credential_seed(), controller=issuer().did, at=at)


def _badge(row: Certificate) -> Badge:
    said, version = row.statement, row.enrolment.version_of
    course = said["course"]
    with translation.override(said["language"]):
        title = _("%(kind)s: %(course)s") % {
            "kind": CertificateKind(row.kind).label,
            "course": course["title"],
        }
        criteria = criteria_text(said)
    return Badge(
        url=verify_url(row.code), code=course["code"], title=title, description=version.summary, criteria=criteria,
        achievement_url=site_url(reverse("courses:course", kwargs={"course": course["slug"]})),
        version=said["version"], language=said["language"], achievement_type=TYPES[CertificateKind(row.kind)],
        issued_on=row.issued_on, valid_until=row.valid_until, email=row.enrolment.user.email,
        salt=secrets.token_hex(16), targets=_targets(said),
    )  # fmt: skip


def criteria_text(said: dict[str, Any]) -> str:
    """How the holder earned it, one sentence a line, in the active language."""
    lines = [_("The holder can: %(text)s") % {"text": text} for text in said["objectives"]]
    for test in said["assessed"]:
        text = ngettext(
            "%(title)s: online test of %(number)d question, %(mark)d%% to pass.",
            "%(title)s: online test of %(number)d questions, %(mark)d%% to pass.",
            test["questions"],
        )
        lines.append(text % {"title": test["title"], "number": test["questions"], "mark": test["pass_mark"]})
        if "supervised" in test:
            lines.append(_("%(title)s: taken under supervision.") % {"title": test["title"]})
    if "work" in said:
        lines.append(
            _("A piece of work was reviewed and accepted: %(title)s") % {"title": said["work"]["title"]}
        )
    return "\n".join(lines)


def _targets(said: dict[str, Any]) -> tuple[Target, ...]:
    roles = [Target(code, role_name(code), NICE, NICE_URL) for code in said["nice_roles"]]
    return (*roles, *_indicators(said.get("indicators", [])))


def _indicators(codes: list[str]) -> list[Target]:
    """The indicators of the shared framework that its newest version still has."""
    try:
        version = published_version(AnonymousUser())
    except Http404:
        return []
    framework = f"{version.framework.name} {version.version}"
    found = version.indicators.filter(code__in=codes).order_by("position").values_list("code", "name")
    return [
        Target(code, name, framework, site_url(reverse("frameworks:indicator", kwargs={"indicator": code})))
        for code, name in found
    ]


def new_place() -> int:
    """A free bit of the newest list, by chance, so that neighbours say nothing; a list is filled to half."""
    first = Certificate.objects.exclude(place=None).count() // (badges.BITS // 2) * badges.BITS
    while True:
        place = first + secrets.randbelow(badges.BITS)
        if not Certificate.objects.filter(place=place).exists():
            return place


def sign_later(row: Certificate) -> None:
    """Sign in the background: a learner's test is not held up, and a missing key undoes nothing."""
    enqueue("courses.sign", key=f"sign:{row.public_id}", certificate=row.public_id)


@transaction.atomic
def sign_waiting(*, certificate: str, actor: None = None) -> None:
    """Sign a certificate that waits for it; one that is gone or signed needs nothing."""
    rows = Certificate.objects.select_for_update(of=("self",)).filter(public_id=certificate)
    row = rows.select_related("enrolment__version_of", "enrolment__user").first()
    if row is not None:
        sign_certificate(row)
