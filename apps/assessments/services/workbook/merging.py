"""Three ways: what both started from, what I made of it, what others made of it. Plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Missing:
    """The value of a key that one side does not have."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()


@dataclass(frozen=True, slots=True)
class Clash(Generic[Value]):
    """One key that both sides changed, to different values. Somebody has to decide."""

    base: Value | Missing
    mine: Value | Missing
    theirs: Value | Missing


@dataclass(frozen=True, slots=True)
class Merged(Generic[Key, Value]):
    """`values` is what stands until the clashes are decided: there theirs counts.

    `mine` are the keys that only I changed, `theirs` those that only the others changed, `both` those that both
    changed to the same value.
    """

    values: dict[Key, Value]
    mine: frozenset[Key]
    theirs: frozenset[Key]
    both: frozenset[Key]
    clashes: dict[Key, Clash[Value]]


def merge(
    base: Mapping[Key, Value], mine: Mapping[Key, Value], theirs: Mapping[Key, Value]
) -> Merged[Key, Value]:
    """Merge two sets of changes to `base`, key by key; a key that one side lacks was taken away there.

    No change gets lost: each is in `values`, or in `clashes` beside the other.
    """
    values: dict[Key, Value] = {}
    changed: dict[str, set[Key]] = {"mine": set(), "theirs": set(), "both": set()}
    clashes: dict[Key, Clash[Value]] = {}
    for key in dict.fromkeys([*base, *mine, *theirs]):
        before, left, right = base.get(key, MISSING), mine.get(key, MISSING), theirs.get(key, MISSING)
        kind = _kind(before, left, right)
        if kind == "clash":
            clashes[key] = Clash(before, left, right)
        elif kind:
            changed[kind].add(key)
        kept = left if kind == "mine" else right
        if not isinstance(kept, Missing):
            values[key] = kept
    return Merged(
        values, frozenset(changed["mine"]), frozenset(changed["theirs"]), frozenset(changed["both"]), clashes
    )


def _kind(before: object, left: object, right: object) -> str:
    """Who changed it: "" for nobody."""
    if left == right:
        return "both" if left != before else ""
    if right == before:
        return "mine"
    return "theirs" if left == before else "clash"
