"""`manage.py match`: published optima, the same bytes each time, how far it is."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from apps.matching.progress import Progress, Stage
from apps.mentoring.management.commands.match import Command
from tests.matching.problems import Document, assignment_instance, drawn_round, generalised_instance


def printed(document: Document, tmp_path: Path, capsys: Any) -> str:
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(document))
    call_command("match", str(path))
    return str(capsys.readouterr().out)


@pytest.mark.parametrize(
    "name, objective, total",
    [
        ("assign100.txt.gz", "min-total", 305),
        ("gap1-0.txt", "max-total", 336),
        ("gap1-0.txt", "min-total", 261),
        ("a05100.txt", "min-total", 1698),
    ],
)
def test_published_optimum_is_reached(
    name: str, objective: str, total: int, tmp_path: Path, capsys: Any
) -> None:
    made = assignment_instance if name.startswith("assign") else generalised_instance
    answer = json.loads(printed(made(name, objective), tmp_path, capsys))
    assert Decimal(answer["total"]) == total
    assert answer["certificate"]["proved_optimal"] and answer["certificate"]["gap"] == "0"


def test_same_problem_prints_the_same_bytes(tmp_path: Path, capsys: Any) -> None:
    document = drawn_round(40, 10, "leximin-then-total")
    turned = {**document, "pairs": document["pairs"][::-1], "members": document["members"][::-1]}
    assert printed(document, tmp_path, capsys) == printed(turned, tmp_path, capsys)


def test_command_tells_how_far_it_is_once_a_second_at_most(capsys: Any) -> None:
    command = Command()
    command.told = float("-inf")
    command.tell(Progress(Stage.GUARANTEE, 12, 480, 1000))
    command.tell(Progress(Stage.GUARANTEE, 13, 490, 1000))
    assert capsys.readouterr().err == "finding the guarantee: step 12, 480 of 1,000 fixed\n"
