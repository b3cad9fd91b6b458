"""Solve a matching problem from a file, or a stored round again, and print the answer with its certificate."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.http import Http404

from apps.matching import ProblemFaults, SolverFault
from apps.matching.cli import run
from apps.matching.progress import Progress, Stage
from apps.mentoring import selectors

SILENT_SECONDS = 1.0
LINES = {
    Stage.GUARANTEE: "finding the guarantee: step {step}, {fixed:,} of {total:,} fixed",
    Stage.TOTAL: "finding the best total",
    Stage.TIES: "choosing between equal answers: step {step}",
}


class Command(BaseCommand):
    help = "Solve a matching problem (JSON) and print the answer with its certificate, or solve a stored round again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("problem", type=Path, nargs="?", help="the problem document, a JSON file")
        what.add_argument("--round", metavar="ID", help="a round: solve its stored problem again and compare")

    def handle(self, *args: Any, **options: Any) -> None:
        self.told = time.monotonic()
        if options["round"]:
            self.replay(options["round"])
        else:
            self.stdout.write(self.solve(options["problem"]), ending="")

    def solve(self, path: Path) -> str:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise CommandError(f"{path} is not UTF-8 text.") from None
        except OSError as fault:
            raise CommandError(f"{path} cannot be read: {fault.strerror}.") from None
        try:
            return run(text, tell=self.tell)
        except ProblemFaults as found:
            faults = "\n".join(f"  {fault}" for fault in found.faults)
            raise CommandError(f"{path} cannot be solved:\n{faults}", returncode=1) from None
        except SolverFault as fault:
            raise CommandError(f"The solver gave no answer: {fault}") from None

    def replay(self, public_id: str) -> None:
        try:
            round_ = selectors.stored_round(public_id)
        except Http404:
            raise CommandError(f"No round with an answer has the id {public_id[:40]}.") from None
        found = selectors.replay_of(round_, tell=self.tell)
        if found.fault:
            raise CommandError(f"The stored problem cannot be solved any more: {found.fault}", returncode=1)
        if not found.same:
            rows = "\n".join(f"  {d.part}: stored {d.stored}, now {d.now}" for d in found.differences)
            raise CommandError(f"Another answer came out:\n{rows}", returncode=1)
        self.stdout.write(f"The same answer came out, byte for byte. Input hash {found.input_hash}")

    def tell(self, progress: Progress) -> None:
        """Say on standard error how far it is: nothing in the first second, then at most one line a second."""
        if time.monotonic() - self.told < SILENT_SECONDS:
            return
        self.told = time.monotonic()
        words = LINES[progress.stage]
        self.stderr.write(words.format(step=progress.step, fixed=progress.fixed, total=progress.total))
