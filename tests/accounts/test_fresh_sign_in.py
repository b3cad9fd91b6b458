"""Acts that can harm ask for a factor again when the last proof is old; what was sent is then done."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

from apps.members.models import Membership
from tests.people import Cast

pytestmark = pytest.mark.django_db
SEED = "JBSWY3DPEHPK3PXP"


def code() -> str:
    return str(format_hotp_value(hotp_value(SEED, next(iter(yield_hotp_counters_from_time())))))


@pytest.fixture
def lead(cast: Cast, settings: Any) -> Client:
    """A lead with a second factor, outside the demonstration, whose session proved nothing lately."""
    settings.DEMO = False
    TOTP.activate(cast.lead, SEED)
    client = Client()
    client.force_login(cast.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_changing_a_role_waits_for_a_fresh_proof_and_is_then_done(cast: Cast, lead: Client) -> None:
    row = Membership.objects.get(user=cast.viewer)
    url = reverse("members:role", args=[cast.agency.public_id, row.public_id])
    asked = lead.post(url, {"role": "reviewer", "version": 1})
    assert asked.status_code == 302 and "/accounts/2fa/reauthenticate/" in asked["Location"]
    row.refresh_from_db()
    assert row.role == "viewer"
    done = lead.post(asked["Location"], {"code": code()})
    assert done.status_code == 302 and done["Location"] == reverse(
        "members:team", args=[cast.agency.public_id]
    )
    row.refresh_from_db()
    assert row.role == "reviewer"


def test_sharing_is_read_without_and_given_only_with_a_fresh_proof(cast: Cast, lead: Client) -> None:
    url = reverse("home:sharing", args=[cast.agency.public_id])
    assert lead.get(url).status_code == 200
    assert "reauthenticate" in lead.post(url, {"purpose": "x"})["Location"]


def test_password_does_not_stand_for_the_second_factor(cast: Cast, lead: Client) -> None:
    cast.lead.set_password("the-rope-holds-in-any-weather-7")
    cast.lead.save()
    lead.force_login(cast.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    proved = lead.post(reverse("account_reauthenticate"), {"password": "the-rope-holds-in-any-weather-7"})
    assert proved.status_code == 302
    row = Membership.objects.get(user=cast.viewer)
    url = reverse("members:role", args=[cast.agency.public_id, row.public_id])
    asked = lead.post(url, {"role": "reviewer", "version": 1})
    assert asked.status_code == 302 and "/accounts/2fa/reauthenticate/" in asked["Location"]
    assert "Use your password" not in lead.get(asked["Location"]).content.decode()
    row.refresh_from_db()
    assert row.role == "viewer"
