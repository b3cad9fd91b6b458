"""Rounds of a programme with each member's progress: counts and days only, never what answers say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max
from django.db.models.fields.json import KeyTransform
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.assessments.choices import CLOSED_STATES, RoundState
from apps.assessments.models import Assessment, Round, RoundMember
from apps.assessments.selectors.asked import SCOPES
from apps.assessments.selectors.places import round_for
from apps.core.workbooks import Cell, write_csv
from apps.frameworks.models import FrameworkVersion, Indicator
from apps.members.models import Member, Programme
from apps.members.policies import may_manage, site_day
from apps.members.selectors import get_programme


@dataclass(frozen=True, slots=True)
class MemberProgress:
    """How far one asked member is. `last_at` is when an answer was saved last; `reason` is why it declined."""

    public_id: str
    name: str
    kind: str
    answered: int
    total: int
    percent: int
    state: str
    state_label: str
    last_at: datetime | None
    submitted_at: datetime | None
    declined: bool
    reason: str
    reminded_on: date | None

    @property
    def submitted(self) -> bool:
        return self.state in CLOSED_STATES

    @property
    def behind(self) -> bool:
        """Asked, and neither submitted nor declined."""
        return not self.submitted and not self.declined

    @property
    def can_be_reminded(self) -> bool:
        return self.behind and self.reminded_on != site_day()


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One round. `asks` and `aims` say in words whom it asks, and what they aim for."""

    public_id: str
    name: str
    framework: str
    opens_on: date
    closes_on: date
    open: bool
    late: bool
    asks: str
    aims: tuple[str, ...]
    note: str
    can_reopen: bool
    members: tuple[MemberProgress, ...]

    @property
    def submitted(self) -> int:
        return sum(row.submitted for row in self.members)

    @property
    def begun(self) -> int:
        return sum(bool(row.state) for row in self.members)

    @property
    def declined(self) -> int:
        return sum(row.declined for row in self.members)

    @property
    def behind(self) -> int:
        return sum(row.behind for row in self.members)

    @property
    def to_remind(self) -> int:
        return sum(row.can_be_reminded for row in self.members)


@dataclass(frozen=True, slots=True)
class RoundsPage:
    programme: Programme
    rounds: tuple[RoundRow, ...]
    can_manage: bool


@dataclass(frozen=True, slots=True)
class RoundPage:
    programme: Programme
    round: RoundRow
    can_manage: bool


@dataclass(frozen=True, slots=True)
class RoundChoices:
    """What a new round can be: framework versions, targets by scope, members; all as (value, words)."""

    versions: tuple[tuple[str, str], ...]
    targets: dict[str, tuple[tuple[str, str], ...]]
    members: tuple[tuple[str, str], ...]


def rounds_page(user: User, programme: str) -> RoundsPage:
    """The rounds of a programme whose office the user belongs to. Raises Http404."""
    row = get_programme(user, programme)
    rounds = list(
        Round.objects.filter(programme=row).select_related("version__framework").defer("version__document")
    )
    return RoundsPage(row, _round_rows(row, rounds), bool(may_manage(user, row)))


def round_page(user: User, programme: str, assessment_round: str) -> RoundPage:
    """One round with its members. Raises Http404."""
    found = round_for(user, programme, assessment_round)
    rows = _round_rows(found.programme, [found])
    return RoundPage(found.programme, rows[0], bool(may_manage(user, found.programme)))


def progress_csv(user: User, programme: str, assessment_round: str) -> tuple[str, str]:
    """The progress of one round as (file name, CSV text): counts and days, never an answer. Raises Http404."""
    page = round_page(user, programme, assessment_round)
    head: list[Cell] = [
        _("Member"), _("Kind"), _("State"), _("Answered"), _("Questions"), _("Last answer saved"), _("Submitted"),
        _("Reminded"), _("Reason for declining"),
    ]  # fmt: skip
    lines = (
        [
            row.name, row.kind, row.state_label, row.answered, row.total, _day(row.last_at), _day(row.submitted_at),
            row.reminded_on, row.reason,
        ]
        for row in page.round.members
    )  # fmt: skip
    return f"round-{page.round.public_id}.csv", write_csv([head, *lines])


def _day(at: datetime | None) -> date | None:
    return localdate(at) if at else None


def round_choices(user: User, programme: str) -> RoundChoices:
    """What the office can choose for a new round; the newest framework version first. Raises Http404."""
    row = get_programme(user, programme)
    rows = FrameworkVersion.objects.visible_to(user).offered_in(row.pk).select_related("framework")
    rows = rows.defer("document").annotate(
        profiles=KeyTransform("profiles", "document"),
        levels=KeyTransform("levels", KeyTransform("scale", "document")),
    )
    versions = list(rows)
    members = Member.objects.filter(participations__programme=row).order_by("name", "pk")
    return RoundChoices(
        tuple((v.public_id, str(v)) for v in versions),
        {scope: _target_choices(versions, scope) for scope in SCOPES},
        tuple((m.public_id, m.name) for m in members),
    )


def _target_choices(versions: Iterable[Any], scope: str) -> tuple[tuple[str, str], ...]:
    """No target, the profiles of the versions, then each level of the longest scale."""
    found = {"": _("Each member chooses")}
    top = 0
    for version in versions:
        top = max(top, len(version.levels or ()) - 1)
        for profile in version.profiles or ():
            if profile["scope"] == scope:
                found.setdefault(f"p:{profile['id']}", profile["name"])
    for level in range(1, top + 1):
        found[f"l:{level}"] = _("Level %(level)d for every question") % {"level": level}
    return tuple(found.items())


def _round_rows(programme: Programme, rounds: list[Round]) -> tuple[RoundRow, ...]:
    """Rounds with the progress of those they ask; four queries, however many there are."""
    members = list(Member.objects.filter(participations__programme=programme).order_by("name", "pk"))
    totals = _totals({row.version_id for row in rounds})
    begun = Assessment.objects.filter(round__in=rounds)
    begun = begun.annotate(given=Count("responses"), last_at=Max("responses__answered_at")).order_by("pk")
    found = {(a.round_id, a.member_id): a for a in begun}
    answers = {(r.round_id, r.member_id): r for r in RoundMember.objects.filter(round__in=rounds)}
    return tuple(_round_row(row, members, found, answers, totals) for row in rounds)


def _totals(versions: set[int]) -> dict[tuple[int, str], int]:
    """Questions by version and scope of indicator."""
    rows = Indicator.objects.filter(version__in=versions).order_by().values_list("version", "scope")
    return {(version, scope): n for version, scope, n in rows.annotate(n=Count("pk"))}


def _round_row(
    row: Round,
    members: list[Member],
    begun: dict[tuple[int | None, int], Assessment],
    answers: dict[tuple[int, int], RoundMember],
    totals: dict[tuple[int, str], int],
) -> RoundRow:
    is_open = row.state == RoundState.OPEN
    lines = []
    for member in members:
        answer, assessment = answers.get((row.pk, member.pk)), begun.get((row.pk, member.pk))
        named = row.everyone or (answer is not None and answer.named)
        if assessment or (named and row.scope in ("", member.scope)):
            lines.append(_progress(row, member, assessment, answer, totals))
    return RoundRow(
        row.public_id, row.name, str(row.version), row.opens_on, row.closes_on, is_open,
        is_open and row.closes_on < site_day(), _asks(row, len(lines)), _aims(row), row.note,
        not is_open and row.used_at is None, tuple(lines),
    )  # fmt: skip


def _progress(
    row: Round,
    member: Member,
    assessment: Assessment | None,
    answer: RoundMember | None,
    totals: dict[tuple[int, str], int],
) -> MemberProgress:
    total = totals.get((row.version_id, member.scope), 0) + totals.get((row.version_id, "both"), 0)
    given: int = getattr(assessment, "given", 0)
    declined = answer is not None and answer.declined_at is not None and assessment is None
    label = assessment.get_state_display() if assessment else _("Declined") if declined else _("Not started")
    return MemberProgress(
        member.public_id, member.name, member.get_kind_display(), given, total, 100 * given // total if total else 0,
        assessment.state if assessment else "", label, getattr(assessment, "last_at", None),
        assessment.submitted_at if assessment else None, declined, answer.reason if answer and declined else "",
        answer.reminded_on if answer else None,
    )  # fmt: skip


def _asks(row: Round, number: int) -> str:
    """Whom the round asks, in words."""
    if not row.everyone:
        return ngettext("Asks one chosen member", "Asks %(n)d chosen members", number) % {"n": number}
    return {
        "national": _("Asks all nations of the programme"),
        "organisational": _("Asks all organisations of the programme"),
    }.get(row.scope, _("Asks all members of the programme"))


def _aims(row: Round) -> tuple[str, ...]:
    """What the round asks to aim for, a sentence each; nothing when members choose."""
    said = []
    for scope, words in (("national", _("Nations")), ("organisational", _("Organisations"))):
        aim = row.targets.get(scope, {})
        if "profile" in aim:
            said.append(_("%(who)s aim for “%(profile)s”") % {"who": words, "profile": aim["name"]})
        elif "default" in aim:
            said.append(_("%(who)s aim for level %(level)d") % {"who": words, "level": aim["default"]})
    for code, level in row.targets.get("levels", {}).items():
        said.append(_("%(code)s: level %(level)d") % {"code": code, "level": level})
    return tuple(said)
