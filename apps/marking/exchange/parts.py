"""Parts of questions that several formats say in the same way: options with shares of the points."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

from apps.marking.exchange.report import Draft, NotReadable

NO_FEEDBACK = "An option has no feedback; write why it is right or not before you load the question."
MOST = 6


def choice_body(
    rows: Sequence[tuple[str, Decimal, str]], *, several: bool
) -> tuple[str, dict[str, Any], list[str]]:
    """Kind, body and changes of a choice question from (text, share in per cent, feedback) of its options."""
    if not 2 <= len(rows) <= MOST:
        raise NotReadable(f"A choice question has two to {MOST} options; this one has {len(rows)}.")
    right = [share for _text, share, _feedback in rows if share > 0]
    if not right or len(right) == len(rows):
        raise NotReadable("Some options must be right and some wrong.")
    changes = []
    kind = "multiple" if several and len(right) > 1 else "single"
    if not several and len(right) > 1:
        full = sum(share == 100 for share in right)
        if full > 1:
            kind = "multiple"
            changes.append("Several options are wholly right; it became a question with several answers.")
        else:
            rows = [(text, share if share == 100 else Decimal(0), feedback) for text, share, feedback in rows]
            changes.append("Options that earned a part of the points are wrong here: one option is right.")
            if not full:
                raise NotReadable("No option earns the whole point.")
    if several and abs(sum(right, Decimal(0)) - 100) > Decimal("0.01") * len(right):
        changes.append(
            f"The weights of the right options sum to {sum(right, Decimal(0)).normalize():f}, not to 100."
        )
    if several and len(right) > 1 and max(right) - min(right) > Decimal("0.01"):
        changes.append("The right options had different weights; here they count alike.")
    if any(not feedback for _text, _share, feedback in rows):
        changes.append(NO_FEEDBACK)
    options = [
        {"id": chr(ord("a") + n), "text": text, "correct": share > 0, "feedback": feedback}
        for n, (text, share, feedback) in enumerate(rows)
    ]
    return kind, {"options": options}, changes


def true_false_body(is_true: bool, right: str, wrong: str) -> tuple[dict[str, Any], list[str]]:
    """Body and changes of a true or false question: the feedback of the right and of the wrong choice."""
    options = [
        {"id": "a", "text": "True", "correct": is_true, "feedback": right if is_true else wrong},
        {"id": "b", "text": "False", "correct": not is_true, "feedback": wrong if is_true else right},
    ]
    return {"options": options}, [] if right and wrong else [NO_FEEDBACK]


TAG = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:[a-zA-Z]+|#\d+);")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in ("p", "br", "li", "div", "tr"):
            self.words.append(" ")
        if tag == "img":
            self.words.append(dict(attrs).get("alt") or "")


def words_of(text: str) -> str:
    """The words of a text with HTML; a picture becomes its description. A text without tags stays as it is."""
    if not TAG.search(text):
        return text
    reader = _Words()
    reader.feed(text)
    reader.close()
    return " ".join("".join(reader.words).split())


def plain(draft: Draft) -> None:
    """Take the words of every text of the question; say so when formatting was left out."""
    before = (draft.text, repr(draft.body))
    draft.text, draft.body = words_of(draft.text), _plain(draft.body)
    if before != (draft.text, repr(draft.body)):
        draft.changes.append("Formatting and pictures were left out; the words are kept.")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(held) for key, held in value.items()}
    if isinstance(value, list):
        return [_plain(held) for held in value]
    return words_of(value) if isinstance(value, str) else value
