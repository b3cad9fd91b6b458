"""Text in, text out: solve a problem document from anywhere; a command wraps it."""

from __future__ import annotations

import json

from apps.matching.answer import solve
from apps.matching.progress import Tell, quiet
from apps.matching.reading import parse_problem


def run(text: str, *, tell: Tell = quiet) -> str:
    """The answer document, as indented JSON, to a problem document; `tell` hears how far it is.

    Raises ProblemFaults (all faults, with places) for a broken or unsound document, and its
    subclass NoAssignment when the rules cannot all be kept.
    """
    answer = solve(parse_problem(text), tell=tell)
    return json.dumps(answer.as_document(), indent=2, ensure_ascii=False) + "\n"
