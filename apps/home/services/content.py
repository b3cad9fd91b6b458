"""The files of the demonstration, read into plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from apps.home.services.chance import Chance

FOLDER = Path(settings.BASE_DIR) / "content" / "demo"


@dataclass(frozen=True, slots=True)
class MemberPlan:
    """A member as the files describe it. `levels`, `habits` and `answers` are by year; levels follow the dimensions."""

    slug: str
    name: str
    nation: str
    sector: str
    criticality: str
    languages: tuple[str, ...]
    time_zone: str
    region: str
    legal: str
    is_mentor: bool
    shares: bool
    habits: dict[int, str]
    levels: dict[int, list[float]]
    answers: dict[int, str]
    remarks: dict[int, list[str]]
    light: bool = False

    @property
    def is_nation(self) -> bool:
        return not self.nation


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """A round of assessments: when it was open and from when members submitted."""

    year: int
    name: str
    opens: date
    closes: date
    submitted_from: date


@dataclass(frozen=True, slots=True)
class Content:
    """All files together. `people` and the others are documents as written."""

    programme: dict[str, str]
    rounds: tuple[RoundPlan, ...]
    earlier: tuple[tuple[RoundPlan, dict[str, list[float]]], ...]
    members: tuple[MemberPlan, ...]
    people: dict[str, Any]
    notes: dict[str, dict[str, list[str]]]
    phrases: dict[str, Any]
    evidence: dict[str, Any]
    stories: dict[str, Any]
    mentoring: dict[str, Any]
    library: dict[str, Any]
    exercises: dict[str, Any]

    @property
    def by_slug(self) -> dict[str, MemberPlan]:
        return {plan.slug: plan for plan in self.members}


def read_content(members: int, chance: Chance) -> Content:
    """Read content/demo for a region of `members` members: the nations, then organisations in the order of the file."""
    region = _read("region.yaml")
    nations = [_nation(row) for row in region["nations"]]
    homes = {plan.slug: plan for plan in nations}
    named = [_organisation(row, homes[row["nation"]]) for row in region["organisations"]]
    kept = named[: members - len(nations)]
    extra = [
        _drawn(number, region["more"], nations, chance)
        for number in range(members - len(nations) - len(named))
    ]
    notes: dict[str, dict[str, list[str]]] = {}
    for path in sorted((FOLDER / "notes").glob("*.yaml")):
        notes.update(yaml.safe_load(path.read_text(encoding="utf-8")))
    return Content(
        programme=region["programme"],
        rounds=tuple(RoundPlan(**row) for row in region["rounds"]),
        earlier=tuple(_earlier(row) for row in region["earlier"]),
        members=(*nations, *kept, *extra),
        people=_read("people.yaml"),
        notes=notes,
        phrases=_read("phrases.yaml"),
        evidence=_read("evidence.yaml"),
        stories=_read("stories.yaml"),
        mentoring=_read("mentoring.yaml"),
        library=_read("library.yaml"),
        exercises=_read("exercises.yaml"),
    )


def named_members() -> int:
    """How many members the files name: the default size."""
    region = _read("region.yaml")
    return len(region["nations"]) + len(region["organisations"])


def _earlier(row: dict[str, Any]) -> tuple[RoundPlan, dict[str, list[float]]]:
    """What some members did by themselves before the first round, with the levels that they claimed then."""
    levels = {slug: list(means) for slug, means in row["levels"].items()}
    return RoundPlan(**{key: value for key, value in row.items() if key != "levels"}), levels


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return found


def _common(row: dict[str, Any]) -> dict[str, Any]:
    """What nations and organisations are told alike."""
    habit = row["habit"]
    return {
        "slug": row["slug"],
        "name": row["name"],
        "languages": tuple(row["languages"]),
        "is_mentor": row.get("is_mentor", False),
        "shares": row.get("shares", True),
        "habits": habit if isinstance(habit, dict) else dict.fromkeys(row["levels"], habit),
        "levels": row["levels"],
        "answers": row["answers"],
        "remarks": row.get("remarks", {}),
    }


def _nation(row: dict[str, Any]) -> MemberPlan:
    return MemberPlan(
        nation="", sector="government", criticality="essential", time_zone=row["time_zone"],
        region=row["region"], legal=row["legal"], **_common(row),
    )  # fmt: skip


def _organisation(row: dict[str, Any], home: MemberPlan) -> MemberPlan:
    """An organisation has its nation's clock, region, law and, unless it has its own, remarks."""
    common = _common(row)
    return MemberPlan(
        nation=home.slug, sector=row["sector"], criticality=row["criticality"], time_zone=home.time_zone,
        region=home.region, legal=home.legal, **common,
    )  # fmt: skip


def _drawn(number: int, more: dict[str, Any], nations: list[MemberPlan], chance: Chance) -> MemberPlan:
    """One of the organisations beyond those that the files name; it answered the last round only."""
    towns, patterns = more["towns"], more["patterns"]
    lap, place = divmod(number, len(towns) * len(patterns))
    pattern, town = patterns[place % len(patterns)], towns[place // len(patterns)]
    home = nations[number % len(nations)]
    kind = chance.pick(more["kinds"], "kind", number)
    shift = chance.at("shift", number).uniform(-0.3, 0.3)
    return MemberPlan(
        slug=f"more-{number + 1}",
        name=pattern["name"].format(town=f"{town} {lap + 1}" if lap else town),
        nation=home.slug, sector=pattern["sector"], criticality=pattern["criticality"], languages=home.languages,
        time_zone=home.time_zone, region=home.region, legal=home.legal, is_mentor=False, shares=home.shares,
        habits={2026: kind["habit"]}, levels={2026: [level + shift for level in kind["levels"]]},
        answers={2026: "full"}, remarks={}, light=True,
    )  # fmt: skip
