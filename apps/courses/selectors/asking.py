"""A question of any kind as a page shows it: to be answered, or with what was right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from apps import marking
from apps.courses.models import Question
from apps.marking import Given


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose; `correct` and `feedback` are for showing once the question was answered."""

    value: str
    text: str
    chosen: bool
    correct: bool = False
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A place that gets a value: the left side of a pair, a line to be put in order, a blank."""

    id: str
    text: str
    choices: tuple[Choice, ...]
    right: str

    @property
    def chosen(self) -> str:
        """The text that was chosen, empty when none was."""
        return next((choice.text for choice in self.choices if choice.chosen), "")

    @property
    def is_right(self) -> bool:
        return bool(self.chosen) and self.chosen == self.right


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the text of a fill question: words, or a blank after them."""

    text: str
    line: Line | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the parts of a question are to its kind; empty where it has none of them."""

    kind: str
    text: str
    options: tuple[Choice, ...] = ()
    lines: tuple[Line, ...] = ()
    parts: tuple[Part, ...] = ()
    typed: str = ""
    unit: str = ""
    words: int = 0
    rubric: tuple[dict[str, str], ...] = ()
    answers: tuple[str, ...] = ()
    explanation: str = ""
    given: tuple[str, ...] = field(default=())

    @property
    def multiple(self) -> bool:
        return self.kind == "multiple"

    @property
    def title(self) -> str:
        """The question in a list: blanks are shown as such."""
        return marking.BLANK.sub("…", self.text)


def ask(row: Question, order: Sequence[str], given: Given) -> Asked:
    """The question with its parts in `order` (of `marking.shuffled`) and the answer so far."""
    body: dict[str, Any] = row.body
    common: dict[str, Any] = {"kind": row.kind, "text": row.text, "explanation": body.get("explanation", "")}
    if row.kind in ("single", "multiple", "truefalse"):
        options = _options(row, order, given)
        return Asked(**common, options=options, given=tuple(one.text for one in options if one.chosen))
    if row.kind == "matching":
        return _lined(common, _pairs(body, order, given))
    if row.kind == "ordering":
        return _lined(common, _places(body, order, given))
    if row.kind == "fill":
        lines = _blanks(body, order, given)
        return _lined(common, lines, _parts(row.text, lines))
    typed = given if isinstance(given, str) else ""
    answers = tuple(str(one.get("text", one.get("value"))) for one in body.get("answers", ()))
    return Asked(
        **common, typed=typed, unit=body.get("unit", ""), words=body.get("words", 0),
        rubric=tuple(body.get("rubric", ())), answers=answers, given=(typed,) if typed else (),
    )  # fmt: skip


def _options(row: Question, order: Sequence[str], given: Given) -> tuple[Choice, ...]:
    by_id = {option["id"]: option for option in row.options}
    held = [by_id[key] for key in order if key in by_id]
    return tuple(
        Choice(one["id"], one["text"], one["id"] in given, one["correct"], one["feedback"]) for one in held
    )


def _lined(common: dict[str, Any], lines: tuple[Line, ...], parts: tuple[Part, ...] = ()) -> Asked:
    said = tuple(f"{line.text}: {line.chosen}" if line.text else line.chosen for line in lines if line.chosen)
    return Asked(**common, lines=lines, parts=parts, given=said)


def _held(given: Given) -> dict[str, str]:
    return given if isinstance(given, dict) else {}


def _pairs(body: dict[str, Any], order: Sequence[str], given: Given) -> tuple[Line, ...]:
    texts, held = marking.rights_of(body), _held(given)
    return tuple(
        Line(
            pair["id"],
            pair["left"],
            tuple(Choice(key, texts[key], held.get(pair["id"]) == key) for key in order if key in texts),
            pair["right"],
        )
        for pair in body["pairs"]
    )


def _places(body: dict[str, Any], order: Sequence[str], given: Given) -> tuple[Line, ...]:
    """Lines in the learner's order, or in the order of this try; each says its place in numbers."""
    texts = {line["id"]: line["text"] for line in body["items"]}
    right = {line["id"]: str(n) for n, line in enumerate(body["items"], 1)}
    mine = list(given) if isinstance(given, list) and given else []
    numbers = [str(n) for n in range(1, len(texts) + 1)]
    return tuple(
        Line(
            key,
            texts[key],
            tuple(Choice(n, n, bool(mine) and mine[int(n) - 1] == key) for n in numbers),
            right[key],
        )
        for key in (mine or order)
        if key in texts
    )


def _blanks(body: dict[str, Any], order: Sequence[str], given: Given) -> tuple[Line, ...]:
    texts, held = marking.choices_of(body), _held(given)
    keys = [key.split(":", 1) for key in order]
    return tuple(
        Line(
            blank,
            "",
            tuple(
                Choice(key, choices[key], held.get(blank) == key)
                for place, key in keys
                if place == blank and key in choices
            ),
            choices["1"],
        )
        for blank, choices in texts.items()
    )


def _parts(text: str, lines: tuple[Line, ...]) -> tuple[Part, ...]:
    by_id = {line.id: line for line in lines}
    pieces = marking.BLANK.split(text)
    return tuple(
        Part(pieces[n], by_id.get(pieces[n + 1]) if n + 1 < len(pieces) else None)
        for n in range(0, len(pieces), 2)
    )
