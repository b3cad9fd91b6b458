"""Rounds of a programme with each member's progress: counts of answers only, never what they say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.utils.timezone import localdate

from apps.accounts.models import User
from apps.assessments.choices import RoundState
from apps.assessments.models import Assessment, Round
from apps.frameworks.models import FrameworkVersion, Indicator
from apps.members.models import Member, Programme
from apps.members.policies import may_manage
from apps.members.selectors import get_programme


@dataclass(frozen=True, slots=True)
class MemberProgress:
    """How many questions a member has answered in a round."""

    name: str
    answered: int
    total: int
    percent: int
    state: str
    state_label: str


@dataclass(frozen=True, slots=True)
class RoundRow:
    public_id: str
    name: str
    framework: str
    opens_on: date
    closes_on: date
    open: bool
    late: bool
    members: tuple[MemberProgress, ...]

    @property
    def submitted(self) -> int:
        return sum(row.state in ("submitted", "replaced") for row in self.members)

    @property
    def begun(self) -> int:
        return sum(bool(row.state) for row in self.members)


@dataclass(frozen=True, slots=True)
class RoundsPage:
    programme: Programme
    rounds: tuple[RoundRow, ...]
    versions: tuple[tuple[str, str], ...]
    can_manage: bool


def rounds_page(user: User, programme: str) -> RoundsPage:
    """The rounds of a programme whose office the user belongs to. Raises Http404."""
    row = get_programme(user, programme)
    rounds = list(
        Round.objects.filter(programme=row).select_related("version__framework").defer("version__document")
    )
    members = list(Member.objects.filter(participations__programme=row).order_by("name"))
    totals = _totals({r.version_id for r in rounds})
    begun = Assessment.objects.filter(round__in=rounds).annotate(given=Count("responses"))
    found = {(a.round_id, a.member_id): a for a in begun}
    lines = tuple(
        _round_row(r, [_progress(r, m, found.get((r.pk, m.pk)), totals) for m in members]) for r in rounds
    )
    return RoundsPage(row, lines, version_choices(user, row), bool(may_manage(user, row)))


def version_choices(user: User, programme: Programme) -> tuple[tuple[str, str], ...]:
    """What a round of the programme may ask: published versions, newest first, as (public id, name)."""
    rows = FrameworkVersion.objects.visible_to(user).offered_in(programme.pk)
    rows = rows.select_related("framework").defer("document")
    return tuple((v.public_id, str(v)) for v in rows)


def _totals(versions: set[int]) -> dict[tuple[int, str], int]:
    """Questions by version and scope of indicator."""
    rows = Indicator.objects.filter(version__in=versions).order_by().values_list("version", "scope")
    return {(version, scope): n for version, scope, n in rows.annotate(n=Count("pk"))}


def _progress(
    row: Round, member: Member, assessment: Assessment | None, totals: dict[tuple[int, str], int]
) -> MemberProgress:
    total = totals.get((row.version_id, member.scope), 0) + totals.get((row.version_id, "both"), 0)
    given: int = getattr(assessment, "given", 0)
    return MemberProgress(
        member.name,
        given,
        total,
        100 * given // total if total else 0,
        assessment.state if assessment else "",
        assessment.get_state_display() if assessment else "",
    )


def _round_row(row: Round, members: list[MemberProgress]) -> RoundRow:
    is_open = row.state == RoundState.OPEN
    return RoundRow(
        row.public_id,
        row.name,
        str(row.version),
        row.opens_on,
        row.closes_on,
        is_open,
        is_open and row.closes_on < localdate(),
        tuple(members),
    )
