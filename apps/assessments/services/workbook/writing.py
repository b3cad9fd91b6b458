"""A copy of answers and evidence as an XLSX to fill in away from the site, or as JSON. The same copy, the same bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import get_language, get_language_bidi, get_language_info, pgettext
from django.utils.translation import gettext as _

from apps.assessments.choices import ResponseKind
from apps.assessments.selectors.workbook import Copy, CopyPiece, CopyQuestion
from apps.assessments.services.answers import AnswerInput, check_answer
from apps.assessments.services.workbook import layout
from apps.core.errors import Refused
from apps.core.workbooks import Cell, Look, write_workbook

FORBIDDEN_IN_TITLES = str.maketrans("[]:*?/\\", "       ")
LONGEST_TITLE = 31
EXPLAINED = "?"
MOST_SAID = 30_000


@dataclass(frozen=True, slots=True)
class _Sheet:
    title: str
    rows: list[list[Cell]]
    look: Look


def as_workbook(copy: Copy) -> bytes:
    """The copy as an XLSX in the language of the page."""
    cover, answers, pieces = _cover(copy), _answers(copy), _pieces(copy)
    head: list[list[Cell]] = [["key", "value"]]
    head += [[key, value] for key, value in head_of(copy).items()]
    head += [["sheet.answers", answers.title], ["sheet.evidence", pieces.title]]
    for label, (choice, reason) in layout.answer_labels().items():
        head.append(["answer", label, choice, reason])
    head += [["kind", label, kind] for label, kind in layout.kind_labels().items()]
    hidden = _Sheet(layout.HEAD_SHEET, head, Look(hidden=True, fields=()))
    sheets = (cover, answers, pieces, hidden)
    return write_workbook({s.title: s.rows for s in sheets}, looks={s.title: s.look for s in sheets})


def head_of(copy: Copy) -> dict[str, str]:
    """What a workbook says of itself to the site."""
    row = copy.assessment
    return {
        "format": layout.FORMAT,
        "format_version": str(layout.FORMAT_VERSION),
        "assessment": row.public_id,
        "title": row.title,
        "review_on": row.review_on.isoformat() if row.review_on else "",
        "member": row.member.public_id,
        "framework": f"{row.version_of.framework.slug} {row.version_of.version}",
        "framework_hash": row.version_of.document_hash,
        "scope": row.scope,
        "language": get_language() or settings.LANGUAGE_CODE,
        "areas": " ".join(area.code for area in copy.areas),
        "base": copy.base,
    }


def as_json(copy: Copy) -> bytes:
    """The copy as JSON: the same fields under the same names, to be sent back the same way."""
    answers = [
        {
            "code": q.code,
            "area": copy.area_name(q.entry.area),
            "question": str(q.entry.question),
            "choices": [value if not reason else f"{value}: {reason}" for value, reason in choices_of(q)],
            "before": dict(zip(("answer", "reason", "why"), q.before, strict=True)) if q.before[0] else None,
            "answer": q.content[0],
            "reason": q.content[1],
            "why": q.content[2],
            "comment": "",
            "said": [{"by": saying.line, "text": saying.text} for saying in q.said],
            "target": q.target,
            "base": _base_of(q),
        }
        for q in copy.questions
    ]
    evidence = [
        {
            "piece": p.public_id,
            "kind": p.kind,
            "supports": list(p.supports),
            **p.fields,
            "base": json.loads(_piece_base(p)),
        }
        for p in copy.pieces
    ]
    areas = [asdict(area) for area in copy.people]
    document = {"head": head_of(copy), "areas": areas, "answers": answers, "evidence": evidence}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _base_of(question: CopyQuestion) -> str:
    return f"{question.version}:{question.mark}"


def _piece_base(piece: CopyPiece) -> str:
    base = {
        "version": piece.version,
        "supports": list(piece.supports),
        "fields": dict(piece.fields),
        "mark": piece.mark,
    }
    return json.dumps(base, ensure_ascii=False, separators=(",", ":"))


def choices_of(question: CopyQuestion) -> list[tuple[str, str]]:
    """(choice, reason) of every answer that the question can have, in the words of the services themselves."""
    wanted = [(str(rung.level), "") for rung in question.levels]
    wanted += list(layout.answer_labels().values())
    found = []
    for choice, reason in wanted:
        try:
            check_answer(question.place, AnswerInput(choice, reason, EXPLAINED))
        except Refused:
            continue
        found.append((choice, reason))
    return found


def label_of(question: CopyQuestion, choice: str, reason: str) -> str:
    """An answer as it stands in its cell; empty for none."""
    for rung in question.levels:
        if str(rung.level) == choice:
            return layout.level_label(rung.level, str(rung.title))
    labels = {value: label for label, value in layout.answer_labels().items()}
    return labels.get((choice, reason), "")


def _said(question: CopyQuestion) -> str:
    """What was said about a question, the newest last; as much of the end as a cell holds."""
    texts: list[str] = []
    for saying in reversed(question.said):
        text = f"{saying.line}\n{saying.text}"
        if sum(map(len, texts)) + len(text) + 2 * len(texts) > MOST_SAID:
            texts.append("…")
            break
        texts.append(text)
    return "\n\n".join(reversed(texts))


def _title(text: str) -> str:
    return " ".join(text.translate(FORBIDDEN_IN_TITLES).split()).strip("'")[:LONGEST_TITLE]


def _answers(copy: Copy) -> _Sheet:
    highest = max(len(question.levels) for question in copy.questions)
    columns = [*layout.ANSWERS]
    names: list[Cell] = [column.name for column in columns]
    heads: list[Cell] = [str(column.title) for column in columns]
    for level in range(highest):
        names.append(f"level_{level}")
        heads.append(_("Level %(level)s") % {"level": level})
    rows: list[list[Cell]] = [names, heads]
    lists: dict[tuple[int, int], Sequence[str]] = {}
    at = [column.name for column in columns]
    for number, question in enumerate(copy.questions, start=layout.HEADING_ROWS):
        choice, reason, why = question.content
        rows.append(
            [
                question.code,
                _base_of(question),
                copy.area_name(question.entry.area),
                f"{question.entry.name}\n{question.entry.question}",
                "\n".join(
                    text for text in (label_of(question, *question.before[:2]), question.before[2]) if text
                ),
                label_of(question, choice, reason),
                why,
                None,
                question.target,
                _said(question),
                *(f"{rung.title}\n{rung.text}" for rung in question.levels),
            ]
        )
        lists[number, at.index("answer")] = [label_of(question, *given) for given in choices_of(question)]
    widths = {n: column.width for n, column in enumerate(columns)}
    widths |= {len(columns) + level: layout.LEVEL_WIDTH for level in range(highest)}
    open_at = [n for n, column in enumerate(columns) if column.open]
    look = Look(
        widths=widths,
        headings=range(layout.HEADING_ROWS),
        top=layout.HEADING_ROWS,
        side=1,
        fields=[(row, column) for row in range(layout.HEADING_ROWS, len(rows)) for column in open_at],
        lists=lists,
        limits={at.index(name): most for name, most in layout.LIMITS.items()},
        hidden_rows=(0,),
        hidden_columns=[n for n, column in enumerate(columns) if column.hidden],
        right_to_left=get_language_bidi(),
    )
    return _Sheet(_title(pgettext("what was answered", "Answers")), rows, look)


def _pieces(copy: Copy) -> _Sheet:
    columns, at = layout.PIECES, [column.name for column in layout.PIECES]
    rows: list[list[Cell]] = [[column.name for column in columns], [str(column.title) for column in columns]]
    kinds = {kind: label for label, kind in layout.kind_labels().items()}
    for piece in copy.pieces:
        values: dict[str, Cell] = {**piece.fields, "piece": piece.public_id, "base": _piece_base(piece)}
        values |= {"supports": ", ".join(piece.supports), "kind": kinds[piece.kind]}
        values |= {name: date.fromisoformat(piece.fields[name]) for name in layout.DAYS if piece.fields[name]}
        rows.append([values[name] for name in at])
    held, last = len(rows), len(rows) + layout.BLANK_PIECES
    open_at = [n for n, column in enumerate(columns) if column.open]
    fields = [(row, n) for row in range(layout.HEADING_ROWS, last) for n in open_at]
    limits = layout.piece_limits()
    look = Look(
        widths={n: column.width for n, column in enumerate(columns)},
        headings=range(layout.HEADING_ROWS),
        top=layout.HEADING_ROWS,
        fields=[(row, n) for row, n in fields if row >= held or at[n] != "kind"],
        lists={
            (row, at.index("kind")): [kinds[kind] for kind in layout.KINDS_TO_ADD]
            for row in range(held, last)
        },
        days=[at.index(name) for name in layout.DAYS],
        limits={at.index(name): most for name, most in limits.items()},
        hidden_rows=(0,),
        hidden_columns=[n for n, column in enumerate(columns) if column.hidden],
        right_to_left=get_language_bidi(),
    )
    return _Sheet(_title(_("Evidence")), rows, look)


def _cover(copy: Copy) -> _Sheet:
    rows: list[list[Cell]] = [[_("Answers to fill in away from the site")], [], *_about(copy), []]
    rows.append([_("How to fill it in")])
    heading = len(rows) - 1
    rows += [[str(number), line] for number, line in enumerate(_lines(), start=1)]
    rows += [[], [_("Area"), _("Who answers"), _("Who reviews")]]
    people = len(rows) - 1
    rows += [[f"{area.code} {area.name}", area.respondent, area.reviewer] for area in copy.people]
    look = Look(
        widths={0: 26, 1: 90, 2: 30},
        headings=(0, heading, people),
        top=0,
        fields=(),
        right_to_left=get_language_bidi(),
    )
    return _Sheet(_title(_("Read me")), rows, look)


def _about(copy: Copy) -> list[list[Cell]]:
    row = copy.assessment
    answered = sum(question.version > 0 for question in copy.questions)
    areas = (
        _("All areas") if copy.whole else ", ".join(f"{a.code} {copy.area_name(a.code)}" for a in copy.areas)
    )
    scopes = dict(row.version_of.indicators.model._meta.get_field("scope").flatchoices)
    figures = {"answered": answered, "total": len(copy.questions)}
    return [
        [_("Member"), row.member.name],
        [_("Assessment"), row.title],
        [_("Framework"), f"{copy.book.edition.name} {row.version_of.version}"],
        [_("Asked of"), str(scopes.get(row.scope, row.scope))],
        [_("Areas"), areas],
        [_("Language"), get_language_info(get_language() or settings.LANGUAGE_CODE)["name_local"]],
        [_("Answered so far"), _("%(answered)s of %(total)s") % figures],
        [_("Answers wanted by"), row.review_on],
        [_("State of the site"), copy.base],
    ]


def _lines() -> list[str]:
    unknown = str(ResponseKind.UNKNOWN.label)
    return [
        _("Write in the pale yellow cells of the other two sheets. All others are locked."),
        _(
            "Choose each answer from its list. Of two levels take the lower one: all of it has to be true today."
        ),
        _("“%(unknown)s” is an answer too. An empty cell says nothing and changes nothing.")
        % {"unknown": unknown},
        _(
            "Say why in the next column, in at most 5000 characters. A comment beside it opens a discussion among colleagues."
        ),
        _(
            "On the second sheet, evidence: one row each, with the codes that it supports, separated by commas."
        ),
        _(
            "Files are not part of a workbook: add them on the site. Where something cannot be shared, say so and name who holds it."
        ),
        _("Write no formulas. A workbook with a formula is refused."),
        _("Rows may be sorted or left out; a row that is missing changes nothing."),
        _(
            "Bring the file back on the page that you took it from. You see first what it would change; nothing is stored before you agree."
        ),
        _("If a colleague answered the same question meanwhile, both answers are kept and you decide."),
    ]
