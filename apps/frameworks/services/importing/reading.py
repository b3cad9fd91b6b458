"""From an upload of any kind to a framework document, with every fault at its place in the file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from apps.core.errors import Refused
from apps.frameworks.services.checking import document_faults
from apps.frameworks.services.faults import FrameworkFaults
from apps.frameworks.services.importing.found import Found
from apps.frameworks.services.importing.library import is_library, read_library
from apps.frameworks.services.importing.oscal import read_catalog
from apps.frameworks.services.importing.oscal_xml import catalog_of_xml
from apps.frameworks.services.importing.settings import SCOPE, Choices, apply_choices
from apps.frameworks.services.importing.workbook import read_framework_workbook
from apps.frameworks.services.source import read_framework_file, read_framework_text

LARGEST_FILE = 5_000_000
MOST_IDS = 30_000
MOST = {"dimensions": 50, "areas": 200, "indicators": 1000, "prerequisites": 5000}
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Prepared:
    """A document that may be loaded: `kind` is what the file was read as, `notes` what was left out or changed."""

    kind: str
    document: dict[str, Any]
    notes: list[str]


def read_import(content: bytes, *, name: str, choices: Choices) -> Prepared:
    """Return the document in a file of any kind that is read, with what was chosen put in.

    Raises `FrameworkFaults` (or another `Refused`) with every fault and its place. Nothing is written.
    """
    if not content:
        raise Refused(_("%(name)s: the file is empty.") % {"name": name})
    if len(content) > LARGEST_FILE:
        raise Refused(
            _("%(name)s: larger than %(size)s MB.") % {"name": name, "size": LARGEST_FILE // 1_000_000}
        )
    if content.count(b'"id"') > MOST_IDS:
        place = {"name": name, "count": MOST_IDS, "most": MOST["indicators"]}
        raise Refused(
            _("%(name)s: more than %(count)s ids; at most %(most)s indicators fit into a framework.") % place
        )
    found = _read(content, name, choices)
    _refuse_endless(found.document)
    apply_choices(found.document, choices)
    faults = document_faults(found.document)
    if faults:
        raise FrameworkFaults(found.placed(fault) for fault in faults)
    return Prepared(found.kind, found.document, [*found.notes, *_choice_notes(found.kind, choices)])


def read_any_framework(path: Path) -> dict[str, Any]:
    """Return the document of a framework file of any kind, a file of our own with what it includes.

    Raises `FrameworkFaults` (or another `Refused`) with every fault and its place.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise FrameworkFaults(
            [_("%(name)s: it cannot be read (%(why)s)") % {"name": path.name, "why": error.strerror}]
        ) from error
    if content.startswith((ZIP, OLD_EXCEL)) or _begins_with_tag(content):
        return read_import(content, name=path.name, choices=Choices()).document
    document = read_framework_file(path)
    if isinstance(document.get("catalog"), dict) or is_library(document):
        return read_import(content, name=path.name, choices=Choices()).document
    return document


def _begins_with_tag(content: bytes) -> bool:
    return content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def _read(content: bytes, name: str, choices: Choices) -> Found:
    """The kind chosen only says how to read; what the file is not is then said by the reader."""
    kind = choices.kind
    if content.startswith(OLD_EXCEL):
        raise Refused(
            _("%(name)s: an old Excel or protected file; save it as an XLSX workbook.") % {"name": name}
        )
    if kind == "xlsx" or (kind == "auto" and content.startswith(ZIP)):
        return read_framework_workbook(content, name=name)
    if kind == "oscal-xml" or (kind == "auto" and _begins_with_tag(content)):
        return read_catalog(catalog_of_xml(content, name=name), kind="oscal-xml", choices=choices)
    document = read_framework_text(_text(content, name))
    if kind == "oscal-json" or (kind == "auto" and isinstance(document.get("catalog"), dict)):
        catalog = document.get("catalog")
        if not isinstance(catalog, dict):
            raise FrameworkFaults([_("%(name)s: it is not an OSCAL catalogue") % {"name": name}])
        return read_catalog(catalog, kind="oscal-json", choices=choices)
    if kind == "library" or (kind == "auto" and is_library(document)):
        return read_library(document, choices=choices)
    return Found("belay", document)


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FrameworkFaults(
            [_("%(name)s: not UTF-8 at byte %(byte)s") % {"name": name, "byte": error.start}]
        ) from error


def _refuse_endless(document: dict[str, Any]) -> None:
    """Before anything looks at each row: so many rows would only be counted to be refused."""
    faults = [
        _("%(part)s: %(count)s; at most %(most)s fit into a framework")
        % {"part": part, "count": len(document[part]), "most": most}
        for part, most in MOST.items()
        if isinstance(document.get(part), list) and len(document[part]) > most
    ]
    if faults:
        raise FrameworkFaults(faults)


def _choice_notes(kind: str, choices: Choices) -> list[str]:
    if choices.scope and kind in ("belay", "xlsx"):
        return [_("The file says itself who is asked what, so the scope that was chosen was not used.")]
    if not choices.scope and kind not in ("belay", "xlsx"):
        return [
            _("The file does not say who is asked, so everything has the scope “%(scope)s”.")
            % {"scope": SCOPE}
        ]
    return []
