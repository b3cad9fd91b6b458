"""The office's picture: levels only of members that share, nothing for fewer than five, constant queries."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import Http404

from apps.assessments.models import Assessment, Result
from apps.assessments.services.figures import store_figures
from apps.frameworks.models import FrameworkVersion
from apps.insights.selectors import region
from apps.members.models import Member, Participation
from tests.factories import OrganisationFactory, small_version, take_part
from tests.people import Cast

pytestmark = pytest.mark.django_db


def result_for(
    member: Member, cast: Cast, version: FrameworkVersion, level: int, title: str = "2026"
) -> Result:
    """A stored result in which everything stands at `level`."""
    label = {"level": level, "name": f"L{level}"}
    figure = {"exact": f"{20 * level}/1", "display": f"{20 * level}.0"}

    def part(code: str) -> dict[str, Any]:
        return {"code": code, "label": label, "value": figure}

    scores = {
        "overall": part("overall"),
        "dimensions": [part("GOV"), part("RES")],
        "areas": [part("GOV.1"), part("RES.1")],
    }
    assessment = Assessment.objects.create(
        member=member,
        version_of=version,
        title=title,
        scope="organisational",
        state="submitted",
        lead=cast.lead,
    )
    made = Result.objects.create(
        member=member, assessment=assessment, method="shared-mean", method_version=1, input_hash="0" * 64, inputs={},
        document={"evidenced": scores, "claimed": scores},
    )  # fmt: skip
    store_figures([made])
    return made


def members(cast: Cast, n: int) -> list[Member]:
    found = [OrganisationFactory() for _ in range(n)]
    take_part(cast.programme, *found)
    return found


def test_aggregates_wait_for_five_members(cast: Cast) -> None:
    version = small_version()
    found = members(cast, 5)
    for member in found[:4]:
        result_for(member, cast, version, 2)
    assert region(cast.manager, cast.programme.public_id).weakest == []
    result_for(found[4], cast, version, 4)
    weakest = region(cast.manager, cast.programme.public_id).weakest
    assert [(row.name, row.level, row.reached, row.members) for row in weakest] == [
        ("Direction", 2, 1, 5),
        ("Threats", 2, 1, 5),
    ]


def test_member_that_does_not_share_contributes_nothing(cast: Cast) -> None:
    version = small_version()
    found = members(cast, 5)
    for member in found:
        result_for(member, cast, version, 3)
    Participation.objects.filter(member=found[0]).update(shares_levels=False)
    page = region(cast.manager, cast.programme.public_id)
    row = next(r for r in page.rows if r.public_id == found[0].public_id)
    assert page.weakest == [] and page.sharing == 4
    assert row.overall is None and all(cell.hidden and cell.level is None for cell in row.cells)


def test_rise_and_fall_are_named(cast: Cast) -> None:
    version = small_version()
    up, down = members(cast, 2)
    for member, before, now in ((up, 1, 3), (down, 4, 2)):
        result_for(member, cast, version, before, "2024")
        result_for(member, cast, version, now)
    page = region(cast.manager, cast.programme.public_id)
    assert (page.rose, page.fell) == ([up.name], [down.name])


def test_region_is_for_its_office(cast: Cast) -> None:
    for person in (cast.lead, cast.outsider, cast.mentor):
        with pytest.raises(Http404):
            region(person, cast.programme.public_id)


@pytest.mark.parametrize("n", [1, 3])
def test_region_asks_a_constant_number_of_questions(
    cast: Cast, n: int, django_assert_num_queries: Any
) -> None:
    version = small_version()
    for member in members(cast, n):
        result_for(member, cast, version, 2)
    region(cast.manager, cast.programme.public_id)  # the framework is read once, then kept
    with django_assert_num_queries(9):
        region(cast.manager, cast.programme.public_id)
