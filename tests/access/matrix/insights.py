"""Who gets what from pages on many members."""

from __future__ import annotations

from typing import Any

from apps.members.models import Member
from tests.factories import NationFactory, join
from tests.people import Cast

OFFICE = (302, 404, 404, 404, 404, 404, 404, 200, 404)
# The viewer is a reader of the nation, the lead leads it.
NATION = (302, 404, 200, 404, 200, 404, 404, 404, 404)
# People of the member, and readers under a grant in force.
HISTORY = (302, 404, 200, 200, 200, 404, 200, 200, 404)
LEADS = (302, 404, 403, 404, 302, 404, 404, 404, 404)
ALL = (200,) * 9
# A release that staff have not cleared is for the community.
COMMUNITY = (404, *(200,) * 8)
STAFF = (302, 403, 403, 403, 403, 403, 403, 403, 200)
PLACE = {"region": "africa", "income": "low", "sector": "energy"}

ROWS = [
    ("GET", "insights:uplift", OFFICE),
    ("GET", "insights:trends", HISTORY),
    ("GET", "insights:trends_file", HISTORY),
    ("GET", "insights:region", OFFICE),
    ("GET", "insights:region_area", OFFICE),
    ("GET", "insights:region_file", OFFICE),
    ("GET", "insights:picture", NATION),
    ("POST", "insights:picture", LEADS),
    ("GET", "insights:operators", NATION),
    ("POST", "insights:operators", LEADS, {"designated": "aaaaaaaaaaaaaaaaaaaa"}),
    ("GET", "insights:edition", NATION),
    ("GET", "insights:edition_file", NATION),
    ("GET", "insights:benchmark", ALL),
    ("GET", "insights:benchmark_release", COMMUNITY),
    ("GET", "insights:benchmark_file", COMMUNITY),
    ("POST", "insights:clear_benchmark", (302, 403, 403, 403, 403, 403, 403, 403, 302)),
    ("GET", "insights:benchmark_organisations", STAFF),
    ("GET", "insights:benchmark_organisation", STAFF),
    ("POST", "insights:benchmark_organisation", (302, 403, 403, 403, 403, 403, 403, 403, 302), PLACE),
    ("GET", "insights:member_benchmark", (302, 404, 200, 200, 200, 404, 404, 404, 404)),
    ("POST", "insights:member_benchmark", (302, 404, 403, 403, 302, 404, 404, 404, 404), {"counts": "on"}),
    ("GET", "api-pictures", (401, *NATION[1:])),
    ("GET", "api-picture", (401, *NATION[1:])),
    ("GET", "api-region", (401, *OFFICE[1:])),
    ("GET", "api-benchmark", ALL),
    ("GET", "api-benchmark-release", COMMUNITY),
]


def prepare(cast: Cast) -> None:
    """A nation with one edition of its picture."""
    if "nation" in cast.ids:
        return
    nation: Member = NationFactory(name="Orsena")
    join(nation, cast.viewer, "viewer")
    join(nation, cast.lead, "lead")
    make_edition(nation, cast)
    cast.ids |= {"nation": nation.public_id, "number": 1, "ending": "csv"}
    cast.ids |= {"release": make_benchmark(), "organisation": cast.agency.public_id}


def make_edition(nation: Member, cast: Cast) -> None:
    """An edition as it is kept, of which no figure is shown."""
    from apps.insights.models import NationalPicture

    version = published()
    area = {
        "code": "GOV.1", "name": "Direction", "own": 40, "organisations": {"withheld": "too_few"}, "gap": None,
        "flagged": False, "sectors": {"energy": {"withheld": "too_few"}},
    }  # fmt: skip
    sector = {"code": "energy", "designated": 2, "answered": 1, "indicative": False}
    document = {"areas": [area], "sectors": [sector], "edition": 1}
    NationalPicture.objects.create(
        nation=nation, number=1, version_of=version, document=document, rests_on={}, content_hash="0" * 64,
        made_by=cast.lead,
    )  # fmt: skip


def make_benchmark() -> int:
    """A release of the peer benchmark that shows nothing."""
    from apps.insights.services import make_demo_release

    return make_demo_release(people=[], version=published()).number


def published() -> Any:
    """A published edition of a framework."""
    from apps.frameworks.choices import VersionState
    from apps.frameworks.models import FrameworkVersion
    from tests.factories import small_version

    rows = FrameworkVersion.objects.filter(state=VersionState.PUBLISHED).order_by("pk")
    return rows.first() or small_version()
