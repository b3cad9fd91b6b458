"""Moodle XML: read the kinds that we have and report the rest, write every kind of ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

from apps.marking.exchange.numbers import plain_number
from apps.marking.exchange.parts import choice_body, plain, true_false_body, words_of
from apps.marking.exchange.report import Draft, Line, NotReadable, Reading

LIMIT = 5_000_000
MOST = 5_000
PLAIN = {"format": "plain_text"}
BLANK = re.compile(r"\[\[(\d{1,2})\]\]")
Element = etree._Element


def read_moodle_xml(raw: bytes) -> Reading:
    """Every question of a Moodle XML file with its line, or why it was refused. Raises NotReadable."""
    root = _parse(raw)
    reading = Reading()
    category = ""
    for count, node in enumerate(root.iter("question"), 1):
        if count > MOST:
            raise NotReadable(f"The file has more than {MOST:,} questions; divide it.")
        kind, line = node.get("type", ""), node.sourceline if isinstance(node.sourceline, int) else 0
        if kind == "category":
            category = _text(node, "category")
            continue
        draft = Draft(
            "", _text(node, "questiontext"), {}, name=_text(node, "name"), category=category, line=line
        )
        draft.idnumber = (node.findtext("idnumber") or "").strip()
        draft.tags = tuple((tag.findtext("text") or "").strip() for tag in node.iterfind("tags/tag"))
        try:
            _read(draft, kind, node)
        except NotReadable as fault:
            reading.refuse(line, draft.name, str(fault))
            continue
        plain(draft)
        reading.take(draft)
    return reading


def _parse(raw: bytes) -> Element:
    """The root, read without entities, without a network, without a document type."""
    if len(raw) > LIMIT:
        raise NotReadable(f"The file has more than {LIMIT // 1_000_000} MB.")
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise NotReadable("A question file needs no document type; this one has one.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_pis=True, remove_comments=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise NotReadable(f"This is not whole XML: {fault}") from fault
    if root.tag != "quiz":
        raise NotReadable("This is XML, but not of Moodle's questions: the root is not “quiz”.")
    return root


def _text(node: Element, name: str) -> str:
    """The text of a part; white space around it does not count."""
    return (node.findtext(f"{name}/text") or "").strip()


def _read(draft: Draft, kind: str, node: Element) -> None:
    reader = READERS.get(kind)
    if reader is None:
        raise NotReadable(f"Questions of the kind “{kind}” are not taken.")
    if not words_of(draft.text):
        raise NotReadable("The question has no text.")
    reader(draft, node)
    general = _text(node, "generalfeedback")
    if "options" not in draft.body:
        draft.body["explanation"] = general
    elif general:
        draft.changes.append("The general feedback was left out: here every option has its own.")
    if any(_text(node, f"{name}feedback") for name in ("correct", "partiallycorrect", "incorrect")):
        draft.changes.append("The feedback for the whole answer was left out.")
    if node.find(".//file") is not None:
        draft.changes.append("Files inside the question were left out.")


def _answers(node: Element) -> list[tuple[str, Decimal, str]]:
    """(text, share in per cent, feedback) of each answer."""
    return [
        (
            (answer.findtext("text") or "").strip(),
            _decimal(answer.get("fraction", "0")),
            _text(answer, "feedback"),
        )
        for answer in node.iterfind("answer")
    ]


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation as fault:
        raise NotReadable(f"“{text}” is not a number.") from fault
    if not number.is_finite():
        raise NotReadable(f"“{text}” is not a number.")
    return number


def _choice(draft: Draft, node: Element) -> None:
    several = (node.findtext("single") or "true").strip().lower() in ("false", "0")
    draft.kind, draft.body, changes = choice_body(_answers(node), several=several)
    draft.changes += changes


def _true_false(draft: Draft, node: Element) -> None:
    rows = {text.lower(): (share, feedback) for text, share, feedback in _answers(node)}
    if set(rows) != {"true", "false"}:
        raise NotReadable("A true or false question has the answers “true” and “false”.")
    is_true = rows["true"][0] > rows["false"][0]
    right, wrong = (rows["true" if is_true is truth else "false"][1] for truth in (True, False))
    draft.kind = "truefalse"
    draft.body, changes = true_false_body(is_true, right, wrong)
    draft.changes += changes


def _typed(
    draft: Draft, node: Element, value: Callable[[Element, str], dict[str, Any]]
) -> list[dict[str, Any]]:
    answers = []
    for answer, (text, share, feedback) in zip(node.iterfind("answer"), _answers(node), strict=True):
        if share <= 0 or not text:
            draft.changes.append("An answer without points was left out.")
            continue
        part = {"share": int(share)} if share != 100 else {}
        answers.append({**value(answer, text), **part, **({"feedback": feedback} if feedback else {})})
    if not answers:
        raise NotReadable("No answer earns points.")
    return answers


def _short(draft: Draft, node: Element) -> None:
    if (node.findtext("usecase") or "0").strip() == "1":
        draft.changes.append("Capitals counted there; here they do not.")
    draft.kind, draft.body = "short", {"answers": _typed(draft, node, lambda _answer, text: {"text": text})}


def _numeric(draft: Draft, node: Element) -> None:
    def value(answer: Element, text: str) -> dict[str, Any]:
        near = _decimal(answer.findtext("tolerance") or "0")
        return {"value": plain_number(_decimal(text)), **({"tolerance": plain_number(near)} if near else {})}

    if node.find("units/unit") is not None:
        draft.changes.append("Units were left out; say in the text which one is meant.")
    draft.kind, draft.body = "numeric", {"answers": _typed(draft, node, value)}


def _matching(draft: Draft, node: Element) -> None:
    pairs: list[dict[str, str]] = []
    extra = []
    for part in node.iterfind("subquestion"):
        left, right = words_of((part.findtext("text") or "").strip()), _text(part, "answer")
        if left:
            pairs.append({"id": chr(ord("a") + len(pairs)), "left": left, "right": right})
        else:
            extra.append(right)
    if not 2 <= len(pairs) <= 8 or any(not pair["right"] for pair in pairs):
        raise NotReadable("Two to eight whole pairs are needed.")
    draft.kind, draft.body = "matching", {"pairs": pairs, **({"extra": extra} if extra else {})}


def _ordering(draft: Draft, node: Element) -> None:
    lines = sorted(_answers(node), key=lambda row: row[1])
    if not 3 <= len(lines) <= 8:
        raise NotReadable("An order has three to eight lines.")
    draft.kind = "ordering"
    draft.body = {
        "items": [{"id": chr(ord("a") + n), "text": text} for n, (text, *_rest) in enumerate(lines)]
    }


def _gaps(draft: Draft, node: Element) -> None:
    """[[n]] names the n-th choice, which is right there; the others of its group are the wrong ones."""
    choices = [
        ((one.findtext("text") or "").strip(), (one.findtext("group") or "1").strip())
        for one in node.iterfind("selectoption")
    ]
    named = [int(number) for number in BLANK.findall(draft.text)]
    if not 1 <= len(named) <= 6 or any(not 1 <= number <= len(choices) for number in named):
        raise NotReadable("One to six gaps are needed, each with a choice of its own.")
    blanks = []
    for place, number in enumerate(named, 1):
        right, group = choices[number - 1]
        others = [text for text, held in choices if held == group and text != right]
        blanks.append({"id": str(place), "choices": [right, *others]})
    places = iter(range(1, len(named) + 1))
    draft.text = BLANK.sub(lambda _found: f"[[{next(places)}]]", draft.text)
    draft.kind, draft.body = "fill", {"blanks": blanks}


def _essay(draft: Draft, node: Element) -> None:
    most = (node.findtext("maxwordlimit") or "").strip()
    draft.kind = "essay"
    draft.body = {"words": int(most) if most.isdecimal() and 10 <= int(most) <= 2000 else 300, "rubric": []}
    draft.changes.append("An essay needs a rubric here; write it before you load the question.")


READERS: dict[str, Callable[[Draft, Element], None]] = {
    "multichoice": _choice, "truefalse": _true_false, "shortanswer": _short, "numerical": _numeric, "matching": _matching,
    "ordering": _ordering, "gapselect": _gaps, "essay": _essay,
}  # fmt: skip


def write_moodle_xml(drafts: Sequence[Draft]) -> tuple[str, list[Line]]:
    """The questions as Moodle XML, which holds every kind of ours."""
    root = etree.Element("quiz")
    for draft in drafts:
        node = etree.SubElement(root, "question", type=TYPES[draft.kind])
        _put(node, "name", draft.name)
        _put(node, "questiontext", _gapped(draft), PLAIN)
        _put(node, "generalfeedback", draft.body.get("explanation", ""), PLAIN)
        etree.SubElement(node, "defaultgrade").text = "1"
        etree.SubElement(node, "penalty").text = f"{draft.body.get('penalty', 0) / 100:g}"
        etree.SubElement(node, "idnumber").text = draft.idnumber
        _write(node, draft)
        tags = etree.SubElement(node, "tags")
        for tag in draft.tags:
            _put(tags, "tag", tag)
    return etree.tostring(root, encoding="unicode", pretty_print=True), []


TYPES = {
    "single": "multichoice", "multiple": "multichoice", "truefalse": "truefalse", "short": "shortanswer",
    "numeric": "numerical", "matching": "matching", "ordering": "ordering", "fill": "gapselect", "essay": "essay",
}  # fmt: skip


def _put(node: Element, name: str, text: str, attributes: dict[str, str] | None = None) -> Element:
    part = etree.SubElement(node, name, attributes or {})
    etree.SubElement(part, "text").text = text
    return part


def _answer(node: Element, text: str, share: str, feedback: str) -> Element:
    answer = etree.SubElement(node, "answer", fraction=share, format="plain_text")
    etree.SubElement(answer, "text").text = text
    _put(answer, "feedback", feedback, PLAIN)
    return answer


def _write(node: Element, draft: Draft) -> None:
    body = draft.body
    if draft.kind in ("single", "multiple", "truefalse"):
        _write_options(node, draft)
    for one in body.get("answers", ()):
        answer = _answer(
            node, str(one.get("text", one.get("value"))), str(one.get("share", 100)), one.get("feedback", "")
        )
        if draft.kind == "numeric":
            etree.SubElement(answer, "tolerance").text = str(one.get("tolerance", 0))
    for left, right in [
        *((pair["left"], pair["right"]) for pair in body.get("pairs", ())),
        *(("", text) for text in body.get("extra", ())),
    ]:
        part = etree.SubElement(node, "subquestion", format="plain_text")
        etree.SubElement(part, "text").text = left
        _put(part, "answer", right)
    for place, line in enumerate(body.get("items", ()), 1):
        etree.SubElement(
            etree.SubElement(node, "answer", fraction=str(place), format="plain_text"), "text"
        ).text = line["text"]
    for blank in body.get("blanks", ()):
        for text in blank["choices"]:
            option = etree.SubElement(node, "selectoption")
            etree.SubElement(option, "text").text = text
            etree.SubElement(option, "group").text = blank["id"]
    if draft.kind == "essay":
        etree.SubElement(node, "maxwordlimit").text = str(body["words"])


def _write_options(node: Element, draft: Draft) -> None:
    options = draft.body["options"]
    if draft.kind != "truefalse":
        etree.SubElement(node, "single").text = "true" if draft.kind == "single" else "false"
        etree.SubElement(node, "shuffleanswers").text = "true"
        etree.SubElement(node, "answernumbering").text = "none"
    right = sum(option["correct"] for option in options)
    for option in options:
        share = f"{100 / right:.5f}".rstrip("0").rstrip(".") if option["correct"] else "0"
        if draft.kind == "multiple" and not option["correct"]:
            share = "-" + f"{100 / right:.5f}".rstrip("0").rstrip(".")
        text = {"a": "true", "b": "false"}[option["id"]] if draft.kind == "truefalse" else option["text"]
        _answer(node, text, share, option["feedback"])


def _gapped(draft: Draft) -> str:
    """Blanks by the number of their right choice in the list of all choices."""
    numbers, place = {}, 1
    for blank in draft.body.get("blanks", ()):
        numbers[blank["id"]] = place
        place += len(blank["choices"])
    return BLANK.sub(lambda found: f"[[{numbers.get(found[1], found[1])}]]", draft.text)
