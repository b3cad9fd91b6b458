"""What a national report is made from: one edition of the picture, and the nation's own result under it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404
from django.utils.timezone import localdate

from apps.accounts.models import User
from apps.assessments.models import Result
from apps.frameworks.models import FrameworkVersion
from apps.insights.models import NationalPicture
from apps.insights.selectors.pictures import AreaLine, PicturePage, get_nation, picture_page
from apps.insights.selectors.standings import points_of
from apps.members.models import Member
from apps.mentoring.models import ActionPlan
from apps.mentoring.selectors.plans import PlanPage, get_plan, plan_page
from apps.reports.selectors.result import ResultSource, result_source
from apps.scoring.display import rounded


@dataclass(frozen=True, slots=True)
class PictureDimension:
    """The lines of one dimension, as the edition shows them."""

    code: str
    name: str
    areas: tuple[AreaLine, ...]


@dataclass(frozen=True, slots=True)
class NationalSource:
    """`page` is the edition as its page shows it; `own` the nation's result that it rests on; `plan` the nation's newest."""

    page: PicturePage
    language: str
    dimensions: tuple[PictureDimension, ...]
    own: ResultSource | None
    plan: PlanPage | None


def editions_of(user: User, member: Member) -> tuple[tuple[int, str], ...]:
    """(number, day as ISO text) of the editions of a nation's picture, the newest first; none of an organisation."""
    rows = NationalPicture.objects.visible_to(user).filter(nation=member).order_by("-number")
    return tuple(
        (number, localdate(made).isoformat()) for number, made in rows.values_list("number", "made_at")
    )


def national_source(user: User, nation: str, edition: int) -> NationalSource:
    """The rows behind a national report. Raises Http404 outside the nation and for an edition that is not there."""
    member = get_nation(user, nation)
    page = picture_page(user, nation, edition)
    row = NationalPicture.objects.select_related("version_of").filter(nation=member, number=edition).first()
    if row is None:
        raise Http404("No such edition.")
    own = _own(row)
    return NationalSource(
        page=page,
        language=row.version_of.language,
        dimensions=_dimensions(row.version_of, page),
        own=result_source(user, own.public_id) if own else None,
        plan=_plan(user, member),
    )


def _own(row: NationalPicture) -> Result | None:
    """The newest result that the nation had on this version when the edition was made.

    None where its points are not the edition's, as when the result that the edition has was reopened.
    """
    results = Result.objects.standing().filter(
        member=row.nation_id, assessment__version_of=row.version_of_id, computed_at__lte=row.made_at
    )
    found = results.latest_first().first()
    return found if found and shown_by(found, row) else None


def shown_by(result: Result, row: NationalPicture) -> bool:
    """Whether the points of the nation in an edition are those of this result."""
    points = {code: int(rounded(value, 0)) for code, value in points_of(result.document).items()}
    return all(part["own"] == points.get(part["code"]) for part in row.document["areas"])


def _plan(user: User, nation: Member) -> PlanPage | None:
    rows = ActionPlan.objects.visible_to(user).filter(member=nation, closed_at__isnull=True)
    found = rows.order_by("-made_at", "-pk").values_list("public_id", flat=True).first()
    return plan_page(user, get_plan(user, nation.public_id, found)) if found else None


def _dimensions(version: FrameworkVersion, page: PicturePage) -> tuple[PictureDimension, ...]:
    of_area = dict(version.areas.values_list("code", "dimension__code"))
    names = version.dimensions.order_by("position").values_list("code", "name")
    grouped = (
        PictureDimension(code, name, tuple(line for line in page.areas if of_area.get(line.code) == code))
        for code, name in names
    )
    return tuple(part for part in grouped if part.areas)
