"""How a version says it maps to the one before: shapes that fit their kind, codes named once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

# Kind → how many codes of the version before it has, and how many of this one: exactly one, several, one or more, none.
ONE, SEVERAL, SOME, NONE = "one code", "at least two codes", "at least one code", "no code"
SHAPES = {
    "equal": (ONE, ONE),
    "changed": (ONE, ONE),
    "split": (ONE, SEVERAL),
    "merged": (SEVERAL, ONE),
    "new": (NONE, SOME),
    "gone": (SOME, NONE),
}


def change_faults(document: dict[str, Any]) -> Iterator[str]:
    """Yield changes whose codes do not fit their kind, and codes of this version that do not exist."""
    if "changes" not in document:
        return
    changes, known = document["changes"], {row["id"] for row in document["indicators"]}
    if changes["since"] == document["version"]:
        yield f"changes.since: {changes['since']} is this version, not the one before"
    rows = changes.get("indicators", [])
    for number, row in enumerate(rows):
        yield from _row_faults(f"changes.indicators[{number}]", row, known)
    for name in ("from", "to"):
        times = Counter(code for row in rows for code in row.get(name, []))
        yield from (
            f"changes.indicators: {code} stands under {name} {count} times"
            for code, count in times.items()
            if count > 1
        )


def _row_faults(place: str, row: dict[str, Any], known: set[str]) -> Iterator[str]:
    kind, comparable = row["kind"], row.get("comparable")
    for name, wanted in zip(("from", "to"), SHAPES[kind], strict=True):
        if not _fits(len(row.get(name, [])), wanted):
            yield f"{place}.{name}: {kind} has {wanted} here"
    for code in row.get("to", []):
        if code not in known:
            yield f"{place}.to: {code!r} is not an indicator of this framework"
    if kind == "gone":
        yield from (f"{place}.from: {code!r} is still here" for code in row.get("from", []) if code in known)
    if kind == "equal" and comparable is False:
        yield f"{place}.comparable: what is equal is comparable"
    if kind in ("new", "gone") and comparable:
        yield f"{place}.comparable: what is {kind} has nothing to be compared with"


def _fits(count: int, wanted: str) -> bool:
    return {ONE: count == 1, SEVERAL: count >= 2, SOME: count >= 1, NONE: count == 0}[wanted]
