"""Taking a framework along: YAML, JSON, workbook, OSCAL catalog; and the empty workbook to write one in."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

import yaml

from apps.core.workbooks import XLSX
from apps.frameworks.services.exporting.oscal import oscal_catalog
from apps.frameworks.services.exporting.template import template_workbook
from apps.frameworks.services.exporting.workbook import framework_workbook

__all__ = ["KINDS", "Download", "export_framework", "framework_yaml", "template_workbook"]

FILES_KEPT = 12
# Kind → ending of the file's name, type of its content.
KINDS = {
    "yaml": ("yaml", "application/yaml; charset=utf-8"),
    "json": ("json", "application/json; charset=utf-8"),
    "xlsx": ("xlsx", XLSX),
    "oscal": ("oscal.json", "application/json; charset=utf-8"),
}


@dataclass(frozen=True)
class Download:
    """A file: its name, the type of its content, its bytes."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class _Asked:
    """A file that was asked for; the hash stands for the document."""

    document_hash: str
    kind: str
    published_at: datetime
    document: dict[str, Any] = field(compare=False, repr=False)


def export_framework(
    document: dict[str, Any], kind: str, *, published_at: datetime, document_hash: str = ""
) -> Download:
    """Return a document as a file of `kind` (a key of `KINDS`); the same document, the same bytes.

    With its hash, the newest files are kept: anybody may ask for one again and again, and some take a second to write.
    """
    asked = _Asked(document_hash, kind, published_at, document)
    return _kept(asked) if document_hash else _written(asked)


@lru_cache(maxsize=FILES_KEPT)
def _kept(asked: _Asked) -> Download:
    return _written(asked)


def _written(asked: _Asked) -> Download:
    document, kind = asked.document, asked.kind
    ending, content_type = KINDS[kind]
    name = f"{document['id']}-{document['version']}.{ending}"
    match kind:
        case "yaml":
            content = framework_yaml(document).encode()
        case "xlsx":
            content = framework_workbook(document)
        case "oscal":
            content = _json(oscal_catalog(document, published_at=asked.published_at))
        case _:
            content = _json(document)
    return Download(name, content_type, content)


def _json(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


class _Dumper(yaml.SafeDumper):
    """Writes a mapping or list again where it appears again: our reader refuses references."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def framework_yaml(document: dict[str, Any]) -> str:
    """The document as YAML that our own reader reads back as the same document."""
    return yaml.dump(document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
