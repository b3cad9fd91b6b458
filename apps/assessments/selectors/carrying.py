"""What an earlier assessment can lend a new one: its answers over what is comparable, and its evidence in date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404

from apps.accounts.models import User
from apps.assessments.choices import EvidenceState, ResponseKind
from apps.assessments.models import Assessment, EvidenceLink, Response
from apps.assessments.selectors.board import Board
from apps.frameworks.models import FrameworkVersion
from apps.frameworks.selectors.comparing import Change, comparable_in, comparison


@dataclass(frozen=True, slots=True)
class Source:
    """An assessment that can be begun from."""

    public_id: str
    title: str
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class CarryOffer:
    """What a lead may do about beginning from an earlier assessment.

    `sources` is empty where nothing is left to answer; `titles` says from where answers came over that can still be taken
    back, since nobody has confirmed or answered any of them; `begun` whether anything is answered or carried over.
    """

    public_id: str
    sources: tuple[Source, ...]
    titles: tuple[str, ...]
    begun: bool


def carry_offer(board: Board, earlier: Iterable[Assessment], *, can_lead: bool) -> CarryOffer | None:
    """The offer for an open assessment, from the member's other assessments; None where there is nothing to offer."""
    row = board.assessment
    if not can_lead or row.is_closed:
        return None
    answered = [question.response is not None for _area, question in board.questions]
    fitting = () if all(answered) else tuple(e for e in earlier if _fits(e, row))
    titles = () if board.taken_up else board.carried_from
    if not fitting and not titles:
        return None
    sources = tuple(Source(e.public_id, e.title, e.submitted_at) for e in fitting)
    return CarryOffer(row.public_id, sources, titles, any(answered) or bool(board.carried_from))


def _fits(earlier: Assessment, row: Assessment) -> bool:
    same = (earlier.member_id, earlier.scope) == (row.member_id, row.scope)
    framework = earlier.version_of.framework_id == row.version_of.framework_id
    return same and framework and earlier.submitted_at is not None and earlier.pk != row.pk


def source_for(user: User, assessment: Assessment, source: str) -> Assessment:
    """One of them. Raises Http404 for any other."""
    for row in earlier_than(user, assessment):
        if row.public_id == source:
            return row
    raise Http404


def earlier_than(user: User, assessment: Assessment) -> list[Assessment]:
    """The submitted assessments that `assessment` could begin from, newest first."""
    rows = Assessment.objects.visible_to(user).filter(
        member=assessment.member_id,
        scope=assessment.scope,
        version_of__framework=assessment.version_of.framework_id,
        submitted_at__isnull=False,
    )
    rows = rows.exclude(pk=assessment.pk).select_related("version_of").defer("version_of__document")
    return list(rows.order_by("-submitted_at", "-pk"))


def changes_between(source: Assessment, assessment: Assessment, codes: Sequence[str]) -> tuple[Change, ...]:
    """How the questions of `source` became those of `assessment`, as far as they may be compared.

    `codes` are the questions of `assessment`; under one version each became itself.
    """
    if source.version_of_id == assessment.version_of_id:
        return tuple(Change("equal", (code,), (code,), True) for code in codes)
    framework = assessment.version_of.framework_id
    rows = FrameworkVersion.objects.published().filter(framework=framework)
    documents = dict(rows.values_list("pk", "document"))
    old, new = documents.get(source.version_of_id), documents.get(assessment.version_of_id)
    if old is None or new is None:
        return ()
    found = comparison(old, new, between=[d for d in documents.values() if d is not old and d is not new])
    return comparable_in(found, old, new, assessment.scope)


def lowest_answer(given: Sequence[Response | None]) -> Response | None:
    """The one answer that several make: none when one is missing, the lowest level of those that apply.

    "Not known" comes before every level, and "does not apply" counts only where all say so.
    """
    if not given or any(row is None for row in given):
        return None
    rows = [row for row in given if row is not None]
    asked = [row for row in rows if row.kind != ResponseKind.NOT_APPLICABLE]
    return min(asked or rows, key=lambda row: -1 if row.level is None else row.level)


def links_in_date(source: Assessment, *, on: date) -> dict[str, list[EvidenceLink]]:
    """What supports the answers of `source` and may still do so on the day `on`, by the code of the question."""
    rows = EvidenceLink.objects.in_force().filter(evidence__assessment=source)
    rows = rows.exclude(evidence__state=EvidenceState.INFECTED).exclude(evidence__expires_on__lt=on)
    found: dict[str, list[EvidenceLink]] = {}
    for link in rows.select_related("evidence__member", "indicator"):
        found.setdefault(link.indicator.code, []).append(link)
    return found
