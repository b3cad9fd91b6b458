"""A programme's rounds: asking its members to assess themselves in a window, and moving that window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments import policies
from apps.assessments.choices import RoundState
from apps.assessments.models import Round, RoundMember
from apps.assessments.selectors.asked import SCOPES, asked_members, members_behind
from apps.assessments.services.telling import tell_leads
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.frameworks.models import Area, FrameworkVersion, Indicator
from apps.frameworks.selectors import profiles_of, scale_of
from apps.members.models import Member, Programme
from apps.members.policies import site_day

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a round asks. `members` are public ids; without any, everybody. `scope` "" is nations and organisations."""

    members: Sequence[str] = ()
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Aims:
    """What a round asks to aim for: by scope {"profile": id} or {"default": level}; `levels` by area or indicator."""

    by_scope: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    levels: Mapping[str, int] = field(default_factory=dict)


@transaction.atomic
def open_round(
    *,
    actor: User,
    programme: Programme,
    name: str,
    version: str,
    opens_on: date,
    closes_on: date,
    audience: Audience = Audience(),  # noqa: B008 - frozen
    aims: Aims = Aims(),  # noqa: B008 - frozen
) -> Round:
    """Ask members of a programme to assess themselves; `version` is the public id of a framework offered to it.

    Their leads are told at once. Raises `Refused` for a name in use, dates in the wrong order, a past end, a stranger
    among the members, nobody to ask, or targets that the framework does not have.
    """
    require(policies.may_run_rounds(actor, programme))
    chosen = FrameworkVersion.objects.offered_in(programme.pk).filter(public_id=version).first()
    if chosen is None:
        raise Refused(_("Choose a published framework."), field="version")
    if closes_on < opens_on or closes_on < site_day():
        raise Refused(
            _("A round closes on or after the day it opens, and not in the past."), field="closes_on"
        )
    if Round.objects.filter(programme=programme, name=name).exists():
        raise Refused(_("The programme has a round with this name."), field="name")
    if audience.scope not in ("", *SCOPES):
        raise Refused(_("Choose nations, organisations or both."), field="scope")
    row = Round.objects.create(
        programme=programme, version=chosen, name=name, opens_on=opens_on, closes_on=closes_on,
        scope=audience.scope, everyone=not audience.members, targets=_targets(chosen, audience.scope, aims),
    )  # fmt: skip
    _name_members(row, audience.members)
    audit.record(
        actor=actor, action="round.opened", on=row, programme=programme.public_id,
        members=len(audience.members) or None, scope=audience.scope or None, targets=row.targets or None,
    )  # fmt: skip
    tell_leads(actor, row, asked_members(row), kind="round_opened")
    return row


def _name_members(row: Round, wanted: Sequence[str]) -> None:
    """Store whom the round names. Raises `Refused` for a stranger, another scope, or a round that asks nobody."""
    found = Member.objects.filter(participations__programme=row.programme, public_id__in=set(wanted))
    if found.count() != len(set(wanted)):
        raise Refused(_("Choose members of this programme."), field="members")
    RoundMember.objects.bulk_create(RoundMember(round=row, member=member, named=True) for member in found)
    missed = len(set(wanted)) - asked_members(row).count() if wanted else 0
    if missed > 0:
        raise Refused(_("A member that you chose is not of the kind that the round asks."), field="members")


def _targets(version: FrameworkVersion, scope: str, aims: Aims) -> dict[str, Any]:
    """The stored form of the aims, checked against the framework. Raises `Refused`, naming the field."""
    stored: dict[str, Any] = {}
    top = len(scale_of(version)) - 1
    for wanted, aim in aims.by_scope.items():
        if not aim or (scope and wanted != scope):
            continue
        profiles = {row.id: row.name for row in profiles_of(version, wanted)}
        if "profile" in aim and aim["profile"] not in profiles:
            raise Refused(_("This framework has no such target."), field=f"target_{wanted}")
        if "profile" not in aim and not 0 <= int(aim["default"]) <= top:
            raise Refused(
                _("The highest level of this framework is %(top)d.") % {"top": top}, field=f"target_{wanted}"
            )
        stored[wanted] = dict(aim)
        if "profile" in aim:
            stored[wanted]["name"] = profiles[aim["profile"]]
    if aims.levels:
        stored["levels"] = _checked_levels(version, aims.levels, top)
    return stored


def _checked_levels(version: FrameworkVersion, levels: Mapping[str, int], top: int) -> dict[str, int]:
    codes = set(Area.objects.filter(version=version).values_list("code", flat=True))
    codes |= set(Indicator.objects.filter(version=version).values_list("code", flat=True))
    for code, level in levels.items():
        if code not in codes:
            raise Refused(
                _("This framework has no area or question %(code)s.") % {"code": code}, field="levels"
            )
        if not 0 <= level <= top:
            reason = _("%(code)s: the highest level of this framework is %(top)d.")
            raise Refused(reason % {"code": code, "top": top}, field="levels")
    return dict(levels)


@transaction.atomic
def extend_round(*, actor: User, row: Round, closes_on: date, seen: date, note: str = "") -> Round:
    """Give members more time, and tell the leads of those who are behind, with a note.

    `seen` is the end that the manager saw: raises `Conflict` when a colleague moved it meanwhile, `Refused` for a closed
    round, a day that is not later, or a note that is too long.
    """
    require(policies.may_run_rounds(actor, row.programme))
    locked = Round.objects.select_for_update().get(pk=row.pk)
    said = note.replace("\x00", "").strip()
    if locked.state != RoundState.OPEN:
        raise Refused(_("This round is closed. Open it again first."))
    if locked.closes_on != seen:
        raise Conflict(
            _("A colleague moved the end of this round meanwhile."),
            current=locked.closes_on,
            proposed=closes_on,
        )
    if closes_on <= locked.closes_on or closes_on < site_day():
        raise Refused(
            _("Choose a later day than the one that stands, and not in the past."), field="closes_on"
        )
    if len(said) > LONGEST_NOTE:
        raise Refused(_("Write at most %(limit)s characters.") % {"limit": LONGEST_NOTE}, field="note")
    locked.closes_on, locked.note = closes_on, said
    locked.save(update_fields=["closes_on", "note"])
    audit.record(
        actor=actor, action="round.extended", on=locked, programme=row.programme.public_id,
        before=seen.isoformat(), until=closes_on.isoformat(),
    )  # fmt: skip
    kind = "round_extended_note" if said else "round_extended"
    tell_leads(actor, locked, members_behind(locked), kind=kind, turn=closes_on.isoformat(), note=said)
    return locked


@transaction.atomic
def close_round(*, actor: User, row: Round) -> Round:
    """Close a round: members cannot begin in it any more; assessments under way go on. Closing twice is closing once."""
    require(policies.may_run_rounds(actor, row.programme))
    locked = Round.objects.select_for_update().get(pk=row.pk)
    if locked.state == RoundState.OPEN:
        locked.state, locked.closed_at = RoundState.CLOSED, now()
        locked.save(update_fields=["state", "closed_at"])
        audit.record(actor=actor, action="round.closed", on=locked, programme=row.programme.public_id)
        turn = locked.closed_at.isoformat()
        tell_leads(actor, locked, members_behind(locked), kind="round_closed", turn=turn)
    return locked


@transaction.atomic
def reopen_round(*, actor: User, row: Round) -> Round:
    """Open a closed round again; an open one stays as it is. Raises `Refused` once a report has counted it."""
    require(policies.may_run_rounds(actor, row.programme))
    locked = Round.objects.select_for_update().get(pk=row.pk)
    if locked.state == RoundState.OPEN:
        return locked
    if locked.used_at is not None:
        raise Refused(
            _("A report has counted this round as closed, so it stays closed. Open a new round instead.")
        )
    locked.state, locked.closed_at = RoundState.OPEN, None
    locked.save(update_fields=["state", "closed_at"])
    audit.record(actor=actor, action="round.reopened", on=locked, programme=row.programme.public_id)
    turn = now().isoformat()
    tell_leads(actor, locked, members_behind(locked), kind="round_reopened", turn=turn)
    return locked


def fix_rounds(*, actor: User | None, programme: Programme) -> int:
    """Closed rounds of a programme were counted in a report: from now on they stay closed. Return how many are new.

    Runs in the transaction that finishes the report.
    """
    rows = Round.objects.filter(programme=programme, state=RoundState.CLOSED, used_at__isnull=True)
    found = list(rows.select_for_update())
    for row in found:
        row.used_at = now()
        row.save(update_fields=["used_at"])
        audit.record(actor=actor, action="round.counted", on=row, programme=programme.public_id)
    return len(found)
