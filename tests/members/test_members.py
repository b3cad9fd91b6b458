"""Founding, inviting, roles, leaving, sharing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.test import Client
from django.utils.timezone import localdate, now

from apps.accounts.models import Notification, User
from apps.core import jobs
from apps.core.errors import Conflict, Refused
from apps.core.models import AuditEntry
from apps.members import selectors, services
from apps.members.choices import MemberKind, Role
from apps.members.models import Grant, Invitation, Member, Membership, Participation
from tests.factories import OrganisationFactory, UserFactory, join, share
from tests.people import Cast

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def enter(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def invited_token(cast: Cast, email: str = "new@example.org", role: str = "respondent") -> str:
    services.invite_person(actor=cast.lead, member=cast.agency, email=email, role=role)
    jobs.run_waiting()
    found = re.search(r"/invitation/([\w-]+)/", mail.outbox[-1].body)
    assert found
    return found[1]


def test_newcomer_founds_an_organisation_and_leads_it(cast: Cast) -> None:
    client = enter(cast.outsider)
    data = {"name": "Land Registry", "kind": "organisation", "nation": cast.nation.public_id, "sector": "government",
            "criticality": "other", "languages": ["en"], "time_zone": "UTC"}  # fmt: skip
    assert client.post("/o/new/", data).status_code == 302
    member = Member.objects.get(name="Land Registry")
    assert Membership.objects.get(member=member).role == "lead"
    assert AuditEntry.objects.filter(action="member.founded", chain=member.public_id).exists()


def test_organisation_without_a_nation_is_refused_in_words(cast: Cast) -> None:
    data = {
        "name": "X",
        "kind": "organisation",
        "nation": "",
        "sector": "government",
        "criticality": "other",
        "languages": ["en"],
        "time_zone": "UTC",
    }
    response = enter(cast.outsider).post("/o/new/", data)
    assert response.status_code == 422
    assert "Choose the nation" in response.content.decode()


def test_invited_person_joins_once(cast: Cast) -> None:
    token = invited_token(cast)
    newcomer = UserFactory(email="new@example.org")
    assert services.accept_invitation(actor=newcomer, token=token) == cast.agency
    with pytest.raises(Refused):
        services.accept_invitation(actor=newcomer, token=token)
    assert Membership.objects.get(user=newcomer).role == "respondent"


def test_invitation_is_for_its_address_only(cast: Cast) -> None:
    with pytest.raises(Refused, match="another address"):
        services.accept_invitation(actor=cast.outsider, token=invited_token(cast))


def test_ended_and_withdrawn_invitations_do_not_work(cast: Cast) -> None:
    newcomer = UserFactory(email="new@example.org")
    token = invited_token(cast)
    Invitation.objects.update(expires_at=now() - timedelta(seconds=1))
    with pytest.raises(Refused, match="ended"):
        services.accept_invitation(actor=newcomer, token=token)
    assert selectors.invitation_page(newcomer, token).state == "expired"
    token = invited_token(cast)
    services.withdraw_invitation(
        actor=cast.lead, member=cast.agency, public_id=Invitation.objects.latest("pk").public_id
    )
    with pytest.raises(Refused, match="ended"):
        services.accept_invitation(actor=newcomer, token=token)


def test_token_is_not_stored(cast: Cast) -> None:
    token = invited_token(cast)
    assert token not in str(list(Invitation.objects.values()))


def test_only_leads_invite(cast: Cast) -> None:
    with pytest.raises(PermissionDenied, match="Assessment lead"):
        services.invite_person(
            actor=cast.respondent, member=cast.agency, email="x@example.org", role="viewer"
        )


def test_person_in_several_members_switches_between_them(cast: Cast) -> None:
    join(cast.other, cast.viewer, "respondent")
    names = [w.name for w in selectors.workspaces(cast.viewer)]
    assert names == ["National CERT of Veldara", "Port Authority of Kestrin"]
    page = enter(cast.viewer).get(f"/o/{cast.other.public_id}/team/").content.decode()
    assert "National CERT of Veldara" in page and 'aria-current="true"' in page


def test_last_lead_cannot_leave(cast: Cast) -> None:
    row = Membership.objects.get(user=cast.lead)
    with pytest.raises(Refused, match="at least one lead"):
        services.remove_person(actor=cast.lead, member=cast.agency, public_id=row.public_id)


def test_removed_person_loses_access_with_the_next_request(cast: Cast) -> None:
    client = enter(cast.viewer)
    address = f"/o/{cast.agency.public_id}/team/"
    assert client.get(address).status_code == 200
    row = Membership.objects.get(user=cast.viewer)
    services.remove_person(actor=cast.lead, member=cast.agency, public_id=row.public_id)
    assert client.get(address).status_code == 404


def test_two_leads_changing_one_role_get_a_conflict(cast: Cast) -> None:
    row = Membership.objects.get(user=cast.viewer)
    services.change_role(
        actor=cast.lead, member=cast.agency, public_id=row.public_id, role="reviewer", version=1
    )
    with pytest.raises(Conflict):
        services.change_role(
            actor=cast.lead, member=cast.agency, public_id=row.public_id, role="lead", version=1
        )
    row.refresh_from_db()
    assert row.role == "reviewer"


def test_grant_is_readable_until_it_ends_or_is_withdrawn(cast: Cast) -> None:
    grant = share(cast.agency, cast.lead, cast.mentor_partner)
    readable = Grant.objects.readable_by(cast.mentor)
    assert list(readable) == [grant]
    assert not Grant.objects.readable_by(cast.outsider).exists()
    Grant.objects.update(ends_on=localdate() - timedelta(days=1))
    assert not readable.all().exists()
    Grant.objects.update(ends_on=localdate())
    services.withdraw_grant(actor=cast.lead, member=cast.agency, public_id=grant.public_id)
    assert not readable.all().exists()


def test_reading_under_a_grant_is_seen_by_the_owner(cast: Cast) -> None:
    grant = share(cast.agency, cast.lead, cast.mentor_partner)
    services.record_reading(actor=cast.mentor, grant=grant, what="Result 2026")
    page = selectors.sharing_page(cast.lead, cast.agency.public_id)
    assert [(r.who, r.what) for r in page.readings] == [("Sana Aldris", "Result 2026")]
    with pytest.raises(PermissionDenied):
        services.record_reading(actor=cast.outsider, grant=grant, what="x")


@pytest.mark.parametrize("days", [-1, 731])
def test_grant_with_an_impossible_end_is_refused(cast: Cast, days: int) -> None:
    with pytest.raises(Refused), transaction.atomic():
        services.give_grant(
            actor=cast.lead, member=cast.agency, reader=f"programme:{cast.programme.public_id}", purpose="x", areas=[],
            with_evidence=False, tlp="TLP:AMBER", ends_on=localdate() + timedelta(days=days),
        )  # fmt: skip


def test_member_leaves_a_programme_and_disappears_from_its_office(cast: Cast) -> None:
    client = enter(cast.manager)
    address = f"/p/{cast.programme.public_id}/members/"
    assert "National CERT of Veldara" in client.get(address).content.decode()
    services.leave_programme(actor=cast.lead, member=cast.agency, programme=cast.programme.public_id)
    assert "National CERT of Veldara" not in client.get(address).content.decode()
    assert not Participation.objects.filter(member=cast.agency).exists()


@pytest.mark.parametrize("n", [1, 3])
def test_team_page_asks_a_constant_number_of_questions(
    cast: Cast, n: int, django_assert_num_queries: Any
) -> None:
    for _ in range(n):
        join(cast.agency, UserFactory(), "viewer")
    client = enter(cast.lead)
    client.get(f"/o/{cast.agency.public_id}/")  # enters the workspace, which the session remembers
    with django_assert_num_queries(9):
        client.get(f"/o/{cast.agency.public_id}/team/")


@pytest.mark.parametrize("n", [1, 3])
def test_participants_page_asks_a_constant_number_of_questions(
    cast: Cast, n: int, django_assert_num_queries: Any
) -> None:
    from tests.factories import OrganisationFactory, take_part

    for _ in range(n):
        take_part(cast.programme, OrganisationFactory())
    client = enter(cast.manager)
    client.get(f"/p/{cast.programme.public_id}/")  # enters the workspace, which the session remembers
    with django_assert_num_queries(8):
        client.get(f"/p/{cast.programme.public_id}/members/")


def test_foreign_member_is_not_found(cast: Cast) -> None:
    with pytest.raises(Http404):
        selectors.team_page(cast.other_lead, cast.agency.public_id)


def test_readers_learn_that_something_is_shared_with_them(cast: Cast) -> None:
    services.give_grant(
        actor=cast.lead, member=cast.agency, reader=f"programme:{cast.programme.public_id}", purpose="Round 2026",
        areas=["GOV.1"], with_evidence=False, tlp="TLP:AMBER", ends_on=localdate() + timedelta(days=9),
    )  # fmt: skip
    told = Notification.objects.get(user=cast.manager)
    assert told.url == f"/shared/{cast.agency.public_id}/result/"
    assert [row.name for row in selectors.shared_with(cast.manager)] == [cast.agency.name]
    assert "Shared with you" in enter(cast.manager).get(f"/p/{cast.programme.public_id}/").content.decode()
    assert selectors.shared_with(cast.outsider) == []


def test_sharing_asks_who_and_what_before_it_shares(cast: Cast) -> None:
    data = {"purpose": "x", "tlp": "TLP:AMBER", "ends_on": (localdate() + timedelta(days=9)).isoformat()}
    address = f"/o/{cast.agency.public_id}/sharing/"
    assert enter(cast.lead).post(address, data).status_code == 422
    assert not Grant.objects.exists()
    data |= {"reader": f"programme:{cast.programme.public_id}", "areas": "*"}
    assert enter(cast.lead).post(address, data).status_code == 302
    assert Grant.objects.get().areas == []


def test_administrator_sees_no_levels_of_members(cast: Cast) -> None:
    assert enter(cast.staff).get(f"/p/{cast.programme.public_id}/").status_code == 404


def test_nobody_founds_dozens_of_members_a_day() -> None:
    founder = UserFactory()
    for number in range(5):
        services.found_member(actor=founder, name=f"Nation {number}", kind=MemberKind.NATION)
    with pytest.raises(Refused, match="tomorrow"):
        services.found_member(actor=founder, name="One more", kind=MemberKind.NATION)
    services.found_member(actor=UserFactory(), name="One more", kind=MemberKind.NATION)


def test_invitations_of_a_day_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.people, "MOST_INVITATIONS_A_DAY", 2)
    member, lead = OrganisationFactory(), UserFactory()
    join(member, lead, "lead")
    for number in range(2):
        services.invite_person(actor=lead, member=member, email=f"p{number}@example.org", role=Role.VIEWER)
    with pytest.raises(Refused, match="tomorrow") as refusal:
        services.invite_person(actor=lead, member=member, email="p3@example.org", role=Role.VIEWER)
    assert refusal.value.field == "email"
