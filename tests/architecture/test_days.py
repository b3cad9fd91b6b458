"""What ends by day ends for everybody at once: on the site's own day, whatever zone a reader has chosen."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from apps.assessments.models import Round
from apps.members.policies import site_day
from tests.factories import small_version
from tests.people import Cast

APPS = Path(__file__).resolve().parents[2] / "apps"
FURTHEST = (
    "Pacific/Kiritimati",
    "Etc/GMT+12",
)  # 26 hours apart: at any moment one of them has another day than the site


@pytest.mark.parametrize("app", ["assessments", "courses", "exercises", "insights"])
def test_no_day_is_taken_from_the_readers_clock(app: str) -> None:
    found = [
        str(path) for path in (APPS / app).rglob("*.py") if re.search(r"\blocaldate\(\)", path.read_text())
    ]
    assert found == []


@pytest.mark.django_db
@pytest.mark.parametrize("zone", FURTHEST)
def test_round_opens_and_closes_on_the_sites_day_in_every_zone(cast: Cast, zone: str) -> None:
    framework = small_version()

    def made(opens: date, closes: date) -> Round:
        return Round.objects.create(
            programme=cast.programme, name=f"{opens} {closes}", version=framework, opens_on=opens,
            closes_on=closes,
        )  # fmt: skip

    today, day = site_day(), timedelta(days=1)
    last, first = made(today - day, today), made(today, today + day)
    made(today - day, today - day)
    made(today + day, today + day)
    with timezone.override(zone):
        assert set(Round.objects.open()) == {last, first}
