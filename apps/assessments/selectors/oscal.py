"""A result as OSCAL 1.1 assessment-results: an observation and a finding for each indicator, against our catalogue."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from django.conf import settings
from django.urls import reverse

from apps.accounts.models import User
from apps.assessments.models import Result
from apps.assessments.selectors.names import Document, Names, names_of
from apps.assessments.selectors.places import MemberRef
from apps.assessments.selectors.results import result_of
from apps.frameworks.services.exporting.oscal import NAMESPACE, OSCAL, oscal_props, oscal_prose, token

STATES = ("rated", "unknown", "unanswered")  # what does not apply was not reviewed


def oscal_file(user: User, member: MemberRef, assessment: str) -> dict[str, Any]:
    """The result of an assessment, for people of the member; the same result gives the same ids whenever it is asked.

    Figures, grades and targets only: what people wrote, and names of evidence, stay in the signed file. Raises Http404.
    """
    result = result_of(user, member, assessment)
    return {"assessment-results": _results(result, names_of(result.assessment.version_of_id))}


def _uuid(result: Result, what: str) -> str:
    return str(uuid.uuid5(NAMESPACE, f"result:{result.public_id}:{result.input_hash}:{what}"))


def _results(result: Result, names: Names) -> dict[str, Any]:
    moment = _moment(result)
    return {
        "uuid": _uuid(result, "document"),
        "metadata": _metadata(result, moment),
        "import-ap": {
            "href": f"#{_uuid(result, 'plan')}",
            "remarks": "A self-assessment has no plan of its own: the catalogue of indicators is what was answered.",
        },
        "results": [_one(result, names, moment)],
        "back-matter": {"resources": [_plan(result)]},
    }


def _moment(result: Result) -> str:
    return result.computed_at.astimezone(UTC).isoformat(timespec="seconds")


def _metadata(result: Result, moment: str) -> dict[str, Any]:
    party = _uuid(result, "member")
    document = result.document
    values = {
        "tlp": result.tlp, "scope": document["scope"], "input-hash": result.input_hash,
        "scoring-method": document["method"]["name"], "scoring-method-version": str(document["method"]["version"]),
    }  # fmt: skip
    return {
        "title": _line(result.assessment.title), "last-modified": moment, "version": result.public_id,
        "oscal-version": OSCAL, "props": oscal_props(values),
        "roles": [{"id": "assessor", "title": "Assessor of itself"}],
        "parties": [{"uuid": party, "type": "organization", "name": " ".join(result.member.name.split())}],
        "responsible-parties": [{"role-id": "assessor", "party-uuids": [party]}],
    }  # fmt: skip


def _plan(result: Result) -> dict[str, Any]:
    version = result.assessment.version_of
    names = {"framework": version.framework.slug, "version": version.version, "kind": "oscal"}
    address = settings.SITE_URL + reverse("frameworks:download", kwargs=names)
    return {
        "uuid": _uuid(result, "plan"),
        "title": _line(f"{version.framework.name} {version.version}"),
        "rlinks": [{"href": address, "media-type": "application/json"}],
    }


def _one(result: Result, names: Names, moment: str) -> dict[str, Any]:
    rows = [row for row in result.document["indicators"] if row["state"] in STATES]
    left = [row for row in result.document["indicators"] if row["state"] not in STATES]
    controls: dict[str, Any] = (
        {"include-controls": [_control(row) for row in rows]} if rows else {"include-all": {}}
    )
    if left:
        controls["exclude-controls"] = [_control(row) for row in left]
    found: dict[str, Any] = {
        "uuid": _uuid(result, "result"), "title": _line(result.assessment.title),
        "description": "Self-assessment: claimed and evidenced level of each indicator against its target.",
        "start": _moment(result), "end": moment, "reviewed-controls": {"control-selections": [controls]},
    }  # fmt: skip
    if figures := oscal_props(dict(_figures(result.document))):
        found["props"] = figures  # the model knows no empty list: nothing answered is no figure
    if rows:
        found["observations"] = [_observation(result, row, names, moment) for row in rows]
        found["findings"] = [_finding(result, row, names) for row in rows]
    return found


def _line(text: str) -> str:
    """A title: one line of prose."""
    return oscal_prose(" ".join(text.split()))


def _figures(document: Document) -> Iterator[tuple[str, str]]:
    """The figures of the whole as every page shows them."""
    for basis in ("claimed", "evidenced"):
        overall = document[basis]["overall"]
        if overall["value"]:
            yield f"{basis}-value", overall["value"]["display"]
        if overall["label"]:
            yield f"{basis}-level", str(overall["label"]["level"])


def _control(row: Document) -> dict[str, Any]:
    return {"control-id": token(row["code"], "indicator")}


def _observation(result: Result, row: Document, names: Names, moment: str) -> dict[str, Any]:
    grade = row["evidence"]["grade"] if row["evidence"] else ""
    values = {
        "state": row["state"], "claimed-level": _level(row["claimed"]), "evidenced-level": _level(row["evidenced"]),
        "highest-level": _level(row["highest"]), "target-level": _level(row["target"]), "evidence-grade": grade,
    }  # fmt: skip
    return {
        "uuid": _uuid(result, f"observation:{row['code']}"), "title": row["code"],
        "description": oscal_prose(names[row["code"]]), "props": oscal_props(values),
        "methods": ["EXAMINE" if grade not in ("", "E0") else "INTERVIEW"], "types": ["control-objective"],
        "origins": [{"actors": [{"type": "party", "actor-uuid": _uuid(result, "member")}]}], "collected": moment,
    }  # fmt: skip


def _level(level: int | None) -> str:
    return "" if level is None else str(level)


def _finding(result: Result, row: Document, names: Names) -> dict[str, Any]:
    """Satisfied: what the evidence shows reaches the target. Not known and not answered are not satisfied, and say so."""
    rated = row["state"] == "rated"
    reached = rated and row["evidenced"] >= (row["target"] or 0)
    reason = "other" if not rated else "pass" if reached else "fail"
    return {
        "uuid": _uuid(result, f"finding:{row['code']}"), "title": row["code"],
        "description": oscal_prose(names[row["code"]]),
        "target": {
            "type": "statement-id", "target-id": f"{token(row['code'], 'indicator')}_statement",
            "status": {"state": "satisfied" if reached else "not-satisfied", "reason": reason},
        },
        "related-observations": [{"observation-uuid": _uuid(result, f"observation:{row['code']}")}],
    }  # fmt: skip
