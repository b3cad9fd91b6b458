"""A certificate that was withdrawn because of our own mistake can be taken again in the same edition."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.timezone import localdate

from apps.accounts.models import Notification, User
from apps.core.errors import Refused
from apps.courses import services
from apps.courses.models import Certificate
from apps.courses.selectors.codes import show_code
from tests.courses.small import finish_course, small_course, take_test
from tests.courses.test_player import signed_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
COURSE = "c9-doors"


@pytest.fixture
def given() -> Certificate:
    user: User = UserFactory(full_name="Salote Vea")
    certificate: Certificate = finish_course(user, small_course())
    return certificate


def withdraw(row: Certificate, because: str = "error") -> None:
    call_command("revoke_certificate", row.code, reason="Wrong name printed", because=because)


def test_correct_one_follows_and_the_old_one_names_it(given: Certificate) -> None:
    user = given.enrolment.user
    withdraw(given)
    note = Notification.objects.get(kind="certificate_mistaken")
    assert note.url == f"/learn/{COURSE}/certificate/"
    browser = signed_in(user)
    assert "Take it again" in browser.get(f"/me/certificates/{given.public_id}/").content.decode()
    assert "Take the certificate: Achievement" in browser.get(note.url).content.decode()
    browser.post(note.url)
    new = Certificate.objects.latest("pk")
    assert (new.kind, new.statement["corrects"]["code"]) == (given.kind, given.code)
    old = Client().get(f"/verify/{given.code}/").content.decode()
    assert "This certificate was withdrawn" in old
    assert f"/verify/{show_code(new.code)}/" in old
    fresh = Client().get(f"/verify/{new.code}/").content.decode()
    assert "genuine and valid" in fresh
    assert f'in place of the certificate <bdi class="code nowrap">{show_code(given.code)}' in fresh
    # Asking again gives nothing more.
    assert services.take_certificate(actor=user, course=COURSE) == new
    assert Certificate.objects.count() == 2


def test_after_deceit_nothing_can_be_taken(given: Certificate) -> None:
    withdraw(given, "fraud")
    assert Notification.objects.filter(kind="certificate_withdrawn").count() == 1
    user = given.enrolment.user
    page = signed_in(user).get(f"/learn/{COURSE}/certificate/").content.decode()
    assert "Take the certificate" not in page
    assert services.take_certificate(actor=user, course=COURSE) == given


def test_renewal_is_given_again_with_the_same_re_check(given: Certificate) -> None:
    user = given.enrolment.user
    Certificate.objects.update(valid_until=localdate() + timedelta(days=10))
    course, place = services.begin_renewal(actor=user, certificate=given.public_id)
    take_test(user, course, place)
    renewed = Certificate.objects.latest("pk")
    withdraw(renewed)
    new = services.take_certificate(actor=user, course=COURSE)
    assert new.statement["renews"]["code"] == given.code
    assert new.statement["corrects"]["code"] == renewed.code
    assert new.statement["assessed"] == renewed.statement["assessed"]
    renewed.refresh_from_db()
    assert renewed.superseded_by == new


def test_reason_class_is_one_of_three(given: Certificate) -> None:
    with pytest.raises(Refused):
        services.revoke_certificate(actor=None, code=given.code, reason="x", because="mood")
