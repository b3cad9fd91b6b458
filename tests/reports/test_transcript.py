"""The transcript: a learner's courses with their days, in three languages, and never a score."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation

from apps.core.errors import Refused
from apps.courses import selectors
from apps.courses import services as learning
from apps.reports import services
from tests.courses.small import WRONG, finish_course, small_course, take_test
from tests.factories import UserFactory
from tests.reports import reading

pytestmark = pytest.mark.django_db
Counter = Callable[[int], Any]


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_transcript_names_courses_tests_and_codes_but_no_score(language: str) -> None:
    user, version = UserFactory(full_name="Zoë Ångström"), small_course()
    learning.enrol(actor=user, course=version.course.slug)
    take_test(user, version.course.slug, "m1", WRONG)
    certificate = finish_course(user, version)
    learning.enrol(actor=user, course=small_course("C8").course.slug)
    with translation.override(language):
        made = services.open_transcript(actor=user)
    text = "\n".join(reading.pages(made.content))
    assert made.content.startswith(b"%PDF-1.7")
    for word in ("Zoë Ångström", "Doors C9", "Doors C8", certificate.code[:4]):
        assert word in text
    assert "100" not in text.replace(certificate.code, "")
    assert reading.fonts_without_file(made.content) == []


def test_transcript_needs_a_course() -> None:
    with pytest.raises(Refused, match="nothing to print yet"):
        services.open_transcript(actor=UserFactory())


@pytest.mark.parametrize("count", [1, 3])
def test_transcript_asks_the_same_for_one_and_three(count: int, django_assert_num_queries: Counter) -> None:
    user = UserFactory()
    for n in range(count):
        finish_course(user, small_course(f"C{n + 1}"))
    with django_assert_num_queries(7):
        text = selectors.transcript(user)
    assert (len(text.rows), text.finished) == (count, count)
    assert [test.title for test in text.rows[0].tests] == ["Module 1"]
