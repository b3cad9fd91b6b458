"""The skills balance: exact inside a member, never about fewer than ten people outside it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils.timezone import localdate, now

from apps.core.errors import Refused
from apps.courses.models import Certificate, CourseVersion, RoleNeed
from apps.courses.selectors.skills import _row, member_skills, programme_skills
from apps.courses.services.skills import save_role_needs
from tests.courses.small import finish_course, small_course
from tests.factories import UserFactory, join
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(cast: Cast) -> CourseVersion:
    made = small_course()
    made.document = {**made.document, "nice_roles": ["PD-WRL-003"]}
    made.save()
    return made


def certified(cast: Cast, version: CourseVersion, count: int, days: int = 700) -> list[Certificate]:
    """People of the agency with a certificate that ends in `days` days."""
    first = finish_course(cast.lead, version)
    made = [first]
    for n in range(count - 1):
        user = UserFactory()
        join(cast.agency, user, "viewer")
        enrolment = user.enrolments.create(version_of=version)
        made.append(
            Certificate.objects.create(
                enrolment=enrolment, code=f"CODE{n:012}", kind=first.kind, holder="X", statement=first.statement,
                issued_on=localdate(),
            )
        )  # fmt: skip
    Certificate.objects.update(valid_until=localdate() + timedelta(days=days))
    return made


def test_member_sees_exact_numbers_and_what_is_missing(cast: Cast, version: CourseVersion) -> None:
    certified(cast, version, 2, days=100)
    save_role_needs(actor=cast.lead, member=cast.agency, needs={"PD-WRL-003": 5})
    (row,) = member_skills(cast.viewer, cast.agency).rows
    assert (row.needed, row.held, row.missing, row.ending) == (5, 2, 3, 2)


@pytest.mark.parametrize("end", ["revoked", "over"])
def test_certificate_that_is_not_in_force_does_not_count(
    cast: Cast, version: CourseVersion, end: str
) -> None:
    certified(cast, version, 1)
    change: dict[str, Any] = (
        {"revoked_at": now()} if end == "revoked" else {"valid_until": localdate() - timedelta(days=1)}
    )
    Certificate.objects.update(**change)
    assert member_skills(cast.lead, cast.agency).rows[0].held == 0


@pytest.mark.parametrize(("count", "held"), [(9, None), (10, 10)])
def test_office_never_sees_fewer_than_ten(
    client: Client, cast: Cast, version: CourseVersion, count: int, held: int | None
) -> None:
    certified(cast, version, count)
    save_role_needs(actor=cast.lead, member=cast.agency, needs={"PD-WRL-003": 30})
    (row,) = programme_skills(cast.manager, cast.programme).rows
    assert (row.needed, row.held, row.ending) == (30, held, None)
    client.force_login(cast.manager, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(f"/p/{cast.programme.public_id}/skills/").content.decode()
    assert ("fewer than 10" in page) is (held is None)


def test_office_sees_nothing_of_members_that_do_not_share(cast: Cast, version: CourseVersion) -> None:
    certified(cast, version, 10)
    cast.agency.participations.update(shares_levels=False)
    assert programme_skills(cast.manager, cast.programme).rows[0].held is None


@pytest.mark.parametrize("needs", [{"PD-WRL-999": 1}, {"PD-WRL-003": -1}, {"PD-WRL-003": 10**6}])
def test_impossible_need_is_refused_and_nothing_stored(
    cast: Cast, version: CourseVersion, needs: dict[str, int]
) -> None:
    with pytest.raises(Refused):
        save_role_needs(actor=cast.lead, member=cast.agency, needs={"PD-WRL-003": 3, **needs})
    assert not RoleNeed.objects.exists()


def test_only_the_lead_says_what_is_needed(client: Client, cast: Cast, version: CourseVersion) -> None:
    with pytest.raises(PermissionDenied):
        save_role_needs(actor=cast.viewer, member=cast.agency, needs={"PD-WRL-003": 3})
    client.force_login(cast.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    url = f"/o/{cast.agency.public_id}/skills/"
    assert client.post(url, {"PD-WRL-003": "many"}).status_code == 422
    assert client.post(url, {"PD-WRL-003": "4"}).status_code == 302
    assert RoleNeed.objects.get().needed == 4
    assert "People are missing in one role" in client.get(url).content.decode()
    assert client.post(url, {"PD-WRL-003": ""}).status_code == 302
    assert not RoleNeed.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_balance_asks_the_same_for_one_and_three(
    cast: Cast, version: CourseVersion, count: int, django_assert_num_queries: Any
) -> None:
    certified(cast, version, count)
    with django_assert_num_queries(6):
        assert member_skills(cast.lead, cast.agency).rows[0].held == count


def ending(cast: Cast, version: CourseVersion, days: list[int]) -> None:
    """People of the agency whose certificates end after so many days each."""
    for row, day in zip(certified(cast, version, len(days)), days, strict=True):
        Certificate.objects.filter(pk=row.pk).update(valid_until=localdate() + timedelta(days=day))


def test_member_sees_in_which_quarter_certificates_end(
    client: Client, cast: Cast, version: CourseVersion
) -> None:
    ending(cast, version, [0, 91, 92, 365, 366])
    (row,) = member_skills(cast.lead, cast.agency).rows
    assert [count for _day, count in row.quarters] == [2, 1, 0, 1]
    assert (row.held, row.ending) == (5, 4)
    client.force_login(cast.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert (
        "Certificates that end in the next four quarters"
        in client.get(f"/o/{cast.agency.public_id}/skills/").content.decode()
    )


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((10, 10, 10, 10, 10), [10, 10, 10, 10]),
        ((10, 10, 10, 9, 10), [None] * 4),  # 39 less 30 would say nine
        ((10, 10, 5, 5, 10), [10, 10, None, None]),
        ((10, 10, 10, 10, 9), [None] * 4),  # held less ending would say nine
        ((20, 0, 0, 0, 10), [None] * 4),
    ],
)
def test_no_quarter_tells_an_office_of_fewer_than_ten(
    counts: tuple[int, ...], told: list[int | None]
) -> None:
    row = _row("PD-WRL-003", 0, sum(counts), list(counts[:4]), exact=False)
    assert [count for _day, count in row.quarters] == told


@pytest.mark.parametrize("count", [1, 3])
def test_sums_ask_the_same_for_one_and_three_members(
    cast: Cast, version: CourseVersion, count: int, django_assert_num_queries: Any
) -> None:
    from tests.factories import OrganisationFactory

    for _n in range(count - 1):
        cast.programme.participations.create(member=OrganisationFactory(), shares_levels=True)
    version.document = {**version.document, "nice_roles": ["PD-WRL-001", "PD-WRL-003", "PD-WRL-006"][:count]}
    version.save()
    with django_assert_num_queries(5):
        assert len(programme_skills(cast.manager, cast.programme).rows) == count
