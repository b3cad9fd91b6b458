"""Issue a certificate once, freeze what it says, withdraw it with a reason."""

from __future__ import annotations

import hashlib
from calendar import monthrange
from datetime import date
from typing import Any

import rfc8785
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.courses.models import Attempt, Certificate, Enrolment
from apps.courses.policies import may_keep_courses
from apps.courses.selectors.codes import new_code, read_code
from apps.courses.selectors.skipping import lessons_left

RULES = "belay-certificate 1"


def complete(enrolment: Enrolment) -> Certificate | None:
    """Issue the certificate when every lesson was seen or skipped and every module test passed; None while something is open.

    Must run in the transaction that changed the progress, with the enrolment row locked.
    """
    version = enrolment.version_of
    if version.document.get("status") == "preparation":
        return None
    places = [
        *version.modules.values_list("code", flat=True),
        *(["final"] if "final" in version.document else []),
    ]
    best = {row.place: row for row in enrolment.attempts.filter(passed=True).order_by("-number")}
    if lessons_left(enrolment) or not all(place in best for place in places):
        return None
    held = Certificate.objects.filter(enrolment=enrolment).first()
    return held or _issue(enrolment, [best[place] for place in places])


def _issue(enrolment: Enrolment, attempts: list[Attempt]) -> Certificate:
    user, version, today = enrolment.user, enrolment.version_of, localdate()
    certificate = Certificate.objects.create(
        enrolment=enrolment, code=new_code(), kind=version.document["certificate"], holder=user.full_name.strip() or _("Name not given"),
        statement=statement(enrolment, attempts), issued_on=today,
        valid_until=months_later(today, version.document["validity_months"]),
    )  # fmt: skip
    earlier = Certificate.objects.filter(enrolment__user=user, enrolment__version_of__course=version.course)
    earlier.exclude(pk=certificate.pk).filter(superseded_by=None).update(superseded_by=certificate)
    enrolment.completed_at = now()
    enrolment.save(update_fields=["completed_at"])
    digest = hashlib.sha256(rfc8785.dumps(certificate.statement)).hexdigest()
    audit.record(actor=user, action="certificate.issued", on=certificate, statement=digest)
    notify(
        actor=user, user=user, kind="certificate", key=f"certificate:{certificate.public_id}", course=version.title,
        url=reverse("courses:certificate", kwargs={"certificate": certificate.public_id}),
    )  # fmt: skip
    return certificate


def statement(enrolment: Enrolment, attempts: list[Attempt]) -> dict[str, Any]:
    """What the certificate says and by which rules, frozen. Holds no score; the results are named by their hash."""
    version = enrolment.version_of
    document = version.document
    with translation.override(version.language):
        titles = {"final": _("Final test"), **dict(version.modules.values_list("code", "title"))}
    skipped = list(enrolment.skips.order_by("module__position").values_list("module__title", flat=True))
    results = [
        {"attempt": row.public_id, "module": row.place, "questions": row.questions, "answers": row.answers,
         "percent": row.percent}
        for row in attempts
    ]  # fmt: skip
    return {
        "rules": RULES,
        "course": {"code": version.course.code, "slug": version.course.slug, "title": version.title},
        "version": version.version,
        "language": version.language,
        "hours": str(version.hours.normalize()),
        "objectives": [row["text"] for row in document["objectives"]],
        "nice_roles": document["nice_roles"],
        "areas": version.areas,
        "assessed": [
            {"title": titles[row.place], "questions": len(row.questions), "pass_mark": row.pass_mark}
            for row in attempts
        ],
        "pass_mark": document["pass_mark"],
        **({"skipped": skipped} if skipped else {}),
        "course_hash": version.document_hash,
        "result_hash": hashlib.sha256(rfc8785.dumps(results)).hexdigest(),
    }


def months_later(day: date, months: int) -> date:
    """The same day `months` on, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@transaction.atomic
def revoke_certificate(*, actor: User | None, code: str, reason: str) -> Certificate:
    """Withdraw a certificate for good; the public page then shows the reason. Raises Http404 for an unknown code."""
    require(may_keep_courses(actor))
    row = Certificate.objects.select_for_update().filter(code=read_code(code) or "-").first()
    if row is None:
        raise Http404(_("No certificate has this code."))
    if not reason.strip() or len(reason) > 200:
        raise Refused(_("Give the reason in at most 200 characters."), field="reason")
    if row.revoked_at is None:
        row.revoked_at, row.revoked_reason = now(), reason.strip()
        row.save(update_fields=["revoked_at", "revoked_reason"])
        audit.record(actor=actor, action="certificate.revoked", on=row)
    return row
