"""What a certificate says and by which rules, frozen when it is issued."""

from __future__ import annotations

import hashlib
from typing import Any

import rfc8785
from django.utils import translation
from django.utils.translation import gettext as _

from apps.courses.choices import OralResult
from apps.courses.models import AcceptedWork, Attempt, Certificate, Enrolment, OralCheck
from apps.courses.selectors.renewal import RECHECK
from apps.members.policies import site_day

RULES = "belay-certificate 2"


def statement(
    enrolment: Enrolment,
    attempts: list[Attempt],
    *,
    kind: str = "",
    renews: Certificate | None = None,
    corrects: Certificate | None = None,
) -> dict[str, Any]:
    """The frozen words. Holds no score; the results are named by their hash, the questions by their codes.

    Without a `kind` it is the one that the course is for. `renews` is the certificate that this one continues,
    `corrects` the one that was withdrawn by our mistake and that this one stands for.
    """
    version = enrolment.version_of
    document = version.document
    work = (renews.statement.get("work") if renews else _work(enrolment)) if kind == "practice" else None
    skipped = list(enrolment.skips.order_by("module__position").values_list("module__title", flat=True))
    return {
        "rules": RULES,
        "kind": kind or document["certificate"],
        "course": {"code": version.course.code, "slug": version.course.slug, "title": version.title},
        "version": version.version,
        "language": version.language,
        "hours": str(version.hours.normalize()),
        "objectives": [row["text"] for row in document["objectives"]],
        "nice_roles": document["nice_roles"],
        "areas": version.areas,
        "indicators": document.get("indicators", []),
        "assessed": _assessed(enrolment, attempts),
        "pass_mark": document["pass_mark"],
        "validity_months": document["validity_months"],
        "course_hash": version.document_hash,
        "result_hash": _result_hash(attempts),
        **({"skipped": skipped} if skipped else {}),
        **({"work": work} if work else {}),
        **({"corrects": {"code": corrects.code}} if corrects else {}),
        **({"renews": {"code": renews.code, "issued_on": renews.issued_on.isoformat()}} if renews else {}),
    }  # fmt: skip


def _work(enrolment: Enrolment) -> dict[str, str] | None:
    row = AcceptedWork.objects.filter(enrolment=enrolment).first()
    if row is None:
        return None
    talk = OralCheck.objects.filter(enrolment=enrolment, result=OralResult.GOOD).last()
    asked = {"asked_on": talk.at.date().isoformat()} if talk else {}
    return {"title": row.title, "accepted_on": row.accepted_at.date().isoformat(), **asked}


def _assessed(enrolment: Enrolment, attempts: list[Attempt]) -> list[dict[str, Any]]:
    version = enrolment.version_of
    with translation.override(version.language):
        titles = {"final": _("Final test"), **dict(version.modules.values_list("code", "title"))}
        again = _("Re-check")
    return [
        {"title": again if RECHECK.match(row.place) else titles[row.place], "questions": len(row.questions),
         "pass_mark": row.pass_mark, "items": [drawn["code"] for drawn in row.questions], **_watched(row)}
        for row in attempts
    ]  # fmt: skip


def _watched(row: Attempt) -> dict[str, Any]:
    """Who watched the try and when; nothing for one without supervision."""
    if not row.supervised_by:
        return {}
    return {
        "supervised": {
            "by": row.supervised_by,
            "on": site_day(row.started_at).isoformat(),
        }
    }


def _result_hash(attempts: list[Attempt]) -> str:
    results = [
        {"attempt": row.public_id, "module": row.place, "questions": row.questions, "answers": row.answers,
         "percent": row.percent}
        for row in attempts
    ]  # fmt: skip
    return hashlib.sha256(rfc8785.dumps(results)).hexdigest()
