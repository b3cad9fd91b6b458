"""The table of attack cases names every case once, and tests that are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = (ROOT / "docs" / "security-cases.md").read_text()
A = (1, 2, 3, 5, 6, 7, 9, 10, 11, 13, 14, 15, 17, 18, 19, 21, 22, 23, 25, 26, 27, 29, 30)
C = (1, 3, 4, 5, 7, 8, 9, 11, 12, 13, 15, 16, 17, 19, 20, 21, 23, 24)


def test_every_case_has_a_line_and_an_answer() -> None:
    lines = re.findall(r"^\| ([AC]\d+) \| .+ \| (.+) \|$", TABLE, re.MULTILINE)
    assert [case for case, _where in lines] == [*(f"A{n}" for n in A), *(f"C{n}" for n in C)]
    assert [case for case, where in lines if not re.search("`tests/|^as A1|does not apply: ", where)] == []


def test_every_test_that_is_named_is_there() -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TABLE))
    assert len(named) > 40
    there = {file: names_in(ROOT / file) for file, _test in named}
    assert sorted(f"{file}::{test}" for file, test in named if test not in there[file]) == []


def names_in(path: Path) -> set[str]:
    return {node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)}
