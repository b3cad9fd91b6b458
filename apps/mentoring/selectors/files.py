"""Files shared in an engagement, as its two sides see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from apps.accounts.models import User
from apps.assessments.choices import EvidenceState
from apps.assessments.selectors.evidence import TYPE_LABELS
from apps.core.decisions import require
from apps.members.models import Member
from apps.members.policies import site_day
from apps.mentoring import policies
from apps.mentoring.choices import MOST_FILE_BYTES, MOST_FILES, EngagementState
from apps.mentoring.models import Engagement, SharedFile
from apps.mentoring.selectors.agreements import Space, engagement_for, space_of


@dataclass(frozen=True, slots=True)
class FileRow:
    """A shared file; `withdrawn` when it was the other side's and the work has ended."""

    public_id: str
    title: str
    side: str
    own: bool
    type_label: str
    size: int
    state: str
    state_kind: str
    tlp: str
    by: str
    at: datetime
    can_open: bool
    withdrawn: bool
    can_remove: bool


@dataclass(frozen=True, slots=True)
class FilesPage:
    space: Space
    rows: tuple[FileRow, ...]
    used: int
    most: int
    most_files: int
    can_write: bool

    @property
    def percent(self) -> int:
        """How much of what may be kept is used, in per cent."""
        return min(100, 100 * self.used // self.most)


def withdrawn(row: Engagement, file: SharedFile, member: Member) -> bool:
    """Whether `member` may no longer open a file: the other side's, once the work is closed or past its last day."""
    over = row.state == EngagementState.CLOSED or row.ends_on < site_day()
    return over and file.member_id != member.pk


def files_page(user: User, member_id: str, engagement_id: str, *, to_write: bool = False) -> FilesPage:
    """The files of an engagement, the newest first. Raises Http404, and `PermissionDenied` for readers `to_write`."""
    member, row = engagement_for(user, member_id, engagement_id)
    if to_write:
        require(policies.may_write_session(user, row))
    space = space_of(member, row)
    writes = bool(policies.may_write_session(user, row))
    found = list(row.files.filter(removed_at__isnull=True).select_related("member", "shared_by"))
    return FilesPage(
        space, tuple(_row(f, row, member, writes) for f in found), sum(f.size for f in found), MOST_FILE_BYTES, MOST_FILES,
        writes and not space.over,
    )  # fmt: skip


def _row(f: SharedFile, row: Engagement, member: Member, writes: bool) -> FileRow:
    gone, own = withdrawn(row, f, member), f.member_id == member.pk
    kind = "you" if f.state == EvidenceState.INFECTED else "ok" if f.state == EvidenceState.CLEAN else "going"
    return FileRow(
        f.public_id, f.title, f.member.name, own, TYPE_LABELS.get(f.content_type, ""), f.size, f.get_state_display(), kind,
        f.tlp, f.shared_by.get_full_name(), f.shared_at, f.can_be_opened and not gone, gone, own and writes,
    )  # fmt: skip


def file_for(user: User, member: Member, engagement_id: str, file_id: str) -> SharedFile:
    """A file that `member` may open now. Raises Http404 for others, removed ones and those withdrawn with the end."""
    _member, row = engagement_for(user, member.public_id, engagement_id)
    files = row.files.filter(public_id=file_id, removed_at__isnull=True).exclude(file="")
    found = files.select_related("member").first()
    if found is None or withdrawn(row, found, member):
        raise Http404
    found.engagement = row
    return found
