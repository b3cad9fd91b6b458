"""Test-out: what was known before the course need not be read; the record says skipped, never seen."""

from __future__ import annotations

import pytest
from django.http import Http404

from apps.accounts.models import User
from apps.core.errors import Refused
from apps.core.models import AuditEntry
from apps.courses import selectors, services
from apps.courses.models import Attempt, CourseVersion, Progress, Question
from apps.courses.selectors.skipping import is_covered
from tests.courses.files import question
from tests.courses.small import RIGHT, WRONG, finish_lesson, small_course, take_test
from tests.courses.test_player import signed_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
COURSE = "c9-doors"


@pytest.fixture
def version() -> CourseVersion:
    """Two modules, each with an objective of its own; forms with four questions on the first, three on the second."""
    made = small_course(modules=2)
    second = made.lessons.get(slug="l21")
    second.content = {**second.content, "objective_id": "C9.O2"}
    second.save(update_fields=["content"])
    made.document["objectives"].append({"id": "C9.O2", "text": "Open a door."})
    made.save(update_fields=["document"])
    for pool in ("forma", "formb"):
        for n in range(1, 8):
            row = question(f"C9.{pool}.q{n}", "C9.O1" if n < 5 else "C9.O2")
            Question.objects.create(
                version=made, code=row["id"], pool=pool, kind="single", objective=row["objective"], text=row["text"],
                options=row["options"], critical=n == 1, position=n,
            )  # fmt: skip
    return made


@pytest.fixture
def learner(version: CourseVersion) -> User:
    user = UserFactory()
    services.enrol(actor=user, course=COURSE)
    return user


def answer_before(user: User, wrong: str = "") -> Attempt:
    """The form before the course, all right but the question with this number."""
    attempt = services.start_attempt(actor=user, course=COURSE, module="before")
    for drawn in attempt.questions:
        services.save_answer(
            actor=user, course=COURSE, module="before", attempt=attempt.public_id, question=drawn["code"],
            given={"chosen": [WRONG if drawn["code"].endswith(f"q{wrong}") else RIGHT]},
        )  # fmt: skip
    return services.hand_in(actor=user, course=COURSE, module="before", attempt=attempt.public_id)


def test_all_right_offers_both_modules_and_skipping_leads_to_the_tests(learner: User) -> None:
    answer_before(learner)
    client = signed_in(learner)
    page = client.get(f"/learn/{COURSE}/test/before/").content.decode()
    assert "You know much of this already." in page
    assert page.count('name="modules"') == 2
    done = client.post(f"/learn/{COURSE}/skip/", {"modules": ["m1", "m2"]}, follow=True).content.decode()
    assert "The lessons of 2 modules are skipped." in done
    assert done.count("Skipped: known before the course") == 2
    assert "0 of 2 lessons finished" in done
    assert not Progress.objects.filter(seen_at__isnull=False).exists()
    assert selectors.course_page(learner, COURSE).step.kind == "test"
    assert selectors.my_learning(learner).courses[0].step.slug == "m1"
    assert AuditEntry.objects.filter(action="module.skipped").count() == 2


def test_a_certificate_says_what_was_skipped(learner: User) -> None:
    answer_before(learner)
    services.skip_modules(actor=learner, course=COURSE, modules=["m2"])
    finish_lesson(learner, COURSE, "l11")
    take_test(learner, COURSE, "m1")
    enrolment = services.enrol(actor=learner, course=COURSE)
    assert not hasattr(enrolment, "certificate")
    take_test(learner, COURSE, "m2")
    enrolment.refresh_from_db()
    assert enrolment.certificates.get().statement["skipped"] == ["Module 2"]


def test_one_miss_in_seven_leaves_the_other_module(learner: User) -> None:
    assert answer_before(learner, wrong="7").percent == 85
    with pytest.raises(Refused, match="do not cover"):
        services.skip_modules(actor=learner, course=COURSE, modules=["m1", "m2"])
    assert services.skip_modules(actor=learner, course=COURSE, modules=["m1"])[0].code == "m1"


def test_a_critical_miss_offers_nothing(learner: User) -> None:
    answer_before(learner, wrong="1")
    page = signed_in(learner).get(f"/learn/{COURSE}/test/before/").content.decode()
    assert "Your answers are kept." in page and 'name="modules"' not in page


def test_nothing_is_skipped_without_the_form(learner: User) -> None:
    with pytest.raises(Refused):
        services.skip_modules(actor=learner, course=COURSE, modules=["m1"])
    with pytest.raises(Http404):
        services.skip_modules(actor=UserFactory(), course=COURSE, modules=["m1"])
    answer = signed_in(learner).post(f"/learn/{COURSE}/skip/", follow=True).content.decode()
    assert "Choose the modules that you want to skip." in answer


@pytest.mark.parametrize(
    ("taught", "asked", "missed", "covers"),
    [
        ({"a", "b", "c"}, {"a", "b"}, set(), True),
        ({"a", "b", "c"}, {"a"}, set(), False),
        ({"a", "b"}, {"a", "b"}, {"b"}, False),
        ({"a"}, set(), set(), False),
        (set(), {"a"}, set(), False),
    ],
)
def test_a_module_is_covered_by_half_of_its_objectives(
    taught: set[str], asked: set[str], missed: set[str], covers: bool
) -> None:
    assert is_covered(taught, asked, missed) is covers
