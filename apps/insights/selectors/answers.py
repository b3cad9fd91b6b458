"""Answers of very many assessments, from the rows straight into the arrays that are scored in bulk."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, compress, islice
from typing import Any

import numpy as np
from django.db.models import Case, F, IntegerField, QuerySet, When
from numpy.typing import NDArray

from apps.accounts.models import User
from apps.assessments.choices import AssessmentState, ResponseKind
from apps.assessments.models import Assessment, Evidence, EvidenceLink, Response
from apps.assessments.selectors.inputs import rated_item
from apps.frameworks.models import FrameworkVersion, Indicator
from apps.frameworks.selectors import framework_spec
from apps.scoring import FrameworkSpec
from apps.scoring.bulk import BulkAnswers, BulkOrganisations, fresh_since
from apps.scoring.bulk.cells import FIRST_LEVEL, NOT_APPLICABLE, UNANSWERED, UNKNOWN
from apps.scoring.evidence import effective_grade
from apps.scoring.rollup import WEIGHTS

ROWS_AT_ONCE = 20_000

# "Does not apply" counts once a reviewer has agreed to it, as in the answers file of one assessment.
CELL = Case(
    When(kind=ResponseKind.LEVEL, then=F("level") + FIRST_LEVEL),
    When(kind=ResponseKind.UNKNOWN, then=UNKNOWN),
    When(kind=ResponseKind.NOT_APPLICABLE, agreed_at__isnull=False, then=NOT_APPLICABLE),
    default=UNANSWERED,
    output_field=IntegerField(),
)
FACTS = (
    "evidence__kind", "evidence__state", "evidence__dated", "evidence__expires_on", "evidence__released_by",
    "evidence__added_by", "attached_by", "accepted_by",
)  # fmt: skip

WHOSE = ("public_id", "member__public_id", "member__sector", "member__criticality")
LAST_KEY = np.iinfo(np.int64).max

Ids = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Column:
    """Whose answers stand in one column: public ids, and what the member weighs in its sector."""

    assessment: str
    member: str
    sector: str
    criticality: str


@dataclass(frozen=True, slots=True)
class AnswerArrays:
    """The newest submitted answers of many members, and whose they are, column by column."""

    framework: FrameworkSpec
    answers: BulkAnswers
    columns: tuple[Column, ...]

    def organisations(self, designated: Collection[str]) -> BulkOrganisations:
        """Return the members as the bulk roll-up takes them; `designated` holds public ids."""
        sectors = sorted({column.sector for column in self.columns})
        return BulkOrganisations(
            tuple(sectors),
            sector=np.array([sectors.index(column.sector) for column in self.columns], np.uint8),
            weight=np.array([WEIGHTS[column.criticality] for column in self.columns], np.uint8),  # type: ignore[index]
            designated=np.array([column.member in designated for column in self.columns], np.bool_),
        )


def answer_arrays(user: User, version: FrameworkVersion, scope: str, *, on: date) -> AnswerArrays:
    """Read the submitted answers to `version` of every member that the user belongs to, in four queries.

    A member has one submitted assessment at most: the newest. Evidence counts as on the day `on`. The figures
    scored from the arrays are those of each assessment by itself.
    """
    framework = framework_spec(version, scope)
    submitted = Assessment.objects.visible_to(user).filter(
        version_of=version, scope=scope, state=AssessmentState.SUBMITTED
    )
    rows = list(submitted.order_by("pk").values_list("pk", *WHOSE))
    places = _Places([row[0] for row in rows], version, framework)
    cells, answered_by = _responses(places, submitted)
    grades = _grades(places, submitted, answered_by, on=on)
    grades[cells < FIRST_LEVEL] = 0
    return AnswerArrays(framework, BulkAnswers(cells, grades), tuple(Column(*row[1:]) for row in rows))


class _Places:
    """Where the rows of an assessment and of an indicator stand in the arrays."""

    def __init__(
        self, assessments: Sequence[int], version: FrameworkVersion, framework: FrameworkSpec
    ) -> None:
        rows = {indicator.code: row for row, indicator in enumerate(framework.indicators)}
        asked = Indicator.objects.filter(version=version, code__in=rows).order_by("pk")
        found = list(asked.values_list("pk", "code"))
        self.shape = (len(framework.indicators), len(assessments))
        self.assessments = np.array([*assessments, LAST_KEY], np.int64)
        self.indicators = np.array([*(key for key, _ in found), LAST_KEY], np.int64)
        self._rows = np.array([*(rows[code] for _, code in found), 0], np.intp)

    def of(self, assessments: Ids, indicators: Ids) -> tuple[Ids, Ids, Flags]:
        """Return row and column of each pair of keys, and which pairs have a place at all.

        None has where the indicator is not asked in this scope, or the assessment came after it was listed.
        """
        row, column = (
            np.searchsorted(self.indicators, indicators),
            np.searchsorted(self.assessments, assessments),
        )
        known = (self.indicators[row] == indicators) & (self.assessments[column] == assessments)
        return self._rows[row], column, known


def _responses(places: _Places, submitted: QuerySet[Assessment]) -> tuple[NDArray[np.uint8], Ids]:
    """Return the cells, and by whom each was answered."""
    cells, answered_by = np.zeros(places.shape, np.uint8), np.zeros(places.shape, np.int64)
    rows = Response.objects.filter(assessment__in=submitted.values("pk"))
    fields = rows.values_list("assessment", "indicator", CELL, "answered_by")
    for table in _tables(fields.iterator(ROWS_AT_ONCE), width=4):
        row, column, known = places.of(table[:, 0], table[:, 1])
        at = row[known], column[known]
        cells[at], answered_by[at] = table[known, 2], table[known, 3]
    return cells, answered_by


def _tables(rows: Iterator[tuple[int, ...]], *, width: int) -> Iterator[Ids]:
    while table := list(islice(rows, ROWS_AT_ONCE)):
        yield np.fromiter(chain.from_iterable(table), np.int64, len(table) * width).reshape(-1, width)


def _grades(
    places: _Places, submitted: QuerySet[Assessment], answered_by: Ids, *, on: date
) -> NDArray[np.uint8]:
    """Return the best grade of the evidence in force for every answer, as it stands on the day `on`."""
    grades = np.zeros(places.shape, np.uint8)
    weigh = _Weigher(on)
    links = EvidenceLink.objects.in_force().filter(evidence__assessment__in=submitted.values("pk")).order_by()
    rows = links.values_list("evidence__assessment", "indicator", *FACTS).iterator(ROWS_AT_ONCE)
    while table := list(islice(rows, ROWS_AT_ONCE)):
        keys = np.fromiter(chain.from_iterable(row[:2] for row in table), np.int64, 2 * len(table))
        row, column, known = places.of(keys[0::2], keys[1::2])
        at = row[known], column[known]
        found = map(weigh, compress(table, known.tolist()), answered_by[at].tolist())
        np.maximum.at(grades, at, np.fromiter(found, np.uint8, len(at[0])))
    return grades


class _Weigher:
    """The grade of a piece of evidence, asked of the one rule there is once for every set of facts that occurs."""

    def __init__(self, on: date) -> None:
        self.on, self.fresh = on, fresh_since(on)
        self._known: dict[tuple[Any, ...], int] = {}

    def __call__(self, link: tuple[Any, ...], answered_by: int) -> int:
        # Of dates only the side of the boundary counts, and of people only who is the same person as whom.
        dated, expires_on = link[4:6]
        people = (None, *link[6:], answered_by)
        facts = (
            link[2],
            link[3],
            dated and dated >= self.fresh,
            expires_on and expires_on < self.on,
            *map(people.index, people),
        )
        grade = self._known.get(facts)
        if grade is None:
            grade = self._known[facts] = self._weighed(link, answered_by)
        return grade

    def _weighed(self, link: tuple[Any, ...], answered_by: int) -> int:
        kind, state, dated, expires_on, released_by, added_by, attached_by, accepted_by = link[2:]
        piece = Evidence(
            kind=kind, state=state, dated=dated, expires_on=expires_on, released_by_id=released_by, added_by_id=added_by
        )  # fmt: skip
        attached = EvidenceLink(evidence=piece, attached_by_id=attached_by, accepted_by_id=accepted_by)
        rated = rated_item(attached, Response(answered_by_id=answered_by, level=0), on=self.on)
        return effective_grade(rated, on=self.on)
