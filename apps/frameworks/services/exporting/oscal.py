"""A published framework as an OSCAL 1.1 catalog: dimensions and areas as groups, indicators as controls."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from apps.frameworks.services.importing.oscal import OWN

OSCAL = "1.1.2"
NAMESPACE = uuid.UUID("7c0e8f0e-2f3b-5c55-9a1d-6f6f0b1f2f31")
LEVELS = {"national": "level-national", "organisational": "level-organisational"}


def oscal_catalog(document: dict[str, Any], *, published_at: datetime) -> dict[str, Any]:
    """Return the catalog of a framework document; its ids and its uuid are the same whenever it is made."""
    edition = f"{document['id']}:{document['version']}"
    return {
        "catalog": {
            "uuid": str(uuid.uuid5(NAMESPACE, edition)),
            "metadata": _metadata(document, published_at),
            "groups": [_dimension(document, row) for row in document["dimensions"]],
        }
    }


def _metadata(document: dict[str, Any], published_at: datetime) -> dict[str, Any]:
    moment = published_at.isoformat(timespec="seconds")
    found: dict[str, Any] = {
        "title": document["name"], "published": moment, "last-modified": moment,
        "version": document["version"], "oscal-version": OSCAL,
        "props": [
            *oscal_props({"framework-id": document["id"], "language": document["language"],
                     "scoring-method": document["method"]["name"]}),
        ],
    }  # fmt: skip
    publisher = document.get("source", {}).get("publisher")
    if publisher:
        party = str(uuid.uuid5(NAMESPACE, f"party:{publisher}"))
        found["roles"] = [{"id": "publisher", "title": "Publisher"}]
        found["parties"] = [{"uuid": party, "type": "organization", "name": publisher}]
        found["responsible-parties"] = [{"role-id": "publisher", "party-uuids": [party]}]
    if document.get("description"):
        found["remarks"] = oscal_prose(document["description"])
    return found


def oscal_props(values: dict[str, str]) -> list[dict[str, str]]:
    """Properties under our own name, without the empty ones."""
    return [
        {"name": name, "ns": OWN, "value": value.strip()} for name, value in values.items() if value.strip()
    ]


def _label(code: str) -> dict[str, str]:
    return {"name": "label", "value": code}


def token(code: str, before: str) -> str:
    """An OSCAL token: it begins with a letter or underscore, which a code need not; the label keeps the code."""
    return code if re.match("[A-Za-z_]", code) else f"{before}-{code}"


def oscal_prose(text: str) -> str:
    """Text as OSCAL's marked-up prose: a sign that would be markup is escaped."""
    return re.sub(r"([\\`*_{}\[\]<>])", r"\\\1", text)


def _dimension(document: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    areas = [area for area in document["areas"] if area["dimension"] == row["id"]]
    return {
        "id": token(f"dimension-{row['id']}", "dimension"), "class": "dimension", "title": oscal_prose(row["name"]),
        "props": [_label(row["id"])], **_overview(row, "dimension"),
        "groups": [_area(document, area) for area in areas],
    }  # fmt: skip


def _area(document: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    inside = [indicator for indicator in document["indicators"] if indicator["area"] == row["id"]]
    return {
        "id": token(f"area-{row['id']}", "area"), "class": "area", "title": oscal_prose(row["name"]),
        "props": [_label(row["id"])], **_overview(row, "area"),
        "controls": [_control(indicator) for indicator in inside],
    }  # fmt: skip


def _overview(row: dict[str, Any], kind: str) -> dict[str, Any]:
    if "intent" not in row:
        return {}
    return {
        "parts": [
            {"id": f"{kind}-{row['id']}_overview", "name": "overview", "prose": oscal_prose(row["intent"])}
        ]
    }


def _control(row: dict[str, Any]) -> dict[str, Any]:
    values = {
        "scope": row["scope"], "key": "yes" if row["key"] else "no", "effort": str(row["effort"]),
        "weight": str(row.get("weight", "")), "stage": str(row.get("stage", "")),
    }  # fmt: skip
    related = [
        {"name": "related-item", "ns": OWN, "class": re.sub(r"[^A-Za-z0-9._-]", "-", system), "value": item}
        for system, items in row.get("crosswalk", {}).items()
        for item in items
    ]
    return {
        "id": token(row["id"], "indicator"), "class": "indicator", "title": oscal_prose(row["name"]),
        "props": [_label(row["id"]), *oscal_props(values), *related], "parts": list(_parts(row)),
    }  # fmt: skip


def _parts(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    code = token(row["id"], "indicator")
    yield {"id": f"{code}_statement", "name": "statement", "prose": oscal_prose(row["intent"])}
    if "question" in row:
        yield {"id": f"{code}_question", "name": "question", "ns": OWN, "prose": oscal_prose(row["question"])}
    for number, text in enumerate(row.get("look_for", []), start=1):
        yield {"id": f"{code}_evidence-{number}", "name": "evidence", "ns": OWN, "prose": oscal_prose(text)}
    for scope, levels in row.get("levels", {}).items():
        for level in levels:
            yield {
                "id": f"{code}_{LEVELS[scope]}-{level['level']}", "name": LEVELS[scope], "ns": OWN,
                "title": oscal_prose(level["title"]), "props": [_label(str(level["level"]))], "prose": oscal_prose(level["text"]),
            }  # fmt: skip
