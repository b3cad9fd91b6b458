"""Note what came of asking a learner about their piece of work."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.courses.choices import OralResult
from apps.courses.models import AcceptedWork, Enrolment, OralCheck
from apps.courses.policies import may_accept_work
from apps.courses.services.issuing import locked

LONGEST_NOTE = 300


@transaction.atomic
def note_oral_check(*, actor: User, enrolment: str, result: str, note: str = "") -> OralCheck:
    """Keep the result; the learner is told and reads the note. A second talk stands beside the first.

    Raises Refused naming the field, Conflict once the work is accepted, Http404 for no such enrolment.
    """
    row = locked(Enrolment.objects.filter(public_id=enrolment).first())
    require(may_accept_work(actor, row.user, row.version_of.course_id))
    words = " ".join(note.replace("\x00", "").split())
    if result not in OralResult.values:
        raise Refused(_("Choose what came of the talk."), field="result")
    if len(words) > LONGEST_NOTE:
        raise Refused(_("Keep the note under 300 characters."), field="note")
    if result == OralResult.AGAIN and not words:
        raise Refused(_("Say what the learner should look at again: they read it."), field="note")
    if AcceptedWork.objects.filter(enrolment=row).exists():
        raise Conflict(_("This work is accepted already."))
    made = OralCheck.objects.create(enrolment=row, result=result, note=words, by=actor)
    audit.record(actor=actor, action="work.asked", on=made, enrolment=row.public_id, result=result)
    notify(
        actor=actor, user=row.user, kind="work_asked", key=f"asked:{made.public_id}", who=str(actor),
        url=reverse("courses:artefact", kwargs={"course": row.version_of.course.slug}), course=row.version_of.title,
    )  # fmt: skip
    return made
