"""A small framework document for tests, fresh each time."""

from __future__ import annotations

import copy
import json
from typing import Any

from tests.factories import SMALL


def small_document(**changes: Any) -> dict[str, Any]:
    """The small framework of the factories without its texts, and fields of `changes` on top."""
    document: dict[str, Any] = copy.deepcopy(SMALL)
    for row in document["indicators"]:
        for name in ("question", "look_for", "levels"):
            row.pop(name, None)
    return {**document, **changes}


def as_text(document: dict[str, Any]) -> str:
    return json.dumps(document)


def ladder(upto: int = 5) -> list[dict[str, Any]]:
    """Descriptors from level 0 to `upto`."""
    return [
        {"level": level, "title": f"Title {level}", "text": f"Text {level}.", "evidence": ["A record."]}
        for level in range(upto + 1)
    ]
