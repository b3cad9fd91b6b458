"""Any two results side by side and all of them over time: only what can be compared, nothing projected."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from apps.assessments.models import Result
from apps.assessments.selectors.side_by_side import side_by_side
from apps.assessments.selectors.trend import trend_page
from tests.assessments.flow import begin, submitted
from tests.assessments.test_answers import client_of, text
from tests.factories import OrganisationFactory, join, small_version
from tests.frameworks.test_versions import newer, published, small_document, two_results
from tests.people import Cast


def page(cast: Cast, name: str = "compare_results", **query: str) -> str:
    address = reverse(f"assessments:{name}", args=[cast.agency.public_id])
    return text(client_of(cast.viewer).get(address, query))


def three(cast: Cast) -> list[str]:
    """Three results a year apart; the middle one is the best."""
    version, made = small_version(), []
    for n, levels in enumerate((("1", "2", "2"), ("2", "2", "1"), ("2", "1", "0"))):
        row = submitted(cast, *levels, title=f"Year {n}", version=version)
        result = Result.objects.get(assessment=row)
        Result.objects.filter(pk=result.pk).update(computed_at=result.computed_at + timedelta(365 * n))
        made.append(row.public_id)
    return made


def test_without_a_choice_the_last_two_are_compared(cast: Cast) -> None:
    _first, second, third = three(cast)
    found = side_by_side(cast.viewer, cast.agency)
    assert found.then and found.now
    assert (found.then.assessment, found.now.assessment) == (second, third)
    assert [row.code for row in found.fell] == ["GOV.1.2", "GOV.2.1"] and not found.rose
    assert found.title == "2 indicators fell"
    assert "all of it is compared" in found.note


def test_any_two_are_put_in_the_order_of_time(cast: Cast) -> None:
    first, _second, third = three(cast)
    found = side_by_side(cast.lead, cast.agency, one=third, other=first)
    assert found.then and found.now
    assert (found.then.title, found.now.title) == ("Year 0", "Year 2")
    assert found.title == "One indicator rose, 2 fell"
    gov = next(row for row in found.dimensions if row.code == "GOV")
    assert gov.prev is not None and gov.now is not None and gov.moved == "down" and gov.change.startswith("-")


def test_the_page_says_what_moved_with_its_label_and_a_drawing(cast: Cast) -> None:
    three(cast)
    shown = page(cast)
    assert "2 indicators fell" in shown and "TLP:AMBER+STRICT" in shown
    assert 'class="slope"' in shown and "never of the framework" in shown


def test_across_editions_only_the_comparable_part_is_shown_and_its_share(cast: Cast) -> None:
    said = [{"kind": "changed", "from": ["GOV.1.1"], "to": ["GOV.1.1"], "comparable": False}]
    two_results(cast, newer(said=said))
    found = side_by_side(cast.lead, cast.agency)
    assert "4 of 5 indicators are comparable (75 % of the weight)" in found.note
    assert "GOV.1.1" not in {row.code for row in found.indicators}
    assert found.title == "No indicator rose or fell"
    assert found.overall and found.overall.change == "0.0"


def test_what_cannot_be_compared_is_said_in_words(cast: Cast) -> None:
    said = [
        {"kind": "changed", "from": [row["id"]], "to": [row["id"]]} for row in small_document()["indicators"]
    ]
    two_results(cast, newer(said=said))
    assert "nothing in it can be compared" in page(cast)
    other = small_document(id="elsewhere", name="Another framework")
    submitted(cast, "1", title="Other", version=published(other))
    assert "on different frameworks or scopes" in page(cast)


@pytest.mark.parametrize("wanted", ["", "x" * 20, "\x00", "a" * 5000])
def test_an_unknown_result_is_as_if_not_named(cast: Cast, wanted: str) -> None:
    three(cast)
    assert "2 indicators fell" in page(cast, one=wanted, other=wanted)


def test_one_result_or_none_is_an_empty_page(cast: Cast) -> None:
    assert "A second one is needed" in page(cast)
    assert "A line needs two results" in page(cast, "trend")
    submitted(cast, "1", version=small_version())
    assert "A second one is needed" in page(cast)


def test_results_of_another_member_are_never_taken(cast: Cast) -> None:
    three(cast)
    agency = OrganisationFactory()
    join(agency, cast.lead, "lead")
    begin(cast.lead, agency, version=small_version())
    theirs = Result.objects.filter(member=cast.agency).values_list("assessment__public_id", flat=True)
    found = side_by_side(cast.lead, agency, one=theirs[0], other=theirs[1])
    assert found.then is None and found.choices == ()


def test_a_trend_has_every_result_with_its_date_and_no_more(cast: Cast) -> None:
    three(cast)
    found = trend_page(cast.viewer, cast.agency)
    (trend,) = found.trends
    assert [m.title for m in trend.moments] == ["Year 0", "Year 1", "Year 2"]
    overall = trend.series[0]
    assert len(overall.says) == 3 and len(overall.points) == 3
    assert [joined for _x, _y, joined in overall.points] == [False, True, True]
    assert overall.points[0][0] == 0 and overall.points[-1][0] == 100
    assert "Year 1" in page(cast, "trend")


def test_a_line_stops_where_the_edition_changed(cast: Cast) -> None:
    two_results(cast, newer())
    (trend,) = trend_page(cast.viewer, cast.agency).trends
    assert [joined for _x, _y, joined in trend.series[0].points] == [False, False]
    assert "A line stops where the edition of the framework changed" in page(cast, "trend")


@pytest.mark.parametrize("count", [2, 4])
def test_both_pages_cost_the_same_with_more_results(
    cast: Cast, django_assert_num_queries: Any, count: int
) -> None:
    version = small_version()
    for n in range(count):
        submitted(cast, "1", "2", title=f"Year {n}", version=version)
    side_by_side(cast.lead, cast.agency)
    with django_assert_num_queries(5):
        side_by_side(cast.lead, cast.agency)
    with django_assert_num_queries(5):
        trend_page(cast.lead, cast.agency)
