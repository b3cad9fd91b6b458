"""What the planning engine says when a problem cannot be read, has no plan, or defeats the solver."""

from __future__ import annotations

from collections.abc import Iterable

MAX_REPORTED = 100


class ProblemFaults(Exception):  # noqa: N818 - the name is part of the published interface
    """Every fault found in one document, each a sentence that starts with its place."""

    def __init__(self, faults: Iterable[str]) -> None:
        found = list(faults)
        self.faults: list[str] = found[:MAX_REPORTED]
        if len(found) > MAX_REPORTED:
            self.faults.append(f"document: and {len(found) - MAX_REPORTED} more faults.")
        super().__init__("\n".join(self.faults))


class NoPlan(ProblemFaults):
    """The document is sound, but no plan keeps its locks, its budget or its target; the sentences say why."""


class SolverFault(RuntimeError):
    """The solver stopped without an answer, or gave one that the exact check refused."""
