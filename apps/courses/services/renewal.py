"""Renew a certificate by a short test: a new one follows the old, which stays on record."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.courses.models import Attempt, Certificate, Enrolment
from apps.courses.policies import may_learn
from apps.courses.selectors.renewal import recheck_place, renewable, version_to_renew
from apps.courses.services.issuing import issue


@transaction.atomic
def begin_renewal(*, actor: User, certificate: str) -> tuple[str, str]:
    """Return (course, place) of the re-check; a newer version of the course is started for it.

    Raises Refused while there is nothing to renew, Http404 for a certificate of somebody else.
    """
    require(may_learn(actor))
    rows = Certificate.objects.filter(enrolment__user=actor, public_id=certificate)
    row = rows.select_related("enrolment__version_of__course").first()
    if row is None:
        raise Http404
    course = row.enrolment.version_of.course.slug
    if renewable(actor, course) != row:
        raise Refused(
            _("This certificate can be renewed from 60 days before its end, unless another one follows it.")
        )
    version = version_to_renew(row)
    enrolment, created = Enrolment.objects.get_or_create(user=actor, version_of=version)
    if created:
        code = version.course.code
        audit.record(actor=actor, action="course.started", on=enrolment, course=code, version=version.version)
    return course, recheck_place(actor, course)


def renew(attempt: Attempt) -> Certificate | None:
    """Issue the certificate that follows the old one when its re-check was passed; None otherwise.

    Must run in the transaction that marked the attempt, with the enrolment row locked.
    """
    enrolment = attempt.enrolment
    held = renewable(enrolment.user, enrolment.version_of.course.slug)
    if not attempt.passed or held is None:
        return None
    return issue(enrolment, held.kind, [attempt], renews=held)
