"""The discussion of a question: threads, questions to a colleague, comments with mentions, mending and settling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import make_aware, now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.assessments import policies
from apps.assessments.choices import COMMENT_LIMIT, MEND_MINUTES
from apps.assessments.models import Comment, CommentRevision, Talk
from apps.assessments.selectors.home import question_url
from apps.assessments.selectors.places import Place
from apps.assessments.services.locks import lock_open
from apps.core import audit, saves
from apps.core.decisions import require
from apps.core.errors import Refused, Stale
from apps.core.jobs import enqueue
from apps.core.words import checked_words, is_named
from apps.members.models import Member, Membership
from apps.members.policies import site_day

REMIND_AT = time(7)
LONGEST_WAIT = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Words:
    """What a person writes, and the colleagues (public ids) that it is meant for besides those named by @ in it."""

    text: str
    mentions: Sequence[str] = ()


@transaction.atomic
def start_talk(
    *,
    actor: User,
    place: Place,
    words: Words,
    asked: str = "",
    due_on: date | None = None,
    idempotency: str = "",
) -> str:
    """Open a thread on a question; with `asked` (a public id) it asks that colleague, by `due_on` if given.

    Returns the public id of the thread. Raises `Refused` without words, for a stranger, oneself or a day that has
    passed, `Closed` after submission.
    """
    require(policies.may_talk(actor, place.assessment))
    done = saves.once(
        owner=actor.public_id,
        scope=f"talk:{place.assessment.public_id}:{place.indicator.code}",
        key=idempotency,
        act=lambda: _start(actor, place, words, asked, due_on),
        content=(words, asked, due_on),
    )
    return str(done["talk"])


def _start(actor: User, place: Place, words: Words, asked: str, due_on: date | None) -> dict[str, Any]:
    lock_open(place.assessment)
    people = _people(place.assessment.member)
    colleague = people.get(asked) if asked else None
    if asked and (colleague is None or colleague == actor):
        raise Refused(_("Choose a colleague of your own team, not yourself."), field="asked")
    if due_on and colleague is None:
        raise Refused(_("A day belongs to a question to a colleague: choose whom you ask."), field="asked")
    if due_on and not site_day() <= due_on <= site_day() + LONGEST_WAIT:
        raise Refused(_("Choose a day from today on, within a year."), field="due_on")
    talk = Talk.objects.create(
        member=place.assessment.member, assessment=place.assessment, indicator=place.indicator, opened_by=actor,
        asked=colleague, due_on=due_on,
    )  # fmt: skip
    _write(actor, place, talk, words, people)
    _record(actor, place, "talk.opened", talk)
    if colleague:
        _tell(actor, place, colleague, "colleague_asked", talk.public_id)
        remind_later(talk)
    return {"talk": talk.public_id}


def _people(member: Member) -> dict[str, User]:
    rows = Membership.objects.filter(member=member, user__is_active=True).select_related("user")
    return {row.user.public_id: row.user for row in rows.order_by("pk")}


def remind_later(talk: Talk) -> None:
    """On the morning of the due day, if that is still to come."""
    if talk.due_on and talk.due_on > site_day():
        delay = make_aware(datetime.combine(talk.due_on, REMIND_AT)) - now()
        enqueue("assessments.remind_asked", key=f"asked:{talk.public_id}", delay=delay, talk=talk.public_id)


def _write(actor: User, place: Place, talk: Talk, words: Words, people: dict[str, User]) -> Comment:
    """Store a comment and tell those it is meant for. Raises `Refused` for words that cannot be kept."""
    text = checked_words(words.text, limit=COMMENT_LIMIT)
    if not set(words.mentions) <= people.keys():
        raise Refused(_("Choose people of your own team."), field="mentions")
    comment = Comment.objects.create(member=talk.member, talk=talk, by=actor, text=text)
    named = [u for key, u in people.items() if key in words.mentions or is_named(u, text)]
    comment.mentions.set(named)
    for user in named:
        if user not in (actor, talk.asked):
            _tell(actor, place, user, "mentioned", comment.public_id)
    return comment


@transaction.atomic
def add_comment(*, actor: User, place: Place, talk: Talk, words: Words, idempotency: str = "") -> str:
    """Write in a thread; those who wrote there before are told, and a question to the actor is answered by it.

    Returns the public id of the comment. Raises `Refused` without words or in a settled thread, `Closed` after submission.
    """
    require(policies.may_talk(actor, place.assessment))
    done = saves.once(
        owner=actor.public_id,
        scope=f"comment:{talk.public_id}",
        key=idempotency,
        act=lambda: _add(actor, place, talk, words),
        content=words,
    )
    return str(done["comment"])


def _add(actor: User, place: Place, talk: Talk, words: Words) -> dict[str, Any]:
    lock_open(place.assessment)
    row = Talk.objects.select_for_update().get(pk=talk.pk)
    if row.settled_at is not None:
        raise Refused(_("This thread is settled. Open it again to write in it."), field="text")
    people = _people(place.assessment.member)
    comment = _write(actor, place, row, words, people)
    if row.asked_id == actor.pk and row.answered_at is None:
        row.answered_at = comment.at
        row.save(update_fields=["answered_at"])
    _record(actor, place, "comment.written", comment)
    told = set(comment.mentions.values_list("pk", flat=True)) | {actor.pk}
    writers = set(row.comments.values_list("by", flat=True)) | {row.opened_by_id, row.asked_id}
    for user in people.values():
        if user.pk in writers - told:
            _tell(actor, place, user, "talk_answered", comment.public_id)
    return {"comment": comment.public_id}


@transaction.atomic
def mend_comment(*, actor: User, place: Place, comment: Comment, text: str, expected: int) -> Comment:
    """Change one's own words within fifteen minutes; the earlier ones stay to be read.

    Raises `PermissionDenied` for another's, `Refused` later than that, `Conflict` when it was mended elsewhere meanwhile.
    """
    require(policies.may_mend(actor, comment))
    lock_open(place.assessment)
    row = Comment.objects.select_for_update().get(pk=comment.pk)
    if now() - row.at > timedelta(minutes=MEND_MINUTES):
        reason = _("Words can be changed for %(minutes)d minutes. Write a new comment instead.")
        raise Refused(reason % {"minutes": MEND_MINUTES}, field="text")
    said = checked_words(text, limit=COMMENT_LIMIT)
    if row.version != expected:
        raise Stale(_("You changed these words elsewhere meanwhile."), current=row.text, proposed=said)
    if said == row.text:
        return row
    CommentRevision.objects.create(comment=row, version=row.version, text=row.text)
    row.text, row.version = said, row.version + 1
    row.save(update_fields=["text", "version"])
    _record(actor, place, "comment.mended", row)
    return row


@transaction.atomic
def settle_talk(*, actor: User, place: Place, talk: Talk, settled: bool) -> Talk:
    """Settle a thread, or open it again; doing it twice is doing it once."""
    require(policies.may_talk(actor, place.assessment))
    lock_open(place.assessment)
    row = Talk.objects.select_for_update().get(pk=talk.pk)
    if (row.settled_at is not None) == settled:
        return row
    row.settled_at, row.settled_by = (now(), actor) if settled else (None, None)
    row.save(update_fields=["settled_at", "settled_by"])
    _record(actor, place, "talk.settled" if settled else "talk.reopened", row)
    return row


@transaction.atomic
def remind_asked(*, actor: None = None, talk: str) -> bool:
    """Tell the asked colleague that the day has come, unless the question is answered, settled or closed."""
    rows = Talk.objects.unsettled().filter(public_id=talk, answered_at__isnull=True, asked__isnull=False)
    row = rows.select_related("asked", "opened_by", "assessment__member", "indicator__area").first()
    if row is None or row.asked is None or row.assessment.is_closed:
        return False
    place = Place(row.assessment, row.indicator.area, row.indicator)
    if not policies.may_talk(row.asked, row.assessment):
        return False
    _tell(row.opened_by, place, row.asked, "colleague_reminded", f"{row.public_id}:{row.due_on}")
    return True


def _tell(actor: User, place: Place, user: User, kind: str, turn: str) -> None:
    """The mail says who and about what question, never the words."""
    code = place.indicator.code
    notify(
        actor=actor, user=user, kind=kind, key=f"{kind}:{turn}",
        url=question_url(place.assessment, place.area.code, code, "talk"),
        who=str(actor), indicator=f"{code} {place.indicator.name}",
    )  # fmt: skip


def _record(actor: User, place: Place, action: str, on: Any) -> None:
    chain, code = place.assessment.member.public_id, place.indicator.code
    audit.record(actor=actor, action=action, on=on, chain=chain, indicator=code)
