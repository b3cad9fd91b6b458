"""Aiken: one right letter among options, a question a paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from apps.marking.exchange.parts import choice_body
from apps.marking.exchange.report import Decision, Draft, Line, NotReadable, Reading, decode

OPTION = re.compile(r"([A-Z])[).]\s+(.*)")
ANSWER = re.compile(r"ANSWER:\s*([A-Z])\s*")


def read_aiken(raw: bytes) -> Reading:
    """Every question of an Aiken file with its line, or why it was refused. Raises NotReadable."""
    text, encoding = decode(raw)
    reading = Reading(encoding=encoding)
    if encoding != "utf-8":
        reading.notes.append("The file is not UTF-8; it was read as windows-1252. Look at its accents.")
    asked: list[str] = []
    options: list[tuple[str, str]] = []
    start = 0
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line:
            continue
        start = start or number
        if found := ANSWER.fullmatch(line):
            _take(reading, start, asked, options, found[1])
            asked, options, start = [], [], 0
        elif found := OPTION.fullmatch(line):
            options.append((found[1], found[2]))
        elif options:
            reading.refuse(start, " ".join(asked)[:60], f"Line {number} is neither an option nor the answer.")
            asked, options, start = [line], [], number
        else:
            asked.append(line)
    if asked or options:
        reading.refuse(start, " ".join(asked)[:60], "The line with ANSWER: is missing. Is the file whole?")
    return reading


def _take(
    reading: Reading, number: int, asked: list[str], options: list[tuple[str, str]], right: str
) -> None:
    text = " ".join(asked)
    if not text or right not in [letter for letter, _words in options]:
        reading.refuse(
            number, text[:60], "The question has no text." if not text else f"There is no option {right}."
        )
        return
    try:
        rows = [(words, Decimal(100 if letter == right else 0), "") for letter, words in options]
        kind, body, changes = choice_body(rows, several=False)
    except NotReadable as fault:
        reading.refuse(number, text[:60], str(fault))
        return
    reading.take(Draft(kind, text, body, name=text[:60], line=number, changes=changes))


def write_aiken(drafts: Sequence[Draft]) -> tuple[str, list[Line]]:
    """The questions as Aiken, which holds single choices without feedback, and a line for each that it cannot hold."""
    blocks, left = [], []
    for number, draft in enumerate(drafts, 1):
        if draft.kind != "single":
            left.append(
                Line(number, draft.name, Decision.REFUSED, (f"Aiken has no {draft.kind} questions.",))
            )
            continue
        options = draft.body["options"]
        lines = [" ".join(draft.text.split())]
        lines += [f"{chr(ord('A') + n)}. {' '.join(one['text'].split())}" for n, one in enumerate(options)]
        right = next(n for n, one in enumerate(options) if one["correct"])
        blocks.append("\n".join([*lines, f"ANSWER: {chr(ord('A') + right)}"]) + "\n")
    return "\n".join(blocks), left
