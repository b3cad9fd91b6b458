"""Tasks between sessions, and resources handed over."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.core.saves import once, save_version
from apps.members.models import Member
from apps.members.policies import site_day
from apps.mentoring import policies
from apps.mentoring.models import Engagement, Handover, Task
from apps.mentoring.selectors.todo import people_of
from apps.mentoring.services.work import check_going, visible
from apps.resources.models import Resource

MOST_OPEN = 100
LONGEST = timedelta(days=730)


def _open(actor: User, member: Member, engagement: str) -> Engagement:
    row = visible(actor, member, engagement, lock=True)
    require(policies.may_write_session(actor, row))
    check_going(row)
    return row


@transaction.atomic
def add_task(
    *,
    actor: User,
    member: Member,
    engagement: str,
    text: str,
    owner: str,
    due_on: date | None,
    idempotency: str = "",
) -> Task:
    """Give a task to somebody of either side, by public id. Raises `Refused` for a stranger or a day that has passed."""
    row = _open(actor, member, engagement)
    person = _person(row, owner)
    _check_day(due_on)
    _check_room(row)

    def write() -> dict[str, Any]:
        made = Task.objects.create(engagement=row, text=text, owner=person[0], due_on=due_on, made_by=actor)
        audit.record(actor=actor, action="task.added", on=made, chain=row.member.public_id)
        _tell_owner(actor, row, made, person)
        return {"task": made.public_id}

    done = once(
        owner=actor.public_id,
        scope=f"task:{row.public_id}",
        key=idempotency,
        act=write,
        content=(text, owner, due_on),
    )
    return Task.objects.get(public_id=done["task"])


def _person(row: Engagement, owner: str) -> tuple[User, Member]:
    found = people_of(row).get(owner)
    if found is None:
        raise Refused(_("Choose somebody of one of the two sides."), field="owner")
    return found


def _check_day(due_on: date | None) -> None:
    if due_on and not site_day() <= due_on <= site_day() + LONGEST:
        raise Refused(_("Choose a day from today on, within two years."), field="due_on")


def _check_room(row: Engagement) -> None:
    if row.tasks.filter(done_at__isnull=True, removed_at__isnull=True).count() >= MOST_OPEN:
        raise Refused(_("Many tasks are open already. Finish or remove some first."))


def _tell_owner(actor: User, row: Engagement, task: Task, person: tuple[User, Member]) -> None:
    if task.owner_id != actor.pk:
        notify(
            actor=actor, user=person[0], kind="task_given", key=f"task:{task.public_id}:{task.version}", what=task.text,
            who=actor.get_short_name(), url=reverse("mentoring:work", args=[person[1].public_id, row.public_id]),
        )  # fmt: skip


def _task(row: Engagement, public_id: str, *, removed: bool = False) -> Task:
    rows = row.tasks.all() if removed else row.tasks.filter(removed_at__isnull=True)
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@transaction.atomic
def change_task(
    *,
    actor: User,
    member: Member,
    engagement: str,
    public_id: str,
    version: int,
    text: str,
    owner: str,
    due_on: date | None,
) -> Task:
    """Change what is to be done, by whom and until when; a new owner is told. A day that has passed may stay, not come.

    Raises `Conflict` with the stored task when somebody saved first, `Refused` for a stranger or a day that cannot be.
    """
    row = _open(actor, member, engagement)
    found = _task(row, public_id)
    person, was = _person(row, owner), found.owner_id
    if due_on != found.due_on:
        _check_day(due_on)
    found = save_version(
        found, expected=version, changes={"text": text, "owner": person[0], "due_on": due_on}
    )
    audit.record(
        actor=actor, action="task.changed", on=found, chain=row.member.public_id, version=found.version
    )
    if found.owner_id != was:
        _tell_owner(actor, row, found, person)
    return found


@transaction.atomic
def finish_task(*, actor: User, member: Member, engagement: str, public_id: str, done: bool) -> Task:
    """Say that a task is done, or that it is not after all. Twice is once."""
    row = _open(actor, member, engagement)
    found = _task(row, public_id)
    if (found.done_at is not None) == done:
        return found
    if not done:
        _check_room(row)
    found.done_at, found.done_by = (now(), actor) if done else (None, None)
    found.save(update_fields=["done_at", "done_by"])
    action = "task.done" if done else "task.reopened"
    audit.record(actor=actor, action=action, on=found, chain=row.member.public_id)
    return found


@transaction.atomic
def remove_task(
    *, actor: User, member: Member, engagement: str, public_id: str, removed: bool = True
) -> Task:
    """Remove a task that nobody has to do any more, or put a removed one back. Twice is once."""
    row = _open(actor, member, engagement)
    found = _task(row, public_id, removed=True)
    if (found.removed_at is not None) == removed:
        return found
    if not removed and found.done_at is None:
        _check_room(row)
    found.removed_at, found.removed_by = (now(), actor) if removed else (None, None)
    found.save(update_fields=["removed_at", "removed_by"])
    action = "task.removed" if removed else "task.put_back"
    audit.record(actor=actor, action=action, on=found, chain=row.member.public_id)
    return found


@transaction.atomic
def hand_over(*, actor: User, member: Member, engagement: str, resource: str, note: str = "") -> Handover:
    """Hand a resource of the library over, by its slug; a second time only changes the note."""
    row = _open(actor, member, engagement)
    found = Resource.objects.visible_to(actor).filter(slug=resource).first()
    if found is None:
        raise Refused(_("Choose a resource of the library."), field="resource")
    made, new = Handover.objects.update_or_create(
        engagement=row, resource=found, defaults={"note": note, "by": actor, "at": now()}
    )
    if new:
        audit.record(actor=actor, action="resource.handed_over", on=made, chain=row.member.public_id)
    return made


@transaction.atomic
def take_back(*, actor: User, member: Member, engagement: str, public_id: str) -> None:
    """Take a resource off the list."""
    row = _open(actor, member, engagement)
    found = row.handovers.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    audit.record(actor=actor, action="resource.taken_back", on=found, chain=row.member.public_id)
    found.delete()
