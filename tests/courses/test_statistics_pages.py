"""Statistics of questions as people meet them: first tries, hidden under ten, grey under thirty, alpha only where it means something."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.http import Http404
from django.test import Client
from django.utils.timezone import now

from apps.courses.models import Attempt, CourseVersion, Enrolment, ItemReport
from apps.courses.selectors.statistics import _item_row, pool_page, statistics_list
from apps.courses.services.statistics import Row, make_statistics, report, steady
from apps.marking.statistics import test_statistics as exact_statistics
from tests.courses.groups import bring, make_cohort
from tests.courses.small import RIGHT, WRONG, small_course, take_test
from tests.factories import UserFactory
from tests.people import Cast

CODES = [f"q{n}" for n in range(1, 6)]


def rows(count: int, language: str = "en", chance: float = 0.6, seed: int = 7) -> list[Row]:
    dice = random.Random(seed)  # noqa: S311 - a seed, not a secret
    marks = [{code: float(dice.random() < chance) for code in CODES} for _n in range(count)]
    return [Row(language, one, {}) for one in marks]


def test_figures_are_those_of_the_formulas() -> None:
    found = rows(40)
    made = report(found, {})
    exact = exact_statistics([row.marks for row in found])
    assert made["alpha"] == exact.alpha
    assert [one["facility"] for one in made["items"]] == [exact.items[code].facility for code in CODES]
    assert [one["discrimination"] for one in made["items"]] == [
        exact.items[code].discrimination for code in CODES
    ]


@pytest.mark.parametrize(("count", "shown"), [(29, False), (30, True)])
def test_alpha_needs_thirty_learners(count: int, shown: bool) -> None:
    assert (report(rows(count), {})["alpha"] is not None) is shown


def test_alpha_needs_five_questions_and_one_form_for_all() -> None:
    four = [Row("en", {code: row.marks[code] for code in CODES[:4]}, {}) for row in rows(40)]
    drawn = [
        Row("en", {code: m for code, m in row.marks.items() if code != CODES[n % 5]}, {})
        for n, row in enumerate(rows(40))
    ]
    assert report(four, {})["alpha"] is None
    assert (report(drawn, {})["fixed"], report(drawn, {})["alpha"]) == (False, None)


def test_translation_is_suspected_from_fifty_learners_in_each_language() -> None:
    for count, said in ((49, False), (50, True)):
        made = report(rows(count, "en", 0.9) + rows(count, "fr", 0.3), {})
        assert any("translation" in one["flags"] for one in made["items"]) is said


@pytest.fixture
def version(cast: Cast) -> CourseVersion:
    return small_course()


def tried(version: CourseVersion, count: int, number: int = 1, right: bool = True) -> None:
    codes = [f"C9.m1.test.q{n}" for n in range(1, 5)]
    for n in range(count):
        enrolment = Enrolment.objects.create(user=UserFactory(), version_of=version)
        Attempt.objects.create(
            enrolment=enrolment, place="m1", number=number, passed=True, percent=50, correct=2, handed_in_at=now(),
            questions=[{"code": code, "options": []} for code in codes],
            answers={code: [RIGHT if right and (n + k) % 2 else WRONG] for k, code in enumerate(codes)},
        )  # fmt: skip


@pytest.mark.django_db
def test_only_first_tries_count(cast: Cast, version: CourseVersion) -> None:
    tried(version, 10)
    tried(version, 5, number=2)
    assert make_statistics() == 1
    assert ItemReport.objects.get().n == 10
    assert make_statistics(course=version.course.slug) == 1
    assert ItemReport.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("count", "hidden", "sure"), [(9, True, False), (10, False, False), (30, False, True)]
)
def test_page_hides_under_ten_and_greys_under_thirty(
    client: Client, cast: Cast, version: CourseVersion, count: int, hidden: bool, sure: bool
) -> None:
    tried(version, count)
    make_statistics()
    page = pool_page(cast.staff, version.course.slug, "m1")
    assert {row.facility is None for row in page.rows} == {hidden}
    assert {row.sure for row in page.rows} == {sure}
    client.force_login(cast.staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    text = client.get(f"/statistics/{version.course.slug}/m1/").content.decode()
    assert ("fewer than ten learners" in text) is hidden
    assert ("too few learners to tell yet" in text) is not sure
    table = client.get(f"/statistics/{version.course.slug}/m1/csv/").content.decode()
    assert ("50.0" in table) is not hidden


def test_language_of_fewer_than_ten_does_not_follow_by_subtraction() -> None:
    for small, shown in ((0, True), (3, False), (10, True)):
        people = rows(12, "en", 0.9) + rows(11, "fr", 0.3) + rows(small, "ar", 0.5)
        (row, *_rest) = report(people, {})["items"]
        assert bool(_item_row(row, None).languages) is shown


def test_one_more_learner_changes_no_figure() -> None:
    people = rows(40)
    shown = report(people[:10], {})
    assert steady(None, shown) == shown
    for count in (9, 11, 14):
        assert steady(shown, report(people[:count], {}))["items"] == shown["items"]
    later = report(people[:15], {})
    assert steady(shown, later) == later
    forty = report(people, {})
    assert steady(forty, report(people[:36], {}))["alpha"] == forty["alpha"]


def test_one_more_learner_of_a_language_changes_no_figure_of_it() -> None:
    english, french = rows(20, "en", 0.9), rows(20, "fr", 0.3)
    shown = report(english[:10] + french[:10], {})
    found = steady(shown, report(english[:15] + french[:11], {}))
    for old, new in zip(shown["items"], found["items"], strict=True):
        assert (new["n"], new["languages"]["fr"]) == (26, old["languages"]["fr"])
        assert new["languages"]["en"]["n"] == 15


@pytest.mark.django_db
def test_asking_again_after_one_more_learner_tells_nothing_about_them(
    cast: Cast, version: CourseVersion
) -> None:
    tried(version, 10)
    make_statistics()
    before = pool_page(cast.staff, version.course.slug, "m1").rows
    tried(version, 1, right=False)
    make_statistics()
    page = pool_page(cast.staff, version.course.slug, "m1")
    assert (page.n, page.rows) == (11, before)
    tried(version, 4, right=False)
    make_statistics()
    assert pool_page(cast.staff, version.course.slug, "m1").rows != before


@pytest.mark.django_db
def test_trainer_sees_figures_and_neither_texts_nor_keys(cast: Cast, version: CourseVersion) -> None:
    tried(version, 12)
    make_statistics()
    with pytest.raises(Http404):
        pool_page(cast.mentor, version.course.slug, "m1")
    group = make_cohort(cast.manager, version.course.slug, programme=cast.programme)
    bring(group, cast.manager, cast.mentor, "trainer")
    page = pool_page(cast.mentor, version.course.slug, "m1")
    assert {(row.text, row.options) for row in page.rows} == {("", ())}
    assert pool_page(cast.staff, version.course.slug, "m1").rows[0].options


@pytest.mark.django_db
def test_whoever_asks_has_them_worked_out_in_the_background(
    client: Client, cast: Cast, version: CourseVersion
) -> None:
    take_test(Enrolment.objects.create(user=cast.viewer, version_of=version).user, version.course.slug, "m1")
    client.force_login(cast.staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(f"/statistics/{version.course.slug}/make/").status_code == 302
    from apps.core.jobs import run_waiting

    assert run_waiting() >= 1
    assert ItemReport.objects.get().n == 1


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_for_one_and_three(cast: Cast, count: int, django_assert_num_queries: Any) -> None:
    for n in range(count):
        course = small_course(f"C{n}").course
        ItemReport.objects.create(course=course, edition="1.0", place="m1", n=10, document={})
    with django_assert_num_queries(5):
        assert len(statistics_list(cast.staff)) == count


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_pool_asks_the_same_for_one_and_three_questions(
    cast: Cast, count: int, django_assert_num_queries: Any
) -> None:
    version = small_course()
    item = {"n": 12, "facility": 0.5, "discrimination": None, "efficiency": None, "flags": [], "languages": {}, "options": []}  # fmt: skip
    document = {
        "fixed": False, "alpha": None, "sem": None, "items": [{"code": f"m1.{n}", **item} for n in range(count)]
    }  # fmt: skip
    ItemReport.objects.create(
        course=version.course, edition=version.version, place="m1", n=12, document=document
    )
    with django_assert_num_queries(6):
        assert len(pool_page(cast.staff, version.course.slug, "m1").rows) == count
