"""Whatever is broken in a file of whatever kind: it is read or refused in words, and what is read can be taken along."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest

from apps.core.errors import Refused
from apps.frameworks.services.importing import KINDS, METHODS, Choices, read_import
from tests.frameworks.imports import as_bytes, catalog, library
from tests.frameworks.test_export import WHEN, export_framework, rich_document

WRONG = [
    None,
    1,
    -1,
    True,
    "",
    [],
    {},
    "x",
    ["x"],
    {"a": 1},
    [None],
    [[]],
    [{}],
    10**17,
    "\u202e",
    "a" * 3000,
    "1.5",
]
SHEETS = 12


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in rows:
        yield from places(inner, (*path, key))


def broken(document: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The document with one to three of its values gone or of another kind."""
    document = copy.deepcopy(document)
    for _change in range(chance.randint(1, 3)):
        *above, last = chance.choice([path for path in places(document) if path] or [("x",)])
        here: Any = document
        for step in above:
            here = here[step]
        if chance.random() < 0.3 and last != "x":
            del here[last]
        else:
            here[last] = copy.deepcopy(chance.choice(WRONG))
    return document


@pytest.mark.parametrize("seed", range(4))
def test_a_broken_file_never_breaks_the_site(seed: int) -> None:
    chance = random.Random(seed)
    bases = [rich_document(), catalog(), library()]
    for _file in range(30):
        choices = Choices(
            kind=chance.choice(["auto"] * 5 + list(KINDS)),
            method=chance.choice(["", "", *METHODS]),
            scope=chance.choice(["", "both", "national"]),
        )
        try:
            found = read_import(as_bytes(broken(chance.choice(bases), chance)), name="f", choices=choices)
        except Refused as refusal:
            assert refusal.message
            continue
        for kind in ("yaml", "xlsx"):
            file = export_framework(found.document, kind, published_at=WHEN)
            assert read_import(file.content, name="f", choices=Choices()).document == found.document


@pytest.mark.parametrize("seed", range(3))
def test_a_damaged_workbook_or_xml_never_breaks_the_site(seed: int) -> None:
    chance = random.Random(seed)
    space = 'xmlns="http://csrc.nist.gov/ns/oscal/1.0"'
    part = '<part name="statement"><p>Text <em>x</em> <insert type="param" id-ref="p"/></p><ul><li>a</li></ul></part>'
    xml = f'<catalog {space}><group id="g"><title>G</title><control id="c"><title>C</title>{part}</control></group></catalog>'
    book = export_framework(rich_document(), "xlsx", published_at=WHEN).content
    assert (
        read_import(xml.encode(), name="f", choices=Choices()).document["indicators"][0]["intent"]
        == "Text x [p]\n- a"
    )
    for _file in range(SHEETS):
        for whole in (xml.encode(), book):
            content = bytearray(whole)
            for _change in range(3):
                content[chance.randrange(len(content))] = chance.randrange(256)
            try:
                read_import(bytes(content), name="f", choices=Choices())
            except Refused as refusal:
                assert refusal.message
