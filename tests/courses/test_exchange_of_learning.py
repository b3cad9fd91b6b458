"""What was learned leaves as xAPI statements and as tables; ids stay the same, and nobody sees more than on the pages."""

from __future__ import annotations

import csv
import io
import json
import uuid
import zipfile
from collections import Counter
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from apps.accounts.models import User
from apps.courses.models import Cohort
from apps.courses.selectors.roster import roster
from apps.courses.selectors.xapi import VERBS, cohort_statements, my_statements
from apps.courses.services import cohorts
from tests.courses.groups import bring, make_cohort
from tests.courses.small import WRONG, finish_course, finish_lesson, small_course, take_test
from tests.courses.test_player import signed_in
from tests.factories import UserFactory
from tests.people import Cast

pytestmark = pytest.mark.django_db
COURSE = "c9-doors"


@pytest.fixture
def learner() -> User:
    user: User = UserFactory(full_name="Salote Vea", email="salote@example.org")
    version = small_course()
    from apps.courses import services

    services.enrol(actor=user, course=COURSE)
    take_test(user, COURSE, "m1", WRONG)
    finish_course(user, version)
    return user


def verbs(found: list[dict[str, Any]]) -> Counter[str]:
    names = {uri: name for name, uri in VERBS.items()}
    return Counter(names[one["verb"]["id"]] for one in found)


def test_own_statements_say_all_that_happened_and_name_nobody(learner: User) -> None:
    found = my_statements(learner)
    assert verbs(found) == {
        "initialized": 3, "completed": 2, "progressed": 1, "answered": 3, "failed": 1, "passed": 1, "earned": 1,
    }  # fmt: skip
    text = json.dumps(found)
    assert "salote@example.org" not in text
    assert "Salote" not in text
    assert "mbox" not in text
    assert {one["actor"]["account"]["name"] for one in found} == {learner.public_id}
    assert all(one["timestamp"].endswith("Z") for one in found)
    (passed,) = [one for one in found if one["verb"]["id"].endswith("passed")]
    assert passed["result"]["score"] == {"scaled": 1.0, "raw": 100, "min": 0, "max": 100}
    assert passed["result"]["success"] is True
    assert passed["context"]["contextActivities"]["grouping"][0]["id"].endswith("?version=1.0&language=en")


def test_ids_are_the_same_each_time_and_all_different(learner: User) -> None:
    first = [one["id"] for one in my_statements(learner)]
    assert first == [one["id"] for one in my_statements(learner)]
    assert len(set(first)) == len(first)
    assert {uuid.UUID(one).version for one in first} == {5}
    registration = {one["context"]["registration"] for one in my_statements(learner)}
    assert [uuid.UUID(one).version for one in registration] == [5]


def test_no_answer_of_a_test_is_in_the_file(learner: User) -> None:
    """Whoever could read which answers were right would know the questions for the next try."""
    things = [one["object"]["id"] for one in my_statements(learner) if one["verb"]["id"].endswith("answered")]
    assert len(things) == 3
    assert all("#C9.m1.l1.q" in thing for thing in things)


def test_cohort_file_holds_no_practice(cast: Cast, learner: User) -> None:
    group = make_cohort(cast.manager, COURSE, programme=cast.programme)
    assert cohort_statements(cast.manager, group) == []
    bring(group, cast.manager, learner)
    found = verbs(cohort_statements(cast.manager, group))
    assert found["answered"] == 0
    assert found["passed"] == 1
    with pytest.raises(PermissionDenied):
        cohort_statements(learner, group)
    cohorts.leave_cohort(actor=learner, cohort=group)
    assert cohort_statements(cast.manager, group) == []


def test_queries_do_not_grow_with_learners(cast: Cast, learner: User, django_assert_num_queries: Any) -> None:
    group = make_cohort(cast.manager, COURSE, programme=cast.programme)
    bring(group, cast.manager, learner)
    with django_assert_num_queries(10):
        cohort_statements(cast.manager, group)
    for _n in range(2):
        other = bring(group, cast.manager, UserFactory()).user
        finish_lesson(other, COURSE, "l11")
    with django_assert_num_queries(10):
        cohort_statements(cast.manager, group)


def test_files_are_downloads(cast: Cast, learner: User) -> None:
    group = make_cohort(cast.manager, COURSE, programme=cast.programme)
    bring(group, cast.manager, learner)
    own = signed_in(learner).get("/me/learning/xapi.json")
    assert "attachment" in own["Content-Disposition"]
    assert len(json.loads(own.content)) == 12
    manager = signed_in(cast.manager)
    assert len(json.loads(manager.get(f"/cohorts/{group.public_id}/xapi.json").content)) == 9
    assert "xapi.json" in manager.get(f"/cohorts/{group.public_id}/gradebook/").content.decode()
    assert "xapi.json" in signed_in(learner).get("/me/learning/").content.decode()


def tables_of(cast: Cast, group: Cohort) -> dict[str, list[dict[str, str]]]:
    answer = signed_in(cast.manager).get(f"/cohorts/{group.public_id}/roster.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        return {
            name: list(csv.DictReader(io.StringIO(package.read(name).decode())))
            for name in package.namelist()
        }


def test_tables_of_a_cohort_have_stable_ids(cast: Cast, learner: User) -> None:
    group = make_cohort(cast.manager, COURSE, programme=cast.programme)
    bring(group, cast.manager, cast.mentor, "trainer")
    bring(group, cast.manager, learner)
    found = tables_of(cast, group)
    assert set(found) == {"users.csv", "classes.csv", "enrollments.csv", "results.csv"}
    assert [row["role"] for row in found["users.csv"]] == ["teacher", "student"]
    assert [row["score"] for row in found["results.csv"]] == ["0", "100"]
    assert {row["studentSourcedId"] for row in found["results.csv"]} == {learner.public_id}
    assert found == tables_of(cast, group)


def test_who_left_keeps_an_id_and_nothing_else(cast: Cast, learner: User) -> None:
    group = make_cohort(cast.manager, COURSE, programme=cast.programme)
    bring(group, cast.manager, learner)
    cohorts.leave_cohort(actor=learner, cohort=group)
    held = roster(cast.manager, group)
    assert held.users[1][1] == "tobedeleted"
    assert "salote@example.org" not in str(held)
    assert "Salote" not in str(held)
    assert len(held.results) == 1
