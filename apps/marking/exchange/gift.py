"""GIFT, the text format of Moodle: read what it can say and report the rest, write what it can hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from apps.marking.exchange.numbers import plain_number
from apps.marking.exchange.parts import choice_body, plain, true_false_body
from apps.marking.exchange.report import Decision, Draft, Line, NotReadable, Reading, decode

SPECIAL = ":#={}~"
HIDDEN = {sign: chr(0xE000 + n) for n, sign in enumerate(f"{SPECIAL}n\\")}
SHOWN = {code: "\n" if sign == "n" else sign for sign, code in HIDDEN.items()}
COMMENT_ID = re.compile(r"\[id:((?:\\\]|[^\]])+)\]")
COMMENT_TAG = re.compile(r"\[tag:((?:\\\]|[^\]])+)\]")
FORMAT = re.compile(r"^\[(html|moodle|plain|markdown)\]")
WEIGHT = re.compile(r"^%(-?\d{1,3}(?:\.\d*)?)%")
ANSWER = re.compile(r"[=~]")
TRUE, FALSE = {"T", "TRUE"}, {"F", "FALSE"}


def read_gift(raw: bytes) -> Reading:
    """Every question of a GIFT file with its line, or why it was refused. Raises NotReadable."""
    text, encoding = decode(raw)
    reading = Reading(encoding=encoding)
    if encoding != "utf-8":
        reading.notes.append("The file is not UTF-8; it was read as windows-1252. Look at its accents.")
    category = ""
    for number, block in _blocks(text):
        comments, body = _split_comments(block)
        if body.startswith("$CATEGORY:"):
            head, _sep, rest = body.partition("\n")
            category, body = head.removeprefix("$CATEGORY:").strip(), rest.strip()
        if not body:
            continue
        _take(reading, number, comments, body, category)
    return reading


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Paragraphs between blank lines with the number of their first line."""
    held: list[str] = []
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.strip():
            held.append(line)
        elif held:
            yield number - len(held), "\n".join(held)
            held = []


def _split_comments(block: str) -> tuple[str, str]:
    lines = block.splitlines()
    comments = [line.strip() for line in lines if line.strip().startswith("//")]
    return "\n".join(comments), "\n".join(line for line in lines if not line.strip().startswith("//")).strip()


def _hide(text: str) -> str:
    """Escaped signs become signs of private use, so that splitting does not see them."""
    text = text.replace("\\\\", HIDDEN["\\"])
    for sign, code in HIDDEN.items():
        text = text.replace(f"\\{sign}", code)
    return text


def _show(text: str) -> str:
    for code, sign in SHOWN.items():
        text = text.replace(code, sign)
    return " ".join(text.split()) if "\n" not in text else text.strip()


def _take(reading: Reading, number: int, comments: str, body: str, category: str) -> None:
    hidden = _hide(body)
    name, hidden = _name(hidden)
    start, end = hidden.find("{"), hidden.rfind("}")
    shown = _show(name) or _show(hidden[:40])
    if start < 0:
        reading.refuse(number, shown, "This is a text without a question; put it into a lesson.")
        return
    if end < start:
        reading.refuse(
            number, shown, "The answers have no end: a closing brace is missing. Is the file whole?"
        )
        return
    before, inside, after = (
        hidden[:start],
        hidden[start + 1 : end].strip(),
        hidden[end + 1 :].strip().strip('";').strip(),
    )
    text = _show(FORMAT.sub("", before.strip()))
    if after:
        text = f"{text} _____ {_show(after)}"
    draft = Draft("", text, {}, name=_show(name) or text[:60], category=category, line=number)
    found = COMMENT_ID.search(comments)
    draft.idnumber = found[1].replace("\\]", "]") if found else ""
    draft.tags = tuple(tag.replace("\\]", "]") for tag in COMMENT_TAG.findall(comments))
    try:
        _answers(draft, inside)
    except NotReadable as fault:
        reading.refuse(number, draft.name, str(fault))
        return
    plain(draft)
    reading.take(draft)


def _name(hidden: str) -> tuple[str, str]:
    if hidden.startswith("::") and (end := hidden.find("::", 2)) > 0:
        return hidden[2:end], hidden[end + 2 :].strip()
    return "", hidden


def _answers(draft: Draft, inside: str) -> None:
    inside, general = _general(inside)
    if not inside:
        _essay(draft)
    elif inside.startswith("#"):
        _numeric(draft, inside[1:].strip())
    elif inside.split("#")[0].strip().upper() in TRUE | FALSE:
        _true_false(draft, inside)
    elif "->" in inside and "~" not in inside:
        _matching(draft, inside)
    elif "~" in inside:
        _choice(draft, inside)
    elif inside.startswith("="):
        _short(draft, inside)
    else:
        raise NotReadable("The answers are of no kind that GIFT has.")
    if "options" not in draft.body:
        draft.body["explanation"] = general
    elif general:
        draft.changes.append("The general feedback was left out: here every option has its own.")


def _general(inside: str) -> tuple[str, str]:
    body, _sep, general = inside.rpartition("####")
    return (body.strip(), _show(FORMAT.sub("", general.strip()))) if _sep else (inside, "")


def _pieces(inside: str) -> list[tuple[str, Decimal | None, str, str]]:
    """(sign, weight, text, feedback) of each answer."""
    places = [found.start() for found in ANSWER.finditer(inside)]
    made = []
    for place, end in zip(places, [*places[1:], len(inside)], strict=True):
        piece = inside[place + 1 : end].strip()
        weight = WEIGHT.match(piece)
        piece = piece[weight.end() :] if weight else piece
        text, _sep, feedback = piece.partition("#")
        clean = _show(FORMAT.sub("", text.strip()))
        made.append(
            (
                inside[place],
                Decimal(weight[1]) if weight else None,
                clean,
                _show(FORMAT.sub("", feedback.strip())),
            )
        )
    return made


def _choice(draft: Draft, inside: str) -> None:
    pieces = _pieces(inside)
    shares = [
        weight if weight is not None else Decimal(100 if sign == "=" else 0)
        for sign, weight, _t, _f in pieces
    ]
    rows = [(text, share, feedback) for (_s, _w, text, feedback), share in zip(pieces, shares, strict=True)]
    draft.kind, draft.body, changes = choice_body(
        rows, several=not any(sign == "=" for sign, *_rest in pieces)
    )
    draft.changes += changes


def _true_false(draft: Draft, inside: str) -> None:
    word, *feedback = (part.strip() for part in inside.split("#"))
    wrong, right = ([_show(text) for text in feedback] + ["", ""])[:2]
    draft.kind = "truefalse"
    draft.body, changes = true_false_body(word.upper() in TRUE, right, wrong)
    draft.changes += changes


def _matching(draft: Draft, inside: str) -> None:
    pairs: list[dict[str, str]] = []
    extra: list[str] = []
    for _sign, _weight, text, _feedback in _pieces(inside):
        left, _sep, right = text.partition("->")
        if left.strip():
            pairs.append({"id": chr(ord("a") + len(pairs)), "left": left.strip(), "right": right.strip()})
        else:
            extra.append(right.strip())
    if len(pairs) < 2 or len(pairs) > 8 or any(not pair["right"] for pair in pairs):
        raise NotReadable("Two to eight whole pairs are needed.")
    draft.kind, draft.body = "matching", {"pairs": pairs, **({"extra": extra} if extra else {})}


def _short(draft: Draft, inside: str) -> None:
    answers = []
    for _sign, weight, text, feedback in _pieces(inside):
        if not text or (weight is not None and weight <= 0):
            draft.changes.append("An answer without points was left out.")
            continue
        share = {} if weight in (None, Decimal(100)) else {"share": int(weight or 100)}
        answers.append({"text": text, **share, **({"feedback": feedback} if feedback else {})})
    if not answers:
        raise NotReadable("No answer earns points.")
    draft.kind, draft.body = "short", {"answers": answers}


def _numeric(draft: Draft, inside: str) -> None:
    pieces = _pieces(inside if inside.startswith(("=", "~")) else f"={inside}")
    answers = []
    for sign, weight, text, feedback in pieces:
        if sign == "=" and (weight is None or weight > 0):
            share = {} if weight in (None, Decimal(100)) else {"share": int(weight or 100)}
            answers.append({**_value(text), **share, **({"feedback": feedback} if feedback else {})})
    if not answers:
        raise NotReadable("No number earns points.")
    if len(answers) < len(pieces):
        draft.changes.append("Feedback for wrong numbers was left out.")
    draft.kind, draft.body = "numeric", {"answers": answers}


def _value(text: str) -> dict[str, Any]:
    try:
        if ".." in text:
            low, high = (Decimal(part.strip()) for part in text.split("..", 1))
            return {"value": plain_number((low + high) / 2), "tolerance": plain_number(abs(high - low) / 2)}
        value, _sep, tolerance = text.partition(":")
        near = Decimal(tolerance.strip()) if tolerance.strip() else Decimal(0)
        return {
            "value": plain_number(Decimal(value.strip())),
            **({"tolerance": plain_number(near)} if near else {}),
        }
    except (InvalidOperation, ValueError) as fault:
        raise NotReadable(f"“{text}” is not a number.") from fault


def _essay(draft: Draft) -> None:
    draft.kind, draft.body = "essay", {"words": 300, "rubric": []}
    draft.changes.append("An essay needs a rubric here; write it before you load the question.")


def write_gift(drafts: Sequence[Draft]) -> tuple[str, list[Line]]:
    """The questions as GIFT, and a line for each that GIFT cannot hold."""
    blocks, left = [], []
    for number, draft in enumerate(drafts, 1):
        inside = _written(draft)
        if inside is None:
            left.append(Line(number, draft.name, Decision.REFUSED, (f"GIFT has no {draft.kind} questions.",)))
            continue
        marks = "".join(f" [tag:{tag}]" for tag in draft.tags)
        if general := draft.body.get("explanation"):
            inside = f"{inside}####{_escape(general)}"
        blocks.append(
            f"// [id:{draft.idnumber}]{marks}\n::{_escape(draft.name)}:: {_escape(draft.text)} {{{inside}}}\n"
        )
    return "\n".join(blocks), left


def _escape(text: str) -> str:
    text = text.replace("\\", "\\\\")
    for sign in SPECIAL:
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _written(draft: Draft) -> str | None:
    body = draft.body
    if draft.kind == "truefalse":
        right, wrong = (
            next(one for one in body["options"] if one["correct"] is is_right) for is_right in (True, False)
        )
        return f"{'TRUE' if right['id'] == 'a' else 'FALSE'}#{_escape(wrong['feedback'])}#{_escape(right['feedback'])}"
    if draft.kind in ("single", "multiple"):
        return (
            "".join(
                f"\n\t{_mark(one, body, draft.kind)}{_escape(one['text'])}#{_escape(one['feedback'])}"
                for one in body["options"]
            )
            + "\n"
        )
    if draft.kind == "matching":
        pairs = [*body["pairs"], *({"left": "", "right": text} for text in body.get("extra", ()))]
        return "".join(f"\n\t={_escape(pair['left'])} -> {_escape(pair['right'])}" for pair in pairs) + "\n"
    if draft.kind == "short":
        return (
            "".join(f"\n\t={_weight(one)}{_escape(one['text'])}{_said(one)}" for one in body["answers"])
            + "\n"
        )
    if draft.kind == "numeric":
        return (
            "#"
            + "".join(
                f"\n\t={_weight(one)}{one['value']}:{one.get('tolerance', 0)}{_said(one)}"
                for one in body["answers"]
            )
            + "\n"
        )
    return "" if draft.kind == "essay" else None


def _mark(option: dict[str, Any], body: dict[str, Any], kind: str) -> str:
    if kind == "single":
        return "=" if option["correct"] else "~"
    right = sum(one["correct"] for one in body["options"])
    share = f"{100 / right:.5f}".rstrip("0").rstrip(".")
    return f"~%{share if option['correct'] else f'-{share}'}%"


def _weight(answer: dict[str, Any]) -> str:
    return f"%{answer['share']}%" if answer.get("share", 100) != 100 else ""


def _said(answer: dict[str, Any]) -> str:
    return f"#{_escape(answer['feedback'])}" if answer.get("feedback") else ""
