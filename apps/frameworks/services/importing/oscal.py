"""An OSCAL catalogue (in the shape of its JSON) to a framework: groups and controls to dimensions, areas, indicators."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.frameworks.services.faults import FrameworkFaults
from apps.frameworks.services.importing.found import Faults, Found, cut, named, one_line, paragraph
from apps.frameworks.services.importing.settings import METHOD, SCOPE, Choices, frame, maturity_scale
from apps.frameworks.services.importing.tree import Part, build_tree

PLACE = "_place"
OWN = "urn:belay:oscal"
MOST_CONTROLS = 5_000
LONGEST_PARAMETER = 1_000
# Far more than is kept of a text: a parameter may stand in it again and again.
LONGEST_FILLED = 20_000
GONE = ("withdrawn", "deprecated", "superseded", "deleted")
MOVED = ("incorporated-into", "moved-to")
TO_LOOK_FOR = (
    "example",
    "assessment-objective",
    "assessment-method",
    "assessment",
    "objective",
    "objects",
    "evidence",
)
_INSERT = re.compile(r"\{\{\s*(?:insert:\s*)?param,\s*([^\s}]{1,100})\s*\}\}")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]<>])")
_LINK = re.compile(r"\[([^\]\[]{0,300})\]\([^)\s]{0,300}\)")


@dataclass
class _Reading:
    """What is gathered on the way through the controls."""

    choices: Choices
    faults: Faults = field(default_factory=Faults)
    parameters: dict[str, str] = field(default_factory=dict)
    withdrawn: list[str] = field(default_factory=list)
    unmarked: list[str] = field(default_factory=list)
    headings: set[int] = field(default_factory=set)
    shown_by_example: set[tuple[int, str]] = field(default_factory=set)
    controls: int = -1
    """Groups and controls that were walked; the catalogue itself is none."""
    own: bool = False


def read_catalog(catalog: dict[str, Any], *, kind: str, choices: Choices) -> Found:
    """Return the framework in `catalog`; a node may say its place in the file under `_place`.

    Left out, and said so: controls marked as withdrawn or moved; and where most controls of a kind carry examples,
    those without, which are leftovers of an earlier version (unless `choices.unmarked`). Raises `FrameworkFaults`.
    """
    metadata = catalog.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    reading = _Reading(choices, own=bool(_own(metadata, "framework-id")))
    _survey(catalog, reading)
    parts = [
        *(_group(row, place, reading) for row, place in _rows(catalog, "groups", "catalog", reading)),
        *_controls(catalog, "catalog", 1, reading),
    ]
    reading.faults.raise_if_any()
    title = one_line(metadata.get("title")) or _("Imported catalogue")
    head, notes = frame(
        title=title, version=metadata.get("version"), language=_own(metadata, "language"),
        description=_plain(metadata.get("remarks"), reading), source=_source(metadata, title, catalog),
    )  # fmt: skip
    tree = build_tree(parts, title=title, scope=choices.scope or SCOPE)
    document = {
        **head, "scale": {"levels": maturity_scale()}, "method": {"name": METHOD, "version": 1},
        "dimensions": tree.dimensions, "areas": tree.areas, "indicators": tree.indicators,
    }  # fmt: skip
    return Found(kind, document, [*notes, *_left_out(reading), *tree.notes, *_unused(catalog)], tree.places)


def _rows(
    node: dict[str, Any], name: str, place: str, reading: _Reading
) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the nodes of a list with their places; what is no list of mappings is a fault."""
    rows = node.get(name, [])
    if not isinstance(rows, list):
        reading.faults.add(f"{place}.{name}", _("it is not a list"))
        return
    for number, row in enumerate(rows):
        where = f"{place}.{name}[{number}]"
        if isinstance(row, dict):
            yield row, str(row.get(PLACE, where))
        else:
            reading.faults.add(where, _("it is not a mapping of names to values"))


def _survey(catalog: dict[str, Any], reading: _Reading) -> None:
    """Walk once: which floors of controls are headings, which kinds carry examples, what parameters are called."""
    children: dict[int, list[bool]] = {}
    examples: dict[tuple[int, str], Counter[bool]] = {}
    waiting: list[tuple[dict[str, Any], int]] = [(catalog, 0)]
    while waiting:
        node, depth = waiting.pop()
        reading.controls += 1
        if reading.controls > MOST_CONTROLS:
            raise FrameworkFaults([_("catalog: more than %(count)s controls") % {"count": MOST_CONTROLS}])
        for name in ("groups", "controls"):
            rows = node.get(name)
            waiting += [(row, depth + 1 if name == "controls" else 0) for row in _maps(rows)]
        for row in _maps(node.get("params")):
            reading.parameters[str(row.get("id"))] = _parameter(row)[:LONGEST_PARAMETER]
        if depth and not _is_withdrawn(node):
            has_children = any(True for _row in _maps(node.get("controls")))
            children.setdefault(depth, []).append(has_children)
            if not has_children:
                kind = (depth, str(node.get("class", "")))
                has_example = any(row.get("name") == "example" for row in _maps(node.get("parts")))
                examples.setdefault(kind, Counter())[has_example] += 1
    reading.headings = {depth for depth, found in children.items() if all(found)}
    reading.shown_by_example = {kind for kind, times in examples.items() if times[True] > times[False] > 0}


def _maps(rows: object) -> Iterator[dict[str, Any]]:
    return (row for row in rows if isinstance(row, dict)) if isinstance(rows, list) else iter(())


def _parameter(row: dict[str, Any]) -> str:
    """What stands where a parameter is inserted: its value, its choices or its label."""
    values = row.get("values")
    if isinstance(values, list) and values:
        return ", ".join(map(str, values))
    select = row.get("select")
    choice = select.get("choice") if isinstance(select, dict) else None
    if isinstance(choice, list) and choice:
        return "[" + " / ".join(map(str, choice)) + "]"
    return f"[{row.get('label') or row.get('id')}]"


def _group(node: dict[str, Any], place: str, reading: _Reading) -> Part:
    part = Part(
        code=_code(node, reading), name=_title(node, place, reading), place=place,
        text=_texts(node, ("overview", "statement", "description"), reading),
    )  # fmt: skip
    part.children = [_group(row, where, reading) for row, where in _rows(node, "groups", place, reading)]
    part.children += _controls(node, place, 1, reading)
    return part


def _title(node: dict[str, Any], place: str, reading: _Reading) -> str:
    title = node.get("title", "")
    if not isinstance(title, str):
        reading.faults.add(f"{place}.title", _("it is not text"))
        return ""
    return one_line(_plain(title, reading))


def _controls(node: dict[str, Any], place: str, depth: int, reading: _Reading) -> list[Part]:
    found = []
    for row, where in _rows(node, "controls", place, reading):
        code = row.get("id")
        if not isinstance(code, str) or not code.strip():
            reading.faults.add(where, _("a control without an id"))
            continue
        part = _control(row, where, depth, reading)
        if _is_withdrawn(row):
            reading.withdrawn.append(code)
            found += part.children
        elif part.asked and not part.children and _is_leftover(row, depth, reading):
            reading.unmarked.append(code)
        else:
            found.append(part)
    return found


def _control(node: dict[str, Any], place: str, depth: int, reading: _Reading) -> Part:
    part = Part(
        code=_code(node, reading), name=_title(node, place, reading), place=place, asked=depth not in reading.headings,
        text=_texts(node, ("statement", "overview", "guidance"), reading),
        look_for=[text for row in _maps(node.get("parts")) if row.get("name") in TO_LOOK_FOR
                  if (text := _prose(row, reading))],
    )  # fmt: skip
    question = _texts(node, ("question",), reading)
    if question:
        part.more["question"] = cut(question, 2000)
    if reading.own:
        part.more |= _own_fields(node)
    part.children = _controls(node, place, depth + 1, reading)
    return part


def _own(node: dict[str, Any], name: str) -> str:
    """The value of a property that this site writes into its own catalogs; empty when there is none."""
    found = (row for row in _maps(node.get("props")) if row.get("name") == name and row.get("ns") == OWN)
    return next((str(row.get("value")) for row in found), "")


def _code(node: dict[str, Any], reading: _Reading) -> str:
    """The id; in a catalog of this site the label, for an id of OSCAL cannot begin with a digit."""
    label = next((row.get("value") for row in _maps(node.get("props")) if row.get("name") == "label"), None)
    return str(label if reading.own and label else node.get("id", ""))[:200]


def _own_fields(node: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"key": _own(node, "key") == "yes"}
    if _own(node, "scope") in ("national", "organisational", "both"):
        found["scope"] = _own(node, "scope")
    if _own(node, "effort") in ("1", "2", "3"):
        found["effort"] = int(_own(node, "effort"))
    if _own(node, "weight"):
        found["weight"] = _own(node, "weight")
    return found


def _is_withdrawn(node: dict[str, Any]) -> bool:
    status = any(
        row.get("name") == "status" and str(row.get("value")).lower() in GONE
        for row in _maps(node.get("props"))
    )
    return status or any(row.get("rel") in MOVED for row in _maps(node.get("links")))


def _is_leftover(node: dict[str, Any], depth: int, reading: _Reading) -> bool:
    """Without an example where most of its kind have one; some catalogs keep what they replaced without a mark."""
    if reading.choices.unmarked or (depth, str(node.get("class", ""))) not in reading.shown_by_example:
        return False
    return all(row.get("name") != "example" for row in _maps(node.get("parts")))


def _texts(node: dict[str, Any], names: tuple[str, ...], reading: _Reading) -> str:
    found = [
        _prose(row, reading) for name in names for row in _maps(node.get("parts")) if row.get("name") == name
    ]
    return "\n".join(text for text in found if text)


def _prose(part: dict[str, Any], reading: _Reading, depth: int = 0) -> str:
    """The prose of a part and of the parts inside it, each on lines of its own with its label."""
    label = next(
        (str(row.get("value")) for row in _maps(part.get("props")) if row.get("name") == "label"), ""
    )
    own = paragraph(_plain(part.get("prose"), reading))
    own = f"{label} {own}" if label and own and depth else own
    inner = [_prose(row, reading, depth + 1) for row in _maps(part.get("parts"))] if depth < 20 else []
    return "\n".join(text for text in [own, *inner] if text)


def _plain(text: object, reading: _Reading) -> str:
    """Text without links and with parameters put in."""
    if not isinstance(text, str):
        return ""
    filled = text[:LONGEST_FILLED]
    for _again in range(2):
        filled = _INSERT.sub(lambda found: reading.parameters.get(found[1], f"[{found[1]}]"), filled)
        filled = filled[:LONGEST_FILLED]
    return _ESCAPED.sub(r"\1", _LINK.sub(r"\1", filled))


def _source(metadata: dict[str, Any], title: str, catalog: dict[str, Any]) -> dict[str, str]:
    names = [one_line(row.get("name")) for row in _maps(metadata.get("parties"))]
    note = (
        _("OSCAL catalogue %(uuid)s") % {"uuid": catalog["uuid"]}
        if isinstance(catalog.get("uuid"), str)
        else ""
    )
    return {
        "title": title,
        "publisher": next((name for name in names if name), ""),
        "licence": metadata["rights"] if isinstance(metadata.get("rights"), str) else "",
        "note": note,
    }


def _left_out(reading: _Reading) -> Iterator[str]:
    if reading.withdrawn:
        yield ngettext(
            "%(count)s control is withdrawn or was moved and was left out: %(names)s",
            "%(count)s controls are withdrawn or were moved and were left out: %(names)s",
            len(reading.withdrawn),
        ) % {"count": len(reading.withdrawn), "names": named(reading.withdrawn)}
    if reading.unmarked:
        yield ngettext(
            "%(count)s control has no example although most of its kind do, as leftovers of an earlier version, and was left out: %(names)s",
            "%(count)s controls have no example although most of their kind do, as leftovers of an earlier version, and were left out: %(names)s",
            len(reading.unmarked),
        ) % {"count": len(reading.unmarked), "names": named(reading.unmarked)}


def _unused(catalog: dict[str, Any]) -> Iterator[str]:
    if any(str(row.get("name", "")).startswith("level-") for row in _all_parts(catalog)):
        yield _("A catalogue has no place for a scale, so the descriptors of the levels were left out.")
    if catalog.get("back-matter"):
        yield _("References and attachments (the back matter) were left out.")


def _all_parts(catalog: dict[str, Any]) -> Iterator[dict[str, Any]]:
    waiting = [catalog]
    while waiting:
        node = waiting.pop()
        yield from _maps(node.get("parts"))
        waiting += [*_maps(node.get("groups")), *_maps(node.get("controls"))]
