"""What authors see: their drafts, the files of one, what was saved and said. Others get 404."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.http import Http404

from apps.accounts.models import User
from apps.courses.choices import DraftState
from apps.courses.models import Course, CourseAuthor, CourseDraft, CourseUpload, DraftComment, DraftFile
from apps.courses.policies import draft_visible_to, may_publish_draft

MOST_SAVES = 40


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in a list."""

    id: str
    slug: str
    title: str
    number: str
    state: str
    state_text: str
    changed_at: datetime
    by: str
    open_comments: int

    @property
    def open(self) -> bool:
        return self.state != DraftState.PUBLISHED


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A published course that could be written on; `draft` is the id of the open draft of it."""

    slug: str
    code: str
    title: str
    number: str
    kept: bool
    draft: str
    authors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WritingPage:
    drafts: tuple[DraftLine, ...]
    done: tuple[DraftLine, ...]
    courses: tuple[CourseLine, ...]
    may_begin: bool


def writing_page(user: User) -> WritingPage:
    """Everything that this person may write."""
    rows = CourseDraft.objects.filter(draft_visible_to(user)).select_related("begun_by")
    rows = rows.annotate(said=Count("comments", filter=Q(comments__settled=False))).order_by(
        "-changed_at", "-pk"
    )
    lines = [
        DraftLine(
            row.public_id, row.slug, row.title, row.number, row.state, row.get_state_display(), row.changed_at,
            str(row.begun_by or ""), row.said,
        )
        for row in rows
    ]  # fmt: skip
    drafts = {line.slug: line.id for line in lines if line.open}
    return WritingPage(
        tuple(line for line in lines if line.open), tuple(line for line in lines if not line.open)[:20],
        tuple(_courses(user, drafts)), user.is_staff,
    )  # fmt: skip


def _courses(user: User, drafts: dict[str, str]) -> Iterable[CourseLine]:
    authors: dict[str, list[str]] = {}
    for row in CourseAuthor.objects.select_related("user"):
        authors.setdefault(row.slug, []).append(str(row.user))
    courses = Course.objects.filter(draft_visible_to(user)).prefetch_related("versions", "versions__folder")
    for course in sorted(courses, key=lambda row: (len(row.code), row.code)):  # C2 before C10
        kept = [version for version in course.versions.all() if hasattr(version, "folder")]
        newest = kept[0] if kept else next(iter(course.versions.all()), None)
        if newest is not None:
            yield CourseLine(
                course.slug, course.code, newest.title, newest.version, bool(kept), drafts.get(course.slug, ""),
                tuple(authors.get(course.slug, ())),
            )  # fmt: skip


def draft_for(user: User, draft: str) -> CourseDraft:
    """The draft, for those who write its course. Raises Http404 for everybody else."""
    rows = CourseDraft.objects.filter(draft_visible_to(user)).select_related("base", "published")
    row = rows.filter(public_id=draft).first()
    if row is None:
        raise Http404
    return row


def files_of(draft: CourseDraft) -> dict[str, DraftFile]:
    """The files of a draft by path, in order."""
    return {row.path: row for row in draft.files.order_by("path")}


def unit_for(user: User, draft: str, unit: str) -> DraftFile:
    """One file of a draft, with its draft; Http404 for everybody but its authors."""
    visible = CourseDraft.objects.filter(draft_visible_to(user))
    row = DraftFile.objects.select_related("draft").filter(public_id=unit, draft__public_id=draft).first()
    if row is None or not visible.filter(pk=row.draft_id).exists():
        raise Http404
    return row


@dataclass(frozen=True, slots=True)
class SaveLine:
    id: int
    path: str
    kind: str
    by: str
    at: datetime


def saves_of(draft: CourseDraft) -> tuple[SaveLine, ...]:
    """The last saves, newest first."""
    rows = draft.saves.select_related("by").defer("before")[:MOST_SAVES]
    return tuple(SaveLine(row.pk, row.path, row.kind, str(row.by or ""), row.at) for row in rows)


@dataclass(frozen=True, slots=True)
class Comment:
    id: str
    path: str
    text: str
    by: str
    at: datetime
    settled: bool
    unit: str


def comments_of(draft: CourseDraft, path: str | None = None) -> tuple[Comment, ...]:
    """What was said about a draft, or about one file of it; the open ones first."""
    rows = DraftComment.objects.filter(draft=draft).select_related("by")
    if path is not None:
        rows = rows.filter(path=path)
    units = dict(draft.files.values_list("path", "public_id"))
    return tuple(
        Comment(row.public_id, row.path, row.text, str(row.by or ""), row.at, row.settled, units.get(row.path, ""))
        for row in sorted(rows, key=lambda row: (row.settled, row.at))
    )  # fmt: skip


def publishing_hint(user: User, draft: CourseDraft) -> str:
    """Why this person may not publish the draft; empty when they may."""
    return may_publish_draft(user, draft).reason


def upload_for(user: User, upload: str) -> CourseUpload:
    """An upload of one's own. Raises Http404."""
    row = CourseUpload.objects.select_related("draft").filter(public_id=upload, by=user).first()
    if row is None:
        raise Http404
    return row


@dataclass(frozen=True, slots=True)
class AuthorLine:
    email: str
    name: str
    id: str


def authors_of(slug: str) -> tuple[AuthorLine, ...]:
    """Who was named to write a course."""
    rows = CourseAuthor.objects.filter(slug=slug).select_related("user")
    return tuple(AuthorLine(row.user.email, str(row.user), row.user.public_id) for row in rows)
