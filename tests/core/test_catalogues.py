"""The catalogues of the interface: whole, exact in their placeholders, and compiled as they stand."""

from __future__ import annotations

import ast
import gettext
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings

FILES = sorted(Path(settings.BASE_DIR, "locale").glob("*/LC_MESSAGES/django.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}")
TAG = re.compile(r"</?[a-z][^>]*>")
KEYWORD = re.compile(r'^(msgctxt|msgid|msgid_plural|msgstr|msgstr\[(\d)\]) "')
NUMBERS = range(1000)


@dataclass
class Message:
    """One entry of a catalogue: the source's forms and the translation's."""

    flags: str = ""
    parts: dict[str, str] = field(default_factory=dict)

    @property
    def sources(self) -> list[str]:
        return [self.parts[name] for name in ("msgid", "msgid_plural") if name in self.parts]

    @property
    def forms(self) -> list[str]:
        return [text for name, text in self.parts.items() if name.startswith("msgstr")]

    @property
    def translated(self) -> bool:
        return all(self.forms)

    @property
    def key(self) -> str:
        context = self.parts.get("msgctxt")
        return self.parts["msgid"] if context is None else f"{context}\x04{self.parts['msgid']}"


def read_catalogue(path: Path) -> list[Message]:
    """Every message of a .po file but its header, in order."""
    messages, message, name = [], Message(), ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#,"):
            message.flags = line
        found = KEYWORD.match(line)
        if found:
            name = found[1]
            message.parts[name] = ast.literal_eval(line[len(name) + 1 :])
        elif line.startswith('"'):
            message.parts[name] += ast.literal_eval(line)
        elif not line.strip() and message.parts:
            messages.append(message)
            message = Message()
    return [m for m in [*messages, message] if m.parts.get("msgid")]


def compiled(path: Path) -> gettext.GNUTranslations:
    with path.with_suffix(".mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def counts(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text))


@pytest.fixture(params=FILES, ids=lambda path: path.parts[-3])
def path(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


def test_there_are_catalogues() -> None:
    assert FILES


def test_catalogue_says_no_fuzzy_thing(path: Path) -> None:
    assert "fuzzy" not in "".join(m.flags for m in read_catalogue(path))
    assert "#, fuzzy" not in path.read_text(encoding="utf-8")


def test_catalogue_is_nearly_whole(path: Path) -> None:
    messages = read_catalogue(path)
    done = sum(m.translated for m in messages)
    assert done / len(messages) >= 0.95, [m.key for m in messages if not m.translated][:20]


def test_catalogue_names_its_language_and_plurals(path: Path) -> None:
    header = compiled(path).info()
    assert header["language"] == path.parts[-3]
    forms = int(re.match(r"nplurals=(\d+)", header["plural-forms"])[1])  # type: ignore[index]
    plural = [m for m in read_catalogue(path) if "msgid_plural" in m.parts]
    assert plural
    assert [m.key for m in plural if len(m.forms) != forms] == []


def test_placeholders_equal_those_of_the_source(path: Path) -> None:
    """A form for few numbers (one, two, none) may leave a placeholder out; the form for many has them all."""
    wrong = []
    for m in read_catalogue(path):
        if not m.translated:
            continue
        wanted = [counts(text) for text in m.sources]
        if len(wanted) == 1:
            good = [counts(form) == wanted[0] for form in m.forms]
        else:
            good = [counts(form) <= wanted[0] | wanted[1] for form in m.forms]
            good.append(any(counts(form) == wanted[1] for form in m.forms))
        if not all(good):
            wrong.append((m.sources, m.forms))
    assert wrong == []


def test_tags_equal_those_of_the_source(path: Path) -> None:
    wrong = [
        (m.sources, form)
        for m in read_catalogue(path)
        for form in m.forms
        if form and sorted(TAG.findall(form)) not in [sorted(TAG.findall(text)) for text in m.sources]
    ]
    assert wrong == []


def test_compiled_file_holds_what_the_source_file_says(path: Path) -> None:
    """Machines without gettext run the site from the .mo, so it may not lag behind the .po."""
    translations = compiled(path)
    stored = dict(translations._catalog)  # type: ignore[attr-defined]
    stored.pop("")
    expected: dict[object, str] = {}
    for m in read_catalogue(path):
        if not m.translated:
            continue
        if len(m.sources) == 1:
            expected[m.key] = m.forms[0]
        else:
            expected.update({(m.key, form): text for form, text in enumerate(m.forms)})
    assert stored == expected


def test_every_number_has_a_form(path: Path) -> None:
    """The plural rule of the header points at a form that exists, for every number."""
    translations = compiled(path)
    m = next(
        m for m in read_catalogue(path) if len(m.sources) == 2 and m.translated and "msgctxt" not in m.parts
    )
    said = {translations.ngettext(m.sources[0], m.sources[1], number) for number in NUMBERS}
    assert said <= set(m.forms)
