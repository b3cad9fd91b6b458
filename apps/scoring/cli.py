"""Scoring without a site: framework and answers in, results out, as text or as rows of a table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from apps.scoring.display import exact, figure, named_tier, rounded
from apps.scoring.documents import scores_of
from apps.scoring.engine import score
from apps.scoring.faults import FaultList, InputFaults
from apps.scoring.framework_file import parse_framework
from apps.scoring.interface import BASES
from apps.scoring.model import OVERALL, FrameworkSpec
from apps.scoring.parse import AnswerSheet, parse_answers, parse_scope
from apps.scoring.reading import read_document
from apps.scoring.result import ScoreResult
from apps.scoring.values import PartValues, add_up

MANY = {"name": "belay-scores", "version": 1}
VALUES = {"name": "belay-values", "version": 1}
COLUMNS = (
    "member", "basis", "kind", "code", "value", "low", "high", "possible", "label", "label_name", "tier",
    "provisional", "answered", "applicable", "exact",
)  # fmt: skip
MOST_MEMBERS = 10_000


def run(framework_text: str, answers_text: str) -> str:
    """Return the result document as JSON text: sorted keys, two spaces, one newline at the end.

    Both texts are YAML or JSON of at most 5 MB. An answers file with `members` in place of `answers` gives one
    document with a result for each. The same texts give the same bytes. Raises `InputFaults`, whose `faults`
    name everything that is wrong and where.
    """
    framework_document = read_document(framework_text, name="framework file")
    answers_document = read_document(answers_text, name="answers file")
    framework = parse_framework(framework_document, scope=parse_scope(answers_document))
    return as_json(results_of(framework, parse_members(answers_document, framework)))


def parse_members(document: object, framework: FrameworkSpec) -> dict[str | None, AnswerSheet]:
    """Return the answers sheet of every member in `document`; under None that of a file for one alone.

    Raises `InputFaults` listing everything wrong with any of them.
    """
    if not isinstance(document, dict) or "members" not in document:
        return {None: parse_answers(document, framework)}
    members, rest = document["members"], {key: document[key] for key in document if key != "members"}
    if not isinstance(members, dict) or not members or len(members) > MOST_MEMBERS or "answers" in rest:
        raise InputFaults([f"members: it maps 1–{MOST_MEMBERS} names to answers, in place of answers"])
    found: dict[str | None, AnswerSheet] = {}
    faults = FaultList()
    for name, answers in members.items():
        try:
            found[str(name)] = parse_answers({**rest, "answers": answers}, framework)
        except InputFaults as error:
            faults.extend(f"members.{name}: {fault}" for fault in error.faults)
    faults.raise_if_any()
    return found


def results_of(
    framework: FrameworkSpec, sheets: Mapping[str | None, AnswerSheet]
) -> dict[str | None, ScoreResult]:
    """Return the result of every member. Raises `InputFaults` listing everything wrong with any of them."""
    found: dict[str | None, ScoreResult] = {}
    faults = FaultList()
    for member, sheet in sheets.items():
        try:
            found[member] = score(
                framework, sheet.answers, on=sheet.on, targets=sheet.targets, track=sheet.track
            )
        except InputFaults as error:
            faults.extend(
                error.faults if member is None else (f"{member}: {fault}" for fault in error.faults)
            )
    faults.raise_if_any()
    return found


def as_json(results: Mapping[str | None, ScoreResult]) -> str:
    """Return the result document of one, or one document with the results of several members."""
    if list(results) == [None]:
        return json_text(results[None].as_document())
    rows = [{"member": member, "result": result.as_document()} for member, result in results.items()]
    return json_text({"format": MANY, "results": rows})


def json_text(document: object) -> str:
    """Return a document as text: sorted keys, two spaces, one newline at the end."""
    return json.dumps(document, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def as_rows(results: Mapping[str | None, ScoreResult]) -> list[list[str]]:
    """Return one row for each member, basis and part, under a row of column names; figures as the documents show them."""
    rows = [list(COLUMNS)]
    for member, result in results.items():
        scores = scores_of(result)
        for basis in BASES:
            rows += [[member or "", basis, *_cells(kind, part)] for kind, part in _parts(scores[basis])]
    return rows


def _parts(scores: Mapping[str, Any]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    yield OVERALL, scores["overall"]
    yield from (("dimension", part) for part in scores["dimensions"])
    yield from (("area", part) for part in scores["areas"])


def _cells(kind: str, part: Mapping[str, Any]) -> list[str]:
    figures = [part[name]["display"] if part[name] else "" for name in ("value", "low", "high", "possible")]
    label, tier, coverage = part["label"], part["tier"], part["coverage"]
    return [
        kind,
        part["code"],
        *figures,
        str(label["level"]) if label else "",
        label["name"] if label else "",
        tier["name"] if tier else "",
        "yes" if part["provisional"] else "no",
        str(coverage["answered"] + coverage["unknown"]),
        str(coverage["applicable"]),
        part["value"]["exact"] if part["value"] else "",
    ]


def values_of(framework: FrameworkSpec, given: Mapping[str, Mapping[str, Fraction]]) -> dict[str, PartValues]:
    """Return what stands above the given values of every member. Raises `InputFaults` listing all of them."""
    found: dict[str, PartValues] = {}
    faults = FaultList()
    for member, values in given.items():
        try:
            found[member] = add_up(framework, values)
        except InputFaults as error:
            faults.extend(f"{member}: {fault}" for fault in error.faults)
    faults.raise_if_any()
    return found


def values_as_json(found: Mapping[str, PartValues]) -> str:
    """Return the values of every member as one document."""
    rows = [
        {
            "member": member,
            "tier": named_tier(row.tier),
            "values": {c: figure(value, row.measure.decimals) for c, value in row.values.items()},
        }
        for member, row in found.items()
    ]
    return json_text({"format": VALUES, "results": rows})


def values_as_rows(found: Mapping[str, PartValues]) -> list[list[str]]:
    """Return one row for each member and part that has a value, under a row of column names."""
    rows = [["member", "code", "value", "tier", "exact"]]
    for member, row in found.items():
        for code, value in row.values.items():
            if value is not None:
                tier = row.tier.name if row.tier and code == OVERALL else ""
                rows.append([member, code, rounded(value, row.measure.decimals), tier, exact(value)])
    return rows
