"""What a row means: an answer, a piece of evidence, and what both were when they left. Raises `Refused` with the field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from apps.assessments.choices import EvidenceKind, NotApplicableReason, ResponseKind
from apps.assessments.models import Assessment
from apps.assessments.selectors.workbook import NOTHING, PIECE_FIELDS, Content, Facts, answer_mark, piece_mark
from apps.assessments.services.evidence import EvidenceInput
from apps.assessments.services.workbook import layout
from apps.assessments.services.workbook.reading import Paper, Row, read_json, tidy
from apps.core.errors import Refused

_LEVEL = re.compile(r"^([0-9]{1,2})(?:\s*[–—-].*)?$", re.DOTALL)
_BASE = re.compile(r"^([0-9]{1,9}):([0-9a-f]{16})$")
_ADDRESS = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, slots=True)
class PieceBase:
    """A piece as it stood when the workbook left."""

    version: int
    supports: tuple[str, ...]
    fields: Mapping[str, str]


def tampered() -> Refused:
    """The hidden part of a row does not fit what the site has."""
    return Refused(
        _(
            "The hidden cells of this row were changed. Download a new workbook and copy what you wrote into it."
        ),
        field="base",
    )


def base_answer(row: Row, facts: Facts, code: str) -> tuple[int, Content]:
    """(version, answer) that the row started from, as the site itself remembers it."""
    found = _BASE.match(row.text("base"))
    if found is None:
        raise tampered()
    version = int(found[1])
    content = facts.past.get(code, {}).get(version) if version else NOTHING
    if content is None or answer_mark(facts.assessment, code, version, content) != found[2]:
        raise tampered()
    return version, content


def answer_in(row: Row, paper: Paper) -> Content:
    """The answer of a row. Raises `Refused` for a cell that is none of its choices."""
    text, why = row.text("answer"), row.text("why")
    known = paper.labels.get(layout.folded(text))
    if known:
        return known[0], known[1], why
    level = _LEVEL.match(text)
    if level:
        return str(int(level[1])), "", why
    if text in ("", ResponseKind.UNKNOWN):
        return text, "", why
    if text == ResponseKind.NOT_APPLICABLE and row.text("reason") in NotApplicableReason.values:
        return text, row.text("reason"), why
    raise Refused(
        _("“%(value)s” is not one of the answers. Choose from the list of the cell.") % {"value": text[:60]},
        field="answer",
    )


def tidied(content: Content) -> Content:
    """An answer as it comes back when nobody touched it."""
    return content[0], content[1], tidy(content[2])


def base_piece(row: Row) -> PieceBase:
    """The piece as it left. Raises `Refused` when its hidden cell was changed."""
    document = read_json(row.text("base"), row.where("base")) if row.text("base").startswith("{") else None
    match document:
        case {"version": int(version), "supports": list(supports), "fields": dict(fields), "mark": str(mark)}:
            texts = {str(key): str(value) for key, value in fields.items()}
            codes = tuple(str(code) for code in supports)
            if mark == piece_mark(row.text("piece"), version, codes, texts) and set(texts) == set(
                PIECE_FIELDS
            ):
                return PieceBase(version, codes, texts)
    raise tampered()


def kind_in(row: Row, paper: Paper) -> str:
    """The kind of a piece. Raises `Refused` for another word."""
    text = row.text("kind")
    kind = paper.kinds.get(layout.folded(text), text)
    if kind not in EvidenceKind.values:
        raise Refused(
            _("Say whether it is a link, a description, or held but not to be shared."), field="kind"
        )
    return kind


def fields_in(row: Row) -> dict[str, str]:
    """The words and days of a piece, days as ISO dates. Raises `Refused`, naming the field."""
    found = {name: row.text(name) for name in PIECE_FIELDS}
    for name, most in layout.piece_limits().items():
        if len(found[name]) > most:
            raise Refused(_("Write at most %(limit)s characters.") % {"limit": most}, field=name)
    for name in layout.DAYS:
        found[name] = _day(found[name], name)
    if found["url"]:
        found["url"] = _address(found["url"])
    return found


def _day(text: str, name: str) -> str:
    if not text:
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as fault:
        raise Refused(
            _("“%(value)s” is not a date. Write it as 2026-05-31.") % {"value": text[:30]}, field=name
        ) from fault


def _address(text: str) -> str:
    whole = text if "://" in text else f"https://{text}"
    try:
        _ADDRESS(whole)
    except ValidationError as fault:
        raise Refused(_("Give the address of the link, beginning with https://"), field="url") from fault
    return whole


def piece_input(kind: str, fields: Mapping[str, str]) -> EvidenceInput:
    """The piece as the services take it."""
    days = {name: date.fromisoformat(fields[name]) if fields[name] else None for name in layout.DAYS}
    words = {name: fields[name] for name in ("title", "shows", "owner", "place", "url")}
    return EvidenceInput(kind=kind, dated=days["dated"], expires_on=days["expires_on"], **words)  # type: ignore[arg-type]


def codes_in(row: Row, facts: Facts) -> tuple[str, ...]:
    """The questions that a piece supports. Raises `Refused` for a code that is not asked."""
    found = [code for code in re.split(r"[\s,;،؛]+", row.text("supports")) if code]
    unknown = [code for code in found if code not in facts.questions]
    if unknown:
        raise Refused(
            _("“%(code)s” is not a question of this assessment.") % {"code": unknown[0][:40]},
            field="supports",
        )
    if not found:
        raise Refused(
            _(
                "Name the questions that it supports by their codes, such as %(code)s. To take it away, use its page."
            )
            % {"code": next(iter(facts.questions))},
            field="supports",
        )
    return tuple(dict.fromkeys(found))


def belongs_here(paper: Paper, assessment: Assessment) -> None:
    """Raise `Refused` for the workbook of another assessment."""
    if paper.head.get("assessment") != assessment.public_id:
        raise Refused(
            _("This workbook was taken from another assessment. Bring it back on the page that it came from.")
        )
