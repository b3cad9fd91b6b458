"""The same act from many devices at once has one effect. Needs a database that many threads can share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from apps.core.models import AuditEntry
from apps.courses import services
from apps.courses.models import Attempt, Certificate, Enrolment
from tests.courses.small import RIGHT, finish_lesson, small_course
from tests.factories import UserFactory
from tests.together import at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="The test database of SQLite lives in memory and is not shared."
)
def test_start_answer_and_hand_in_from_many_devices() -> None:
    course = small_course().course.slug
    user = UserFactory()
    assert at_once(*[lambda: services.enrol(actor=user, course=course)] * 6) == []
    assert Enrolment.objects.count() == 1
    finish_lesson(user, course, "l11")
    place = {"actor": user, "course": course, "module": "m1"}
    assert at_once(*[lambda: services.start_attempt(**place)] * 6) == []
    attempt = Attempt.objects.get()

    def save(code: str) -> Callable[[], object]:
        return lambda: services.save_answer(
            **place, attempt=attempt.public_id, question=code, given={"chosen": [RIGHT]}
        )

    assert at_once(*[save(drawn["code"]) for drawn in attempt.questions]) == []
    attempt.refresh_from_db()
    assert len(attempt.answers) == 4
    assert at_once(*[lambda: services.hand_in(**place, attempt=attempt.public_id)] * 6) == []
    assert AuditEntry.objects.filter(action="test.handed_in").count() == 1
    assert Certificate.objects.count() == 1
