"""The level of each indicator of one result, as far as a person may read it: whole for the member's people, else under grants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404

from apps.accounts.models import User
from apps.assessments.models import Result
from apps.assessments.selectors.leading import leading_first
from apps.assessments.selectors.results import result_of, whole
from apps.assessments.selectors.sharing import granted_areas
from apps.frameworks.models import FrameworkVersion
from apps.members.models import Grant, Member


@dataclass(frozen=True, slots=True)
class GivenLevel:
    """One indicator of a result; `level` is the evidenced one, None where there is none."""

    code: str
    area: str
    state: str
    level: int | None
    target: int | None

    @property
    def applies(self) -> bool:
        return self.state != "not_applicable"

    @property
    def answered(self) -> bool:
        return self.state == "rated"

    @property
    def at_target(self) -> bool:
        return self.level is not None and self.target is not None and self.level >= self.target


@dataclass(frozen=True, slots=True)
class ResultLevels:
    """Indicator code → level. `grants` are those under which it is read; none when it is the reader's own."""

    member: Member
    assessment: str
    title: str
    on: str
    version: FrameworkVersion
    rows: Mapping[str, GivenLevel]
    grants: tuple[Grant, ...]

    @property
    def day(self) -> date | None:
        """The day of scoring."""
        return date.fromisoformat(self.on) if self.on else None


def levels_of(user: User, member: str, assessment: str) -> ResultLevels:
    """The levels of one result that the user may read. Raises Http404.

    Under grants only the latest result is read, and of it only the areas that the grants name.
    """
    try:
        return _levels(result_of(user, member, assessment), (), None)
    except Http404:
        found = Grant.objects.readable_by(user).filter(member__public_id=member).select_related("member")
        grants = tuple(found.order_by("given_at", "pk"))
        rows = leading_first(whole(Result.objects.standing().filter(member__public_id=member)))
        latest = rows.first() if grants else None
        if latest is None or latest.assessment.public_id != assessment:
            raise
        return _levels(latest, grants, granted_areas(list(grants), latest.document))


def _levels(result: Result, grants: tuple[Grant, ...], areas: set[str] | None) -> ResultLevels:
    return ResultLevels(
        member=result.member,
        assessment=result.assessment.public_id,
        title=result.assessment.title,
        on=result.on,
        version=result.assessment.version_of,
        rows={
            row["code"]: _given(row)
            for row in result.document["indicators"]
            if areas is None or row["area"] in areas
        },
        grants=grants,
    )


def _given(row: Mapping[str, Any]) -> GivenLevel:
    return GivenLevel(row["code"], row["area"], row["state"], row["evidenced"], row["target"])
