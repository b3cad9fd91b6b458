"""Beginning from an earlier assessment: its answers come over unconfirmed, and count once somebody says they hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments import policies
from apps.assessments.choices import ResponseKind
from apps.assessments.models import Assessment, CarriedAnswer, Draft, Response
from apps.assessments.selectors.carrying import changes_between, links_in_date, lowest_answer
from apps.assessments.selectors.places import Place
from apps.assessments.services.answers import AnswerInput, check_answer, write_response
from apps.assessments.services.copying import copy_pieces, remove_copies
from apps.assessments.services.locks import lock_open
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.frameworks.models import Area, Indicator
from apps.frameworks.selectors.comparing import Change
from apps.members.policies import site_day


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """What came over: answers, pieces of evidence at once, and files that are still being copied."""

    answers: int
    pieces: int
    files: int


@transaction.atomic
def carry_over(*, actor: User, assessment: Assessment, source: Assessment) -> CarriedOver:
    """Offer the answers of `source` again in `assessment`, where nobody has answered yet, with evidence still in date.

    Doing it again, or from another source, replaces what is still unconfirmed. Raises `Refused` when `source` is not
    an earlier, submitted assessment of the same member on the same framework, or nothing in it can be compared.
    """
    require(policies.may_lead(actor, assessment))
    lock_open(assessment)
    _check_source(assessment, source)
    asked = _asked(assessment)
    changes = changes_between(source, assessment, list(asked))
    rows = _rows(assessment, source, changes, asked)
    if not rows:
        raise Refused(_("Nothing of %(title)s can be carried over.") % {"title": source.title})
    CarriedAnswer.objects.filter(assessment=assessment, indicator__in=_unanswered(assessment, asked)).delete()
    CarriedAnswer.objects.bulk_create(rows)
    wanted = _wanted(changes, {row.indicator.code for row in rows}, asked)
    links = links_in_date(source, on=site_day())
    pieces, files = copy_pieces(
        actor=actor,
        into=assessment,
        links=[(link, wanted[code]) for code, found in links.items() if code in wanted for link in found],
    )
    audit.record(
        actor=actor,
        action="answers.carried_over",
        on=assessment,
        chain=assessment.member.public_id,
        source=source.public_id,
        answers=len(rows),
        pieces=pieces,
        files=files,
    )
    return CarriedOver(len(rows), pieces, files)


def _check_source(assessment: Assessment, source: Assessment) -> None:
    fits = (
        source.pk != assessment.pk
        and source.member_id == assessment.member_id
        and source.scope == assessment.scope
        and source.version_of.framework_id == assessment.version_of.framework_id
        and source.submitted_at is not None
    )
    if not fits:
        raise Refused(_("Choose an earlier, submitted assessment on the same framework."))


def _asked(assessment: Assessment) -> dict[str, Indicator]:
    rows = Indicator.objects.in_scope(assessment.scope).filter(version=assessment.version_of_id)
    return {row.code: row for row in rows.select_related("area")}


def _unanswered(assessment: Assessment, asked: Mapping[str, Indicator]) -> list[Indicator]:
    done = set(Response.objects.filter(assessment=assessment).values_list("indicator", flat=True))
    return [row for row in asked.values() if row.pk not in done]


def _rows(
    assessment: Assessment, source: Assessment, changes: Iterable[Change], asked: Mapping[str, Indicator]
) -> list[CarriedAnswer]:
    """One row for each open question that `source` answers and that may be answered so."""
    given = Response.objects.filter(assessment=source).select_related("indicator", "answered_by")
    answers = {row.indicator.code: row for row in given}
    still_open = {row.code for row in _unanswered(assessment, asked)}
    rows: list[CarriedAnswer] = []
    for change in changes:
        answer = lowest_answer([answers.get(code) for code in change.before])
        rows += [
            _row(assessment, source, asked[code], change.before, answer)
            for code in change.after
            if answer and code in still_open and _fits(assessment, asked[code], answer)
        ]
    return rows


def _fits(assessment: Assessment, indicator: Indicator, answer: Response) -> bool:
    """Whether the question may be answered so in this version: "does not apply" may have gone, or the level."""
    try:
        check_answer(Place(assessment, indicator.area, indicator), input_of(answer))
    except Refused:
        return False
    return True


def input_of(row: Response | CarriedAnswer) -> AnswerInput:
    """A stored answer as a person would give it."""
    choice = str(row.level) if row.kind == ResponseKind.LEVEL else row.kind
    return AnswerInput(choice, row.reason, row.why)


def _row(
    assessment: Assessment, source: Assessment, indicator: Indicator, codes: Sequence[str], answer: Response
) -> CarriedAnswer:
    return CarriedAnswer(
        member=assessment.member,
        assessment=assessment,
        indicator=indicator,
        came_from=source,
        codes=list(codes),
        kind=answer.kind,
        level=answer.level,
        reason=answer.reason,
        why=answer.why,
        answered_by=answer.answered_by,
        answered_at=answer.answered_at,
    )


def _wanted(
    changes: Iterable[Change], carried: set[str], asked: Mapping[str, Indicator]
) -> dict[str, list[Indicator]]:
    """The questions that a piece which supported a code then may support now: those whose answer came over."""
    found: dict[str, list[Indicator]] = {}
    for change in changes:
        for code in change.before:
            found.setdefault(code, []).extend(asked[now] for now in change.after if now in carried)
    return {code: rows for code, rows in found.items() if rows}


@transaction.atomic
def take_back_carried(*, actor: User, assessment: Assessment) -> int:
    """Undo beginning from earlier assessments: what came over goes, with the evidence that nobody has touched since.

    Returns how many answers went. Raises `Refused` when nothing came over, or somebody has confirmed or answered one of
    the questions: from then on the offer is part of what was answered. Files still on their way do not arrive.
    """
    require(policies.may_lead(actor, assessment))
    lock_open(assessment)
    carried = CarriedAnswer.objects.filter(assessment=assessment)
    sources = set(carried.values_list("came_from", flat=True))
    asked = set(carried.values_list("indicator", flat=True))
    if not asked:
        raise Refused(_("Nothing is carried over here."))
    if Response.objects.filter(assessment=assessment, indicator__in=asked).exists():
        raise Refused(
            _(
                "Somebody has answered one of these questions by now. Answer the others anew where they differ."
            )
        )
    pieces = remove_copies(actor=actor, into=assessment, sources=sources, indicators=asked)
    carried.delete()
    audit.record(
        actor=actor,
        action="answers.carried_back",
        on=assessment,
        chain=assessment.member.public_id,
        answers=len(asked),
        pieces=pieces,
    )
    return len(asked)


@transaction.atomic
def confirm_answers(
    *, actor: User, assessment: Assessment, codes: Sequence[str], area: Area | None = None
) -> int:
    """Say that the carried answers to these questions (of `area` alone) are still true: each becomes one of `actor`.

    Returns how many. Left alone is what was answered meanwhile, and where `actor` has begun to write something else;
    so a second time changes nothing. Raises `Closed` after submission.
    """
    require(policies.may_answer(actor, assessment))
    lock_open(assessment)
    rows = CarriedAnswer.objects.filter(assessment=assessment, indicator__code__in=codes)
    rows = rows.filter(indicator__area=area) if area else rows
    answered = Response.objects.filter(assessment=assessment).values("indicator")
    drafted = Draft.objects.filter(assessment=assessment, user=actor).values("indicator")
    rows = rows.exclude(indicator__in=answered).exclude(indicator__in=drafted)
    done = 0
    for row in rows.select_related("indicator__area", "came_from").order_by("indicator__position", "pk"):
        _confirm(actor, Place(assessment, row.indicator.area, row.indicator), row)
        done += 1
    return done


def _confirm(actor: User, place: Place, row: CarriedAnswer) -> None:
    answer = input_of(row)
    check_answer(place, answer)
    response = write_response(place, None, answer, author=actor)
    audit.record(
        actor=actor,
        action="answer.confirmed",
        on=response,
        chain=place.assessment.member.public_id,
        indicator=place.indicator.code,
        version=response.version,
        source=row.came_from.public_id,
    )
