"""Where a person goes on after an answer, without laying out the whole assessment."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from apps.accounts.models import User
from apps.assessments.models import Assessment, Assignment, Remark, Response
from apps.assessments.selectors.places import Place
from apps.assessments.selectors.progress import Turn, next_turn
from apps.frameworks.models import Indicator


def next_question(user: User, place: Place) -> tuple[str, str] | None:
    """(area code, indicator code) of the next open question of the person's areas, as `next_open` says it; 3 queries."""
    found = next_turn(_turns(user, place.assessment), after=place.indicator.code)
    return (found.area, found.code) if found else None


def _turns(user: User, row: Assessment) -> list[Turn]:
    questions = (
        Indicator.objects.in_scope(row.scope)
        .filter(version=row.version_of_id)
        .order_by("area__dimension__position", "area__position", "area__pk", "position", "pk")
    )
    given = dict(
        Assignment.objects.filter(assessment=row, respondent__isnull=False).values_list("area", "respondent")
    )
    asked = Remark.objects.filter(response=OuterRef("pk"), resolved_at__isnull=True)
    answers = Response.objects.filter(assessment=row).annotate(asked=Exists(asked))
    state = {pk: (by, again) for pk, by, again in answers.values_list("indicator", "answered_by", "asked")}
    turns = []
    for pk, code, area, area_code in questions.values_list("pk", "code", "area", "area__code"):
        respondent = given.get(area)
        by, again = state.get(pk, (None, False))
        waits = by is None or (again and (respondent or by) == user.pk)
        turns.append(Turn(area_code, code, respondent in (None, user.pk), respondent == user.pk, waits))
    return turns
