"""Hours given and received, places, and the warning about hours that were not offered."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import localdate

from apps.mentoring.models import Engagement, Session
from apps.mentoring.selectors import ledger
from tests.mentoring.test_endings import many_left
from tests.mentoring.test_flow import signed_in
from tests.mentoring.world import World


def held(world: World, row: Engagement, hours: int, *, days: int = 0) -> None:
    Session.objects.create(
        engagement=row, held_on=localdate() - timedelta(days=days), hours=hours, notes="x", written_by=world.cast.lead
    )  # fmt: skip


def test_hours_of_a_rolling_year_stand_on_both_sides(world: World) -> None:
    row, cast = world.engagement(), world.cast
    for hours, days in ((2, 0), (3, 300), (50, 400)):
        held(world, row, hours, days=days)
    partner = ledger.ledger_page(cast.mentor, cast.mentor_partner.public_id)
    agency = ledger.ledger_page(cast.viewer, cast.agency.public_id)
    assert (partner.row.given, partner.row.received) == (Decimal(5), Decimal(0))
    assert (agency.row.given, agency.row.received) == (Decimal(0), Decimal(5))
    assert (partner.row.places, partner.row.taken) == (2, 1)
    assert [(line.other, line.sessions, line.given) for line in agency.lines] == [
        (cast.mentor_partner.name, 2, False)
    ]


def test_more_hours_than_offered_over_all_areas_is_a_warning(world: World) -> None:
    row, cast = world.engagement(), world.cast
    held(world, row, 6)
    assert not ledger.ledger_page(cast.mentor, cast.mentor_partner.public_id).row.over
    held(world, row, 1)
    page = ledger.programme_ledger(cast.manager, cast.programme.public_id)
    assert page.over == 1
    text = signed_in(cast.mentor).get(f"/o/{cast.mentor_partner.public_id}/ledger/").content.decode()
    assert "More hours this month than you offered" in text


def test_programme_ledger_is_by_name_and_never_by_hours(world: World) -> None:
    held(world, world.engagement(), 40)
    page = ledger.programme_ledger(world.cast.manager, world.cast.programme.public_id)
    names = [row.member for row in page.rows]
    assert names == sorted(names) and page.hours == Decimal(40)


@pytest.mark.parametrize("count", [1, 3])
def test_ledger_asks_the_same_number_of_questions(
    world: World, count: int, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    for row in many_left(world, count):
        held(world, row, 1)
    with django_assert_num_queries(5):
        ledger.programme_ledger(world.cast.manager, world.cast.programme.public_id)
    with django_assert_num_queries(4):
        ledger.ledger_page(world.cast.mentor, world.cast.mentor_partner.public_id)
