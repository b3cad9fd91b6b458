"""What stands behind a result: its answers with their reasons, and the titles of its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from apps.accounts.models import User
from apps.assessments.models import Result
from apps.assessments.selectors.evidence import EvidenceRow
from apps.assessments.selectors.sheet import EVERYTHING, Sheet, SheetQuestion, sheet_of
from apps.core.charts.marks import HIGHEST, shade_of
from apps.members.choices import Tlp


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer as signed: `claimed` is its level, `words` the text of that level or what is no level.

    `later` says that the reason was written anew after the result, so that it is not printed here.
    """

    code: str
    name: str
    lang: str
    key: bool
    state: str
    claimed: int | None
    shade: int
    words: str
    words_lang: str
    why: str
    later: bool
    pieces: int


@dataclass(frozen=True, slots=True)
class AnswerArea:
    code: str
    name: str
    lang: str
    lines: tuple[AnswerLine, ...]


@dataclass(frozen=True, slots=True)
class PieceLine:
    """One piece of evidence by its title; `codes` are the indicators that it supports."""

    title: str
    kind: str
    grade: str
    accepted: bool
    dated: date | None
    expires_on: date | None
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Annex:
    """All answers by area, and the register of evidence without the `withheld` pieces that are under TLP:RED."""

    areas: tuple[AnswerArea, ...] = ()
    pieces: tuple[PieceLine, ...] = ()
    withheld: int = 0


@dataclass(slots=True)
class _Piece:
    row: EvidenceRow
    codes: list[str] = field(default_factory=list)


def annex_of(user: User, result: Result, *, red: bool = False) -> Annex:
    """The annex of a result, for people of its member; with titles under TLP:RED only where `red`.

    Levels are the result's own; reasons and evidence that came after it are left out. Raises Http404 for others.
    """
    row = result.assessment
    sheet = sheet_of(user, result.member.public_id, row.public_id, person=EVERYTHING, filled=True)
    signed = {line["code"]: line for line in result.document["indicators"]}
    areas = tuple(_areas(sheet, signed, result.computed_at))
    pieces = _pieces(sheet, result.computed_at)
    shown = [piece for piece in pieces if red or not Tlp.RED.value.endswith(f":{piece.row.tlp}")]
    return Annex(areas, tuple(_line(piece) for piece in shown), len(pieces) - len(shown))


def _areas(sheet: Sheet, signed: Mapping[str, Mapping[str, Any]], until: datetime) -> Iterator[AnswerArea]:
    for area in sheet.areas:
        lines = tuple(_answer(q, signed[q.code], until) for q in area.questions if q.code in signed)
        if lines:
            yield AnswerArea(area.code, str(area.name), area.name.lang, lines)


def _answer(question: SheetQuestion, signed: Mapping[str, Any], until: datetime) -> AnswerLine:
    later = question.answered_at is not None and question.answered_at > until
    claimed = signed["claimed"] if signed["state"] == "rated" else None
    level = next((rung for rung in question.levels if rung.level == claimed), None)
    said = level.title if level else None
    return AnswerLine(
        code=question.code,
        name=str(question.name),
        lang=question.name.lang,
        key=question.key,
        state=signed["state"],
        claimed=claimed,
        shade=shade_of(claimed or 0, signed.get("highest", HIGHEST)),
        words=str(said) if said else question.words if not later else "",
        words_lang=said.lang if said else "",
        why="" if later else question.why,
        later=later,
        pieces=sum(piece.added_at <= until for piece in question.pieces),
    )


def _pieces(sheet: Sheet, until: datetime) -> list[_Piece]:
    """Each piece once, in the order of the framework, with all that it supports."""
    found: dict[str, _Piece] = {}
    for area in sheet.areas:
        for question in area.questions:
            for row in question.pieces:
                if row.added_at <= until:
                    found.setdefault(row.public_id, _Piece(row)).codes.append(question.code)
    return list(found.values())


def _line(piece: _Piece) -> PieceLine:
    row = piece.row
    return PieceLine(
        row.title,
        row.kind_label,
        row.grade,
        bool(row.accepted_by),
        row.dated,
        row.expires_on,
        tuple(piece.codes),
    )
