"""What a learner says about a course."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.courses.choices import Verdict
from apps.courses.models import Opinion
from apps.courses.policies import may_learn
from apps.courses.selectors.places import enrolment_of

LONGEST_TEXT = 1000


@transaction.atomic
def save_opinion(*, actor: User, course: str, useful: str, clear: str, text: str = "") -> Opinion:
    """Keep what the learner says; again replaces it. Raises Http404 unless enrolled, Refused naming the field."""
    require(may_learn(actor))
    enrolment = enrolment_of(actor, course)
    if enrolment is None:
        raise Http404
    for field, value in (("useful", useful), ("clear", clear)):
        if value not in Verdict.values:
            raise Refused(_("Choose one of the answers."), field=field)
    if len(text) > LONGEST_TEXT:
        raise Refused(_("Keep your text under 1000 characters."), field="text")
    given = {"useful": useful, "clear": clear, "text": text.replace("\x00", "").strip(), "at": now()}
    row, _made = Opinion.objects.update_or_create(enrolment=enrolment, defaults=given)
    audit.record(actor=actor, action="course.opinion", on=enrolment)
    return row
