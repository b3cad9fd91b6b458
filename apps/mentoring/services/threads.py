"""The discussion of an engagement: threads that both sides read, with mentions; changed, withdrawn, settled, opened again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from apps.core.errors import Refused, Stale
from apps.core.saves import once
from apps.core.words import checked_words, is_named
from apps.members.models import Member
from apps.mentoring import policies
from apps.mentoring.models import Engagement, Thread, ThreadRevision, ThreadWords
from apps.mentoring.selectors.todo import people_of
from apps.mentoring.services.work import check_going, visible

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Said:
    """What a person writes, and the people (public ids) it is meant for besides those named by @ in it."""

    text: str
    mentions: Sequence[str] = ()


def _open(actor: User, member: Member, engagement: str) -> Engagement:
    row = visible(actor, member, engagement, lock=True)
    require(policies.may_write_session(actor, row))
    check_going(row)
    return row


def _thread(row: Engagement, public_id: str) -> Thread:
    found = row.threads.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@transaction.atomic
def start_thread(*, actor: User, member: Member, engagement: str, said: Said, idempotency: str = "") -> str:
    """Open a thread and return its public id. Raises `Refused` without words or for a stranger."""
    row = _open(actor, member, engagement)

    def write() -> dict[str, Any]:
        thread = Thread.objects.create(engagement=row, opened_by=actor)
        _write(actor, row, thread, said)
        audit.record(actor=actor, action="thread.opened", on=thread, chain=row.member.public_id)
        return {"thread": thread.public_id}

    done = once(
        owner=actor.public_id, scope=f"thread:{row.public_id}", key=idempotency, act=write, content=said
    )
    return str(done["thread"])


@transaction.atomic
def write_in_thread(
    *, actor: User, member: Member, engagement: str, thread: str, said: Said, idempotency: str = ""
) -> str:
    """Write in a thread; those who wrote there before are told. Raises `Refused` without words or in a settled one."""
    row = _open(actor, member, engagement)
    found = _thread(row, thread)
    if found.settled_at is not None:
        raise Refused(_("This thread is settled. Open it again to write in it."), field="text")

    def write() -> dict[str, Any]:
        made = _write(actor, row, found, said)
        audit.record(actor=actor, action="thread.written", on=found, chain=row.member.public_id)
        return {"words": made.public_id}

    done = once(
        owner=actor.public_id,
        scope=f"thread-words:{found.public_id}",
        key=idempotency,
        act=write,
        content=said,
    )
    return str(done["words"])


def _write(actor: User, row: Engagement, thread: Thread, said: Said) -> ThreadWords:
    """Store the words; tell those they are meant for, and those who wrote in the thread before."""
    text, people = checked_words(said.text, limit=LONGEST), people_of(row)
    if not set(said.mentions) <= people.keys():
        raise Refused(_("Choose people of one of the two sides."), field="mentions")
    before = set(thread.words.filter(withdrawn_at__isnull=True).values_list("by", flat=True))
    made = ThreadWords.objects.create(thread=thread, by=actor, text=text)
    named = [user for key, (user, _side) in people.items() if key in said.mentions or is_named(user, text)]
    made.mentions.set(named)
    for user, side in people.values():
        if user != actor and (user in named or user.pk in before):
            kind = "thread_named" if user in named else "thread_answered"
            notify(
                actor=actor, user=user, kind=kind, key=f"{kind}:{made.public_id}", who=str(actor), area=row.area_name,
                url=reverse("mentoring:threads", args=[side.public_id, row.public_id]),
            )  # fmt: skip
    return made


@transaction.atomic
def settle_thread(*, actor: User, member: Member, engagement: str, thread: str, settled: bool) -> Thread:
    """Settle a thread, or open it again; twice is once."""
    row = _open(actor, member, engagement)
    found = _thread(row, thread)
    if (found.settled_at is not None) == settled:
        return found
    found.settled_at, found.settled_by = (now(), actor) if settled else (None, None)
    found.save(update_fields=["settled_at", "settled_by"])
    action = "thread.settled" if settled else "thread.reopened"
    audit.record(actor=actor, action=action, on=found, chain=row.member.public_id)
    return found


def _own_words(actor: User, row: Engagement, thread: str, public_id: str) -> ThreadWords:
    """An entry of the actor, locked. Raises Http404, and `PermissionDenied` for another's."""
    rows = ThreadWords.objects.select_for_update(of=("self",)).select_related("thread")
    found = rows.filter(thread__engagement=row, thread__public_id=thread, public_id=public_id).first()
    if found is None:
        raise Http404
    require(policies.may_mend(actor, found))
    return found


@transaction.atomic
def mend_words(
    *, actor: User, member: Member, engagement: str, thread: str, public_id: str, text: str, version: int
) -> ThreadWords:
    """Change one's own words; both sides still read the earlier ones, and whoever is newly named by @ is told.

    Raises `PermissionDenied` for another's, `Refused` in a settled thread or for withdrawn words, `Conflict` with both
    texts when they were changed elsewhere meanwhile.
    """
    row = _open(actor, member, engagement)
    found = _own_words(actor, row, thread, public_id)
    if found.withdrawn_at is not None:
        raise Refused(_("You withdrew these words. Write new ones instead."), field="text")
    if found.thread.settled_at is not None:
        raise Refused(_("This thread is settled. Open it again to change your words."), field="text")
    said = checked_words(text, limit=LONGEST)
    if found.version != version:
        raise Stale(_("You changed these words elsewhere meanwhile."), current=found, proposed=said)
    if said == found.text:
        return found
    ThreadRevision.objects.create(words=found, version=found.version, text=found.text)
    found.text, found.version = said, found.version + 1
    found.save(update_fields=["text", "version"])
    audit.record(
        actor=actor, action="thread.mended", on=found, chain=row.member.public_id, version=found.version
    )
    _tell_newly_named(actor, row, found)
    return found


def _tell_newly_named(actor: User, row: Engagement, words: ThreadWords) -> None:
    before = set(words.mentions.values_list("pk", flat=True))
    for user, side in people_of(row).values():
        if user.pk not in before and is_named(user, words.text):
            words.mentions.add(user)
            if user != actor:
                notify(
                    actor=actor, user=user, kind="thread_named", key=f"thread_named:{words.public_id}:{words.version}",
                    who=str(actor), area=row.area_name,
                    url=reverse("mentoring:threads", args=[side.public_id, row.public_id]),
                )  # fmt: skip


@transaction.atomic
def withdraw_words(
    *, actor: User, member: Member, engagement: str, thread: str, public_id: str
) -> ThreadWords:
    """Take one's own words back: they and the earlier ones are gone, that they were withdrawn and when stays. Twice is once.

    Raises `PermissionDenied` for another's.
    """
    row = _open(actor, member, engagement)
    found = _own_words(actor, row, thread, public_id)
    if found.withdrawn_at is not None:
        return found
    found.text, found.withdrawn_at, found.version = "", now(), found.version + 1
    found.save(update_fields=["text", "withdrawn_at", "version"])
    found.revisions.all().delete()
    found.mentions.clear()
    audit.record(actor=actor, action="thread.withdrawn", on=found, chain=row.member.public_id)
    return found
