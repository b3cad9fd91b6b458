"""The middle half of one's peers on the result page: where a release has it, else a sentence that says what to do."""

from __future__ import annotations

import pytest
from django.test import Client

from apps.assessments.models import Result
from apps.insights.models import BenchmarkRelease
from apps.insights.selectors import peers_beside
from tests.assessments.flow import submitted
from tests.factories import small_version
from tests.insights.test_benchmark import FEWEST, released
from tests.people import Cast

pytestmark = pytest.mark.django_db


def page_of(cast: Cast, client: Client, result: Result) -> str:
    client.force_login(cast.lead)
    at = f"/o/{cast.agency.public_id}/results/{result.assessment.public_id}/"
    return client.get(at).content.decode()


def own(cast: Cast) -> Result:
    version = BenchmarkRelease.objects.get().version_of if BenchmarkRelease.objects.exists() else None
    return Result.objects.get(assessment=submitted(cast, "3", "4", "1", "2", "0", version=version))


def test_bar_is_the_middle_half_that_the_release_says(cast: Cast, client: Client) -> None:
    released(cast)
    page = page_of(cast, client, own(cast))
    assert "Middle half of your peers: 1.0–3.0." in page and "release 1 of the peer benchmark" in page
    assert "Your result does not count in the coming release" in page


def test_without_a_release_the_page_says_what_to_do(cast: Cast, client: Client) -> None:
    page = page_of(cast, client, own(cast))
    assert "the first release is made after" in page and "Agree to count" in page
    assert "Middle half of your peers" not in page


def test_withheld_figures_leave_no_bar(cast: Cast, client: Client) -> None:
    released(cast, FEWEST - 1)
    page = page_of(cast, client, own(cast))
    assert "in no area are enough organisations behind a figure" in page
    assert "Middle half of your peers" not in page


def test_another_edition_is_not_compared_and_a_nation_has_no_peers(cast: Cast) -> None:
    released(cast)
    result = own(cast)
    other = Result.objects.select_related("assessment", "member").get(pk=result.pk)
    other.assessment.version_of = small_version()
    found = peers_beside(other)
    assert found is not None and found.state == "other_edition" and not found.spans
    other.member.kind = "nation"
    assert peers_beside(other) is None
