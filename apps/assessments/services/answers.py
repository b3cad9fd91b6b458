"""Saving an answer as it is given, keeping private drafts, and settling two answers to one question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.http import Http404
from django.utils.dateparse import parse_datetime
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.assessments import policies
from apps.assessments.choices import DRAFT_DAYS, WHY_LIMIT, NotApplicableReason, RemarkKind, ResponseKind
from apps.assessments.models import Assignment, Draft, EvidenceLink, Remark, Response, ResponseRevision
from apps.assessments.selectors import hot
from apps.assessments.selectors.home import area_url
from apps.assessments.selectors.places import Place
from apps.assessments.selectors.scales import may_not_apply, scale_of
from apps.assessments.services.locks import Closed, check_open, hold_open
from apps.core import audit, saves, statements
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused, Stale
from apps.members.choices import Role
from apps.members.models import Membership

LONGEST_DRAFT = 20_000
OTHER_CHOICES = (ResponseKind.UNKNOWN.value, ResponseKind.NOT_APPLICABLE.value)


@dataclass(frozen=True, slots=True)
class AnswerInput:
    """What a person chose and wrote: `choice` is the number of a level, "unknown" or "not_applicable"; "" only in a draft."""

    choice: str
    reason: str = ""
    why: str = ""

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of a response."""
        rated = self.choice.isdecimal()
        return {
            "kind": ResponseKind.LEVEL.value if rated else self.choice,
            "level": int(self.choice) if rated else None,
            "reason": self.reason if self.choice == ResponseKind.NOT_APPLICABLE else "",
            "why": self.why,
        }

    @property
    def content(self) -> dict[str, str]:
        """What a draft keeps."""
        return {"choice": self.choice, "reason": self.reason, "why": self.why}


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did."""

    version: int
    at: datetime


def save_answer(
    *, actor: User, place: Place, answer: AnswerInput, expected: int, idempotency: str = ""
) -> Saved:
    """Write the answer if nobody saved since version `expected` (0: there was none).

    Raises `Refused` for an answer that cannot be, `Closed` after submission, and `Conflict` when someone
    saved first; the person's own text is then kept as their draft, in a transaction of its own.
    """
    require(policies.may_answer(actor, place.assessment, known=place.role_of(actor)))
    try:
        return _save_once(actor, place, answer, expected, idempotency)
    except Closed:
        raise
    except Conflict:
        keep_draft(actor=actor, place=place, answer=answer, base=expected)
        raise


def _save_once(actor: User, place: Place, answer: AnswerInput, expected: int, idempotency: str) -> Saved:
    """`saves.once` opens the one transaction; checking an answer writes nothing."""
    check_answer(place, answer)
    at = now()
    done = saves.once(
        owner=actor.public_id,
        scope=f"answer:{place.assessment.public_id}:{place.indicator.code}",
        key=idempotency,
        act=lambda: _write(actor, place, answer, expected, at),
        content=answer,
        likely={"version": expected + 1, "at": at.isoformat()},
    )
    return Saved(int(done["version"]), parse_datetime(done["at"]) or now())


def check_answer(place: Place, answer: AnswerInput) -> None:
    """Raise `Refused`, naming the field, for an answer that this question cannot have."""
    if not is_choice(place, answer.choice):
        raise Refused(_("Choose a level, or say that you do not know yet."), field="answer")
    if len(answer.why) > WHY_LIMIT:
        raise Refused(_("Write at most %(limit)s characters.") % {"limit": WHY_LIMIT}, field="why")
    if "\x00" in answer.why:
        raise Refused(_("The text holds a character that cannot be kept."), field="why")
    if answer.choice != ResponseKind.NOT_APPLICABLE:
        return
    if not may_not_apply(place.assessment, place.indicator):
        message = (
            _(
                "This is a key indicator: it applies to everybody. Choose a level, or say that you do not know yet."
            )
            if place.indicator.key
            else _("This framework asks everybody this. Choose a level, or say that you do not know yet.")
        )
        raise Refused(message, field="answer")
    if answer.reason not in NotApplicableReason.values:
        raise Refused(_("Choose the reason why this does not apply."), field="reason")
    if answer.reason == NotApplicableReason.OTHER and not answer.why.strip():
        raise Refused(_("Explain in a sentence why this does not apply."), field="why")


def is_choice(place: Place, choice: str) -> bool:
    """Whether the question can be answered with this: a level of its own scale, or one of the other two answers."""
    return choice in OTHER_CHOICES or scale_of(place.assessment, place.indicator.code).has(choice)


def _write(actor: User, place: Place, answer: AnswerInput, expected: int, at: datetime) -> dict[str, Any]:
    seen = _standing(actor, place)
    row = seen.row
    if row is None or seen.question or not _same(row, answer):
        if (row.version if row else 0) != expected:
            raise Stale(_("A colleague saved a different answer first."), current=row, proposed=answer)
        row = write_response(
            place, row, answer, author=actor, at=at, asked=seen.asked, accepted=seen.accepted
        )
        audit.record(
            actor=actor,
            action="answer.saved",
            on=row,
            chain=place.assessment.member.public_id,
            indicator=place.indicator.code,
            version=row.version,
        )
    if seen.draft:
        Draft.objects.filter(assessment=place.assessment, indicator=place.indicator, user=actor).delete()
    return {"version": row.version, "at": row.answered_at.isoformat()}


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands at a question when a save begins: the answer, and what the save would have to undo.

    `asked`: a reviewer waits; `question`: for words at least. A change that is requested is none while the answer stays.
    """

    row: Response | None
    draft: bool
    accepted: bool
    asked: bool
    question: bool


def _standing(actor: User, place: Place) -> Standing:
    """Lock the assessment, and read what stands at the question. Raises `Closed`.

    Two statements where rows are locked: what was read while waiting for the lock would be old.
    """
    if connection.features.has_select_for_update:
        hold_open(place.assessment)
    asked_for, assessment = place.indicator.pk, place.assessment.pk
    found = statements.row(hot.STANDING, actor.pk, asked_for, asked_for, asked_for, assessment)
    if found is None:
        raise Http404
    state, title, draft, accepted, asked, question, *columns = found
    check_open(state, title)
    row = statements.part_of(Response, hot.ANSWER_COLUMNS, tuple(columns)) if columns[0] else None
    return Standing(row, bool(draft), bool(accepted), bool(asked), bool(question))


def _same(row: Response, answer: AnswerInput) -> bool:
    return all(getattr(row, name) == value for name, value in answer.columns.items())


def write_response(
    place: Place,
    row: Response | None,
    answer: AnswerInput,
    *,
    author: User,
    at: datetime | None = None,
    asked: bool = True,
    accepted: bool = True,
) -> Response:
    """Store the next version of an answer and its revision. Raises `Stale` when the row has moved on meanwhile.

    Agreement and open remarks belonged to the version before, but a change that was requested is not met by the same answer
    saved again; acceptance of evidence to the level before. `asked` and
    `accepted` are false when the caller has seen that no remark is open and no evidence accepted.
    """
    columns = answer.columns
    changed = row is None or (row.kind, row.level) != (columns["kind"], columns["level"])
    as_before = row is not None and _same(row, answer)
    row = _store(place, row, columns | {"answered_by": author, "answered_at": at or now()})
    statements.insert(
        ResponseRevision(response=row, version=row.version, by=author, at=row.answered_at, **columns)
    )
    if asked:
        open_ones = Remark.objects.filter(response=row, resolved_at__isnull=True)
        met = open_ones.filter(kind=RemarkKind.QUESTION) if as_before else open_ones
        met.update(resolved_at=row.answered_at)
    if changed and accepted:
        EvidenceLink.objects.filter(evidence__assessment=place.assessment, indicator=place.indicator).update(
            accepted_by=None
        )
    return row


def _store(place: Place, row: Response | None, columns: dict[str, Any]) -> Response:
    """The row of the answer with these columns, one version on, and agreed to by nobody."""
    if row is None:
        assessment = place.assessment
        row = Response(member=assessment.member, assessment=assessment, indicator=place.indicator, **columns)
        statements.insert(row)
        return row
    seen = row.version
    columns |= {"agreed_by": None, "agreed_at": None, "version": seen + 1}
    for name, value in columns.items():
        setattr(row, name, value)
    if not statements.update(row, *columns, version=seen):
        raise Stale(_("A colleague saved a different answer first."), current=row, proposed=columns)
    return row


@transaction.atomic
def keep_draft(*, actor: User, place: Place, answer: AnswerInput, base: int) -> datetime | None:
    """Keep what the person is writing, for them alone; return when, or None when there is nothing to keep.

    No audit row: nobody else sees a draft, and it changes nothing. Drafts older than thirty days go, but never one
    that a colleague's answer overtook: its author decides between the two.
    """
    require(policies.may_answer(actor, place.assessment))
    hold_open(place.assessment)
    if len(answer.why) > LONGEST_DRAFT:
        raise Refused(
            _("This text is too long to keep: write at most %(limit)s characters.") % {"limit": WHY_LIMIT}
        )
    old = Draft.objects.filter(user=actor, for_review=False, saved_at__lt=now() - timedelta(days=DRAFT_DAYS))
    old.exclude(pk__in=Draft.objects.filter(user=actor).overtaken().values("pk")).delete()
    at: dict[str, Any] = {"assessment": place.assessment, "indicator": place.indicator, "user": actor}
    row = Response.objects.filter(assessment=place.assessment, indicator=place.indicator).first()
    draft = AnswerInput(
        answer.choice if is_choice(place, answer.choice) else "",
        answer.reason if answer.reason in NotApplicableReason.values else "",
        answer.why.replace("\x00", ""),
    )
    if (row and draft.choice and _same(row, draft)) or (row is None and not any(draft.content.values())):
        Draft.objects.filter(**at).delete()
        return None
    kept, _created = Draft.objects.update_or_create(
        member=place.assessment.member,
        **at,
        defaults={
            "content": draft.content,
            "base_version": max(0, min(base, row.version if row else 0)),
            "for_review": False,
            "saved_at": now(),
        },
    )
    return kept.saved_at


def settle_answers(*, actor: User, place: Place, use: str, seen: int) -> str:
    """Decide between the stored answer and one's own draft: `use` is "theirs", "mine" or "reviewer".

    Returns what was done, with "nothing" when there is no draft any more. Raises `Conflict` when the stored
    answer has moved on from version `seen`, and `Refused` for another word.
    """
    require(policies.may_answer(actor, place.assessment))
    draft = Draft.objects.filter(
        assessment=place.assessment, indicator=place.indicator, user=actor, for_review=False
    ).first()
    if draft is None:
        return "nothing"
    if use == "mine":
        save_answer(actor=actor, place=place, answer=AnswerInput(**draft.content), expected=seen)
    elif use == "theirs":
        _drop(actor, place, draft)
    elif use == "reviewer":
        _hand_to_reviewer(actor, place, draft)
    else:
        raise Refused(_("Choose which answer should count."))
    return use


@transaction.atomic
def _drop(actor: User, place: Place, draft: Draft) -> None:
    hold_open(place.assessment)
    member = place.assessment.member.public_id
    code = place.indicator.code
    audit.record(actor=actor, action="draft.dropped", on=place.assessment, chain=member, indicator=code)
    draft.delete()


@transaction.atomic
def _hand_to_reviewer(actor: User, place: Place, draft: Draft) -> None:
    """The stored answer stays; the draft is shown to the reviewer beside it."""
    hold_open(place.assessment)
    check_answer(place, AnswerInput(**draft.content))
    draft.for_review = True
    draft.save(update_fields=["for_review"])
    member, code = place.assessment.member, place.indicator.code
    audit.record(
        actor=actor, action="draft.for_review", on=place.assessment, chain=member.public_id, indicator=code
    )
    for reviewer in reviewers_of(place, but=actor):
        notify(
            actor=actor,
            user=reviewer,
            kind="two_answers",
            key=f"two:{draft.pk}:{draft.saved_at.isoformat()}",
            url=area_url(place.assessment, place.area.code, "area_review"),
            who=str(actor),
            indicator=f"{code} {place.indicator.name}",
        )


def reviewers_of(place: Place, *, but: User) -> list[User]:
    """The area's reviewer; without one, the leads of the member. Never the person `but`."""
    given = (
        Assignment.objects.filter(assessment=place.assessment, area=place.area)
        .select_related("reviewer")
        .first()
    )
    if given and given.reviewer:
        return [given.reviewer] if given.reviewer != but else []
    rows = Membership.objects.filter(member=place.assessment.member, role=Role.LEAD).exclude(user=but)
    return [row.user for row in rows.select_related("user").order_by("pk")]
