"""A member's history: what may be joined, what may be projected, who reads it, and the same figures in its files."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from apps.assessments.models import Result
from apps.core.charts.marks import percent
from apps.insights.selectors.trends import TrendsPage, trends_page
from apps.intervals import project
from apps.members.models import GrantReading
from apps.mentoring.models import Action, ActionPlan
from tests.assessments.flow import submitted
from tests.assessments.test_answers import client_of, text
from tests.factories import OrganisationFactory, join, share, small_version
from tests.frameworks.test_versions import newer, published, small_document, two_results
from tests.people import Cast

pytestmark = pytest.mark.django_db
RISING = (
    ("1", "1", "1", "1", "1"),
    ("2", "1", "2", "1", "2"),
    ("2", "3", "2", "2", "3"),
    ("3", "3", "3", "3", "3"),
)


def history(cast: Cast, rows: Any = RISING, version: Any = None, first: int = 0) -> list[Result]:
    """Results a year apart, the last of them today."""
    version, made = version or small_version(), []
    for n, levels in enumerate(rows):
        row = submitted(cast, *levels, title=f"Round {first + n}", version=version)
        result = Result.objects.get(assessment=row)
        result.computed_at -= timedelta(365 * (len(rows) - 1 - n))
        result.save(update_fields=["computed_at"])
        made.append(result)
    return made


def page_of(cast: Cast) -> TrendsPage:
    return trends_page(cast.viewer, cast.agency.public_id)


def shown(cast: Cast, user: Any = None) -> str:
    return text(client_of(user or cast.viewer).get(reverse("insights:trends", args=[cast.agency.public_id])))


def table(cast: Cast, user: Any = None) -> list[list[str]]:
    address = reverse("insights:trends_file", args=[cast.agency.public_id, "csv"])
    return list(csv.reader(io.StringIO(text(client_of(user or cast.viewer).get(address)).lstrip("\ufeff"))))


def test_without_a_result_the_page_says_what_comes(cast: Cast) -> None:
    assert "No result yet" in shown(cast)
    assert reverse("assessments:list", args=[cast.agency.public_id]) in shown(cast)
    assert len(table(cast)) == 1


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "One result so far"), (2, "Nothing is projected from 2 results; that takes three.")],
)
def test_under_three_results_nothing_is_projected(cast: Cast, count: int, said: str) -> None:
    history(cast, RISING[:count])
    assert said in shown(cast)
    assert not any(row.ahead for row in page_of(cast).histories[0].series)
    assert not any("projection" in row for row in table(cast))


def test_three_results_and_more_are_projected_in_words_and_drawing(cast: Cast) -> None:
    history(cast)
    html, main = shown(cast), page_of(cast).main
    assert main is not None and main.overall is not None and main.overall.ahead is not None
    assert "A projection, not a measurement" in html
    assert 'stroke-dasharray="5 4"' in html
    assert "It assumes that the next rounds go on as those before did" in html
    assert "points of 100 higher" in html


def test_the_projection_is_that_of_the_plain_formula_at_the_usual_distance(cast: Cast) -> None:
    rows = history(cast)
    main = page_of(cast).main
    assert main is not None and main.overall is not None and main.overall.ahead is not None
    days = [row.computed_at.date().toordinal() for row in rows]
    known = [(float(day), point.value) for day, point in zip(days, main.overall.points, strict=True)]
    wanted = project(known, days[-1] + 365.0, scatter=2)
    assert wanted is not None and main.horizon is not None
    assert main.horizon.toordinal() == days[-1] + 365
    assert (main.overall.ahead.value, main.overall.ahead.low, main.overall.ahead.high) == pytest.approx(
        (wanted.value, wanted.low, wanted.high)
    )
    assert f'cx="{percent(95)}"' in shown(cast)


def test_a_history_too_uneven_for_a_line_says_so_and_draws_none(cast: Cast) -> None:
    history(cast, (("0",) * 5, ("5",) * 5, ("0",) * 5))
    main = page_of(cast).main
    assert main is not None and main.overall is not None and main.overall.ahead is None
    assert "too uneven to project" in shown(cast)
    assert "Nothing is projected for the whole" in shown(cast)


def test_results_of_one_day_make_no_line(cast: Cast) -> None:
    version = small_version()
    for n, levels in enumerate(RISING[:3]):
        submitted(cast, *levels, title=f"Round {n}", version=version)
    Result.objects.update(computed_at=Result.objects.first().computed_at)  # type: ignore[union-attr]
    assert "the results are of one moment" in shown(cast)


def test_what_rose_and_fell_between_neighbours_is_recorded(cast: Cast) -> None:
    history(cast, (*RISING[:2], ("1", "2", "1", "1", "2")))
    main = page_of(cast).main
    assert main is not None
    assert [(step.rose, step.fell) for step in main.steps] == [(3, 0), (1, 2)]
    assert main.steps[0].change.startswith("+")


def test_across_editions_only_what_both_measure_alike_is_drawn_and_its_share_is_said(cast: Cast) -> None:
    said = [{"kind": "changed", "from": ["GOV.1.1"], "to": ["GOV.1.1"], "comparable": False}]
    two_results(cast, newer(said=said))
    main = page_of(cast).main
    assert main is not None and main.overall is not None
    assert "4 of 5 indicators (75 % of the weight)" in shown(cast)
    assert main.overall.points[0].value == main.overall.points[1].value
    assert [(step.rose, step.fell, step.change) for step in main.steps] == [(0, 0, "0.0")]
    assert main.moments[1].breaks and "on edition" in shown(cast)


def test_of_three_editions_what_one_of_them_changed_is_left_out_of_all(cast: Cast) -> None:
    first = [{"kind": "changed", "from": ["GOV.1.1"], "to": ["GOV.1.1"], "comparable": False}]
    second = [{"kind": "changed", "from": ["RES.1.1"], "to": ["RES.1.1"], "comparable": False}]
    editions = [small_document(), newer(said=first), newer("1.2", since="1.1", said=second)]
    for n, document in enumerate(editions):
        history(cast, (RISING[n],), published(document), n)
    for n, result in enumerate(Result.objects.order_by("pk")):
        Result.objects.filter(pk=result.pk).update(computed_at=result.computed_at - timedelta(365 * (2 - n)))
    main = page_of(cast).main
    assert main is not None and main.share is not None and main.overall is not None
    assert (main.share.comparable, main.share.total) == (3, 5)
    assert len(main.overall.points) == 3
    assert main.overall.ahead is not None or main.overall.ahead_says


def test_where_nothing_is_comparable_earlier_results_are_named_and_not_drawn(cast: Cast) -> None:
    said = [
        {"kind": "changed", "from": [row["id"]], "to": [row["id"]]} for row in small_document()["indicators"]
    ]
    two_results(cast, newer(said=said))
    html, main = shown(cast), page_of(cast).main
    assert main is not None and main.overall is not None
    assert "nothing in it can be compared with earlier ones" in html and "2025" in html
    assert len(main.overall.points) == 1 and main.steps == ()


def test_another_framework_has_a_history_of_its_own(cast: Cast) -> None:
    history(cast, RISING[:2])
    submitted(
        cast, "1", title="Other", version=published(small_document(id="elsewhere", name="Another framework"))
    )
    found = page_of(cast)
    assert [len(row.moments) for row in found.histories] in ([2, 1], [1, 2])
    assert found.results == 3
    assert "Another framework" in shown(cast)


def test_a_plan_stands_beside_the_projection_with_the_score_it_reaches(cast: Cast) -> None:
    from apps.mentoring.models import Roadmap

    result = history(cast)[-1]
    road = Roadmap.objects.create(member=cast.agency, result=result, question={}, asked_by=cast.lead)
    plan = ActionPlan.objects.create(
        member=cast.agency, roadmap=road, name="Towards 2027", unit="days", starts_on=localdate(),
        ends_on=localdate() + timedelta(200), made_by=cast.lead,
    )  # fmt: skip
    Action.objects.create(
        member=cast.agency, plan=plan, place=1, indicator="GOV.1.1", area="GOV.1", from_level=3, to_level=4, work="build",
        cost=1, gain="5/2", starts_on=localdate(), due_on=localdate() + timedelta(200),
    )  # fmt: skip
    main = page_of(cast).main
    assert main is not None and main.overall is not None
    now = main.overall.points[-1].value
    assert [goal[1] for goal in main.overall.goals] == [pytest.approx(now + 2.5)]
    assert "Towards 2027" in shown(cast)
    share(cast.agency, cast.lead, cast.mentor_partner)
    assert "Towards 2027" not in shown(cast, cast.mentor)


def test_a_reader_under_a_grant_sees_the_granted_areas_alone_and_the_owner_sees_the_reading(
    cast: Cast,
) -> None:
    history(cast)
    grant = share(cast.agency, cast.lead, cast.mentor_partner, areas=["GOV.1"])
    html = shown(cast, cast.mentor)
    assert "GOV.1" in html and "GOV.2" not in html and "RES.1" not in html and "The whole" not in html
    assert {row[1] for row in table(cast, cast.mentor)[1:]} == {"GOV.1"}
    readings = GrantReading.objects.filter(grant=grant, user=cast.mentor)
    assert [row.what for row in readings] == ["Round 0 – Round 3"] * 2


@pytest.mark.parametrize(("given", "of_results", "shown_as"), [
    ("TLP:RED", "TLP:AMBER", "TLP:RED"),
    ("TLP:AMBER", "TLP:RED", "TLP:RED"),
])  # fmt: skip
def test_a_reader_under_a_grant_sees_the_strictest_label_of_the_grant_and_the_results(
    cast: Cast, given: str, of_results: str, shown_as: str
) -> None:
    history(cast, RISING[:2])
    Result.objects.filter(assessment__title="Round 0").update(tlp=of_results)
    Result.objects.filter(assessment__title="Round 1").update(tlp="TLP:GREEN")
    share(cast.agency, cast.lead, cast.mentor_partner, areas=["GOV.1"], tlp=given)
    page = trends_page(cast.mentor, cast.agency.public_id)
    assert page.tlp == shown_as and shown_as in shown(cast, cast.mentor)


def test_two_results_stand_at_both_ends_of_the_drawing(cast: Cast) -> None:
    """Nothing is projected from two: the time after the last of them is not drawn."""
    history(cast, RISING[:2])
    main, html = page_of(cast).main, shown(cast)
    assert main is not None and main.horizon is None
    assert f'cx="{percent(14)}"' in html and f'cx="{percent(95)}"' in html


def test_people_of_the_member_leave_no_reading(cast: Cast) -> None:
    history(cast, RISING[:2])
    share(cast.agency, cast.lead, cast.mentor_partner)
    shown(cast)
    assert not GrantReading.objects.exists()


def test_a_grant_of_another_member_opens_nothing(cast: Cast) -> None:
    history(cast, RISING[:2])
    other = OrganisationFactory()
    join(other, cast.other_lead, "lead")
    share(other, cast.other_lead, cast.mentor_partner)
    address = reverse("insights:trends", args=[cast.agency.public_id])
    assert client_of(cast.mentor).get(address).status_code == 404
    assert client_of(cast.mentor).get(reverse("insights:trends", args=[other.public_id])).status_code == 404


def test_the_file_has_the_figures_of_the_page_and_marks_what_is_projected(cast: Cast) -> None:
    history(cast)
    rows, main = table(cast), page_of(cast).main
    assert main is not None and main.overall is not None and main.overall.ahead is not None
    whole = [row for row in rows if row[1] == "overall"]
    assert [row[6] for row in whole] == [*main.overall.figures, f"{main.overall.ahead.value:.1f}"]
    assert [row[7] for row in whole] == ["measured"] * 4 + ["projection"]
    address = reverse("insights:trends_file", args=[cast.agency.public_id, "xlsx"])
    assert client_of(cast.viewer).get(address).content.startswith(b"PK")
    assert client_of(cast.viewer).get(address.replace("xlsx", "docx")).status_code == 404


def test_more_results_need_no_more_queries(cast: Cast, django_assert_num_queries: Any) -> None:
    history(cast, RISING[:1])
    page_of(cast)
    with django_assert_num_queries(7):
        page_of(cast)
    history(cast, RISING[1:], first=1)
    with django_assert_num_queries(7):
        page_of(cast)


def test_from_right_to_left_time_runs_from_the_right(cast: Cast) -> None:
    history(cast)
    address = reverse("insights:trends", args=[cast.agency.public_id])
    html = text(client_of(cast.viewer).get(address, HTTP_ACCEPT_LANGUAGE="ar"))
    assert 'dir="rtl"' in html and f'cx="{percent(5)}"' in html
