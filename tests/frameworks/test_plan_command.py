"""The command `plan`: files in, JSON out, and bad input refused in words."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.planning.problems import indicator, problem, whole
from tests.scoring.small import framework_document

PROBLEM = problem(
    indicator("law", 1, (10, 1)), indicator("unit", 0, (5, 8)), requires=(("unit", "law", 2),),
    parts=[whole("law", "unit", value=30)], budget=20,
)  # fmt: skip
PROVEN = {"level": 1, "evidence": "E2", "dated": "2026-01-10"}
ANSWERS = {
    "framework": "tiny", "version": "1.0", "scope": "national", "on": "2026-05-01",
    "answers": {"A.1.1": PROVEN, "A.1.2": {"level": 3, "evidence": "E0"}, "B.1.1": PROVEN},
}  # fmt: skip


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, document in (("problem", PROBLEM), ("answers", ANSWERS), ("framework", described())):
        (tmp_path / f"{name}.json").write_text(json.dumps(document))
    (tmp_path / "broken.json").write_bytes(b"\xff")
    return tmp_path


def described() -> dict[str, Any]:
    """The tiny framework with what a framework file needs beyond its score."""
    return framework_document()


def plan(**options: Any) -> Any:
    out = StringIO()
    call_command("plan", stdout=out, **options)
    assert out.getvalue().endswith("}\n")
    return json.loads(out.getvalue())


def refusal(**options: Any) -> str:
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("plan", stdout=out, **options)
    assert out.getvalue() == ""
    return str(error.value)


def test_a_problem_file_is_answered(files: Path) -> None:
    found = plan(problem=files / "problem.json")
    assert found["levels"] == [{"id": "law", "from": 1, "to": 2}, {"id": "unit", "from": 0, "to": 1}]
    assert (found["cost"], found["left"], found["gain"]) == ("15", "5", "9/1")
    assert found["certificate"]["status"] == "optimal"
    aimed = plan(problem=files / "problem.json", target="score:31")
    assert aimed["question"] == "least-cost-to-target"
    assert aimed["cost"] == "10"
    assert [p["cost"] for p in plan(problem=files / "problem.json", frontier=3)["points"]] == ["0", "15"]


def test_a_framework_with_answers_is_answered(files: Path) -> None:
    both = {"framework": files / "framework.json", "answers": files / "answers.json"}
    found = plan(**both, budget="25", evidence_cost="1,2,3")
    assert found["budget"] == "25"
    assert found["unit"] == "person-days"
    assert found["steps"][0]["indicator"] == "A.1.1"
    assert {s["cost"] for s in found["steps"] if s["work"] == "evidence"} == {"2"}
    assert plan(**both, budget="0", unit="euro")["levels"] == []
    reached = plan(**both, target="profile:basic", cost_per_effort="1,2,3")
    assert reached["target"] == {"wanted": True}
    assert {row["id"]: row["to"] for row in reached["levels"]} == {"A.1.1": 2, "B.1.1": 2}
    assert reached["cost"] == "4"
    assert plan(**both, target="label:A")["parts"][1]["label_after"] == 2


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, "Give either --problem, or --framework with --answers."),
        ({"problem": "problem.json", "framework": "framework.json"}, "Give either --problem"),
        ({"framework": "framework.json"}, "With --framework, --answers is needed as well."),
        ({"problem": "problem.json", "budget": "5"}, "A planning problem holds its own budget"),
        ({"problem": "problem.json", "target": "profile:a"}, "A planning problem holds its own budget"),
        ({"problem": "none.json"}, "none.json: it cannot be read (No such file or directory)"),
        ({"problem": "broken.json"}, "document: not UTF-8 at byte 0."),
        ({"problem": "answers.json"}, 'document: unknown key "framework".'),
        (
            {"problem": "problem.json", "target": "score:90"},
            "target: overall can come to 39 at most, not to 90.",
        ),
        ({"problem": "problem.json", "target": "best"}, "target: must be profile:ID"),
        ({"problem": "problem.json", "frontier": 1}, "points: a frontier has at least 2 points."),
        ({"framework": "framework.json", "answers": "broken.json"}, "broken.json: not UTF-8 at byte 0"),
        ({"framework": "framework.json", "answers": "problem.json"}, "scope"),
        ({"framework": "broken.json", "answers": "answers.json"}, "broken.json"),
        (
            {"framework": "framework.json", "answers": "answers.json", "budget": "-1"},
            "budget: must be an exact decimal",
        ),
        (
            {"framework": "framework.json", "answers": "answers.json", "cost_per_effort": "1"},
            "cost-per-effort: must be three",
        ),
        (
            {"framework": "framework.json", "answers": "answers.json", "target": "profile:x"},
            "profile: the framework has no",
        ),
    ],
)
def test_bad_input_is_refused_in_words(files: Path, options: dict[str, Any], sentence: str) -> None:
    paths = {k: files / v if k in ("problem", "framework", "answers") else v for k, v in options.items()}
    assert sentence in refusal(**paths)


def test_a_file_that_is_too_large_is_refused(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.frameworks.management.commands.plan.MAX_TEXT", 10)
    assert refusal(problem=files / "problem.json") == "problem.json: larger than 0 MB"
