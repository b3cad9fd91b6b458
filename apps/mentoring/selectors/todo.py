"""The work between sessions: milestones, tasks, resources handed over; and what of it waits for a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.decisions import require
from apps.members.choices import Role
from apps.members.models import Member, Membership
from apps.members.policies import site_day
from apps.mentoring import policies
from apps.mentoring.choices import OPEN_AGREEMENTS, EngagementState, Side
from apps.mentoring.models import Agreement, AgreementSignature, Engagement, Milestone, Task
from apps.mentoring.selectors.agreements import Space, engagement_for, space_of
from apps.resources.models import Resource

WORKING = (Role.LEAD, Role.RESPONDENT, Role.REVIEWER)
DONE_SHOWN = 20


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    public_id: str
    title: str
    due_on: date
    done_at: datetime | None
    done_by: str
    late: bool


@dataclass(frozen=True, slots=True)
class TaskRow:
    public_id: str
    text: str
    owner: str
    mine: bool
    due_on: date | None
    late: bool
    done_at: datetime | None
    done_by: str
    removed_at: datetime | None = None
    removed_by: str = ""
    owner_id: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True)
class TaskDraft:
    """A task to change; `people` are the choices of who does it."""

    space: Space
    task: TaskRow
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class HandoverRow:
    public_id: str
    title: str
    slug: str
    kind: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WorkPage:
    """`people` and `resources` are the choices of the two forms, as (value, words)."""

    space: Space
    agreed: bool
    milestones: tuple[MilestoneRow, ...]
    tasks: tuple[TaskRow, ...]
    finished: tuple[TaskRow, ...]
    removed: tuple[TaskRow, ...]
    handed: tuple[HandoverRow, ...]
    people: tuple[tuple[str, str], ...]
    resources: tuple[tuple[str, str], ...]
    can_write: bool
    can_steer: bool

    @property
    def reached(self) -> int:
        """How many milestones are reached."""
        return sum(m.done_at is not None for m in self.milestones)

    @property
    def percent(self) -> int:
        """The part of the milestones that is reached, in per cent."""
        return 100 * self.reached // len(self.milestones) if self.milestones else 0


def people_of(row: Engagement) -> dict[str, tuple[User, Member]]:
    """Who works on an engagement, by public id, with their side: the member's team and the partner's mentors."""
    sides = Q(member=row.member_id, role__in=WORKING) | Q(member=row.mentor_id, role__in=policies.MENTOR_SIDE)
    found = Membership.objects.filter(sides, user__is_active=True).select_related("user", "member")
    return {m.user.public_id: (m.user, m.member) for m in found.order_by("user__full_name", "pk")}


def work_page(user: User, member_id: str, engagement_id: str, *, to_write: bool = False) -> WorkPage:
    """Milestones, tasks and resources of an engagement. Raises Http404, and `PermissionDenied` for readers `to_write`."""
    member, row = engagement_for(user, member_id, engagement_id)
    if to_write:
        require(policies.may_write_session(user, row))
    space = space_of(member, row)
    every = [_task(t, user) for t in row.tasks.select_related("owner", "done_by", "removed_by")]
    tasks = [t for t in every if not t.removed_at]
    milestones = tuple(_milestone(m) for m in row.milestones.select_related("done_by"))
    finished = sorted((t for t in tasks if t.done_at), key=lambda t: str(t.done_at), reverse=True)
    can_write = not space.over and bool(policies.may_write_session(user, row))
    return WorkPage(
        space=space,
        agreed=bool(milestones),
        milestones=milestones,
        tasks=tuple(sorted((t for t in tasks if not t.done_at), key=lambda t: t.due_on or date.max)),
        finished=tuple(finished[:DONE_SHOWN]),
        removed=tuple(_lately(every)) if can_write else (),
        handed=tuple(_handed(row)),
        people=_choices(row),
        resources=tuple(_fitting(user, row)) if can_write else (),
        can_write=can_write,
        can_steer=not space.over and bool(policies.may_steer(user, row)),
    )


def _lately(rows: list[TaskRow]) -> list[TaskRow]:
    """The removed ones that can be put back, the newest first."""
    gone = sorted((t for t in rows if t.removed_at), key=lambda t: str(t.removed_at), reverse=True)
    return gone[:DONE_SHOWN]


def _choices(row: Engagement) -> tuple[tuple[str, str], ...]:
    return tuple((key, f"{p} ({side.name})") for key, (p, side) in people_of(row).items())


def task_draft(user: User, member_id: str, engagement_id: str, task_id: str) -> TaskDraft:
    """A task for the form that changes it. Raises Http404, and `PermissionDenied` for readers."""
    member, row = engagement_for(user, member_id, engagement_id)
    require(policies.may_write_session(user, row))
    rows = row.tasks.filter(removed_at__isnull=True).select_related("owner", "done_by", "removed_by")
    found = rows.filter(public_id=task_id).first()
    if found is None:
        raise Http404
    return TaskDraft(space_of(member, row), _task(found, user), _choices(row))


def _milestone(m: Milestone) -> MilestoneRow:
    late = m.done_at is None and m.due_on < site_day()
    return MilestoneRow(
        m.public_id, m.title, m.due_on, m.done_at, m.done_by.get_full_name() if m.done_by else "", late
    )


def _task(t: Task, user: User) -> TaskRow:
    late = t.done_at is None and t.due_on is not None and t.due_on < site_day()
    return TaskRow(
        t.public_id, t.text, t.owner.get_full_name(), t.owner_id == user.pk, t.due_on, late, t.done_at,
        t.done_by.get_full_name() if t.done_by else "", t.removed_at,
        t.removed_by.get_full_name() if t.removed_by else "", t.owner.public_id, t.version,
    )  # fmt: skip


def _handed(row: Engagement) -> Iterator[HandoverRow]:
    for h in row.handovers.select_related("resource", "by"):
        r = h.resource
        yield HandoverRow(
            h.public_id, r.title, r.slug, r.get_kind_display(), h.note, h.by.get_full_name(), h.at
        )


def _fitting(user: User, row: Engagement) -> Iterator[tuple[str, str]]:
    """Resources to choose from: those of the engagement's area first."""
    rows = Resource.objects.visible_to(user).order_by("title", "slug").values_list("slug", "title", "areas")
    for slug, title, _areas in sorted(rows, key=lambda r: row.area not in r[2]):
        yield slug, title


def open_tasks(user: User, mine: set[int]) -> list[tuple[str, str]]:
    """(text, address) of the open tasks of a person in the members `mine`, the most urgent first. One query."""
    rows = Task.objects.filter(owner=user, done_at__isnull=True, removed_at__isnull=True).exclude(
        engagement__state=EngagementState.CLOSED
    )
    found = []
    for task in rows.select_related("engagement__member", "engagement__mentor").order_by("due_on", "pk")[:50]:
        side = _own_side(task.engagement, mine)
        if side is not None:
            found.append(
                (task.text, reverse("mentoring:work", args=[side.public_id, task.engagement.public_id]))
            )
    return found


def _own_side(row: Engagement, mine: set[int]) -> Member | None:
    return next((m for m in (row.member, row.mentor) if m.pk in mine), None)


def agreements_to_sign(led: set[int], mentored: set[int]) -> list[tuple[str, str]]:
    """(text, address) of agreements that wait for a signature of these members' sides. One query."""
    put = AgreementSignature.objects.filter(agreement=OuterRef("pk"))
    waits = Q(~Exists(put.filter(side=Side.MEMBER)), engagement__member__in=led) | Q(
        ~Exists(put.filter(side=Side.MENTOR)), engagement__mentor__in=mentored
    )
    rows = Agreement.objects.filter(waits, state__in=OPEN_AGREEMENTS).exclude(
        engagement__state=EngagementState.CLOSED
    )
    found = []
    for row in rows.select_related("engagement__member", "engagement__mentor").order_by("changed_at", "pk"):
        side = row.engagement.member if row.engagement.member_id in led else row.engagement.mentor
        text = _("Read and sign the agreement on %(area)s") % {"area": row.engagement.area_name}
        found.append((text, reverse("mentoring:agreement", args=[side.public_id, row.engagement.public_id])))
    return found
