"""Short ways to do in tests what people do on the pages."""

from __future__ import annotations

from typing import Any

from apps.accounts.models import User
from apps.assessments import services
from apps.assessments.models import Assessment, Response
from apps.assessments.selectors.places import Place, place_for
from apps.frameworks.models import FrameworkVersion
from apps.members.models import Member
from tests.factories import small_version
from tests.people import Cast

CODES = ("GOV.1.1", "GOV.1.2", "GOV.2.1", "RES.1.1", "RES.1.2")


def begin(
    actor: User, member: Member, *, title: str = "2026", version: FrameworkVersion | None = None, **more: Any
) -> Assessment:
    """An open assessment on the small framework."""
    return services.open_assessment(
        actor=actor, member=member, title=title, version=version or small_version(), **more
    )


def at(user: User, assessment: Assessment, code: str) -> Place:
    """The question with this code."""
    return place_for(user, assessment.member, assessment.public_id, code.rpartition(".")[0], code)


def answer(
    user: User, assessment: Assessment, code: str, choice: str, why: str = "", reason: str = ""
) -> Response:
    """Save an answer over whatever is there."""
    place = at(user, assessment, code)
    row = Response.objects.filter(assessment=assessment, indicator=place.indicator).first()
    given = services.AnswerInput(choice, reason, why)
    services.save_answer(actor=user, place=place, answer=given, expected=row.version if row else 0)
    return Response.objects.get(assessment=assessment, indicator=place.indicator)


def submitted(
    cast: Cast, *levels: str, title: str = "2026", version: FrameworkVersion | None = None
) -> Assessment:
    """A submitted assessment of the agency with these answers in order."""
    assessment = begin(cast.lead, cast.agency, title=title, version=version)
    for code, choice in zip(CODES, levels, strict=False):
        answer(cast.respondent, assessment, code, choice)
    services.submit_assessment(actor=cast.lead, assessment=assessment)
    assessment.refresh_from_db()
    return assessment
