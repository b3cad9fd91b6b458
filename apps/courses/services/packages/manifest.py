"""Reading imsmanifest.xml: which parts a package has, which file begins each, and what of it is not applied here."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext as _
from lxml import etree

from apps.core.errors import Refused
from apps.core.xml import read_xml
from apps.courses.choices import PackageKind

NAME = "imsmanifest.xml"
DEEPEST, MOST_PARTS = 12, 500
BASE = "{http://www.w3.org/XML/1998/namespace}base"
V12, V2004 = "http://www.adlnet.org/xsd/adlcp_rootv1p2", "http://www.adlnet.org/xsd/adlcp_v1p3"
PAGES = (".html", ".htm", ".xhtml")
_DECLARED = re.compile(
    rb"""^(\s*<\?xml[^>]{0,100}?encoding\s*=\s*["'])(iso-8859-1|windows-1252)(["'])""", re.I
)
Note = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Part:
    """A line of the table of contents; `file` is empty for a heading. Other fields as the manifest gives them."""

    level: int
    title: str
    file: str = ""
    query: str = ""
    kind: str = ""  # "sco", "asset" or, for a heading, empty
    mastery: str = ""
    data: str = ""
    prerequisites: str = ""
    max_time: str = ""
    time_limit: str = ""


@dataclass
class Manifest:
    """What was read; `notes` are (what, values) for `selectors.packages` to put into words."""

    kind: PackageKind
    title: str = ""
    parts: list[Part] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def read_manifest(content: bytes, names: Mapping[str, Any]) -> Manifest:
    """The package that `content` describes; `names` are the files beside it. Raises `Refused` in words."""
    recoded = _DECLARED.match(content)
    if recoded:
        content = _DECLARED.sub(rb"\1utf-8\3", content.decode("windows-1252", "replace").encode())
    root = read_xml(content, name=NAME)
    manifest = Manifest(_kind(root))
    if recoded:
        manifest.notes.append(("recoded", {"encoding": recoded[2].decode().lower()}))
    _Reader(root, names, manifest).read()
    if not any(part.file for part in manifest.parts):
        raise Refused(_("%(name)s: no part of it can be played here.") % {"name": NAME})
    return manifest


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    return (child for child in element if _local(child) in names)


def _text(element: etree._Element, *names: str) -> str:
    """The text of the first child of that name, wherever its namespace prefix points."""
    for child in _children(element, *names):
        return " ".join("".join(str(text) for text in child.itertext()).split())
    return ""


def _kind(root: etree._Element) -> PackageKind:
    """By the namespaces in use first; the words of schemaversion are written in many ways."""
    if _local(root) != "manifest":
        raise Refused(_("%(name)s: it is not the manifest of a SCORM package.") % {"name": NAME})
    spaces = {space for element in root.iter() for space in element.nsmap.values()}
    said = " ".join(_text(meta, "schemaversion") for meta in _children(root, "metadata"))
    if V2004 in spaces or "2004" in said or "CAM 1.3" in said:
        return PackageKind.SCORM_2004
    if V12 in spaces or said.strip() == "1.2":
        return PackageKind.SCORM_12
    raise Refused(_("%(name)s: it is neither SCORM 1.2 nor SCORM 2004.") % {"name": NAME})


def _attribute(element: etree._Element, name: str) -> str:
    """The value of an attribute in any namespace; `scormtype` and `scormType` are one."""
    for key, value in element.attrib.items():
        if etree.QName(str(key)).localname.lower() == name:
            return str(value).strip()
    return ""


class _Reader:
    def __init__(self, root: etree._Element, names: Mapping[str, Any], manifest: Manifest) -> None:
        self.root, self.names, self.manifest = root, names, manifest
        self.by_case = {name.casefold(): name for name in names}
        self.resources: dict[str, tuple[etree._Element, str]] = {}
        self.missing: list[str] = []

    def note(self, what: str, **values: Any) -> None:
        self.manifest.notes.append((what, values))

    def read(self) -> None:
        self._resources()
        chosen = self._organization()
        if chosen is None:
            self._flat()
        else:
            self.manifest.title = _text(chosen, "title")
            for item in _children(chosen, "item"):
                self._item(item, 0)
        self._not_applied()
        if self.missing:
            self.note("missing", count=len(self.missing), names=self.missing[:5])

    def _resources(self) -> None:
        """Every resource with the folder that its files are relative to; `xml:base` may stand on three levels."""
        top = self.root.get(BASE, "")
        for group in _children(self.root, "resources"):
            base = top + group.get(BASE, "")
            for resource in _children(group, "resource"):
                folder = base + resource.get(BASE, "")
                self.resources[resource.get("identifier", "")] = (resource, folder)
                for file in _children(resource, "file"):
                    self._look_for(folder, file.get("href", ""))

    def _look_for(self, folder: str, address: str) -> None:
        if address and not _is_elsewhere(address) and not self._found(folder, address)[0]:
            self.missing.append(address[:120])

    def _found(self, folder: str, address: str) -> tuple[str, bool]:
        """(name in the package or empty, whether its case differs) of an address in the manifest."""
        try:
            path = folder + urlsplit(address.replace("\\", "/"))[2]
        except ValueError:  # brackets where a host would stand
            return "", False
        for candidate in (path, unquote(path)):
            name = posixpath.normpath(candidate).lstrip("/")
            if name in self.names:
                return name, False
            if name.casefold() in self.by_case:
                return self.by_case[name.casefold()], True
        return "", False

    def _organization(self) -> etree._Element | None:
        for group in _children(self.root, "organizations"):
            held = list(_children(group, "organization"))
            wanted = group.get("default", "")
            chosen = next((one for one in held if one.get("identifier") == wanted), held[0] if held else None)
            if len(held) > 1:
                self.note("organizations", count=len(held) - 1)
            if chosen is not None and any(True for _item in _children(chosen, "item")):
                return chosen
        return None

    def _flat(self) -> None:
        """No organization: every resource that may be launched becomes a part."""
        self.note("flat")
        for name, (resource, folder) in self.resources.items():
            if _attribute(resource, "scormtype").lower() == "sco":
                self._add(Part(0, name[:150]), resource, folder, "")

    def _item(self, item: etree._Element, level: int) -> None:
        if level >= DEEPEST or len(self.manifest.parts) >= MOST_PARTS:
            raise Refused(
                _("%(name)s: more than %(count)s parts, or parts nested deeper than %(depth)s.")
                % {"name": NAME, "count": MOST_PARTS, "depth": DEEPEST}
            )
        found = self.resources.get(item.get("identifierref", ""))
        part = Part(
            level, (_text(item, "title") or item.get("identifier", ""))[:150],
            mastery=_text(item, "masteryscore") or _passing(item), data=_text(item, "datafromlms", "dataFromLMS")[:4096],
            prerequisites=_text(item, "prerequisites")[:200], max_time=_text(item, "maxtimeallowed")[:20],
            time_limit=_text(item, "timelimitaction", "timeLimitAction")[:30],
        )  # fmt: skip
        if item.get("isvisible", "true") != "false":
            if found:
                self._add(part, *found, item.get("parameters", ""))
            else:
                self.manifest.parts.append(part)
                if item.get("identifierref"):
                    self.note("no_file", title=part.title)
        for child in _children(item, "item"):
            self._item(child, level + 1)

    def _add(self, part: Part, resource: etree._Element, folder: str, parameters: str) -> None:
        """Append the part with its file; one that lies elsewhere or is no page stays a heading, and is told."""
        address = resource.get("href", "")
        name, other_case = ("", False) if _is_elsewhere(address) else self._found(folder, address)
        if _is_elsewhere(address):
            self.note("elsewhere", title=part.title)
        elif not name:
            self.note("no_file", title=part.title)
        elif not name.lower().endswith(PAGES):
            self.note("no_page", title=part.title, file=name)
            name = ""
        elif other_case:
            self.note("other_case", file=name)
        kind = _attribute(resource, "scormtype").lower() or "asset"
        query = _query(address, parameters) if name else ""
        values = {key: getattr(part, key) for key in part.__slots__}
        self.manifest.parts.append(
            Part(**{**values, "file": name, "query": query, "kind": kind if name else ""})
        )

    def _not_applied(self) -> None:
        """Count what the package wants from a sequencer that is not here."""
        wanted = {
            "branching": ("preConditionRule", "postConditionRule", "exitConditionRule"),
            "rollup": ("rollupRule",), "objectives": ("mapInfo",), "limits": ("limitConditions",),
        }  # fmt: skip
        for what, names in wanted.items():
            if count := sum(1 for element in self.root.iter() if _local(element) in names):
                self.note(what, count=count)
        for what, key in (("prerequisites", "prerequisites"), ("time", "max_time")):
            if count := sum(bool(getattr(part, key)) for part in self.manifest.parts):
                self.note(what, count=count)


def _passing(item: etree._Element) -> str:
    """The passing measure of the primary objective (2004), −1 to 1, where the objective is met by measure."""
    for element in item.iterchildren():
        if _local(element) == "sequencing":
            for primary in (one for one in element.iter() if _local(one) == "primaryObjective"):
                if primary.get("satisfiedByMeasure") == "true":
                    return _text(primary, "minNormalizedMeasure") or "1.0"
    return ""


def _is_elsewhere(address: str) -> bool:
    return bool(re.match(r"[a-z][a-z0-9+.-]*:|//", address, re.I))


def _query(address: str, parameters: str) -> str:
    """`parameters` of the item behind the resource's own query, as the content aggregation model says."""
    found = urlsplit(address)
    query, mark = found.query, found.fragment
    extra = parameters.strip().lstrip("?&") if not parameters.startswith("#") else ""
    if parameters.startswith("#"):
        mark = mark or parameters[1:]
    joined = "&".join(text for text in (query, extra) if text)
    return (f"?{joined}" if joined else "") + (f"#{mark}" if mark else "")
