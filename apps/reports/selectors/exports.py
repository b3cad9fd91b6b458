"""The archives of a whole member, for its leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.decisions import require
from apps.members.policies import may_lead
from apps.members.selectors import get_member
from apps.reports.choices import EXPORT_STAGES, ReportState
from apps.reports.models import ExportTaking, MemberExport

SHOWN = 20


@dataclass(frozen=True, slots=True)
class ExportTakingRow:
    """Who took an archive, and when."""

    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One archive: how far it is; how many files it has and how many could not be put in; until when it is kept."""

    public_id: str
    state: str
    state_text: str
    stage_text: str
    percent: int
    asked_by: str
    asked_at: datetime
    ready_at: datetime | None
    expires_at: datetime | None
    size: int
    files: int
    left_out: int
    sha256: str
    error: str
    takings: tuple[ExportTakingRow, ...]

    @property
    def ready(self) -> bool:
        return self.state == ReportState.READY

    @property
    def running(self) -> bool:
        return self.state in (ReportState.QUEUED, ReportState.WORKING)


@dataclass(frozen=True, slots=True)
class GoneExport:
    """An archive that was deleted: the public id that it had."""

    export: str


@dataclass(frozen=True, slots=True)
class ExportPage:
    """The archives of a member, the newest first."""

    member: str
    member_name: str
    rows: tuple[ExportRow, ...]

    @property
    def running(self) -> bool:
        return any(row.running for row in self.rows)

    @property
    def ready(self) -> int:
        return sum(row.ready for row in self.rows)


def exports_page(user: User, member: str) -> ExportPage:
    """The newest archives of a member. Raises `Http404` for people of other members, `PermissionDenied` for who does not lead."""
    subject = get_member(user, member)
    require(may_lead(user, subject))
    found = list(MemberExport.objects.filter(member=subject).select_related("asked_by")[:SHOWN])
    takings: dict[int, list[ExportTakingRow]] = {}
    for taken in ExportTaking.objects.filter(export__in=found).select_related("by"):
        takings.setdefault(taken.export_id, []).append(ExportTakingRow(taken.by.full_name, taken.at))
    return ExportPage(
        subject.public_id, subject.name, tuple(_row(one, takings.get(one.pk, [])) for one in found)
    )


def export_of(user: User, export: str) -> ExportRow:
    """One archive, for the leads of its member. Raises `Http404` for others."""
    row = export_to_change(user, export)
    taken = ExportTaking.objects.filter(export=row).select_related("by")
    return _row(row, [ExportTakingRow(one.by.full_name, one.at) for one in taken])


def export_to_change(user: User, export: str) -> MemberExport:
    """The row of an archive. Raises `Http404` when the user does not lead its member."""
    rows = MemberExport.objects.visible_to(user).select_related("member", "asked_by")
    row = rows.filter(public_id=export).first()
    if row is None:
        raise Http404
    return row


def _row(row: MemberExport, takings: list[ExportTakingRow]) -> ExportRow:
    stage = EXPORT_STAGES.get(row.stage, "")
    return ExportRow(
        public_id=row.public_id, state=row.state, state_text=str(ReportState(row.state).label),
        stage_text=_(stage) if stage else "", percent=row.percent, asked_by=row.asked_by.full_name,
        asked_at=row.asked_at, ready_at=row.ready_at, expires_at=row.expires_at, size=row.size, files=row.files,
        left_out=row.left_out, sha256=row.sha256, error=_(row.error) if row.error else "", takings=tuple(takings),
    )  # fmt: skip
