"""Who gets what from pages on many members."""

from __future__ import annotations

from apps.members.models import Member
from tests.factories import NationFactory, join
from tests.people import Cast

OFFICE = (302, 404, 404, 404, 404, 404, 404, 200, 404)
# The viewer is a reader of the nation, the lead leads it.
NATION = (302, 404, 200, 404, 200, 404, 404, 404, 404)
# People of the member, and readers under a grant in force.
HISTORY = (302, 404, 200, 200, 200, 404, 200, 200, 404)
LEADS = (302, 404, 403, 404, 302, 404, 404, 404, 404)

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


def make_edition(nation: Member, cast: Cast) -> None:
    """An edition as it is kept, of which no figure is shown."""
    from apps.frameworks.choices import VersionState
    from apps.frameworks.models import FrameworkVersion
    from apps.insights.models import NationalPicture
    from tests.factories import small_version

    version = (
        FrameworkVersion.objects.filter(state=VersionState.PUBLISHED).order_by("pk").first()
        or small_version()
    )
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
