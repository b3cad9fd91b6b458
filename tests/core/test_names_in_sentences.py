"""Names that people write stand apart in every sentence, so that right to left and left to right mix as they are read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
WRITTEN = ("home", "assessments", "members", "mentoring")
SENTENCE = re.compile(
    r"\{%\s*blocktrans(?:late)?\b(?P<head>[^%]*(?:%(?!\})[^%]*)*)%\}(?P<body>.*?)\{%\s*endblocktrans(?:late)?\s*%\}",
    re.S,
)
GIVEN = re.compile(r"(\w+)=((?:[^\s\"']|\"[^\"]*\"|'[^']*')+)")
SHOWN = re.compile(r"\{\{\s*(\w+)\s*\}\}")
NAMES = (
    "name", "names", "title", "titles", "who", "member", "programme", "mentor", "partner", "reader", "reviewer", "owner",
    "inviter", "by", "person", "framework", "prev_label",
)  # fmt: skip
PLAIN = ("option", "textarea", "title", "text", "desc")


def is_name(word: str) -> bool:
    """Whether a variable, or the last part of what it is given, is called like a name that somebody writes."""
    parts = [part for part in word.partition("|")[0].split(".") if not part.isdigit()]
    last = parts[-1] if parts else ""
    return "|date" not in word and any(last == name or last.endswith(f"_{name}") for name in NAMES)


def has_no_markup(source: str, sentence: re.Match[str]) -> bool:
    """Whether the sentence stands where nothing can be marked up: in a page's title, an attribute, an option."""
    if kept := re.search(r"\basvar\s+(\w+)", sentence["head"]):
        name = re.escape(kept[1])
        used = rf"\b(?:label|caption|alt|hidden)={name}\b|=\"[^\"]*\{{\{{\s*{name}\b"
        return re.search(used, source[sentence.end() :]) is not None
    before = source[: sentence.start()]
    if before.rfind("{% block title %}") > before.rfind("{% endblock %}"):
        return True
    before = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", before, flags=re.S)
    if before.rfind("<") > before.rfind(">"):
        return True
    tags = re.findall(r"<(/?)(\w+)[^>]*>", before)
    return bool(tags) and not tags[-1][0] and tags[-1][1] in PLAIN


def bare_names(source: str) -> Iterator[tuple[re.Match[str], str]]:
    """Each sentence with a variable in it that holds a name and does not stand in a bdi."""
    for sentence in SENTENCE.finditer(source):
        if has_no_markup(source, sentence):
            continue
        given = dict(GIVEN.findall(sentence["head"]))
        for shown in SHOWN.finditer(sentence["body"]):
            before = sentence["body"][: shown.start()]
            isolated = before.count("<bdi") > before.count("</bdi>")
            if not isolated and (is_name(shown[1]) or is_name(given.get(shown[1], ""))):
                yield sentence, shown[1]


@pytest.mark.parametrize("folder", WRITTEN)
def test_names_in_sentences_stand_apart(folder: str) -> None:
    bare = [
        f"{path.relative_to(TEMPLATES)}: {name} in {' '.join(sentence['body'].split())}"
        for path in sorted((TEMPLATES / folder).glob("*.html"))
        for sentence, name in bare_names(path.read_text(encoding="utf-8"))
    ]
    assert bare == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("{% blocktranslate with who=row.by %}{{ who }} left{% endblocktranslate %}", ["who"]),
        ("{% blocktranslate with a=row.title %}<bdi>{{ a }}</bdi> or {{ a }}{% endblocktranslate %}", ["a"]),
        (
            "{% blocktranslate with day=row.by|date:'j' n=row.number %}{{ day }} {{ n }}{% endblocktranslate %}",
            [],
        ),
        ('<p title="{% blocktranslate with a=row.name %}{{ a }}{% endblocktranslate %}">', []),
        ("<option>{% blocktranslate with a=row.name %}{{ a }}{% endblocktranslate %}</option>", []),
        (
            "{% blocktranslate asvar t with a=row.name %}{{ a }}{% endblocktranslate %}{% part 'bar' label=t %}",
            [],
        ),
        (
            "{% blocktranslate asvar t with a=row.name %}{{ a }}{% endblocktranslate %}{% part 'button' text=t %}",
            ["a"],
        ),
    ],
)
def test_the_lock_sees_names_and_nothing_else(source: str, found: list[str]) -> None:
    assert [name for _sentence, name in bare_names(source)] == found


def test_a_sentence_names_its_values() -> None:
    """A value with a dot inside a sentence is looked up by that whole name, so nothing would stand in its place."""
    found = [
        f"{path.relative_to(TEMPLATES)}: {shown}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for sentence in SENTENCE.finditer(path.read_text())
        for shown in re.findall(r"\{\{\s*(\w+\.[\w.]+)", sentence["body"])
    ]
    assert found == []
