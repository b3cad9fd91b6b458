"""An OSCAL catalogue in XML, read into the shape of its JSON with the line of every node."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from apps.core.xml import read_xml
from apps.frameworks.services.faults import FrameworkFaults
from apps.frameworks.services.importing.oscal import MOST_CONTROLS, PLACE

MOST_ELEMENTS = 60_000
NAMESPACE = "http://csrc.nist.gov/ns/oscal/1.0"
BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "tr")


def catalog_of_xml(content: bytes, *, name: str) -> dict[str, Any]:
    """Return the catalog in `content`. Raises `Refused` for XML that is not read, `FrameworkFaults` for another kind."""
    root = read_xml(content, name=name)
    if etree.QName(root).namespace != NAMESPACE or _local(root) != "catalog":
        raise FrameworkFaults([_("%(name)s line 1: it is not an OSCAL catalogue") % {"name": name}])
    _refuse_endless(root, name)
    catalog: dict[str, Any] = {"uuid": root.get("uuid"), **_node(root)}
    for child in root:
        if _local(child) == "metadata":
            catalog["metadata"] = _metadata(child)
        elif _local(child) == "back-matter":
            catalog["back-matter"] = {"resources": []}
    return catalog


def _refuse_endless(root: etree._Element, name: str) -> None:
    """Before anything is made of a node: so many would only be read to be refused."""
    if sum(1 for _node in root.iter(f"{{{NAMESPACE}}}control", f"{{{NAMESPACE}}}group")) > MOST_CONTROLS:
        raise FrameworkFaults([_("catalog: more than %(count)s controls") % {"count": MOST_CONTROLS}])
    if sum(1 for _node in root.iter()) > MOST_ELEMENTS:
        raise FrameworkFaults(
            [_("%(name)s: more than %(count)s elements.") % {"name": name, "count": MOST_ELEMENTS}]
        )


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in element if _local(child) == name)


def _text(element: etree._Element) -> str:
    """The text inside an element, where a parameter is inserted in the way JSON writes it."""
    parts = [element.text or ""]
    for child in element:
        if _local(child) == "insert":
            parts.append(f"{{{{ insert: param, {child.get('id-ref')} }}}}")
        elif _local(child) not in BLOCKS:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return " ".join("".join(parts).split())


def _first(element: etree._Element, name: str) -> str:
    return next((_text(child) for child in _children(element, name)), "")


def _node(element: etree._Element) -> dict[str, Any]:
    """A catalog, group or control."""
    node: dict[str, Any] = {
        "id": element.get("id", ""),
        "class": element.get("class", ""),
        "title": _first(element, "title"),
        PLACE: _("line %(number)s") % {"number": element.sourceline or 1},
        "props": _props(element),
        "links": [{"rel": link.get("rel"), "href": link.get("href")} for link in _children(element, "link")],
        "params": [_param(child) for child in _children(element, "param")],
        "parts": [_part(child) for child in _children(element, "part")],
    }
    for name in ("group", "control"):
        node[f"{name}s"] = [_node(child) for child in _children(element, name)]
    return node


def _props(element: etree._Element) -> list[dict[str, Any]]:
    return [{name: prop.get(name) for name in ("name", "value", "ns")} for prop in _children(element, "prop")]


def _param(element: etree._Element) -> dict[str, Any]:
    choices = [_text(row) for select in _children(element, "select") for row in _children(select, "choice")]
    return {
        "id": element.get("id"),
        "label": _first(element, "label"),
        "values": [_text(value) for value in _children(element, "value")],
        "select": {"choice": choices} if choices else None,
    }


def _part(element: etree._Element) -> dict[str, Any]:
    prose = [
        line
        for child in element
        if _local(child) not in ("title", "prop", "link", "part")
        for line in _blocks(child)
    ]
    return {
        "name": element.get("name"),
        "props": _props(element),
        "prose": "\n".join(prose),
        "parts": [_part(child) for child in _children(element, "part")],
    }


def _blocks(element: etree._Element) -> Iterator[str]:
    """Each block on a line; items of lists begin with a hyphen."""
    own = _text(element)
    if own:
        yield f"- {own}" if _local(element) == "li" else own
    for child in element.iter():
        if child is not element and _local(child) in BLOCKS:
            text = _text(child)
            if text:
                yield f"- {text}" if _local(child) == "li" else text


def _metadata(element: etree._Element) -> dict[str, Any]:
    parties = [{"name": _first(child, "name")} for child in _children(element, "party")]
    found = {name: _first(element, name) for name in ("title", "version", "remarks")}
    return {**found, "parties": parties, "props": _props(element)}
