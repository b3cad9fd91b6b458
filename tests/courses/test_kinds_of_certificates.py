"""Four kinds, each exactly as far as the learner came; nothing is issued twice, and renewals follow one another."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.timezone import localdate

from apps.accounts.models import Notification, User
from apps.core.errors import Refused
from apps.core.models import AuditEntry
from apps.courses import services
from apps.courses.models import Attempt, Certificate, Enrolment
from apps.courses.selectors.codes import show_code
from apps.courses.services.oral import note_oral_check
from tests.courses.small import RIGHT, WRONG, finish_course, finish_lesson, small_course, take_test
from tests.courses.test_player import signed_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
COURSE = "c9-doors"


@pytest.fixture
def learner() -> User:
    small_course(modules=2)
    user: User = UserFactory(full_name="Salote Vea")
    services.enrol(actor=user, course=COURSE)
    return user


def sit_through(user: User) -> None:
    for lesson in ("l11", "l21"):
        for screen in range(1, 6):
            services.open_screen(actor=user, course=COURSE, lesson=lesson, screen=screen)


def take(user: User) -> Certificate:
    return services.take_certificate(actor=user, course=COURSE)


def test_nothing_is_taken_before_every_screen_was_opened(learner: User) -> None:
    finish_lesson(learner, COURSE, "l11")
    with pytest.raises(Refused, match="every screen"):
        take(learner)
    page = signed_in(learner).get(f"/learn/{COURSE}/certificate/").content.decode()
    assert "You have not reached a certificate yet" in page
    assert "Take the certificate" not in page


def test_each_kind_says_how_far_the_learner_came(learner: User) -> None:
    sit_through(learner)
    assert take(learner).kind == "participation"
    for lesson in ("l11", "l21"):
        finish_lesson(learner, COURSE, lesson)
    completed = take(learner)
    assert completed.kind == "completion"
    assert completed.statement["assessed"] == []
    take_test(learner, COURSE, "m1")
    assert take(learner) == completed
    take_test(learner, COURSE, "m2")
    achieved = Certificate.objects.get(kind="achievement")
    assert take(learner) == achieved
    assert Certificate.objects.filter(superseded_by=None).get() == achieved
    assert [len(test["items"]) for test in achieved.statement["assessed"]] == [4, 4]
    assert ">Finished<" in signed_in(learner).get("/me/learning/").content.decode()


def test_participation_does_not_finish_a_course_that_is_for_more(learner: User) -> None:
    sit_through(learner)
    take(learner)
    assert Enrolment.objects.get(user=learner).completed_at is None
    page = signed_in(learner).get("/me/learning/").content.decode()
    assert "0 of 1 course finished" in page
    assert ">Finished<" not in page


def test_course_for_completion_issues_it_without_being_asked() -> None:
    small_course(certificate="completion")
    user = UserFactory()
    services.enrol(actor=user, course=COURSE)
    finish_lesson(user, COURSE, "l11")
    assert Certificate.objects.get().kind == "completion"
    take_test(user, COURSE, "m1")
    assert [row.kind for row in Certificate.objects.order_by("pk")] == ["completion", "achievement"]


def test_course_in_preparation_gives_nothing() -> None:
    small_course(status="preparation")
    user = UserFactory()
    services.enrol(actor=user, course=COURSE)
    finish_lesson(user, COURSE, "l11")
    with pytest.raises(Refused):
        take(user)
    page = signed_in(user).get(f"/learn/{COURSE}/certificate/").content.decode()
    assert "still in preparation" in page


def test_reached_page_shows_the_four_and_takes_the_highest(learner: User) -> None:
    sit_through(learner)
    browser = signed_in(learner)
    page = browser.get(f"/learn/{COURSE}/certificate/").content.decode()
    assert "You have reached: Participation" in page
    assert page.count("Not yet") == 3
    answer = browser.post(f"/learn/{COURSE}/certificate/")
    row = Certificate.objects.get()
    assert answer.headers["Location"] == f"/me/certificates/{row.public_id}/"
    shown = browser.get(answer.headers["Location"]).content.decode()
    assert "Certificate of participation" in shown
    assert "Nothing was tested" in shown


def test_practice_needs_work_that_somebody_else_accepted(learner: User) -> None:
    key = Enrolment.objects.get(user=learner).public_id
    with pytest.raises(PermissionDenied):
        services.accept_artefact(actor=learner, enrolment=key, title="A list of doors")
    with pytest.raises(PermissionDenied):
        services.accept_artefact(actor=UserFactory(), enrolment=key, title="A list of doors")
    staff = UserFactory(is_staff=True)
    with pytest.raises(Refused, match="200 characters"):
        services.accept_artefact(actor=staff, enrolment=key, title=" ")
    with pytest.raises(Refused, match="Ask the learner"):
        services.accept_artefact(actor=staff, enrolment=key, title="A list of doors")
    note_oral_check(actor=staff, enrolment=key, result="good")
    services.accept_artefact(actor=staff, enrolment=key, title="A list of doors")
    assert not Certificate.objects.exists()
    for lesson in ("l11", "l21"):
        finish_lesson(learner, COURSE, lesson)
    take_test(learner, COURSE, "m1")
    take_test(learner, COURSE, "m2")
    row = Certificate.objects.get()
    assert (row.kind, row.statement["work"]["title"]) == ("practice", "A list of doors")
    assert "A list of doors" in Client().get(f"/verify/{row.code}/").content.decode()


def test_nobody_accepts_their_own_work() -> None:
    small_course()
    staff = UserFactory(is_staff=True)
    key = services.enrol(actor=staff, course=COURSE).public_id
    with pytest.raises(PermissionDenied, match="Somebody else"):
        services.accept_artefact(actor=staff, enrolment=key, title="Mine")


def test_work_accepted_after_the_tests_lifts_the_certificate() -> None:
    user = UserFactory()
    achieved = finish_course(user, small_course())
    call_command("accept_artefact", user.email.upper(), COURSE, title="A list of doors")
    call_command("accept_artefact", user.email, COURSE, title="Another")
    lifted = Certificate.objects.get(kind="practice")
    achieved.refresh_from_db()
    assert achieved.superseded_by == lifted
    assert AuditEntry.objects.filter(action="work.accepted").count() == 1
    for address, course, title in (
        ("x@example.org", COURSE, "A"),
        (user.email, "c1", "A"),
        (user.email, COURSE, "x" * 201),
    ):
        if title == "A":
            with pytest.raises(CommandError, match="Nobody"):
                call_command("accept_artefact", address, course, title=title)
        else:
            with pytest.raises(CommandError, match="200"):
                call_command("accept_artefact", address, course, title=title)


@pytest.fixture
def ending() -> Certificate:
    held = finish_course(UserFactory(full_name="Salote Vea"), small_course(modules=3))
    Certificate.objects.update(valid_until=localdate() + timedelta(days=40))
    held.refresh_from_db()
    return held


def begin(row: Certificate) -> tuple[str, str]:
    return services.begin_renewal(actor=row.enrolment.user, certificate=row.public_id)


def test_renewal_waits_for_the_last_sixty_days(ending: Certificate) -> None:
    Certificate.objects.update(valid_until=localdate() + timedelta(days=61))
    with pytest.raises(Refused, match="60 days"):
        begin(ending)
    url = f"/me/certificates/{ending.public_id}/"
    assert "Go to the re-check" not in signed_in(ending.enrolment.user).get(url).content.decode()
    assert signed_in(ending.enrolment.user).get(f"/learn/{COURSE}/test/recheck-1/").status_code == 404


def test_renewal_is_twelve_questions_and_a_new_certificate_that_follows(ending: Certificate) -> None:
    user = ending.enrolment.user
    browser = signed_in(user)
    page = browser.get(f"/me/certificates/{ending.public_id}/").content.decode()
    assert "renew it with twelve questions" in page
    answer = browser.post(f"/me/certificates/{ending.public_id}/renew/")
    assert answer.headers["Location"] == f"/learn/{COURSE}/test/recheck-1/"
    assert browser.get(answer.headers["Location"]).status_code == 200
    take_test(user, COURSE, "recheck-1")
    assert len(Attempt.objects.get(place="recheck-1").questions) == 12
    new = Certificate.objects.latest("pk")
    ending.refresh_from_db()
    assert ending.superseded_by == new
    assert new.statement["renews"]["code"] == ending.code
    assert new.statement["assessed"][0]["title"] == "Re-check"
    assert new.valid_until and new.valid_until > localdate() + timedelta(days=360)
    assert browser.get(f"/learn/{COURSE}/test/recheck-1/").status_code == 200
    assert browser.get(f"/learn/{COURSE}/test/recheck-2/").status_code == 404
    public = Client().get(f"/verify/{ending.code}/").content.decode()
    assert f"/verify/{show_code(new.code)}/" in public
    assert "3 of 3 tests passed" in browser.get("/me/learning/").content.decode()


def test_failed_recheck_issues_nothing(ending: Certificate) -> None:
    take_test(ending.enrolment.user, COURSE, begin(ending)[1], WRONG)
    assert Certificate.objects.count() == 1


def test_second_renewal_has_a_place_of_its_own(ending: Certificate) -> None:
    user = ending.enrolment.user
    take_test(user, COURSE, begin(ending)[1])
    Certificate.objects.update(valid_until=localdate() - timedelta(days=1))
    second = Certificate.objects.latest("pk")
    course, place = begin(second)
    assert place == "recheck-2"
    take_test(user, course, place)
    assert [row.superseded_by_id is None for row in Certificate.objects.order_by("pk")] == [
        False,
        False,
        True,
    ]


def test_renewal_by_a_newer_version_says_what_changed(ending: Certificate) -> None:
    changes = [{"version": "2.0", "text": "Doors now have two bolts."}, {"version": "1.0", "text": "First."}]
    newer = small_course(version="2.0", modules=3, changes=changes)
    user = ending.enrolment.user
    page = signed_in(user).get(f"/me/certificates/{ending.public_id}/").content.decode()
    assert "Doors now have two bolts." in page
    assert "First." not in page
    take_test(user, COURSE, begin(ending)[1], RIGHT)
    new = Certificate.objects.latest("pk")
    assert (new.enrolment.version_of, new.statement["version"]) == (newer, "2.0")


def test_withdrawn_or_replaced_certificates_are_not_renewed(ending: Certificate) -> None:
    services.revoke_certificate(actor=None, code=ending.code, reason="Error")
    with pytest.raises(Refused):
        begin(ending)
    from django.http import Http404

    with pytest.raises(Http404):
        services.begin_renewal(actor=UserFactory(), certificate=ending.public_id)


@pytest.mark.parametrize(("left", "told"), [(61, 0), (60, 1), (30, 1), (7, 1), (0, 1), (-1, 0)])
def test_holder_is_told_before_the_end(ending: Certificate, left: int, told: int) -> None:
    Certificate.objects.update(valid_until=localdate() + timedelta(days=left))
    for _again in range(2):
        services.remind_holders()
    assert Notification.objects.filter(kind="certificate_ends").count() == told


def test_holder_is_told_three_times_as_the_end_comes_near(ending: Certificate) -> None:
    for left in (60, 45, 30, 12, 7, 1):
        Certificate.objects.update(valid_until=localdate() + timedelta(days=left))
        services.remind_holders()
    keys = Notification.objects.filter(kind="certificate_ends").values_list("key", flat=True)
    assert sorted(key.rpartition(":")[2] for key in keys) == ["30", "60", "7"]
