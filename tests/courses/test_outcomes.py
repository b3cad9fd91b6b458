"""Gradebook, completion, gain and what learners say: exact where they may be shown, hidden where they tell about one."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from apps.accounts.models import User
from apps.core.errors import Refused
from apps.core.workbooks import read_workbook
from apps.courses import services
from apps.courses.models import Attempt, Cohort, CohortPerson, Enrolment, FollowUp, Question
from apps.courses.selectors.gradebook import gradebook, gradebook_rows
from apps.courses.selectors.outcomes import outcome_rows, outcomes
from apps.courses.services.cohorts import remove_from_cohort
from apps.courses.services.opinions import save_opinion
from apps.marking.statistics import gain
from tests.courses.groups import bring, make_cohort
from tests.courses.small import RIGHT, WRONG, question, small_course, take_test
from tests.factories import UserFactory
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(cast: Cast) -> Cohort:
    """A cohort whose course has forms of two questions, one an objective."""
    version = small_course()
    for pool in ("forma", "formb"):
        for n in (1, 2):
            row = question(f"C9.{pool}.q{n}", f"C9.O{n}" if n == 1 else "C9.O1")
            Question.objects.create(
                version=version, code=row["id"], pool=pool, kind="single", objective=row["objective"], text=row["text"],
                options=row["options"], position=n,
            )  # fmt: skip
    return make_cohort(cast.manager, version.course.slug, programme=cast.programme)


def answered(enrolment: Enrolment, place: str, right: int) -> None:
    """A form handed in with `right` of two questions right."""
    pool = "forma" if place == "before" else "formb"
    codes = [f"C9.{pool}.q1", f"C9.{pool}.q2"]
    Attempt.objects.create(
        enrolment=enrolment, place=place, number=1, questions=[{"code": code, "options": []} for code in codes],
        answers={code: [RIGHT if n < right else WRONG] for n, code in enumerate(codes)}, handed_in_at=now(),
        percent=50 * right, correct=right, passed=True,
    )  # fmt: skip


def learners(cast: Cast, group: Cohort, count: int, rights: Any = lambda n: (0, 2)) -> list[CohortPerson]:
    made = []
    for n in range(count):
        row = bring(group, cast.manager, UserFactory())
        before, after = rights(n)
        enrolment = Enrolment.objects.get(user=row.user)
        answered(enrolment, "before", before)
        answered(enrolment, "after", after)
        made.append(row)
    return made


def test_gain_of_nine_is_a_count_only(cast: Cast, group: Cohort) -> None:
    learners(cast, group, 9)
    page = outcomes(cast.manager, group)
    assert (page.pairs, page.counted) == (9, 0)
    assert all(row.gain is None for row in page.gains)
    assert not any("100" in str(cell) for row in outcome_rows(page) for cell in row)


def test_gain_of_ten_is_the_formula(cast: Cast, group: Cohort) -> None:
    learners(cast, group, 10, lambda n: (n % 2, 1 + n % 2))
    page = outcomes(cast.manager, group)
    pairs = [(50.0 * (n % 2), 50.0 * (1 + n % 2)) for n in range(10)]
    assert page.whole == gain(pairs)
    assert page.whole and (page.whole.before, page.whole.after, page.whole.normalised) == (25, 75, 50 / 75)


def test_one_more_answer_changes_no_figure(cast: Cast, group: Cohort) -> None:
    """Subtracting two reports would tell what one person answered."""
    learners(cast, group, 10)
    before = outcomes(cast.manager, group).gains
    learners(cast, group, 4, lambda n: (2, 0))
    page = outcomes(cast.manager, group)
    assert (page.pairs, page.counted, page.gains) == (14, 10, before)
    learners(cast, group, 1, lambda n: (2, 0))
    assert outcomes(cast.manager, group).counted == 15


def test_taking_somebody_out_tells_nothing_about_them(cast: Cast, group: Cohort) -> None:
    """Who holds a cohort could take people out one by one and look what goes with them."""
    people = learners(cast, group, 20, lambda n: (0, 2) if n < 10 else (1, 1))
    for n, row in enumerate(people):
        save_opinion(actor=row.user, course=group.course.slug, useful="yes", clear="no", text=f"Words {n}")
    assert outcomes(cast.manager, group).counted == 20
    remove_from_cohort(actor=cast.manager, cohort=group, person=people[17].public_id)
    page = outcomes(cast.manager, group)
    assert (page.learners, page.pairs, page.counted, page.opinions) == (19, 19, 15, 19)
    assert page.words == tuple(sorted(f"Words {n}" for n in range(15)))
    remove_from_cohort(actor=cast.manager, cohort=group, person=people[16].public_id)
    again = outcomes(cast.manager, group)
    assert (again.counted, again.gains, again.words) == (15, page.gains, page.words)
    for n in (0, 5):
        remove_from_cohort(actor=cast.manager, cohort=group, person=people[n].public_id)
    page = outcomes(cast.manager, group)
    assert (page.pairs, page.counted, page.words) == (16, 0, ())


def test_opinions_are_shown_from_ten_on_and_without_names(cast: Cast, group: Cohort) -> None:
    people = [bring(group, cast.manager, UserFactory()) for _n in range(10)]
    for row in people[:9]:
        save_opinion(
            actor=row.user, course=group.course.slug, useful="yes", clear="no", text="Shorter, please."
        )
    assert (outcomes(cast.manager, group).said, outcomes(cast.manager, group).words) == ((), ())
    save_opinion(actor=people[9].user, course=group.course.slug, useful="no", clear="no")
    page = outcomes(cast.manager, group)
    assert [(row.yes, row.partly, row.no) for row in page.said] == [(9, 0, 1), (0, 0, 10)]
    assert page.words == ("Shorter, please.",) * 9


@pytest.mark.parametrize("given", [{"useful": "maybe"}, {"clear": ""}, {"text": "x" * 1001}])
def test_opinion_with_a_fault_is_refused(cast: Cast, group: Cohort, given: dict[str, str]) -> None:
    bring(group, cast.manager, cast.viewer)
    with pytest.raises(Refused):
        save_opinion(
            actor=cast.viewer, course=group.course.slug, **{"useful": "yes", "clear": "yes", **given}
        )


def test_opinion_is_given_on_its_page(client: Client, cast: Cast, group: Cohort) -> None:
    bring(group, cast.manager, cast.viewer)
    client.force_login(cast.viewer, backend="allauth.account.auth_backends.AuthenticationBackend")
    url = f"/learn/{group.course.slug}/opinion/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"useful": "yes"}).status_code == 422
    assert client.post(url, {"useful": "yes", "clear": "yes"}).status_code == 302


def test_gradebook_counts_tries_first_and_best_and_never_the_forms(cast: Cast, group: Cohort) -> None:
    place = bring(group, cast.manager, cast.viewer)
    answered(Enrolment.objects.get(user=cast.viewer), "before", 2)
    take_test(cast.viewer, group.course.slug, "m1", WRONG)
    take_test(cast.viewer, group.course.slug, "m1")
    page = gradebook(cast.manager, group)
    (row,) = page.rows
    (grade,) = row.grades
    assert (grade.attempts, grade.first, grade.best, grade.passed) == (2, 0, 100, True)
    assert page.passed_all == 1
    assert place.user.email == row.email


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_gradebook_leaves_as_a_table_in_which_text_stays_text(
    client: Client, cast: Cast, group: Cohort, ending: str
) -> None:
    cast.viewer.full_name = "=1+1"
    cast.viewer.save()
    bring(group, cast.manager, cast.viewer)
    client.force_login(cast.manager, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get(f"/cohorts/{group.public_id}/gradebook/{ending}/")
    assert "attachment" in answer["Content-Disposition"]
    if ending == "csv":
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert rows[1][1] == "'=1+1"
    else:
        (sheet,) = read_workbook(answer.content, name="x").values()
        assert sheet[1][1] == "=1+1"
    assert client.get(f"/cohorts/{group.public_id}/gradebook/exe/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_gradebook_and_report_ask_the_same_for_one_and_three(
    cast: Cast, group: Cohort, count: int, django_assert_num_queries: Any
) -> None:
    for row in learners(cast, group, count):
        take_test(row.user, group.course.slug, "m1")
        save_opinion(actor=row.user, course=group.course.slug, useful="yes", clear="yes")
    with django_assert_num_queries(9):
        assert len(gradebook_rows(gradebook(cast.manager, group))) == count + 1
    with django_assert_num_queries(11):
        assert outcomes(cast.manager, group).pairs == count


def at_work(cohort: Cohort, manager: User, answers: list[str]) -> None:
    for answer in answers:
        user = bring(cohort, manager, UserFactory()).user
        services.save_plan(actor=user, course=cohort.course.slug, lesson="l11", text="Lock it.")
        FollowUp.objects.filter(progress__enrolment__user=user, days=30).update(
            answer=answer, answered_at=now()
        )


def test_plans_at_work_are_counted_from_ten_people_on_and_by_five(cast: Cast, group: Cohort) -> None:
    at_work(group, cast.manager, ["done"] * 6 + ["partly", "no", "blocked"])
    assert [row.people for row in outcomes(cast.manager, group).works] == [None, None]
    at_work(group, cast.manager, ["done"])
    page = outcomes(cast.manager, group)
    first, later = page.works
    assert (first.days, first.people, first.done, first.partly, first.no, first.blocked) == (
        30,
        10,
        7,
        1,
        1,
        1,
    )
    assert (later.days, later.people) == (90, None)
    assert [30, 10, 7, 1, 1, 1] in outcome_rows(page)
    at_work(group, cast.manager, ["no"] * 4)
    assert outcomes(cast.manager, group).works[0] == first


def test_report_page_says_how_many_finished(client: Client, cast: Cast, group: Cohort) -> None:
    learners(cast, group, 10)
    client.force_login(cast.manager, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(f"/cohorts/{group.public_id}/report/").content.decode()
    assert "0 of 10 learners have finished" in page
    assert "From 0% to 100% right" in page
    assert client.get(f"/cohorts/{group.public_id}/report/xlsx/").status_code == 200
