"""After the work: what members say stands beside what a result shows, and who did not consent is not measured."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate, now

from apps.assessments.models import Result
from apps.insights.selectors import later, programme_uplift
from apps.members.models import Member
from apps.mentoring.models import Agreement, AgreementSignature, Engagement, FollowUp
from apps.mentoring.selectors.follow_ups import months_after
from apps.uplift import Missing
from tests.insights.test_uplift import BACKEND, START, Region
from tests.mentoring.world import result_for
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(cast: Cast) -> Region:
    return Region(cast)


def ended(made: Region, *, said: int | None, months: int = 6) -> Member:
    """Work that ended some days more than half a year ago, with the member's answer unless `said` is None."""
    member = made.member("mentored", rise=2)
    rows = Engagement.objects.filter(member=member)
    day = localdate() - timedelta(days=200)
    rows.update(state="closed", starts_on=day - timedelta(days=100), ends_on=day)
    before, after = Result.objects.filter(member=member).order_by("computed_at")
    Result.objects.filter(pk=before.pk).update(computed_at=now() - timedelta(days=330))
    Result.objects.filter(pk=after.pk).update(computed_at=now() - timedelta(days=190))
    if said is not None:
        FollowUp.objects.create(
            engagement=rows.get(),
            months=months,
            still="yes" if said > 2 else "no",
            level=said,
            by=made.cast.lead,
        )
    return member


def test_statements_stand_beside_and_change_no_figure(made: Region, client: Client) -> None:
    for said in (3, 3, 3, 3, 5):
        ended(made, said=said)
    page = programme_uplift(made.cast.manager, made.cast.programme.public_id)
    half, year = page.later
    assert (half.months, half.due, half.answered) == (6, 5, 5)
    assert [n for _words, n in half.answers] == [5, 0, 0]
    assert half.said.value == pytest.approx(2.4)
    # No result came after half a year: what is said shows nothing, and the page's figures are those without it.
    assert half.shown.missing == Missing.TOO_FEW_MENTORED and half.shown.members == 0
    assert (year.due, year.answered) == (0, 0)
    FollowUp.objects.all().delete()
    without = programme_uplift(made.cast.manager, made.cast.programme.public_id)
    assert [row for _name, row in without.rows] == [row for _name, row in page.rows]
    client.force_login(made.cast.manager, backend=BACKEND)
    text = client.get(f"/p/{made.cast.programme.public_id}/uplift/").content.decode()
    assert "What is left half a year and a year later" in text and "0 of 5" in text


def test_work_is_asked_about_from_the_very_day(made: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    member = ended(made, said=None)
    day = months_after(Engagement.objects.get(member=member).ends_on, 6)
    for today, due in ((day - timedelta(days=1), 0), (day, 1)):
        monkeypatch.setattr(later, "site_day", lambda today=today: today)
        half, _year = programme_uplift(made.cast.manager, made.cast.programme.public_id).later
        assert (half.due, half.answered) == (due, 0)


def test_a_result_of_that_time_shows_what_evidence_supports(made: Region) -> None:
    for _ in range(5):
        member = ended(made, said=5)
        result_for(member, made.cast.lead, START | {"GOV.1": 2}, made.version)
    half, _year = programme_uplift(made.cast.manager, made.cast.programme.public_id).later
    assert half.said.value == pytest.approx(4)
    assert half.shown.value == pytest.approx(1)


def test_work_whose_measurement_a_side_refused_counts_nowhere(made: Region, client: Client) -> None:
    for _ in range(5):
        ended(made, said=3)
    first = programme_uplift(made.cast.manager, made.cast.programme.public_id)
    member = ended(made, said=0)
    row = Engagement.objects.get(member=member)
    agreement = Agreement.objects.create(
        engagement=row, number=1, terms={}, changed_by=made.cast.lead, state="in_force", document={}, document_hash="x"
    )  # fmt: skip
    for side in ("member", "mentor"):
        AgreementSignature.objects.create(
            agreement=agreement, side=side, by=made.cast.lead, measurement=side == "member", statement={}
        )
    second = programme_uplift(made.cast.manager, made.cast.programme.public_id)
    assert [row for _name, row in second.rows] == [row for _name, row in first.rows]
    assert second.later == first.later and second.unmeasured == 1
    client.force_login(made.cast.manager, backend=BACKEND)
    text = client.get(f"/p/{made.cast.programme.public_id}/uplift/").content.decode()
    assert "One mentored area is left out" in text
    AgreementSignature.objects.update(measurement=True)
    assert programme_uplift(made.cast.manager, made.cast.programme.public_id).unmeasured == 0


def test_a_draft_that_nobody_signed_is_no_consent(made: Region) -> None:
    member = ended(made, said=3)
    Agreement.objects.create(
        engagement=Engagement.objects.get(member=member), number=1, terms={}, changed_by=made.cast.lead
    )
    page = programme_uplift(made.cast.manager, made.cast.programme.public_id)
    assert page.unmeasured == 1 and page.later[0].due == 0
