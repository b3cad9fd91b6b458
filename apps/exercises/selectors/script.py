"""A kit's document as rows that pages show: cues in time, roles, phases, what observers look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.core.markdown import render_markdown
from apps.exercises.choices import Channel

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Option:
    """One way to decide, and what the facilitator says that it leads to."""

    code: str
    text: str
    follows: str


@dataclass(frozen=True, slots=True)
class Cue:
    """An inject or a decision as the facilitator reads it; `at` in minutes of play. `asks` is true for a decision."""

    code: str
    at: int
    phase: str
    story: str
    to: tuple[str, ...]
    sender: str
    channel: str
    channel_name: str
    title: str
    text: str
    kind: str
    truth: str
    expected: tuple[str, ...]
    prompts: tuple[str, ...]
    if_stuck: str
    options: tuple[Option, ...]
    spare: bool
    asks: bool

    @property
    def kind_name(self) -> str:
        """The kind in words, for facilitators."""
        names = {
            "event": _("belongs to the matter"),
            "noise": _("only takes time"),
            "misleading": _("points the wrong way"),
        }
        return names.get(self.kind, "")


@dataclass(frozen=True, slots=True)
class RoleCard:
    code: str
    name: str
    side: str
    needed: bool
    brief: SafeString
    if_absent: str


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of play, from minute `first` to before `last`."""

    code: str
    title: str
    purpose: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Look:
    """What an observer looks at; `levels` are (level, what it looks like)."""

    code: str
    indicator: str
    question: str
    phases: str
    levels: tuple[tuple[int, str], ...]


def story_time(clock: Mapping[str, Any]) -> str:
    """Day and time in the story, such as "Day 1, 15:50"."""
    return _("Day %(day)s, %(time)s") % {"day": clock["day"], "time": clock["time"]}


def cues_of(document: Document) -> tuple[Cue, ...]:
    """Injects and decisions in the order in which they come."""
    rows = [_inject(row) for row in document["injects"]] + [_asked(row) for row in document["decisions"]]
    return tuple(sorted(rows, key=lambda cue: (cue.at, cue.asks)))


def _inject(row: Mapping[str, Any]) -> Cue:
    return Cue(
        code=row["code"], at=row["at"], phase=row["phase"], story=story_time(row["clock"]), to=tuple(row["to"]),
        sender=row["from"], channel=row["channel"], channel_name=str(Channel(row["channel"]).label), title=row["title"],
        text=row["text"].strip(), kind=row["kind"], truth=row.get("truth", ""), expected=tuple(row["expected"]),
        prompts=tuple(row["prompts"]), if_stuck=row["if_stuck"], options=(), spare=row.get("spare", False), asks=False,
    )  # fmt: skip


def _asked(row: Mapping[str, Any]) -> Cue:
    return Cue(
        code=row["code"], at=row["at"], phase=row["phase"], story="", to=tuple(row["who"]), sender="",
        channel=Channel.ASKED.value, channel_name=str(Channel.ASKED.label), title=_("Decide now"),
        text=row["question"].strip(), kind="", truth=row["note"], expected=(), prompts=(), if_stuck="",
        options=tuple(Option(o["code"], o["text"], o["follows"]) for o in row["options"]), spare=False, asks=True,
    )  # fmt: skip


def roles_of(document: Document) -> tuple[RoleCard, ...]:
    """The roles in their order, with their briefs."""
    return tuple(
        RoleCard(
            row["code"],
            row["name"],
            row.get("side", ""),
            row["needed"],
            render_markdown(row["brief"]),
            row["if_absent"],
        )
        for row in document["roles"]
    )


def role_names(document: Document) -> dict[str, str]:
    """Code of a role → its name."""
    return {row["code"]: row["name"] for row in document["roles"]}


def phases_of(document: Document) -> tuple[Phase, ...]:
    """The phases with the minutes in which they are played."""
    ends = accumulate(row["minutes"] for row in document["phases"])
    return tuple(
        Phase(row["code"], row["title"], row["purpose"], end - row["minutes"], end)
        for row, end in zip(document["phases"], ends, strict=True)
    )


def indicators_of(document: Document) -> tuple[str, ...]:
    """Codes of the indicators that the kit tries, each once and in its order."""
    rows = [*document["objectives"], *document["observing"]]
    return tuple(dict.fromkeys(row["indicator"] for row in rows))


def looks_of(document: Document) -> tuple[Look, ...]:
    """What observers look at."""
    titles = {row["code"]: row["title"] for row in document["phases"]}
    return tuple(
        Look(
            code=row["code"], indicator=row["indicator"], question=row["question"],
            phases=" · ".join(titles[code] for code in row["phases"]),
            levels=tuple((int(level), text) for level, text in sorted(row["looks_like"].items())),
        )
        for row in document["observing"]
    )  # fmt: skip
