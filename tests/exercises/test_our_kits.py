"""Our table-top kits: each keeps the schema, and its parts fit together and to the shared framework."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from jsonschema import Draft202012Validator

CONTENT = Path(settings.CONTENT_DIR)
FOLDERS = sorted(path.parent for path in (CONTENT / "exercises").glob("*/exercise.yaml"))
KITS = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
ENOUGH = {
    "ransomware-in-a-ministry": {"minutes": 150, "injects": range(18, 27), "decisions": 6},
    "regional-telecom-outage": {"minutes": 180, "injects": range(20, 29), "decisions": 7},
}


@cache
def kit(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((folder / "exercise.yaml").read_text(encoding="utf-8"))
    return document


@cache
def schema() -> Draft202012Validator:
    document = json.loads((CONTENT / "schemas" / "exercise.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(document)
    return Draft202012Validator(document)


@cache
def framework() -> tuple[set[str], set[str]]:
    """Codes of the areas and of the indicators of the shared framework."""
    tree = yaml.safe_load((CONTENT / "framework" / "shared.yaml").read_text(encoding="utf-8"))
    files = [CONTENT / "framework" / name for name in tree["indicators"]["include"]]
    indicators = {code for file in files for code in yaml.safe_load(file.read_text(encoding="utf-8"))}
    return {area["id"] for area in tree["areas"]}, indicators


def timed(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [*document["injects"], *document["decisions"]]


def windows(document: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """For each phase the minute at which it begins and the one at which it ends."""
    ends = list(accumulate(phase["minutes"] for phase in document["phases"]))
    starts = [0, *ends[:-1]]
    codes = [phase["code"] for phase in document["phases"]]
    return dict(zip(codes, zip(starts, ends, strict=True), strict=True))


def test_both_kits_are_there() -> None:
    assert {folder.name for folder in FOLDERS} >= set(ENOUGH)


@KITS
def test_kit_keeps_the_schema(folder: Path) -> None:
    assert [f"{error.json_path}: {error.message}" for error in schema().iter_errors(kit(folder))] == []


@KITS
def test_kit_is_named_as_its_folder_and_as_long_as_promised(folder: Path) -> None:
    document, promise = kit(folder), ENOUGH.get(folder.name)
    assert document["id"] == folder.name
    assert document["players"]["from"] <= document["players"]["to"]
    if promise:
        assert document["minutes"] == promise["minutes"]
        assert len(document["injects"]) in promise["injects"]
        assert len(document["decisions"]) >= promise["decisions"]
        assert len(document["observing"]) >= 10


@KITS
def test_areas_and_indicators_are_those_of_the_shared_framework(folder: Path) -> None:
    document, (areas, indicators) = kit(folder), framework()
    used = {row["indicator"] for row in [*document["objectives"], *document["observing"]]}
    assert used - indicators == set()
    assert set(document["areas"]) - areas == set()
    assert {code.rpartition(".")[0] for code in used} == set(document["areas"])


@KITS
def test_every_objective_is_observed(folder: Path) -> None:
    document = kit(folder)
    observed = {row["indicator"] for row in document["observing"]}
    assert [row["code"] for row in document["objectives"] if row["indicator"] not in observed] == []


@KITS
def test_codes_are_unique_in_the_whole_kit(folder: Path) -> None:
    document = kit(folder)
    parts = ("roles", "objectives", "phases", "injects", "decisions", "observing")
    codes = [row["code"] for part in parts for row in document[part]]
    codes += [option["code"] for decision in document["decisions"] for option in decision["options"]]
    codes += [section["code"] for section in document["report"]["sections"]]
    assert [code for code, times in Counter(codes).items() if times > 1] == []


@KITS
def test_roles_and_phases_that_are_named_exist(folder: Path) -> None:
    document = kit(folder)
    roles = {role["code"] for role in document["roles"]}
    phases = {phase["code"] for phase in document["phases"]}
    assert {code for row in document["injects"] for code in row["to"]} - roles == set()
    assert {code for row in document["decisions"] for code in row["who"]} - roles == set()
    assert {row["phase"] for row in timed(document)} - phases == set()
    assert {code for row in document["observing"] for code in row["phases"]} - phases == set()


@KITS
def test_options_carry_the_code_of_their_decision(folder: Path) -> None:
    for decision in kit(folder)["decisions"]:
        assert {option["code"][:-1] for option in decision["options"]} == {decision["code"]}


@KITS
def test_phases_fill_the_exercise_and_hold_what_happens_in_them(folder: Path) -> None:
    document = kit(folder)
    limits = windows(document)
    assert max(end for _, end in limits.values()) == document["minutes"]
    outside = [
        row["code"] for row in timed(document)
        if not limits[row["phase"]][0] <= row["at"] < limits[row["phase"]][1]
    ]  # fmt: skip
    assert outside == []


@KITS
def test_times_rise_at_the_table_and_in_the_story(folder: Path) -> None:
    document = kit(folder)
    for part in ("injects", "decisions"):
        minutes = [row["at"] for row in document[part]]
        assert all(earlier < later for earlier, later in pairwise(minutes))
    clocks = [(row["clock"]["day"], row["clock"]["time"]) for row in document["injects"]]
    assert clocks == sorted(clocks)


@KITS
def test_every_role_has_three_injects_even_without_the_spare_ones(folder: Path) -> None:
    document = kit(folder)
    kept = Counter(code for row in document["injects"] if not row.get("spare") for code in row["to"])
    assert {role["code"]: kept[role["code"]] for role in document["roles"] if kept[role["code"]] < 3} == {}


@KITS
def test_needed_roles_can_be_filled_by_the_smallest_group(folder: Path) -> None:
    document = kit(folder)
    needed = [role for role in document["roles"] if role["needed"]]
    assert len(needed) <= document["players"]["from"] <= len(document["roles"])


@KITS
def test_kit_has_noise_and_something_misleading(folder: Path) -> None:
    kinds = Counter(row["kind"] for row in kit(folder)["injects"])
    assert kinds["noise"] >= 1
    assert kinds["misleading"] >= 1
    assert kinds["event"] > kinds["noise"] + kinds["misleading"]


@KITS
def test_facilitator_is_told_the_safety_word(folder: Path) -> None:
    document = kit(folder)
    assert "EXERCISE" in document["facilitator"]
    assert any("EXERCISE" in rule for rule in document["rules"])
