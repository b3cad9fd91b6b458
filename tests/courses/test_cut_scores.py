"""Judges estimate by themselves; the cut is shown from three on, to those who gave theirs, with who and when."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from apps.accounts.models import User
from apps.core.errors import Refused
from apps.courses.models import Course, CourseAuthor, CutEstimate
from apps.courses.selectors.cutting import cut_page
from apps.courses.services.cutting import save_estimates
from tests.courses.small import small_course
from tests.courses.test_player import signed_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
COURSE = "c9-doors"
URL = f"/statistics/{COURSE}/m1/cut/"
CODES = [f"C9.m1.test.q{n}" for n in range(1, 6)]


@pytest.fixture
def course() -> Course:
    return small_course().course


def author(course: Course, name: str) -> User:
    user: User = UserFactory(full_name=name)
    CourseAuthor.objects.create(slug=course.slug, user=user)
    return user


def judge(user: User, course: Course, *values: int) -> CutEstimate:
    given = dict(zip(CODES, map(str, values), strict=True))
    return save_estimates(actor=user, course=course, place="m1", given=given)


def test_cut_is_hidden_until_there_are_three_and_until_one_has_judged(course: Course) -> None:
    people = [author(course, name) for name in ("Ana Reis", "Bo Lund", "Cai Wen", "Dua Ali")]
    judge(people[0], course, 90, 70, 60, 80, 50)
    judge(people[1], course, 80, 60, 50, 70, 40)
    page = cut_page(people[0], course.slug, "m1")
    assert (page.cut, page.judges, page.missing, page.panel) == (None, 2, 1, ())
    assert all(row.mean is None for row in page.questions)
    judge(people[2], course, 95, 65, 20, 80, 40)
    # 70, 60, 60: the mean is 63 1/3, the squares 400/9 + 100/9 + 100/9, halved 100/3.
    page = cut_page(people[0], course.slug, "m1")
    assert page.cut == pytest.approx(190 / 3)
    assert page.spread == pytest.approx((100 / 3) ** 0.5)
    assert page.suggested == 64
    assert [row.name for row in page.panel] == ["Ana Reis", "Bo Lund", "Cai Wen"]
    assert [row.code for row in page.questions if row.far_apart] == ["C9.m1.test.q3"]
    # Who has not judged sees nobody's figures.
    assert cut_page(people[3], course.slug, "m1").cut is None
    shown = signed_in(people[0]).get(URL).content.decode()
    assert "the judges expect 63.3%" in shown
    assert "rounded up: 64%" in shown
    assert "Ana Reis" not in signed_in(people[3]).get(URL).content.decode()


def test_estimating_again_replaces_ones_own(course: Course) -> None:
    user = author(course, "Ana Reis")
    judge(user, course, 1, 2, 3, 4, 5)
    judge(user, course, 50, 50, 50, 50, 50)
    assert CutEstimate.objects.get().values == dict.fromkeys(CODES, 50)


@pytest.mark.parametrize("bad", ["", "101", "-1", "5.5", "ten", "1" * 400, "\x00"])
def test_estimate_out_of_range_is_refused_and_kept_in_the_form(course: Course, bad: str) -> None:
    user = author(course, "Ana Reis")
    given: dict[str, Any] = {f"at.{code}": "60" for code in CODES} | {f"at.{CODES[2]}": bad}
    answer = signed_in(user).post(URL, given)
    assert answer.status_code == 422
    assert answer.content.decode().count('value="60"') == 4
    assert not CutEstimate.objects.exists()


def test_page_keeps_estimates(course: Course) -> None:
    user = author(course, "Ana Reis")
    client = signed_in(user)
    assert client.post(URL, {f"at.{code}": "70" for code in CODES}).status_code == 302
    assert "2 more judges are needed" in client.get(URL).content.decode()
    assert URL in client.get("/statistics/").content.decode()
    assert client.get(f"/statistics/{COURSE}/m9/cut/").status_code == 404


def test_only_authors_judge(course: Course) -> None:
    with pytest.raises(PermissionDenied):
        judge(UserFactory(), course, 1, 2, 3, 4, 5)
    assert signed_in(UserFactory()).get(URL).status_code == 404
    with pytest.raises(Refused):
        save_estimates(actor=author(course, "Ana Reis"), course=course, place="m1", given={})


def test_questions_of_another_set_do_not_count(course: Course) -> None:
    user = author(course, "Ana Reis")
    row = judge(user, course, 1, 2, 3, 4, 5)
    row.values.pop(CODES[0])
    row.save()
    assert cut_page(user, course.slug, "m1").given is False
