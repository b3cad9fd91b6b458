"""The words of the framework: each has one meaning, is used where it is explained and explained where it is used."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from apps.frameworks.services.linting.finding import Finding


def term_findings(document: dict[str, Any]) -> Iterator[Finding]:
    """Yield terms with two meanings, terms that no text uses, and shared terms used without their meaning."""
    meanings: dict[str, dict[str, str]] = defaultdict(dict)
    for row in document["indicators"]:
        used = _used_text(row)
        for number, word in enumerate(row.get("words", [])):
            place = f"indicators.{row['id']}.words[{number}]"
            meanings[term_key(word["term"])].setdefault(word["meaning"].strip(), place)
            if not _occurs(word["term"], used):
                yield Finding(place, "term-used", f"“{word['term']}” stands in no text of this indicator")
    yield from _several(meanings)
    yield from _unexplained(document["indicators"])


def term_key(term: str) -> str:
    """The same for `essential service` and `Essential services`."""
    return " ".join(_singular(word) for word in term.casefold().split())


def _several(meanings: dict[str, dict[str, str]]) -> Iterator[Finding]:
    for term, found in meanings.items():
        first, *others = found.values()
        for place in others:
            yield Finding(place, "one-meaning", f"“{term}” has another meaning at {first}")


def _unexplained(rows: list[dict[str, Any]]) -> Iterator[Finding]:
    """Terms of two words or more that several indicators explain are not common speech; each reader starts anew."""
    explained = {row["id"]: {term_key(word["term"]) for word in row.get("words", [])} for row in rows}
    times = Counter(term for terms in explained.values() for term in terms)
    shared = [term for term, count in times.items() if count > 1 and " " in term]
    for row in rows:
        texts = _joined(level["text"] for levels in row.get("levels", {}).values() for level in levels)
        for term in shared:
            if term not in explained[row["id"]] and re.search(rf"\b{re.escape(term)}\b", texts):
                yield Finding(
                    f"indicators.{row['id']}.words", "term-explained", f"“{term}” is used but not explained"
                )


def _used_text(row: dict[str, Any]) -> str:
    """All texts of an indicator in which a term can be met, singular and in small letters."""
    levels = [level for rows in row.get("levels", {}).values() for level in rows]
    texts = [
        row["name"],
        row["intent"],
        row.get("question", ""),
        *row.get("look_for", []),
        *row.get("mistakes", []),
    ]
    for level in levels:
        texts += [level["title"], level["text"], *level.get("evidence", [])]
    texts += [word["meaning"] for word in row.get("words", [])]
    return _joined(texts)


def _joined(texts: Iterable[str]) -> str:
    return " ".join(_singular(word) for text in texts for word in re.findall(r"[\w’'-]+", text.casefold()))


def _occurs(term: str, text: str) -> bool:
    """Whether every word of the term stands in order, each in one of its forms, with at most two words between."""
    stems = [re.escape(_stem(word)) + r"[\w-]*" for word in re.findall(r"[\w’'-]+", term_key(term))]
    return re.search(r"\b" + r"(?:\W+[\w’'-]+){0,2}\W+".join(stems), text) is not None


def _singular(word: str) -> str:
    word = re.sub(r"['’]s?$", "", word)
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _stem(word: str) -> str:
    return word[:-2] if word.endswith(("ed", "ly")) and len(word) > 5 else word.rstrip("ey") or word
