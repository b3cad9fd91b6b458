"""Solve a matching problem from a file and print the answer with its certificate."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.matching import ProblemFaults, SolverFault
from apps.matching.cli import run


class Command(BaseCommand):
    help = "Solve a matching problem (JSON) and print the answer with its certificate."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("problem", type=Path, help="the problem document, a JSON file")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["problem"]
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise CommandError(f"{path} is not UTF-8 text.") from None
        except OSError as fault:
            raise CommandError(f"{path} cannot be read: {fault.strerror}.") from None
        try:
            answer = run(text)
        except ProblemFaults as found:
            faults = "\n".join(f"  {fault}" for fault in found.faults)
            raise CommandError(f"{path} cannot be solved:\n{faults}", returncode=1) from None
        except SolverFault as fault:
            raise CommandError(f"The solver gave no answer: {fault}") from None
        self.stdout.write(answer, ending="")
