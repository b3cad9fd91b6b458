"""The files that a course begins with."""

from __future__ import annotations

import yaml


def starting_files(slug: str, code: str, title: str, language: str) -> dict[str, bytes]:
    """course.yaml with one objective and one module, and nothing more: the checks then say what is missing."""
    document = {
        "id": code, "slug": slug, "version": "1.0", "language": language, "status": "preparation", "title": title,
        "summary": title, "audience": "Everybody.", "hours": 1, "areas": ["GOV.1"], "nice_roles": [],
        "validity_months": 24, "pass_mark": 80, "certificate": "completion",
        "objectives": [{"id": f"{code}.O1", "text": "After this course you can …"}], "glossary": [],
        "artefact": "…", "modules": [{"id": "m1", "title": "Module 1", "summary": "…", "planned": ["…"]}],
    }  # fmt: skip
    return {"course.yaml": dump(document).encode()}


def dump(data: object) -> str:
    """Data as YAML in the manner of the course files."""
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)
