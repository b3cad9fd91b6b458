"""Invented files of other kinds, fresh each time: an OSCAL catalog, a CISO Assistant library."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

# Public-domain samples of others lie beside the project where there are any; they are not part of it.
SAMPLES = Path(__file__).parents[3] / "shared" / "data"


def csf() -> bytes:
    """NIST CSF 2.0 as an OSCAL catalog; the test is skipped where the sample is not to be had."""
    path = SAMPLES / "nist-csf-2.0-catalog.xml"
    if not path.exists():
        pytest.skip("the sample nist-csf-2.0-catalog.xml is not beside the project")
    return path.read_bytes()


def catalog(**changes: Any) -> dict[str, Any]:
    """A catalog of two groups: controls side by side with an enhancement, one withdrawn, one moved."""
    return {
        "catalog": {
            "uuid": "5f2d3c1e-8a0b-4c6d-9e7f-102030405060",
            "metadata": {"title": "Harbour safety catalogue", "version": "2", "oscal-version": "1.1.2"},
            "groups": [
                {
                    "id": "hs-1",
                    "title": "Watch",
                    "controls": [
                        control("hs-1.1", "Night watch", "Somebody watches from {{ insert: param, hs-1.1-p }}.",
                                params=[{"id": "hs-1.1-p", "label": "hour"}],
                                controls=[control("hs-1.1.1", "Second pair of eyes", "Two people watch.")]),
                        control("hs-1.2", "Lamp", "A lamp burns."),
                        control("hs-1.3", "Bell", "", props=[{"name": "status", "value": "Withdrawn"}]),
                        control("hs-1.4", "Horn", "", links=[{"rel": "moved-to", "href": "#hs-2.1"}]),
                    ],
                },
                {"id": "hs-2", "title": "Signals", "controls": [control("hs-2.1", "Flags", "Flags are <b>known</b>.")]},
            ],
            **changes,
        }
    }  # fmt: skip


def control(code: str, title: str, text: str, **more: Any) -> dict[str, Any]:
    return {"id": code, "title": title, "parts": [{"name": "statement", "prose": text}], **more}


def library(**changes: Any) -> dict[str, Any]:
    """A library with three floors and a fold, scores 1–4, weights, groups and a translation."""
    base = "urn:example:risk:req_node:quay"
    nodes = [
        {"urn": f"{base}:a", "assessable": False, "depth": 1, "ref_id": "A", "name": "Steering",
         "translations": {"fr": {"name": "Pilotage"}}},
        {"urn": f"{base}:a.1", "assessable": False, "depth": 2, "parent_urn": f"{base}:a", "ref_id": "A.1", "name": "Plans"},
        {"urn": f"{base}:a.1.h", "assessable": False, "depth": 3, "parent_urn": f"{base}:a.1", "ref_id": "A.1.H",
         "description": "About paper."},
        {"urn": f"{base}:a.1.1", "assessable": True, "depth": 4, "parent_urn": f"{base}:a.1.h", "ref_id": "A.1.1",
         "description": "A plan is written.", "annotation": "Ask for the plan.", "typical_evidence": "The plan.",
         "weight": 3, "implementation_groups": ["B"], "name[de]": "Plan",
         "translations": {"fr": {"description": "Un plan est écrit.", "annotation": "Demander le plan."}}},
        {"urn": f"{base}:a.1.2", "assessable": True, "depth": 4, "parent_urn": f"{base}:a.1.h", "ref_id": "A.1.2",
         "name": "Budget", "description": "Money is set aside.", "implementation_groups": ["B", "E"],
         "questions": {"q1": {"text": "How much?"}}},
        {"urn": f"{base}:b", "assessable": False, "depth": 1, "ref_id": "B", "name": "Repair"},
        {"urn": f"{base}:b.1", "assessable": True, "depth": 2, "ref_id": "B 1/x", "name": "Tools", "description": "Tools lie ready."},
    ]  # fmt: skip
    framework = {
        "urn": "urn:example:risk:framework:quay", "ref_id": "QUAY", "name": "Quay rules", "description": "Rules for quays.",
        "min_score": 1, "max_score": 4,
        "scores_definition": [
            {"score": score, "name": f"Step {score}", "description": f"Meaning {score}.",
             "translations": {"fr": {"name": f"Palier {score}", "description": f"Sens {score}."}}}
            for score in range(1, 5)
        ],
        "implementation_groups_definition": [{"ref_id": "B", "name": "Basic", "description": None}],
        "requirement_nodes": nodes, **changes,
    }  # fmt: skip
    return {
        "urn": "urn:example:risk:library:quay", "locale": "en", "ref_id": "QUAY", "name": "Quay rules", "copyright": "Free to use.",
        "version": 3, "provider": "Port of Kestrin", "packager": "nobody", "objects": {"framework": framework, "threats": []},
    }  # fmt: skip


def as_bytes(document: dict[str, Any]) -> bytes:
    return json.dumps(document).encode()
