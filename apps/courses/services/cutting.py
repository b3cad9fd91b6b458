"""Keep what a judge expects of a person who is just good enough."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.courses.models import Course, CutEstimate
from apps.courses.policies import may_write_course
from apps.courses.selectors.cutting import cut_questions, cut_version


@transaction.atomic
def save_estimates(*, actor: User, course: Course, place: str, given: Mapping[str, str]) -> CutEstimate:
    """Keep one judge's estimates for every question of a test, in per cent; saving again replaces their own.

    Raises Refused with the code of the first question without a whole number between 0 and 100 as field.
    """
    require(may_write_course(actor, course.slug))
    Course.objects.select_for_update().get(pk=course.pk)
    version = cut_version(course)
    values = {row.code: _read(row.code, given.get(row.code, "")) for row in cut_questions(version, place)}
    row, _made = CutEstimate.objects.update_or_create(
        course=course,
        edition=version.version,
        place=place,
        judge=actor,
        defaults={"values": values, "at": now()},
    )
    audit.record(actor=actor, action="cut.estimated", on=row, course=course.code, module=place)
    return row


def _read(code: str, text: str) -> int:
    text = text.strip()
    if not (text.isdecimal() and len(text) <= 3 and int(text) <= 100):
        raise Refused(_("Give a whole number between 0 and 100 for every question."), field=code)
    return int(text)
