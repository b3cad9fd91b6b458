"""The rules of the ladder: what each rung needs, and which one the facts about a member reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.mentoring.choices import Rung

FULL = 100


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at. `areas` are (claimed, evidenced) levels of answered areas in the newest result."""

    results: int = 0
    areas: tuple[tuple[int, int], ...] = ()
    risen_areas: int = 0
    closed_engagements: int = 0
    mentoring: int = 0

    def share(self, level: int | None = None) -> int:
        """Percent, rounded down, of areas at `level` or above; without one, of those that evidence supports."""
        if not self.areas:
            return 0
        met = sum(have >= (claimed if level is None else level) for claimed, have in self.areas)
        return FULL * met // len(self.areas)


@dataclass(frozen=True, slots=True)
class Need:
    """One need of a rung in words, and whether it is met."""

    text: str
    met: bool


@dataclass(frozen=True, slots=True)
class Climb:
    """Where the facts put a member: the rung, why, the next one and what it asks."""

    rung: Rung
    why: tuple[Need, ...]
    next_rung: Rung | None
    asks: tuple[Need, ...]


@lru_cache(maxsize=1)
def usual_rules() -> dict[str, Any]:
    """The ladder of programmes that have none of their own."""
    document: dict[str, Any] = yaml.safe_load((settings.CONTENT_DIR / "ladder.yaml").read_text("utf-8"))
    return document


def order(rung: str) -> int:
    """How high a rung is, from 0."""
    return list(Rung.values).index(rung)


def climb(document: Mapping[str, Any], facts: Facts) -> Climb:
    """The highest rung whose needs, and those of all below it, are met. The lowest is always reached."""
    rows = document["rungs"]
    reached = Rung(rows[0]["rung"])
    why: tuple[Need, ...] = ()
    for row in rows:
        needs = needs_of(row["needs"], facts)
        if row is not rows[0] and not all(need.met for need in needs):
            return Climb(reached, why, Rung(row["rung"]), needs)
        reached, why = Rung(row["rung"]), needs
    return Climb(reached, why, None, ())


def needs_of(needs: Mapping[str, int], facts: Facts) -> tuple[Need, ...]:
    """Each need in words with the figure that stands against it."""
    return tuple(_need(name, n, needs, facts) for name, n in needs.items() if name != "level_percent")


def _need(name: str, n: int, needs: Mapping[str, int], facts: Facts) -> Need:
    if name == "level":
        wanted, have = needs["level_percent"], facts.share(n)
        text = _("%(wanted)s %% of areas at level %(level)s or above; now %(have)s %%")
        return Need(text % {"wanted": wanted, "level": n, "have": have}, have >= wanted)
    if name == "supported_percent":
        have = facts.share()
        text = _("evidence supports the claimed level in %(wanted)s %% of areas; now %(have)s %%")
        return Need(text % {"wanted": n, "have": have}, have >= n)
    have = getattr(facts, name)
    return Need(_counted(name, n) % {"n": n, "have": have}, have >= n)


def _counted(name: str, n: int) -> str:
    words = {
        "results": ngettext(
            "%(n)s submitted assessment; now %(have)s", "%(n)s submitted assessments; now %(have)s", n
        ),
        "risen_areas": ngettext(
            "%(n)s area higher than in the first result; now %(have)s",
            "%(n)s areas higher than in the first result; now %(have)s",
            n,
        ),
        "closed_engagements": ngettext(
            "%(n)s engagement brought to its end; now %(have)s",
            "%(n)s engagements brought to their end; now %(have)s",
            n,
        ),
        "mentoring": ngettext(
            "mentor of %(n)s engagement; now %(have)s", "mentor of %(n)s engagements; now %(have)s", n
        ),
    }
    return words[name]
