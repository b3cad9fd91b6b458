"""A certificate is issued once, says the same for ever, and anyone can check it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.http import Http404
from django.test import Client
from django.utils.timezone import localdate

from apps.accounts.models import Notification
from apps.core.models import AuditEntry, OutboxMessage
from apps.courses import selectors, services
from apps.courses.models import Certificate
from apps.courses.selectors.codes import new_code, show_code
from apps.courses.services.dates import months_later
from tests.courses.small import finish_course, finish_lesson, small_course, take_test
from tests.courses.test_player import signed_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
COURSE = "c9-doors"


@pytest.fixture(autouse=True)
def nobody_has_guessed_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def certificate() -> Certificate:
    return finish_course(UserFactory(full_name="Salote Vea"), small_course())


def test_certificate_needs_every_lesson_and_every_test() -> None:
    small_course(modules=2)
    user = UserFactory()
    services.enrol(actor=user, course=COURSE)
    finish_lesson(user, COURSE, "l11")
    take_test(user, COURSE, "m1")
    take_test(user, COURSE, "m2")
    assert not Certificate.objects.exists()
    finish_lesson(user, COURSE, "l21")
    assert Certificate.objects.count() == 1


def test_certificate_is_issued_once_and_told_once(certificate: Certificate) -> None:
    user = certificate.enrolment.user
    finish_lesson(user, COURSE, "l11")
    assert Certificate.objects.count() == 1
    assert (
        Notification.objects.get(user=user, kind="certificate").url
        == f"/me/certificates/{certificate.public_id}/"
    )
    assert AuditEntry.objects.filter(action="certificate.issued").count() == 1
    assert OutboxMessage.objects.filter(topic="core.send_mail").count() <= 1


def test_statement_is_frozen_and_holds_no_score(certificate: Certificate) -> None:
    said = certificate.statement
    assert said["course"]["title"] == "Doors C9"
    items = said["assessed"][0].pop("items")
    assert said["assessed"] == [{"title": "Module 1", "questions": 4, "pass_mark": 75}]
    assert len(items) == 4
    assert not re.search(r"percent|answers|score", str(said))
    user = certificate.enrolment.user
    user.full_name = "Another Name"
    user.save()
    assert selectors.certificate_for_print(user, certificate.public_id).holder == "Salote Vea"
    assert certificate.valid_until == months_later(certificate.issued_on, 12)


def test_months_later_ends_with_the_month() -> None:
    assert months_later(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_later(date(2025, 8, 31), 6) == date(2026, 2, 28)
    assert months_later(date(2025, 12, 1), 1) == date(2026, 1, 1)


def test_holder_without_a_name_is_never_shown_by_address(client: Client) -> None:
    held = finish_course(UserFactory(full_name="", email="secret@example.org"), small_course())
    page = client.get(f"/verify/{held.code}/").content.decode()
    assert "Name not given" in page
    assert "secret@example.org" not in page


def test_anyone_can_check_and_learns_nothing_else(certificate: Certificate, client: Client) -> None:
    response = client.get(f"/verify/{show_code(certificate.code)}/")
    page = response.content.decode()
    assert response.status_code == 200
    assert "This certificate is genuine and valid" in page
    assert "Salote Vea" in page
    assert certificate.enrolment.user.email not in page
    assert certificate.public_id not in page
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert 'name="robots" content="noindex' in page


def test_code_is_read_as_people_type_it(certificate: Certificate, client: Client) -> None:
    typed = show_code(certificate.code).lower().replace("-", " ").replace("0", "o").replace("1", "i")
    assert "Salote Vea" in client.get("/verify/", {"code": typed}).content.decode()


def test_expired_withdrawn_and_replaced_are_said(certificate: Certificate, client: Client) -> None:
    url = f"/verify/{certificate.code}/"
    Certificate.objects.update(valid_until=localdate() - timedelta(days=1))
    assert "genuine but has expired" in client.get(url).content.decode()
    newer = finish_course(certificate.enrolment.user, _second_version(certificate))
    assert "a newer one has replaced it" in client.get(url).content.decode()
    assert "genuine and valid" in client.get(f"/verify/{newer.code}/").content.decode()
    services.revoke_certificate(actor=None, code=show_code(certificate.code), reason="Issued in error.")
    page = client.get(url).content.decode()
    assert "This certificate was withdrawn" in page
    assert "<bdi>Issued in error</bdi>. Do not" in page


def _second_version(certificate: Certificate):  # type: ignore[no-untyped-def]
    from apps.courses.models import Enrolment

    version = small_course(version="2.0")
    Enrolment.objects.create(user=certificate.enrolment.user, version_of=version)
    return version


def test_unknown_code_is_404_in_words(client: Client) -> None:
    response = client.get(f"/verify/{new_code()}/")
    assert response.status_code == 404
    assert "No certificate has this code" in response.content.decode()


@pytest.mark.parametrize(
    "typed", ["ABC", "x" * 500, "7K3M-92QD-XV4T-CCCC", "<script>alert(1)</script>", "ﷺ", "a/b", "\x00"]
)
def test_malformed_code_is_explained(client: Client, typed: str) -> None:
    response = client.get("/verify/", {"code": typed})
    assert response.status_code == 400
    assert "This cannot be a certificate code" in response.content.decode()
    assert "<script>alert" not in response.content.decode()


def test_guessing_is_slowed_and_real_codes_are_not(certificate: Certificate, client: Client) -> None:
    for _ in range(30):
        assert client.get(f"/verify/{certificate.code}/").status_code == 200
    for _ in range(20):
        assert client.get(f"/verify/{new_code()}/").status_code == 404
    response = client.get(f"/verify/{new_code()}/")
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "60"


def test_certificate_page_is_the_holders_own(certificate: Certificate) -> None:
    url = f"/me/certificates/{certificate.public_id}/"
    page = signed_in(certificate.enrolment.user).get(url).content.decode()
    assert "Your certificate is valid" in page
    assert show_code(certificate.code) in page
    assert signed_in(UserFactory()).get(url).status_code == 404
    with pytest.raises(Http404):
        selectors.certificate_for_print(UserFactory(), certificate.public_id)


def test_qr_is_shapes_only_and_square(certificate: Certificate) -> None:
    drawing = selectors.certificate_qr_svg(selectors.verify_url(certificate.code), title='Scan "me"')
    root = ElementTree.fromstring(drawing)
    assert [child.tag.rpartition("}")[2] for child in root] == ["rect", "path"]
    assert root.get("aria-label") == 'Scan "me"'
    _x, _y, width, height = root.get("viewBox").split()
    assert width == height
    assert re.fullmatch(r"[Mhvz0-9 \-]+", root[1].get("d"))


def test_withdrawing_needs_a_reason_and_the_right_person(certificate: Certificate) -> None:
    from django.core.exceptions import PermissionDenied

    with pytest.raises(PermissionDenied):
        services.revoke_certificate(actor=certificate.enrolment.user, code=certificate.code, reason="x")
    with pytest.raises(CommandError, match="reason"):
        call_command("revoke_certificate", certificate.code, reason=" ")
    with pytest.raises(CommandError, match="No certificate has this code"):
        call_command("revoke_certificate", "ABC", reason="x")
    call_command("revoke_certificate", certificate.code, reason="Fraud")
    call_command("revoke_certificate", certificate.code, reason="Another")
    certificate.refresh_from_db()
    assert certificate.revoked_reason == "Fraud"
    assert AuditEntry.objects.filter(action="certificate.revoked").count() == 1
