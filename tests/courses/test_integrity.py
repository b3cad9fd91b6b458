"""Flags about tests: shown with facts to those who run the cohort, decided by a person, never by themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.utils.timezone import now

from apps.accounts.models import Notification, User
from apps.core.errors import Conflict, Refused
from apps.core.models import AuditEntry
from apps.courses import services
from apps.courses.models import AnswerTime, Attempt, Cohort, IntegrityDecision, Question
from apps.courses.selectors.gradebook import gradebook
from apps.courses.selectors.integrity import flags_page
from apps.courses.services.integrity import decide_flag
from apps.courses.services.timing import forget_times, network_mark
from tests.courses.groups import bring, make_cohort
from tests.courses.small import RIGHT, WRONG, small_course
from tests.courses.test_player import signed_in
from tests.factories import UserFactory
from tests.people import Cast

pytestmark = pytest.mark.django_db
START = now() - timedelta(hours=2)
COURSE = "c9-doors"


@pytest.fixture
def group(cast: Cast) -> Cohort:
    """A cohort whose questions are long."""
    version = small_course()
    Question.objects.filter(version=version, pool="exam").update(text="Which door is to be locked? " * 10)
    group = make_cohort(cast.manager, COURSE, programme=cast.programme)
    bring(group, cast.manager, cast.mentor, "trainer")
    return group


def take(user: User, *, seconds: float = 60, choice: str = WRONG, address: str = "192.0.2.7") -> Attempt:
    """A whole try with the same time for every answer."""
    attempt = services.start_attempt(actor=user, course=COURSE, module="m1", at=START)
    for n, drawn in enumerate(attempt.questions, 1):
        services.save_answer(
            actor=user, course=COURSE, module="m1", attempt=attempt.public_id, question=drawn["code"],
            given={"chosen": [choice]}, at=START + timedelta(seconds=seconds * n), address=address,
        )  # fmt: skip
    ended = START + timedelta(seconds=seconds * 5)
    return services.hand_in(actor=user, course=COURSE, module="m1", attempt=attempt.public_id, at=ended)


def learner(cast: Cast, group: Cohort, name: str = "Vera Lind") -> User:
    return bring(group, cast.manager, UserFactory(full_name=name)).user


def test_time_of_each_answer_is_kept_and_no_address(cast: Cast, group: Cohort) -> None:
    attempt = take(learner(cast, group), seconds=7)
    rows = list(attempt.times.order_by("first_at"))
    assert [row.seconds for row in rows] == [7, 7, 7, 7]
    assert {row.network for row in rows} == {network_mark("192.0.2.7", group.course.public_id)}
    assert "192.0.2.7" not in str(list(AnswerTime.objects.values()))


def test_an_answer_changed_later_keeps_how_long_the_first_took(cast: Cast, group: Cohort) -> None:
    user = learner(cast, group)
    attempt = services.start_attempt(actor=user, course=COURSE, module="m1", at=START)
    code = attempt.questions[0]["code"]
    for seconds in (30, 31):
        services.save_answer(
            actor=user, course=COURSE, module="m1", attempt=attempt.public_id, question=code,
            given={"chosen": [RIGHT]}, at=START + timedelta(seconds=seconds), address="",
        )  # fmt: skip
    row = AnswerTime.objects.get()
    assert (row.seconds, (row.last_at - row.first_at).seconds, row.network) == (30, 1, "")


def test_networks_are_marked_with_the_secret_of_the_site_and_by_course(settings: Any) -> None:
    mark = network_mark("192.0.2.7", "a")
    assert mark == network_mark("::ffff:192.0.2.7", "a") == network_mark(" 192.0.2.7", "a")
    assert network_mark("2001:db8:1:2:3::9", "a") == network_mark("2001:db8:1:2::7", "a")
    others = {network_mark("192.0.2.8", "a"), network_mark("192.0.2.7", "b")}
    settings.SECRET_KEY = "another secret of a site"
    assert mark not in others | {network_mark("192.0.2.7", "a")}
    assert network_mark("no address", "a") == network_mark("", "a") == ""


def test_times_are_deleted_after_ninety_days(cast: Cast, group: Cohort) -> None:
    take(learner(cast, group))
    assert forget_times(at=START + timedelta(days=90)) == 0
    assert forget_times(at=START + timedelta(days=91)) == 4
    assert not AnswerTime.objects.exists()


def test_the_browser_keeps_the_network_and_says_so_before(cast: Cast, group: Cohort) -> None:
    user = learner(cast, group)
    client = signed_in(user)
    assert (
        "What is kept: when each answer is saved" in client.get(f"/learn/{COURSE}/test/m1/").content.decode()
    )
    client.post(f"/learn/{COURSE}/test/m1/start/")
    attempt = Attempt.objects.get()
    data = {"attempt": attempt.public_id, "question": attempt.questions[0]["code"], "chosen": RIGHT}
    client.post(f"/learn/{COURSE}/test/m1/answer/", data)
    assert AnswerTime.objects.get().network == network_mark("127.0.0.1", group.course.public_id)


def test_answers_that_were_too_fast_are_shown_in_words_and_change_nothing(cast: Cast, group: Cohort) -> None:
    user = learner(cast, group)
    attempt = take(user, seconds=1.5, choice=RIGHT)
    page = signed_in(cast.mentor).get(f"/cohorts/{group.public_id}/flags/").content.decode()
    assert "1 flag waits for a person to look at it" in page
    assert "4 of 4 long questions were answered in under two seconds each." in page
    attempt.refresh_from_db()
    assert attempt.passed
    assert not Notification.objects.filter(user=user, kind="test_set_aside").exists()


def test_same_wrong_answers_side_by_side_are_one_flag(cast: Cast, group: Cohort) -> None:
    first, second = learner(cast, group), learner(cast, group, "Omar Haddad")
    # The forms draw four of five questions: the same three at least.
    take(first), take(second)
    (row,) = flags_page(cast.manager, group).rows
    assert {one.learner for one in row.tries} == {"Vera Lind", "Omar Haddad"}
    assert "same network" in row.facts[1]
    forget_times(at=START + timedelta(days=91))
    assert flags_page(cast.manager, group).rows == ()


def test_other_network_is_no_flag(cast: Cast, group: Cohort) -> None:
    take(learner(cast, group))
    take(learner(cast, group, "Omar Haddad"), address="198.51.100.4")
    assert flags_page(cast.manager, group).rows == ()


@pytest.fixture
def flagged(cast: Cast, group: Cohort) -> Attempt:
    return take(learner(cast, group), seconds=1, choice=RIGHT)


def decide(user: User, group: Cohort, decision: str, **fields: Any) -> IntegrityDecision:
    key = flags_page(user, group).rows[0].key
    return decide_flag(actor=user, cohort=group, flag=key, decision=decision, **fields)


def test_try_set_aside_is_told_with_the_reason_and_may_be_taken_again(
    cast: Cast, group: Cohort, flagged: Attempt
) -> None:
    decide(cast.mentor, group, "set_aside", reason="You said that a colleague sent you the answers.")
    user = flagged.enrolment.user
    flagged.refresh_from_db()
    assert (flagged.passed, flagged.set_aside_at is not None) == (False, True)
    assert Notification.objects.filter(user=user, kind="test_set_aside").count() == 1
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions[-2:] == ["integrity.decided", "test.set_aside"]
    page = signed_in(user).get(f"/learn/{COURSE}/test/m1/").content.decode()
    assert "This try does not count." in page
    assert "You said that a colleague sent you the answers." in page
    assert "You reached the pass mark" not in page
    assert gradebook(cast.manager, group).rows[0].grades[0].attempts == 0
    assert services.start_attempt(actor=user, course=COURSE, module="m1").number == 2


def test_setting_aside_needs_a_reason_and_whose_try(cast: Cast, group: Cohort) -> None:
    attempt = take(learner(cast, group))
    take(learner(cast, group, "Omar Haddad"))
    with pytest.raises(Refused, match="reason"):
        decide(cast.mentor, group, "set_aside", tries=[attempt.public_id])
    with pytest.raises(Refused, match="whose"):
        decide(cast.mentor, group, "set_aside", reason="Copied.", tries=["a" * 20])
    with pytest.raises(Refused):
        decide(cast.mentor, group, "maybe")
    with pytest.raises(Refused):
        decide(cast.mentor, group, "talked", reason="x" * 301)
    assert not IntegrityDecision.objects.exists()
    decide(cast.mentor, group, "set_aside", reason="Copied.", tries=[attempt.public_id])
    assert list(Attempt.objects.exclude(set_aside_at=None)) == [attempt]


def test_two_people_decide_and_the_second_sees_it(cast: Cast, group: Cohort, flagged: Attempt) -> None:
    first = decide(cast.mentor, group, "talked", reason="Knew it by heart.")
    assert decide(cast.manager, group, "talked", reason="Knew it by heart.").version == 1
    with pytest.raises(Conflict):
        decide(cast.manager, group, "nothing")
    assert decide(cast.manager, group, "nothing", version=first.version).version == 2
    decide(cast.manager, group, "set_aside", reason="Sent the questions on.", version=2)
    with pytest.raises(Conflict):
        decide(cast.manager, group, "nothing", version=3)


def test_decision_stays_with_its_figures_when_the_times_are_gone(
    cast: Cast, group: Cohort, flagged: Attempt
) -> None:
    decide(cast.mentor, group, "talked")
    before = flags_page(cast.manager, group).rows
    forget_times(at=START + timedelta(days=91))
    after = flags_page(cast.manager, group).rows
    assert (after, len(after[0].facts), after[0].decided_by) == (before, 2, str(cast.mentor))


def test_nobody_decides_about_their_own_try_and_strangers_see_nothing(cast: Cast, group: Cohort) -> None:
    bring(group, cast.manager, cast.manager)
    take(cast.manager, seconds=1)
    assert not flags_page(cast.manager, group).rows[0].can_decide
    with pytest.raises(PermissionDenied):
        decide(cast.manager, group, "nothing")
    key = flags_page(cast.mentor, group).rows[0].key
    with pytest.raises(PermissionDenied):
        decide_flag(actor=cast.lead, cohort=group, flag=key, decision="nothing")
    other = make_cohort(cast.manager, COURSE, programme=cast.programme, name="Autumn group")
    with pytest.raises(Http404):
        decide_flag(actor=cast.manager, cohort=other, flag=key, decision="nothing")


def test_who_left_the_cohort_is_seen_no_longer(cast: Cast, group: Cohort, flagged: Attempt) -> None:
    decide(cast.mentor, group, "talked")
    group.people.filter(user=flagged.enrolment.user).update(left_at=now())
    assert flags_page(cast.manager, group).rows == ()


def test_decision_with_a_fault_comes_back_with_what_was_typed(
    client: Client, cast: Cast, group: Cohort, flagged: Attempt
) -> None:
    key = flags_page(cast.mentor, group).rows[0].key
    url = f"/cohorts/{group.public_id}/flags/{key}/"
    client = signed_in(cast.mentor)
    answer = client.post(url, {"decision": "set_aside", "reason": " "})
    assert answer.status_code == 422
    assert "Give the reason: the learner reads it." in answer.content.decode()
    assert client.post(url, {"decision": "nothing", "version": "x"}).status_code == 302
    assert client.post(url, {"decision": "talked", "version": "0"}).status_code == 409


@pytest.mark.parametrize("count", [1, 3])
def test_flags_ask_the_same_for_one_and_three(
    cast: Cast, group: Cohort, count: int, django_assert_num_queries: Any
) -> None:
    for n in range(count):
        take(learner(cast, group, f"Vera {n}"), seconds=1, choice=RIGHT)
    with django_assert_num_queries(12):
        assert len(flags_page(cast.manager, group).rows) == count
