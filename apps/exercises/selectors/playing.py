"""What a player reads: what was given to the own roles, the own log. Nothing here opens what only facilitators read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.decisions import require
from apps.core.markdown import render_markdown
from apps.exercises.choices import Channel, EntryKind, InjectState, RunState
from apps.exercises.models import Entry, Inject, Player, Run
from apps.exercises.policies import may_play
from apps.exercises.selectors.runs import find_run, place_of
from apps.exercises.selectors.script import RoleCard, roles_of
from apps.members.models import Member


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of a run when the page was made; `minute` of play, `total` of the kit."""

    minute: int
    total: int
    going: bool
    state: str

    @property
    def percent(self) -> int:
        return min(100, 100 * self.minute // self.total)


@dataclass(frozen=True, slots=True)
class Message:
    """An inject as one who got it reads it."""

    public_id: str
    title: str
    text: str
    sender: str
    channel: str
    story: str
    minute: int
    at: datetime
    new: bool
    asks: bool
    answered: bool


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of the own log."""

    public_id: str
    decision: bool
    minute: int
    at: datetime
    text: str
    why: str
    answer: str
    about: str


@dataclass(frozen=True, slots=True)
class PlayPage:
    """A player's page. `marker` changes when there is something new."""

    run: Run
    member: Member
    title: str
    language: str
    clock: Clock
    scenario: SafeString
    rules: tuple[str, ...]
    words: tuple[tuple[str, str], ...]
    cards: tuple[RoleCard, ...]
    messages: tuple[Message, ...]
    log: tuple[LogLine, ...]
    unread: int
    marker: str
    can_write: bool


@dataclass(frozen=True, slots=True)
class MessagePage:
    """One inject, opened."""

    run: Run
    member: Member
    player: Player
    inject: Inject
    message: Message
    clock: Clock
    log: tuple[LogLine, ...]
    can_write: bool


def clock_of(run: Run) -> Clock:
    """The clock of a run now."""
    return Clock(run.minute_at(now()), run.kit.minutes, run.going_since is not None, run.state)


def play_page(user: User, member: str, exercise: str) -> PlayPage:
    """What a player sees. Raises Http404, and `PermissionDenied` for whoever has no part. Constant queries."""
    run, here = find_run(user, member, exercise)
    player = _player(user, run)
    mine = {part.role for part in player.parts.all()}
    document = run.kit.document
    entries = list(player.entries.select_related("inject"))
    messages = _messages(run, player, mine, entries)
    return PlayPage(
        run=run,
        member=here,
        title=run.kit.title,
        language=run.kit.language,
        clock=clock_of(run),
        scenario=render_markdown(document["scenario"]),
        rules=tuple(document["rules"]),
        words=tuple((row["term"], row["meaning"]) for row in document.get("words", ())),
        cards=tuple(card for card in roles_of(document) if card.code in mine),
        messages=messages,
        log=tuple(log_line(entry) for entry in reversed(entries)),
        unread=sum(message.new for message in messages),
        marker=_marker(run, messages, entries),
        can_write=run.state == RunState.RUNNING,
    )


def play_marker(user: User, member: str, exercise: str) -> str:
    """What changes when a player's page has something new. Raises as `play_page`."""
    run, _here = find_run(user, member, exercise)
    player = _player(user, run)
    mine = {part.role for part in player.parts.all()}
    entries = list(player.entries.select_related("inject"))
    return _marker(run, _messages(run, player, mine, entries), entries)


def _marker(run: Run, messages: Iterable[Message], entries: Iterable[Entry]) -> str:
    answers = sum(bool(entry.answer) for entry in entries)
    going = "on" if run.going_since else "off"
    return f"{run.state}-{going}-{len(tuple(messages))}-{answers}"


def _player(user: User, run: Run) -> Player:
    player = place_of(user, run)
    require(may_play(player))
    assert player is not None
    return player


def _messages(run: Run, player: Player, mine: set[str], entries: Iterable[Entry]) -> tuple[Message, ...]:
    """Newest first; only what went to one of the own roles. Observers get none."""
    opened = set(player.openings.values_list("inject_id", flat=True))
    done = {entry.inject_id for entry in entries if entry.inject_id}
    given = [row for row in run.injects.filter(state=InjectState.GIVEN) if mine & set(row.to)]
    return tuple(_message(row, row.pk not in opened, row.pk in done) for row in reversed(given))


def _message(row: Inject, new: bool, answered: bool) -> Message:
    asks = row.channel == Channel.ASKED
    return Message(
        public_id=row.public_id, title=row.title or _("Decide now"), text=row.text, sender=row.sender,
        channel="" if asks else str(row.get_channel_display()), story=row.story, minute=row.minute, at=row.at, new=new,
        asks=asks, answered=answered,
    )  # fmt: skip


def log_line(entry: Entry) -> LogLine:
    """One line of a log; its inject is loaded."""
    return LogLine(
        entry.public_id, entry.kind == EntryKind.DECISION, entry.minute, entry.at, entry.text, entry.why, entry.answer,
        (entry.inject.title or _("Decide now")) if entry.inject else "",
    )  # fmt: skip


def message_page(user: User, member: str, exercise: str, inject: str) -> MessagePage:
    """One inject that was given to one of the user's roles. Raises Http404 for every other."""
    run, here = find_run(user, member, exercise)
    player = _player(user, run)
    mine = {part.role for part in player.parts.all()}
    row = run.injects.filter(public_id=inject, state=InjectState.GIVEN).first()
    if row is None or not mine & set(row.to):
        raise Http404(_("There is no such message."))
    entries = list(player.entries.filter(inject=row).select_related("inject"))
    return MessagePage(
        run, here, player, row, _message(row, False, bool(entries)), clock_of(run),
        tuple(log_line(entry) for entry in entries), run.state == RunState.RUNNING,
    )  # fmt: skip


def writing_player(user: User, member: str, exercise: str) -> Player:
    """The user's own place, for writing into the log. Raises Http404, `PermissionDenied`."""
    run, _here = find_run(user, member, exercise)
    player = _player(user, run)
    player.run = run
    return player
