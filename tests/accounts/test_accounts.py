"""Sign-up, verification, second factor, preferences, notifications."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client

from apps.accounts.models import Notification, User
from apps.accounts.selectors import list_notifications, unread_count
from apps.accounts.services import notify
from apps.core import jobs
from apps.core.crypto import Unreadable, seal, unseal
from apps.core.models import AuditEntry, OutboxMessage
from tests.factories import OrganisationFactory, UserFactory, join

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PASSWORD = "hold-the-rope-41"


def enter(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def test_visitor_signs_up_and_verifies_by_code(client: Client) -> None:
    data = {
        "email": "New@Example.org",
        "full_name": "Amara Lindqvist",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    response = client.post("/accounts/signup/", data)
    assert response.status_code == 302
    assert mail.outbox == [] and "code" not in str(OutboxMessage.objects.get().payload)
    jobs.run_waiting()
    code = re.search(r"\b([A-Z0-9]{4}-?[A-Z0-9]{2,4})\b", mail.outbox[0].body)
    assert code
    response = client.post(response["Location"], {"code": code[1]})
    assert response.status_code == 302
    user = User.objects.get(email="new@example.org")
    assert user.full_name == "Amara Lindqvist"
    assert client.get("/me/account/").status_code == 200


def test_known_address_is_not_revealed_at_sign_up(client: Client) -> None:
    known = UserFactory(email="known@example.org")
    data = {"full_name": "X Y", "password1": PASSWORD, "password2": PASSWORD}
    first = client.post("/accounts/signup/", {**data, "email": known.email})
    second = Client().post("/accounts/signup/", {**data, "email": "fresh@example.org"})
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])


@pytest.mark.parametrize(("password", "taken"), [("hold-the-rope", False), ("hold-the-rope-4", True)])
def test_password_has_at_least_fifteen_characters(client: Client, password: str, taken: bool) -> None:
    data = {"email": "x@example.org", "full_name": "X Y", "password1": password, "password2": password}
    assert (client.post("/accounts/signup/", data).status_code == 302) is taken


def test_changed_password_is_told_by_mail() -> None:
    user = UserFactory(email="told@example.org")
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client, new = Client(), "let-go-of-the-rope-42"
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/accounts/password/change/", data).status_code == 302
    jobs.run_waiting()
    assert [m.to for m in mail.outbox] == [["told@example.org"]]
    assert new not in mail.outbox[0].body


def test_address_is_one_whatever_its_case() -> None:
    UserFactory(email="a@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(email="A@example.org")


def test_wrong_passwords_are_limited(client: Client) -> None:
    user = UserFactory(email="limited@example.org")
    user.set_password(PASSWORD)
    user.save()
    pages = [
        client.post("/accounts/login/", {"login": user.email, "password": "wrong"}).content.decode()
        for _ in range(7)
    ]
    assert "Too many" in pages[-1] and "Too many" not in pages[0]


def test_seeds_are_encrypted_and_bound_to_their_purpose() -> None:
    sealed = seal("JBSWY3DPEHPK3PXP", purpose="second factor")
    assert "JBSWY" not in sealed
    assert unseal(sealed, purpose="second factor") == "JBSWY3DPEHPK3PXP"
    with pytest.raises(Unreadable):
        unseal(sealed, purpose="something else")


def test_second_factor_seed_is_not_in_clear_in_the_database() -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP

    user = UserFactory()
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    codes = RecoveryCodes.activate(user).generate_codes()
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert "JBSWY3DPEHPK3PXP" not in stored
    assert all(len(code) == 20 for code in codes), "a recovery code has at least 64 bits"


@pytest.mark.parametrize(("role", "blocked"), [("lead", True), ("mentor", True), ("viewer", False)])
def test_harmful_role_needs_a_second_factor_outside_the_demonstration(
    role: str, blocked: bool, settings: Any
) -> None:
    settings.DEMO = False
    user = UserFactory()
    join(OrganisationFactory(), user, role)
    response = enter(user).get("/me/account/")
    assert (response.status_code == 302 and response["Location"] == "/accounts/2fa/") is blocked


def test_second_factor_opens_the_way(settings: Any) -> None:
    from allauth.mfa.totp.internal.auth import TOTP

    settings.DEMO = False
    user = UserFactory(is_staff=True)
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    assert enter(user).get("/me/account/").status_code == 200


def test_demonstration_person_cannot_be_entered_outside_the_demonstration(
    client: Client, settings: Any
) -> None:
    user = UserFactory(is_demo=True)
    settings.DEMO = False
    assert client.get("/tour/").status_code == 404
    assert client.post(f"/tour/{user.public_id}/").status_code == 404


def test_real_person_cannot_be_entered_through_the_tour(client: Client) -> None:
    assert client.post(f"/tour/{UserFactory().public_id}/").status_code == 404


def test_preferences_are_kept_and_shown() -> None:
    user = UserFactory()
    client = enter(user)
    data = {
        "full_name": "Amara",
        "call_name": "",
        "language": "ar",
        "time_zone": "Asia/Kolkata",
        "theme": "dark",
    }
    assert client.post("/me/account/", data).status_code == 302
    page = client.get("/me/account/").content.decode()
    assert 'dir="rtl"' in page and 'data-theme="dark"' in page
    user.refresh_from_db()
    assert user.time_zone == "Asia/Kolkata"


def test_notification_comes_once_in_app_and_by_mail() -> None:
    user = UserFactory(language="en", full_name="Tomas Ekwe")
    for _ in range(2):
        with transaction.atomic():
            notify(actor=None, user=user, kind="submitted", key="k", url="/x/", member="CERT", title="2026")
    jobs.run_waiting()
    assert [row.text for row in list_notifications(user)] == ["CERT has submitted its assessment 2026."]
    assert len(mail.outbox) == 1
    assert mail.outbox[0].subject == "CERT has submitted its assessment 2026."
    assert mail.outbox[0].extra_headers["Message-ID"]


def test_line_break_in_a_name_cannot_forge_a_mail() -> None:
    user = UserFactory()
    with transaction.atomic():
        notify(
            actor=None,
            user=user,
            kind="submitted",
            key="k",
            url="/x/",
            member="CERT\r\nBcc: x@example.org",
            title="2026",
        )
    assert jobs.run_waiting() == 1
    assert mail.outbox[0].to == [user.email] and "\n" not in mail.outbox[0].subject


def test_reading_all_clears_the_counter() -> None:
    user = UserFactory()
    Notification.objects.create(user=user, key="a", kind="removed", values={"member": "X"}, url="/")
    client = enter(user)
    assert "new" in client.get("/me/notifications/").content.decode()
    client.post("/me/notifications/read/")
    assert unread_count(user) == 0


def recorded(user: User) -> list[str]:
    rows = AuditEntry.objects.filter(object_id=user.public_id, action__startswith="account.")
    return list(rows.order_by("seq").values_list("action", flat=True))


def test_every_step_of_an_account_goes_on_record(client: Client) -> None:
    cache.clear()  # other tests signed up from the same address within the minute
    data = {"email": "new@example.org", "full_name": "A B", "password1": PASSWORD, "password2": PASSWORD}
    page = client.post("/accounts/signup/", data)["Location"]
    jobs.run_waiting()
    code = re.search(r"\b([A-Z0-9]{4}-?[A-Z0-9]{2,4})\b", mail.outbox[0].body)
    assert code
    client.post(page, {"code": code[1]})
    user = User.objects.get(email="new@example.org")
    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": PASSWORD + "x", "password2": PASSWORD + "x"},
    )
    client.post("/accounts/logout/")
    assert recorded(user) == [
        "account.signed_up",
        "account.address_confirmed",
        "account.signed_in",
        "account.password_changed",
        "account.signed_out",
    ]


def test_a_new_second_factor_is_recorded_by_kind_and_not_by_its_seed() -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.signals import authenticator_added

    user = UserFactory()
    factor = Authenticator(user=user, type=Authenticator.Type.TOTP, data={"secret": "sealed"})
    authenticator_added.send(sender=Authenticator, request=None, user=user, authenticator=factor)
    row = AuditEntry.objects.get(action="account.factor_added")
    assert (row.actor, row.object_id, row.detail) == (user.public_id, user.public_id, {"factor": "totp"})
