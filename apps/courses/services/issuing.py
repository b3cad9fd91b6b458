"""Issue certificates: what was reached, taken, accepted or renewed, each frozen as it is made."""

from __future__ import annotations

import hashlib
from typing import Any

import rfc8785
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.courses.choices import OralResult
from apps.courses.models import AcceptedWork, Attempt, Certificate, CourseVersion, Enrolment, OralCheck
from apps.courses.policies import may_accept_work, may_learn
from apps.courses.selectors.codes import new_code
from apps.courses.selectors.places import enrolment_of
from apps.courses.selectors.reaching import (
    can_take,
    held_of,
    rank,
    reached,
    renewal_to_correct,
    to_correct,
)
from apps.courses.services.credentials import new_place, sign_later
from apps.courses.services.dates import months_later
from apps.courses.services.statements import statement
from apps.members.policies import site_day


def complete(enrolment: Enrolment) -> Certificate | None:
    """Issue what was reached once it is what the course is for, or more; None while something is open.

    Must run in the transaction that changed the progress, with the enrolment row locked.
    """
    kind, attempts = reached(enrolment)
    if rank(kind) < max(rank(enrolment.version_of.document["certificate"]), 1):
        return None
    held = held_of(enrolment)
    if held and rank(held.kind) >= rank(kind):
        return held
    return issue(enrolment, kind, attempts)


@transaction.atomic
def take_certificate(*, actor: User, course: str) -> Certificate:
    """Issue the highest kind reached so far, when the learner asks for it. Raises Refused when none is."""
    require(may_learn(actor))
    enrolment = locked(enrolment_of(actor, course))
    kind, attempts = reached(enrolment)
    wrong, held = renewal_to_correct(enrolment, kind), held_of(enrolment)
    if wrong:
        return _renewed_again(enrolment, wrong)
    if can_take(enrolment, kind):
        return issue(enrolment, kind, attempts)
    if held is None:
        raise Refused(_("Open every screen of every lesson first; then there is a certificate to take."))
    return held


def _renewed_again(enrolment: Enrolment, wrong: Certificate) -> Certificate:
    """The renewal once more that was withdrawn by our mistake: the same re-check, the same certificate before it."""
    again = enrolment.attempts.filter(passed=True, place__startswith="recheck-").order_by("pk").last()
    if again is None:
        raise Refused(_("The re-check behind it no longer counts. Take the tests of the course."))
    renews = Certificate.objects.filter(code=wrong.statement["renews"]["code"]).first()
    return issue(enrolment, wrong.kind, [again], renews=renews)


@transaction.atomic
def accept_artefact(*, actor: User | None, enrolment: str, title: str) -> AcceptedWork:
    """Record that the learner's piece of work was looked at and accepted; accepting again changes nothing.

    Issues the certificate of practice where the tests are passed, now or once they are. Nobody accepts their own work.
    Before somebody other than the operator accepts it, the last talk about it has to be a good one.
    """
    row = locked(Enrolment.objects.filter(public_id=enrolment).first())
    require(may_accept_work(actor, row.user, row.version_of.course_id))
    title = title.strip()
    if not title or len(title) > 200:
        raise Refused(_("Name the piece of work in at most 200 characters."), field="title")
    if actor is not None and not AcceptedWork.objects.filter(enrolment=row).exists():
        talk = OralCheck.objects.filter(enrolment=row).last()
        if talk is None or talk.result != OralResult.GOOD:
            raise Refused(_("Ask the learner about the work first, and note what came of it."))
    work, created = AcceptedWork.objects.get_or_create(
        enrolment=row, defaults={"title": title, "reviewer": actor, "accepted_at": now()}
    )
    if created:
        audit.record(actor=actor, action="work.accepted", on=work, enrolment=row.public_id)
        complete(row)
    return work


def locked(enrolment: Enrolment | None) -> Enrolment:
    """The enrolment's row, locked, with its course and learner. Raises Http404 for none."""
    if enrolment is None:
        raise Http404
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("version_of__course", "user")
    return rows.get(pk=enrolment.pk)


def issue(
    enrolment: Enrolment, kind: str, attempts: list[Attempt], renews: Certificate | None = None
) -> Certificate:
    """Make the certificate, let it replace those of the same course that say no more, and tell the learner."""
    user, version, today = enrolment.user, enrolment.version_of, site_day()
    said = statement(enrolment, attempts, kind=kind, renews=renews, corrects=to_correct(enrolment))
    row = Certificate.objects.create(
        enrolment=enrolment, code=new_code(), kind=kind, holder=user.full_name.strip() or _("Name not given"),
        statement=said, issued_on=today, valid_until=months_later(today, version.document["validity_months"]),
        place=new_place(),
    )  # fmt: skip
    _replace_earlier(row, version)
    if rank(kind) >= rank(version.document["certificate"]):
        enrolment.completed_at = enrolment.completed_at or now()
        enrolment.save(update_fields=["completed_at"])
    _record(user, row, said)
    sign_later(row)
    return row


def _replace_earlier(row: Certificate, version: CourseVersion) -> None:
    earlier = Certificate.objects.filter(
        enrolment__user=row.enrolment.user, enrolment__version_of__course=version.course, superseded_by=None
    )
    for held in earlier.exclude(pk=row.pk):
        if rank(held.kind) <= rank(row.kind):
            held.superseded_by = row
            held.save(update_fields=["superseded_by"])


def _record(user: User, row: Certificate, said: dict[str, Any]) -> None:
    digest = hashlib.sha256(rfc8785.dumps(said)).hexdigest()
    audit.record(actor=user, action="certificate.issued", on=row, statement=digest)
    notify(
        actor=user, user=user, kind="certificate", key=f"certificate:{row.public_id}",
        course=said["course"]["title"], url=reverse("courses:certificate", kwargs={"certificate": row.public_id}),
    )  # fmt: skip
