"""What the rounds of a programme and the manager's board are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode

from apps.members.models import Programme
from apps.mentoring.choices import RoundState
from apps.mentoring.selectors.board_parts import (
    LastStep,
    Recruit,
    Standing,
)
from apps.mentoring.selectors.certificate import Certificate
from apps.mentoring.selectors.heat import Heat
from apps.mentoring.selectors.hours import Load
from apps.mentoring.selectors.options import UnmatchedRow
from apps.mentoring.selectors.words import FactorRow


@dataclass(frozen=True, slots=True)
class RoundRow:
    public_id: str
    name: str
    state_label: str
    state: str
    opened_at: datetime
    published_at: datetime | None
    proposals: int
    accepted: int
    between: bool


@dataclass(frozen=True, slots=True)
class RoundsPage:
    programme: Programme
    rows: list[RoundRow]
    between: list[RoundRow]
    requests: int
    ready: int
    places: int
    mentors: int
    can_open: bool
    can_manage: bool


@dataclass(frozen=True, slots=True)
class ProposalRow:
    public_id: str
    version: int
    need_id: str
    member: str
    area: str
    area_name: str
    now_level: int
    wanted_level: int
    mentor: str
    places: int
    taken: int
    score: str
    why: list[str]
    factors: list[FactorRow]
    warnings: list[str]
    decision: str
    pinned: bool
    reply_state: str
    member_reply: str
    member_kind: str
    mentor_reply: str
    mentor_kind: str
    reply_by: date | None
    can_extend: bool
    declined_because: str
    languages: list[str]


@dataclass(frozen=True, slots=True)
class UnreadyRow:
    member: str
    area_name: str
    missing: list[str]


@dataclass(frozen=True, slots=True)
class CapacityRow:
    """Places of one offer: held by engagements and invitations, and by this round's pairs. `over` when hours pass the offer."""

    mentor: str
    area_name: str
    places: int
    taken: int
    percent: int
    full: bool
    period: str = ""
    over: Load | None = None


@dataclass(frozen=True, slots=True)
class BoardPage:
    programme: Programme
    public_id: str
    version: int
    name: str
    state: str
    headline: str
    steps: list[tuple[str, str]]
    step: int
    rows: list[ProposalRow]
    shown: int
    total: int
    decided: int
    open: int
    accepted: int
    requests: int
    unmatched: list[UnmatchedRow]
    unready: list[UnreadyRow]
    capacity: list[CapacityRow]
    full_mentors: int
    heat: Heat
    certificate: Certificate | None
    recruits: list[Recruit]
    last_step: LastStep | None
    standing: Standing
    stale: bool
    areas: list[tuple[str, str]]
    reply_by: date | None
    can_manage: bool
    two_stage: bool = False
    filters: Mapping[str, str] = field(default_factory=dict)

    @property
    def reviewing(self) -> bool:
        """Whether decisions can still change."""
        first = RoundState.COLLECTING
        return self.state == RoundState.PROPOSED or (self.state == first and not self.two_stage)

    @property
    def query(self) -> str:
        """The filters as a query string, so that a decision comes back to the same list."""
        chosen = {name: value for name, value in self.filters.items() if value}
        return f"?{urlencode(chosen)}" if chosen else ""
