"""What the facilitator gives and answers while a run is played, and what players write into its log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.core.saves import once
from apps.exercises import policies
from apps.exercises.choices import EntryKind, InjectState, RunState
from apps.exercises.models import Entry, Inject, Opening, Player, Run
from apps.exercises.selectors.script import Cue, cues_of, role_names

MOST_OWN = 40
MOST_ENTRIES = 500


@transaction.atomic
def give_injects(*, actor: User, run: Run, codes: Sequence[str]) -> int:
    """Give injects or decisions of the kit to their roles now; return how many were new. What was given stays as it was.

    Raises `Refused` for a code that the kit has not, `Conflict` when the run is not being played.
    """
    require(policies.may_facilitate(actor, run))
    minute = _playing(run)
    cues = {cue.code: cue for cue in cues_of(run.kit.document)}
    if unknown := [code for code in codes if code not in cues]:
        raise Refused(_("The exercise has no inject %(code)s.") % {"code": unknown[0][:20]})
    fresh = 0
    for code in codes:
        defaults = {**_words(cues[code]), "minute": minute}
        _row, new = Inject.objects.get_or_create(run=run, code=code, defaults=defaults)
        fresh += new
        if new:
            audit.record(
                actor=actor,
                action="exercise.given",
                on=run,
                chain=run.member.public_id,
                code=code,
                minute=minute,
            )
    return fresh


def give_due(*, actor: User, run: Run) -> int:
    """Give everything whose minute has come, in its order; return how many were new. As `give_injects`."""
    require(policies.may_facilitate(actor, run))
    minute = run.minute_at(now())
    known = set(run.injects.values_list("code", flat=True))
    due = [cue.code for cue in cues_of(run.kit.document) if cue.at <= minute and cue.code not in known]
    return give_injects(actor=actor, run=run, codes=due)


def _playing(run: Run) -> int:
    """The minute of play, with the run held until the transaction ends. Raises `Conflict` when it is not being played."""
    held = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if held.state != RunState.RUNNING:
        raise Conflict(_("This exercise is not being played."))
    return held.minute_at(now())


def _words(cue: Cue) -> dict[str, object]:
    """What of a cue is copied for those who get it: nothing that only facilitators read."""
    return {
        "to": list(cue.to), "sender": cue.sender, "channel": cue.channel, "story": cue.story,
        "title": "" if cue.asks else cue.title, "text": cue.text,
    }  # fmt: skip


@transaction.atomic
def skip_inject(*, actor: User, run: Run, code: str, reason: str) -> Inject:
    """Leave an inject out, with the reason. Raises `Refused` without one, `Conflict` when it was given or left out already."""
    require(policies.may_facilitate(actor, run))
    minute = _playing(run)
    cues = {cue.code: cue for cue in cues_of(run.kit.document)}
    if code not in cues:
        raise Refused(_("The exercise has no inject %(code)s.") % {"code": code[:20]}, field="code")
    if not reason:
        raise Refused(_("Say why it is left out; the report gives the reason."), field="reason")
    words = {**_words(cues[code]), "minute": minute, "state": InjectState.SKIPPED, "reason": reason}
    row, new = Inject.objects.get_or_create(run=run, code=code, defaults=words)
    if not new:
        raise Conflict(_("It was given or left out already."))
    audit.record(
        actor=actor, action="exercise.left_out", on=run, chain=run.member.public_id, code=code, minute=minute
    )
    return row


@transaction.atomic
def give_own_inject(
    *,
    actor: User,
    run: Run,
    title: str,
    text: str,
    sender: str,
    channel: str,
    to: Sequence[str],
    idempotency: str = "",
) -> Inject:
    """Give something that the kit has not. Raises `Refused` for roles that it has not, `Conflict` when it is not played."""
    require(policies.may_facilitate(actor, run))
    minute = _playing(run)
    names = role_names(run.kit.document)
    if not to or not set(to) <= set(names):
        raise Refused(_("Choose who gets it."), field="to")
    words = {
        "title": title,
        "text": text,
        "sender": sender,
        "channel": channel,
        "to": list(to),
        "minute": minute,
    }
    done = once(
        owner=actor.public_id,
        scope=f"own-inject:{run.public_id}",
        key=idempotency,
        act=lambda: {"inject": _own(actor, run, words).public_id},
        content=sorted((name, str(value)) for name, value in words.items() if name != "minute"),
    )
    return Inject.objects.get(public_id=done["inject"])


def _own(actor: User, run: Run, words: dict[str, object]) -> Inject:
    number = run.injects.filter(code__startswith="X").count() + 1
    if number > MOST_OWN:
        raise Refused(_("An exercise takes %(most)s injects of your own.") % {"most": MOST_OWN})
    row = Inject.objects.create(run=run, code=f"X{number:02d}", **words)
    audit.record(
        actor=actor,
        action="exercise.given",
        on=run,
        chain=run.member.public_id,
        code=row.code,
        minute=row.minute,
    )
    return row


@transaction.atomic
def answer_question(*, actor: User, entry: Entry, answer: str) -> Entry:
    """Answer a player's question; saving again replaces the answer. Raises `Refused` for a decision or an empty answer."""
    require(policies.may_facilitate(actor, entry.run))
    if entry.kind != EntryKind.QUESTION or not answer:
        raise Refused(_("Write an answer."), field="answer")
    entry.answer = answer
    entry.save(update_fields=["answer"])
    audit.record(
        actor=actor, action="exercise.question_answered", on=entry.run, chain=entry.run.member.public_id
    )
    return entry


@transaction.atomic
def open_inject(*, actor: User, inject: Inject, player: Player) -> None:
    """Note that a player has an inject open; only the first time counts."""
    require(policies.may_play(player))
    if player.user_id == actor.pk:
        Opening.objects.get_or_create(inject=inject, player=player)


@transaction.atomic
def log_decision(
    *, actor: User, player: Player, text: str, why: str, inject: Inject | None = None, idempotency: str = ""
) -> Entry:
    """Write down what was decided and why, at this minute. Raises `Conflict` when the run is not being played."""
    return _logged(
        actor, player, EntryKind.DECISION, {"text": text, "why": why, "inject": inject}, idempotency
    )


@transaction.atomic
def ask_facilitator(*, actor: User, player: Player, text: str, idempotency: str = "") -> Entry:
    """Ask the facilitator something. Raises `Conflict` when the run is not being played."""
    return _logged(actor, player, EntryKind.QUESTION, {"text": text}, idempotency)


def _logged(
    actor: User, player: Player, kind: EntryKind, words: dict[str, object], idempotency: str
) -> Entry:
    require(policies.may_write(actor, player))
    minute = _playing(player.run)
    content = sorted((name, str(getattr(value, "pk", value))) for name, value in words.items())
    done = once(
        owner=actor.public_id,
        scope=f"entry:{player.public_id}",
        key=idempotency,
        act=lambda: {"entry": _write(actor, player, kind, minute, words, now()).public_id},
        content=(kind.value, content),
    )
    return Entry.objects.get(public_id=done["entry"])


def _write(
    actor: User, player: Player, kind: EntryKind, minute: int, words: dict[str, object], at: datetime
) -> Entry:
    run = player.run
    if run.entries.filter(player=player).count() >= MOST_ENTRIES:
        raise Refused(_("Your log is full."))
    roles = list(player.parts.values_list("role", flat=True))
    entry = Entry.objects.create(
        run=run, player=player, kind=kind, roles=roles, minute=minute, at=at, **words
    )
    action = "exercise.logged" if kind == EntryKind.DECISION else "exercise.question_asked"
    audit.record(actor=actor, action=action, on=run, chain=player.member.public_id, minute=minute)
    return entry
