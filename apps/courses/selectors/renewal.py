"""When a certificate can be renewed, and what is asked for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from apps.accounts.models import User
from apps.courses.choices import CertificateKind
from apps.courses.models import Certificate, CourseVersion, Enrolment
from apps.members.policies import site_day

RENEW_FROM = timedelta(days=60)
RECHECK_QUESTIONS = 12
RECHECK = re.compile(r"recheck-([1-9][0-9]{0,3})\Z")
TESTED = (CertificateKind.ACHIEVEMENT, CertificateKind.PRACTICE)


@dataclass(frozen=True, slots=True)
class Change:
    """What a newer version of the course changed, in its own words."""

    version: str
    text: str


def renewable(user: User, course: str) -> Certificate | None:
    """The certificate that a short test would renew: one with a test behind it, from 60 days before its end on."""
    rows = Certificate.objects.filter(
        enrolment__user=user, enrolment__version_of__course__slug=course, kind__in=TESTED,
        revoked_at=None, superseded_by=None, valid_until__lte=site_day() + RENEW_FROM,
    )  # fmt: skip
    return rows.select_related("enrolment__version_of__course").order_by("-issued_on", "-pk").first()


def recheck_place(user: User, course: str) -> str:
    """The place of the next re-check: each renewal has one of its own, so that earlier ones stay on record."""
    held = Certificate.objects.filter(enrolment__user=user, enrolment__version_of__course__slug=course)
    return f"recheck-{max(held.count(), 1)}"


def version_to_renew(certificate: Certificate) -> CourseVersion:
    """The newest finished version in the language of the certificate; its own when there is no newer one."""
    own = certificate.enrolment.version_of
    rows = CourseVersion.objects.filter(course=own.course, language=own.language)
    for row in rows.order_by("-published_at", "-pk"):
        if row.document.get("status") != "preparation":
            return row
    return own


def changes_since(certificate: Certificate, version: CourseVersion) -> tuple[Change, ...]:
    """The words of course.yaml about every version after the certificate's."""
    own = _number(str(certificate.statement["version"]))
    listed = [Change(str(row["version"]), str(row["text"])) for row in version.document.get("changes", [])]
    return tuple(row for row in listed if _number(row.version) > own)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def may_recheck(enrolment: Enrolment, place: str) -> bool:
    """Whether this learner may begin, or once began, the re-check at `place`."""
    if enrolment.attempts.filter(place=place).exists():
        return True
    course = enrolment.version_of.course.slug
    return place == recheck_place(enrolment.user, course) and renewable(enrolment.user, course) is not None
