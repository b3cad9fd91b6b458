"""Two leads at the same moment. Needs a database that many threads can share."""

from __future__ import annotations

import pytest
from django.db import connection

from apps.core.errors import Refused
from apps.members import services
from apps.members.models import Membership
from tests.factories import OrganisationFactory, UserFactory, join
from tests.together import at_once

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="The test database of SQLite lives in memory and is not shared."
    ),
]


def test_two_leads_who_leave_at_once_do_not_leave_the_member_without_one() -> None:
    for _ in range(5):
        member, leads = OrganisationFactory(), [UserFactory(), UserFactory()]
        for lead in leads:
            join(member, lead, "lead")
        ids = {row.user_id: row.public_id for row in Membership.objects.filter(member=member)}

        def leave(lead: object, member: object = member, ids: dict[int, str] = ids) -> None:
            services.remove_person(actor=lead, member=member, public_id=ids[lead.pk])

        raised = at_once(*[lambda lead=lead: leave(lead) for lead in leads])
        assert [type(fault) for fault in raised] == [Refused]
        assert Membership.objects.filter(member=member, role="lead").count() == 1
