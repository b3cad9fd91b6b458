"""Questions of a pool file, one at a time: what stands around a question in the file stays as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from django.utils.translation import gettext as _

from apps import marking
from apps.core.errors import Refused
from apps.courses.models import Question
from apps.courses.selectors.asking import Asked, ask
from apps.courses.services.authoring.looking import question_faults
from apps.courses.services.authoring.starting import dump
from apps.courses.services.authoring.units import (
    Files,
    bytes_of,
    data_of,
    document_of,
    lesson_paths,
    split_lesson,
    text_of,
)

ITEM = re.compile(r"^- ", re.MULTILINE)
WHOLE = {"final": "final", "form-a": "forma", "form-b": "formb"}
MOST_QUESTIONS = 300


def pool_of(raw: bytes | memoryview) -> list[dict[str, Any]]:
    """The questions of a pool file. Raises `Refused` when it cannot be read."""
    data = data_of(raw)
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise Refused(_("This file of questions cannot be read; mend it as text first."))
    return data


def prefix_of(files: Files, path: str) -> str:
    """What the ids of a pool begin with: C3.m1.l2, C3.m1.test, C3.final."""
    code, stem = document_of(files).get("id", "C0"), PurePosixPath(path).stem
    if stem in WHOLE:
        return f"{code}.{WHOLE[stem]}"
    if stem.startswith("test-"):
        return f"{code}.{stem.removeprefix('test-')}.test"
    lesson = lesson_paths(files).get(stem)
    return str(split_lesson(files[lesson]).front.get("id", f"{code}.m1.l1")) if lesson else f"{code}.m1.l1"


def next_id(pool: Sequence[Mapping[str, Any]], prefix: str) -> str:
    """The id of a new question: one more than the highest."""
    ends = (str(row.get("id", "")).rpartition(".q")[2] for row in pool)
    return f"{prefix}.q{max((int(end) for end in ends if end.isdecimal() and len(end) < 6), default=0) + 1}"


def with_question(raw: bytes | memoryview, place: int, row: Mapping[str, Any] | None) -> bytes:
    """The file with question `place` (from 1) replaced, taken out when `row` is None, or added with place 0."""
    pool, text = pool_of(raw), text_of(raw)
    if place > len(pool) or (place == 0 and len(pool) >= MOST_QUESTIONS):
        raise Refused(_("There is no place for this question in the file."))
    starts = [found.start() for found in ITEM.finditer(text)]
    block = dump([dict(row)]) if row is not None else ""
    if len(starts) != len(pool) or not pool:
        changed = [*pool]
        changed[place - 1 if place else len(pool) : place or len(pool)] = (
            [dict(row)] if row is not None else []
        )
        return bytes_of(dump(changed))
    if place == 0:
        return bytes_of(text.rstrip("\n") + "\n" + block)
    end = starts[place] if place < len(pool) else len(text)
    made = text[: starts[place - 1]] + block + text[end:]
    return bytes_of(made if made.strip() else "[]")


def moved_question(raw: bytes | memoryview, place: int, step: int) -> bytes:
    """The file with a question one place up or down. Raises `Refused` when there is no place."""
    pool = pool_of(raw)
    if not 1 <= place <= len(pool) or not 1 <= place + step <= len(pool):
        raise Refused(_("It cannot be moved further."))
    first = with_question(raw, place, pool[place + step - 1])
    return with_question(first, place + step, pool[place - 1])


def faults_in(row: Mapping[str, Any]) -> list[str]:
    """What keeps a question from being one, in words."""
    return [sentence for _number, sentence in question_faults([dict(row)])]


@dataclass(frozen=True, slots=True)
class Tried:
    """A question as learners meet it; once answered, the per cent of the point it earns (None: a person marks)."""

    ask: Asked
    answered: bool
    percent: int | None
    error: str


def try_question(row: Mapping[str, Any], answer: Mapping[str, Sequence[str]] | None) -> Tried:
    """Show a question as it would be asked, or with an answer and what it earns; nothing is kept."""
    body = {key: row[key] for key in marking.BODY if key in row and key != "options"}
    asked = Question(
        code=row["id"] or "C0.q1", kind=row["kind"], objective=row["objective"], text=row["text"],
        options=row.get("options", []), body=body, critical=row["critical"],
    )  # fmt: skip
    item = marking.item(asked)
    order = marking.shuffled(item, "try")
    if answer is None:
        return Tried(ask(asked, order, []), False, None, "")
    try:
        given = marking.read_answer(item, answer)
    except marking.BadAnswer:
        return Tried(ask(asked, order, []), False, None, _("This is no answer to the question."))
    points = marking.mark(item, given)
    return Tried(ask(asked, order, given), True, None if points is None else int(points * 100), "")
