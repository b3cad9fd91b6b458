"""What methods without values say: the stage of each domain, the profiles passed, and what is missing for the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Document = Mapping[str, Any]


class Named(Protocol):
    """Names by code."""

    def __getitem__(self, code: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Missing:
    """An indicator in the way: where it stands (None: not answered), and what is required of it if that differs."""

    code: str
    name: str
    level: int | None
    required: int | None = None


@dataclass(frozen=True, slots=True)
class StageRow:
    """The stage of one domain, evidenced and claimed; `missing` practices stand between it and `following`."""

    code: str
    name: str
    stage: str
    claimed: str
    following: str
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One profile, evidenced and claimed; `failures` are the indicators below what it asks."""

    name: str
    passed: bool
    claimed: bool
    failures: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class TierRow:
    """A name for a range of the whole; `reached` for the one that the result is in."""

    name: str
    at_least: str
    reached: bool


def stage_rows(document: Document, names: Named) -> tuple[StageRow, ...]:
    """The stages by domain, in the order of the framework; empty for other methods."""
    outcome = document.get("outcome")
    if not outcome or outcome["evidenced"]["kind"] != "stages":
        return ()
    levels = _levels(document)
    pairs = zip(outcome["evidenced"]["dimensions"], outcome["claimed"]["dimensions"], strict=True)
    return tuple(
        StageRow(
            row["code"],
            names[row["code"]],
            _stage(row["stage"]),
            _stage(said["stage"]),
            _stage(row["next"]),
            tuple(Missing(code, names[code], levels[code]) for code in row["missing"]),
        )
        for row, said in pairs
    )


def _stage(stage: Document | None) -> str:
    return f"{stage['level']} {stage['name']}" if stage else ""


def _levels(document: Document) -> dict[str, int | None]:
    return {row["code"]: row["evidenced"] for row in document["indicators"]}


def profile_rows(document: Document, names: Named, steps: Sequence[str]) -> tuple[ProfileRow, ...]:
    """The profiles, the lowest first, called by `steps` (of which the first is none); empty for other methods."""
    outcome = document.get("outcome")
    if not outcome or outcome["evidenced"]["kind"] != "profiles":
        return ()
    rows = zip(steps[1:], outcome["evidenced"]["profiles"], outcome["claimed"]["profiles"], strict=True)
    return tuple(
        ProfileRow(
            name,
            row["passed"],
            said["passed"],
            tuple(Missing(f["code"], names[f["code"]], f["level"], f["required"]) for f in row["failures"]),
        )
        for name, row, said in rows
    )


def tier_rows(document: Document) -> tuple[TierRow, ...]:
    """The tiers of the whole, the highest first; empty where the framework has none."""
    tier = document["evidenced"]["overall"].get("tier")
    reached = tier["id"] if tier else None
    return tuple(
        TierRow(row["name"], row["at_least"]["display"], row["id"] == reached)
        for row in document.get("tiers") or ()
    )
