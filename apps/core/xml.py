"""Reading XML that a stranger sent: no entities, no document type, no network, bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from lxml import etree

from apps.core.errors import Refused

LARGEST_XML = 5_000_000
DEEPEST_NESTING = 100
MOST_ELEMENTS = 300_000
MOST_KEPT = 200_000
CHUNK = 65_536
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_INSIDE = etree.XPath("count(descendant-or-self::*)")
_READABLE = (b"utf-8", b"us-ascii", b"ascii")


def read_xml(content: bytes, *, name: str, at_most: int = LARGEST_XML) -> etree._Element:
    """Return the root element of the XML in `content`; elements know their line (`sourceline`).

    Raises `Refused`, beginning with `name`, for more than `at_most` bytes, another encoding than UTF-8, a document
    type (and with it every entity), broken XML, nesting over 100 and more than 300,000 elements.
    """
    vet_xml(content, name=name, at_most=at_most)
    if _elements(content) > MOST_ELEMENTS:
        raise Refused(_("%(name)s: more than %(count)s elements.") % {"name": name, "count": MOST_ELEMENTS})
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
        huge_tree=False, remove_pis=True, remove_comments=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise broken_xml(error, name) from error
    _refuse_deep(root, name)
    return root


def rows_of(content: bytes, tag: str, *, name: str, at_most: int) -> Iterator[etree._Element]:
    """Yield every element called `tag` (`{namespace}name`) in turn, each forgotten when the next one comes.

    Raises `Refused` like `read_xml`, but counts only the elements that stay: those outside the ones that are yielded.
    """
    vet_xml(content, name=name, at_most=at_most)
    parser = etree.XMLPullParser(
        events=("end",), tag=tag, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_pis=True, remove_comments=True,
    )  # fmt: skip
    kept = 0
    try:
        for start in range(0, len(content), CHUNK):
            piece = content[start : start + CHUNK]
            kept += _elements(piece)
            parser.feed(piece)
            for _event, element in parser.read_events():
                assert isinstance(element, etree._Element)
                yield element
                kept -= int(str(_INSIDE(element)).partition(".")[0])
                _forget(element)
            if kept > MOST_KEPT:
                raise Refused(
                    _("%(name)s: more than %(count)s elements.") % {"name": name, "count": MOST_KEPT}
                )
        parser.close()
    except etree.XMLSyntaxError as error:
        raise broken_xml(error, name) from error


def _elements(content: bytes) -> int:
    """How many elements begin in a piece of XML, comments and the like included."""
    return content.count(b"<") - content.count(b"</")


def _forget(element: etree._Element) -> None:
    """Empty an element and drop what stands before it; it stays itself, for the parser stands in it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and (before := element.getprevious()) is not None:
        parent.remove(before)


def vet_xml(content: bytes, *, name: str, at_most: int = LARGEST_XML) -> None:
    """Refuse what no parser should see: see `read_xml`.

    Only UTF-8 is read, for in another encoding a document type could stand under other bytes.
    """
    if len(content) > at_most:
        raise Refused(_("%(name)s: larger than %(size)s MB.") % {"name": name, "size": at_most // 1_000_000})
    declared = _ENCODING.match(content.removeprefix(b"\xef\xbb\xbf"))
    if b"\0" in content or (declared and declared[1].lower() not in _READABLE):
        raise Refused(_("%(name)s: it is not written in UTF-8.") % {"name": name})
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        line = content[: max(content.find(b"<!DOCTYPE"), content.find(b"<!ENTITY"))].count(b"\n") + 1
        raise Refused(
            _("%(name)s line %(line)s: a document type or an entity, which is not read here; remove it.")
            % {"name": name, "line": line}
        )


def broken_xml(error: etree.XMLSyntaxError, name: str) -> Refused:
    """The sentence for XML that does not parse."""
    line, column = error.position
    return Refused(
        _("%(name)s line %(line)s column %(column)s: not valid XML.")
        % {"name": name, "line": line or 1, "column": column or 1}
    )


def _refuse_deep(root: etree._Element, name: str) -> None:
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST_NESTING:
            place = {"name": name, "line": element.sourceline or 1, "depth": DEEPEST_NESTING}
            raise Refused(_("%(name)s line %(line)s: nested deeper than %(depth)s.") % place)
