"""The printed action plan."""

from __future__ import annotations

import pytest
from django.http import Http404

from apps.core.models import AuditEntry
from apps.reports import services
from tests.mentoring.test_plans import start
from tests.mentoring.world import make_world
from tests.people import Cast

pytestmark = pytest.mark.django_db


def test_plan_is_printed_for_its_own_people_only(cast: Cast) -> None:
    plan = start(make_world(cast))
    opened = services.open_plan(actor=cast.viewer, member=cast.agency.public_id, plan=plan.public_id)
    assert opened.content.startswith(b"%PDF-")
    assert AuditEntry.objects.filter(action="plan.printed").count() == 1
    for stranger in (cast.manager, cast.other_lead, cast.staff):
        with pytest.raises(Http404):
            services.open_plan(actor=stranger, member=cast.agency.public_id, plan=plan.public_id)
