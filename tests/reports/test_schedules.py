"""Schedules: each period once, what was missed once, with the rights of that moment, and an end in words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils import translation

from apps.accounts.models import Notification, User
from apps.assessments.models import Assessment, Round
from apps.core import jobs
from apps.core.errors import Conflict, Refused
from apps.core.models import OutboxMessage
from apps.members.models import Membership
from apps.members.policies import site_day
from apps.reports.models import Report, ReportBatch, ReportSchedule, ScheduleRun
from apps.reports.selectors.schedules import member_schedules, stopped_words
from apps.reports.services import schedules
from apps.reports.services.schedules import next_after
from tests.factories import small_version
from tests.people import Cast
from tests.reports.rows import small_result
from tests.reports.shared import members
from tests.reports.test_pages import signed_in

PAPER = {"language": "en", "paper": "a4"}


def monthly(cast: Cast, **choices: Any) -> ReportSchedule:
    values = {"every": "month", "first_on": site_day(), **PAPER, **choices}
    return schedules.set_member_schedule(actor=cast.lead, member=cast.agency.public_id, **values)


def run() -> None:
    schedules.ring_schedules()
    for message in OutboxMessage.objects.filter(topic="reports.run_schedule", state="waiting"):
        jobs.run_message(str(message.pk))


@pytest.mark.parametrize(
    ("first", "every", "day", "expected"),
    [
        (date(2026, 1, 31), "month", date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 1, 31), "month", date(2026, 2, 28), date(2026, 3, 31)),
        (date(2026, 1, 15), "quarter", date(2026, 1, 15), date(2026, 4, 15)),
        (date(2024, 2, 29), "year", date(2024, 3, 1), date(2025, 2, 28)),
        (date(2024, 2, 29), "year", date(2027, 3, 1), date(2028, 2, 29)),
        (date(2026, 11, 30), "quarter", date(2026, 12, 1), date(2027, 2, 28)),
    ],
)
def test_next_day_keeps_the_day_of_the_month(first: date, every: str, day: date, expected: date) -> None:
    assert next_after(first, every, day) == expected


def test_period_makes_one_report_however_often_the_clock_rings(cast: Cast) -> None:
    small_result(cast.agency, cast.lead)
    row = monthly(cast)
    for _turn in range(3):
        run()
    report = Report.objects.get()
    row.refresh_from_db()
    assert (report.schedule, report.asked_by) == (row, cast.lead) and row.next_on == next_after(
        site_day(), "month", site_day()
    )
    schedules.run_schedule(schedule=row.public_id, period=site_day().isoformat())
    assert Report.objects.count() == 1 and ScheduleRun.objects.count() == 1


def test_missed_periods_are_caught_up_once(cast: Cast) -> None:
    small_result(cast.agency, cast.lead)
    row = monthly(cast)
    old = site_day() - timedelta(days=200)
    ReportSchedule.objects.update(first_on=old, next_on=old)
    run()
    run()
    row.refresh_from_db()
    assert Report.objects.count() == 1 and row.next_on > site_day()


def test_rights_that_ended_stop_the_schedule_and_tell_everybody_who_can_set_it_again(cast: Cast) -> None:
    small_result(cast.agency, cast.lead)
    row = monthly(cast)
    Membership.objects.filter(user=cast.lead).update(role="viewer")
    Membership.objects.filter(user=cast.respondent).update(role="lead")
    run()
    row.refresh_from_db()
    assert row.state == "stopped" and cast.lead.full_name in row.reason and not Report.objects.exists()
    told = set(Notification.objects.filter(kind="schedule_stopped").values_list("user__full_name", flat=True))
    assert told == {cast.lead.full_name, cast.respondent.full_name}
    text = signed_in(cast.respondent).get(
        reverse("reports:member_schedules", kwargs={"member": cast.agency.public_id})
    )
    assert "may no longer have it made" in text.content.decode() and "Take it over" in text.content.decode()
    with translation.override("ar"):
        assert cast.lead.full_name in stopped_words(row) and stopped_words(row) != row.reason
        shown = member_schedules(cast.respondent, cast.agency.public_id).rows[0]
    assert shown.reason not in ("", row.reason)
    schedules.turn_schedule(actor=cast.respondent, schedule=row.public_id, to="active")
    row.refresh_from_db()
    assert (row.state, row.set_by) == ("active", cast.respondent)


def test_schedule_without_a_result_says_so_and_goes_on(cast: Cast) -> None:
    row = monthly(cast)
    run()
    row.refresh_from_db()
    assert row.state == "active" and ScheduleRun.objects.get().note == "There is no result yet."
    assert Notification.objects.filter(kind="schedule_empty").count() == 1


def test_report_comes_when_the_assessment_is_signed_off(cast: Cast) -> None:
    assessment = Assessment.objects.create(
        member=cast.agency, version_of=small_version(), title="Ahead", scope="organisational", lead=cast.lead
    )
    row = monthly(cast, every="assessment", first_on=None, after=assessment.public_id)
    run()
    assert not Report.objects.exists()
    small_result(cast.agency, cast.lead, title="Another")
    run()
    assert not Report.objects.exists()
    result = small_result(cast.agency, cast.lead, version=assessment.version_of)
    result.assessment = assessment
    result.save()
    run()
    run()
    row.refresh_from_db()
    assert row.state == "done" and Report.objects.get().result == result


def test_closed_round_makes_a_batch(cast: Cast) -> None:
    members(cast, 1)
    ahead = Round.objects.create(
        programme=cast.programme,
        version=small_version(),
        name="Spring",
        opens_on=site_day(),
        closes_on=site_day() + timedelta(9),
    )
    schedules.set_programme_schedule(
        actor=cast.manager,
        programme=cast.programme.public_id,
        what="assessment",
        every="round",
        after=ahead.public_id,
        **PAPER,
    )
    run()
    assert not ReportBatch.objects.exists()
    Round.objects.update(state="closed")
    run()
    assert ReportBatch.objects.get().reports.count() == 1


def test_paused_schedule_rests_and_a_stopped_one_is_over(cast: Cast) -> None:
    small_result(cast.agency, cast.lead)
    row = monthly(cast)
    schedules.turn_schedule(actor=cast.lead, schedule=row.public_id, to="paused")
    run()
    assert not Report.objects.exists()
    schedules.turn_schedule(actor=cast.lead, schedule=row.public_id, to="stopped")
    with pytest.raises(Conflict):
        schedules.turn_schedule(actor=cast.lead, schedule=row.public_id, to="paused")


def test_schedules_are_set_by_leads_and_the_office_only(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        schedules.set_member_schedule(
            actor=cast.viewer, member=cast.agency.public_id, every="month", first_on=site_day(), **PAPER
        )
    with pytest.raises(Http404):
        schedules.set_programme_schedule(
            actor=cast.lead,
            programme=cast.programme.public_id,
            what="programme",
            every="month",
            first_on=site_day(),
            **PAPER,
        )
    with pytest.raises(Refused):
        monthly(cast, first_on=site_day() - timedelta(days=1))
    with pytest.raises(Refused):
        monthly(cast, every="assessment", first_on=None, after="a" * 20)


@pytest.mark.parametrize("number", [1, 3])
def test_schedules_ask_a_constant_number_of_times(
    cast: Cast, number: int, django_assert_num_queries: Any
) -> None:
    small_result(cast.agency, cast.lead)
    for _place in range(number):
        monthly(cast)
    run()
    with django_assert_num_queries(6):
        assert len(member_schedules(cast.lead, cast.agency.public_id).rows) == number


@pytest.mark.parametrize("what", ["brief", "comparison"])
def test_other_kinds_come_by_schedule_about_the_newest_results(cast: Cast, what: str) -> None:
    then = small_result(cast.agency, cast.lead, title="Earlier", days_ago=30, tlp="TLP:RED")
    now = small_result(cast.agency, cast.lead, title="Later", version=then.assessment.version_of)
    monthly(cast, what=what, tlp="TLP:AMBER+STRICT")
    run()
    report = Report.objects.get()
    assert (report.kind, report.result, report.title.endswith("Later")) == (what, now, True)
    assert (report.tlp == "TLP:RED") == (what == "comparison")  # the stricter label wins


def test_what_there_is_none_of_is_refused_or_said_when_its_day_comes(cast: Cast) -> None:
    with pytest.raises(Refused, match="of this member"):
        monthly(cast, what="national")
    small_result(cast.agency, cast.lead)
    monthly(cast, what="comparison")
    run()
    assert not Report.objects.exists()
    assert "no earlier result" in ScheduleRun.objects.get().note
    page = signed_in(cast.lead).get(
        reverse("reports:member_schedules", kwargs={"member": cast.agency.public_id})
    )
    assert (
        "Comparison of two results" in page.content.decode()
        and "National report" not in page.content.decode()
    )


def test_account_that_was_closed_makes_nothing(cast: Cast) -> None:
    small_result(cast.agency, cast.lead)
    row = monthly(cast)
    User.objects.filter(pk=cast.lead.pk).update(is_active=False)
    run()
    row.refresh_from_db()
    assert row.state == "stopped" and not Report.objects.exists()


def test_stricter_label_of_a_schedule_is_that_of_its_reports(cast: Cast) -> None:
    small_result(cast.agency, cast.lead, tlp="TLP:AMBER")
    monthly(cast, tlp="TLP:RED")
    run()
    assert Report.objects.get().tlp == "TLP:RED"
