"""Each piece of evidence of a workbook against what stands now: new ones, mended ones, at which questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from apps.assessments.choices import EvidenceKind, Fate
from apps.assessments.models import Evidence
from apps.assessments.selectors.workbook import Facts, fields_of, mark_of
from apps.assessments.services.evidence import check_words
from apps.assessments.services.workbook.decoding import (
    PieceBase,
    base_piece,
    codes_in,
    fields_in,
    kind_in,
    piece_input,
)
from apps.assessments.services.workbook.layout import DAYS
from apps.assessments.services.workbook.lines import Line, PieceStep, Side, field_title, piece_line
from apps.assessments.services.workbook.merging import Clash, Merged, merge
from apps.assessments.services.workbook.reading import Paper, Row, tidy
from apps.assessments.services.workbook.weighing import stale_reason
from apps.core.errors import Refused


@dataclass(frozen=True, slots=True)
class _Held:
    """A piece of the workbook that the site has too."""

    row: Row
    piece: Evidence
    codes: tuple[str, ...]
    base: PieceBase


def weigh_pieces(paper: Paper, facts: Facts) -> Iterator[Line | PieceStep]:
    """One line or step for each row, and one line more for each field that two people changed."""
    stale, seen = stale_reason(paper, facts), set()
    for row in paper.pieces:
        # A blank row of the template still has its hidden cells.
        if not any(value for name, value in row.values.items() if name not in ("piece", "base")):
            continue
        key = row.text("piece") or mark_of(sorted(row.values.items()))
        if key in seen:
            yield piece_line(row, Fate.UNCHANGED, _("This piece is in the workbook twice."))
            continue
        seen.add(key)
        try:
            yield from (
                _held(row, paper, facts, stale) if row.text("piece") else _new(row, paper, facts, stale)
            )
        except Refused as fault:
            yield piece_line(row, Fate.INVALID, fault.message, field=fault.field)


def _new(row: Row, paper: Paper, facts: Facts, stale: str) -> Iterator[Line | PieceStep]:
    kind, fields, codes = kind_in(row, paper), fields_in(row), codes_in(row, facts)
    line = piece_line(row, Fate.CLEAN, _("A new piece for %(codes)s.") % {"codes": ", ".join(codes)})
    # A newer workbook may bring again what was taken away since an older one brought it.
    key = mark_of(paper.head.get("base"), kind, sorted(codes), fields)
    same = (held for piece, held in facts.pieces.values() if (piece.kind, fields_of(piece)) == (kind, fields))
    if any(set(codes) <= set(held) for held in same):
        yield line.turned(Fate.UNCHANGED, _("It is on the site already."))
        return
    if key in facts.done:
        yield line.turned(Fate.UNCHANGED, _("It was taken in before and has been changed since."))
        return
    if stale:
        yield line.turned(Fate.STALE, stale)
        return
    if kind == EvidenceKind.FILE:
        raise Refused(_("A file cannot come in a workbook. Add it on the site."), field="kind")
    if fields["url"] and kind != EvidenceKind.LINK:
        raise Refused(_("Only a link has an address. Choose “Link”, or empty this cell."), field="url")
    item = piece_input(kind, fields)
    check_words(item)
    _check_areas(codes, facts)
    yield PieceStep(line, None, item, attach=codes, keys=(key,))


def _check_areas(codes: tuple[str, ...], facts: Facts) -> None:
    for code in codes:
        area = facts.questions[code][0]
        if area.code not in facts.areas:
            raise Refused(
                _("%(code)s is in an area that is given to a colleague.") % {"code": code}, field="supports"
            )


def _held(row: Row, paper: Paper, facts: Facts, stale: str) -> Iterator[Line | PieceStep]:
    base = base_piece(row)
    before = {name: tidy(value) for name, value in base.fields.items()}
    if {name: row.text(name) for name in before} == before and row.text("supports") == ", ".join(
        base.supports
    ):
        yield piece_line(row, Fate.UNCHANGED)
        return
    if row.text("piece") not in facts.pieces:
        yield piece_line(row, Fate.STALE, _("This piece was removed since."))
        return
    if stale:
        yield piece_line(row, Fate.STALE, stale)
        return
    piece, codes = facts.pieces[row.text("piece")]
    yield from _mended(_Held(row, piece, tuple(codes), base), paper, facts)


def _mended(held: _Held, paper: Paper, facts: Facts) -> Iterator[Line | PieceStep]:
    row, piece = held.row, held.piece
    if kind_in(row, paper) != piece.kind:
        raise Refused(_("The kind of a piece does not change. Add a new one."), field="kind")
    fields, codes = fields_in(row), codes_in(row, facts)
    if fields["url"] and piece.kind != EvidenceKind.LINK:
        raise Refused(_("Only a link has an address. Choose “Link”, or empty this cell."), field="url")
    merged = merge(_tidied(held.base.fields), fields, _tidied(fields_of(piece)))
    places = merge(
        dict.fromkeys(held.base.supports, True), dict.fromkeys(codes, True), dict.fromkeys(held.codes, True)
    )
    if not places.values:
        raise Refused(
            _("It would support nothing any more. To take it away, use its page."), field="supports"
        )
    keys = {name: _key(piece, held.base, name, fields[name]) for name in {*merged.mine, *merged.clashes}}
    new = frozenset(name for name, key in keys.items() if key not in facts.done)
    yield from _step(held, facts, merged, places, {name: keys[name] for name in new})


def _key(piece: Evidence, base: PieceBase, name: str, value: str) -> str:
    return mark_of(piece.public_id, base.version, name, value)


def _tidied(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: tidy(value) for name, value in fields.items()}


def _step(
    held: _Held,
    facts: Facts,
    merged: Merged[str, str],
    places: Merged[str, bool],
    keys: Mapping[str, str],
) -> Iterator[Line | PieceStep]:
    """The step for what is new in a row, with a line for every field that waits for a tick."""
    attach = tuple(code for code in facts.questions if code in places.mine and code in places.values)
    detach = tuple(code for code in facts.questions if code in places.mine and code not in places.values)
    changes = {name: _value(name, merged.values[name]) for name in merged.mine if name in keys}
    clashes = {name: clash for name, clash in merged.clashes.items() if name in keys}
    line = piece_line(held.row, Fate.CLEAN, title=held.piece.title)
    if not (attach or detach or changes or clashes):
        yield line.turned(Fate.UNCHANGED, _("It is on the site already."))
        return
    check_words(piece_input(held.piece.kind, merged.values))
    _check_areas((*attach, *detach), facts)
    said = _("Changed: %(fields)s.") % {"fields": ", ".join(_changed(changes, attach, detach))}
    fate = Fate.CLEAN if changes or attach or detach else Fate.UNCHANGED
    lines = {name: _clash_line(held, name, clash) for name, clash in clashes.items()}
    yield PieceStep(
        line.turned(fate, said if fate == Fate.CLEAN else ""), held.piece, None, changes,
        {lines[name].ref: (name, _value(name, _text(clash.mine))) for name, clash in clashes.items()},
        attach, detach, tuple(keys.values()),
    )  # fmt: skip
    yield from lines.values()


def _changed(changes: Mapping[str, Any], attach: tuple[str, ...], detach: tuple[str, ...]) -> list[str]:
    return [
        *(field_title(name) for name in changes),
        *(_("now supports %(code)s") % {"code": code} for code in attach),
        *(_("no longer supports %(code)s") % {"code": code} for code in detach),
    ]


def _value(name: str, text: str) -> Any:
    if name in DAYS:
        return date.fromisoformat(text) if text else None
    return text


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _clash_line(held: _Held, name: str, clash: Clash[str]) -> Line:
    line = piece_line(held.row, Fate.CONFLICT, field_title(name), field=name, title=held.piece.title)
    return replace(
        line,
        mine=Side(_("Your workbook"), "", _text(clash.mine)),
        theirs=Side(_("On the site"), "", _text(clash.theirs)),
        ref=f"{held.piece.public_id}.{name}",
    )
