"""Shortlists as the office reviews them, with what was said after the calls; it alone reads that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from apps.accounts.models import User
from apps.members.models import Programme
from apps.members.policies import may_manage
from apps.mentoring.choices import RoundState, Side
from apps.mentoring.models import CallNote, MatchingRound, Shortlisted
from apps.mentoring.selectors import pairs
from apps.mentoring.selectors.board import get_round
from apps.mentoring.selectors.words import short_reasons


@dataclass(frozen=True, slots=True)
class Said:
    """What one side noted after its call."""

    side: str
    name: str
    held_on: date
    stars: int
    words: str


@dataclass(frozen=True, slots=True)
class ListedRow:
    public_id: str
    version: int
    mentor: str
    score: str
    layer: int
    why: list[str]
    removed: bool
    said: list[Said]


@dataclass(frozen=True, slots=True)
class ListRow:
    """The shortlist of one request."""

    member: str
    area_name: str
    now_level: int
    wanted_level: int
    listed: list[ListedRow]


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One whole answer: how many requests it places, its total and the fit of the worst off."""

    number: int
    placed: int
    total: str
    worst_off: str


@dataclass(frozen=True, slots=True)
class ShortlistsPage:
    programme: Programme
    round_id: str
    round_name: str
    version: int
    state: str
    rows: list[ListRow]
    layers: list[LayerRow]
    alone: list[tuple[str, str]]
    pairs: int
    calls: int
    noted: int
    can_manage: bool

    @property
    def before_calls(self) -> bool:
        """Whether the lists can still change."""
        return self.state in (RoundState.COLLECTING, RoundState.SHORTLIST)


def shortlists_page(user: User, programme_id: str, round_id: str) -> ShortlistsPage:
    """The shortlists of one round in two stages. Raises Http404 for others' rounds."""
    programme, round_ = get_round(user, programme_id, round_id)
    listed = list(
        round_.shortlisted.select_related("need__member", "offer__member").prefetch_related("notes")
    )
    rows = _rows(listed)
    kept = [r for r in listed if not r.removed]
    supply = pairs.supply_of(programme)
    in_lists = {r.need_id for r in kept}
    return ShortlistsPage(
        programme=programme,
        round_id=round_.public_id,
        round_name=round_.name,
        version=round_.version,
        state=round_.state,
        rows=rows,
        layers=_layers(round_),
        alone=[(n.member.name, n.area_name) for n in supply.needs if n.pk not in in_lists and not n.missing],
        pairs=len(kept),
        calls=2 * len(kept),
        noted=sum(len(r.notes.all()) for r in kept),
        can_manage=bool(may_manage(user, programme)),
    )


def _rows(listed: list[Shortlisted]) -> list[ListRow]:
    by_need: dict[int, list[Shortlisted]] = {}
    for row in listed:
        by_need.setdefault(row.need_id, []).append(row)
    found = [
        ListRow(
            rows[0].need.member.name, rows[0].need.area_name, rows[0].need.now_level, rows[0].need.wanted_level,
            [_listed(r) for r in sorted(rows, key=lambda r: (r.layer, -r.score, r.pk))],
        )
        for rows in by_need.values()
    ]  # fmt: skip
    return sorted(found, key=lambda r: (r.now_level, r.member, r.area_name))


def _listed(row: Shortlisted) -> ListedRow:
    names = {Side.MEMBER: row.need.member.name, Side.MENTOR: row.offer.member.name}
    said = [_said(note, names[Side(note.side)]) for note in row.notes.all()]
    return ListedRow(
        row.public_id, row.version, row.offer.member.name, f"{row.score:.2f}", row.layer, short_reasons(row.reasons),
        row.removed, sorted(said, key=lambda s: s.side),
    )  # fmt: skip


def _said(note: CallNote, name: str) -> Said:
    return Said(note.side, name, note.held_on, note.stars, note.words)


def _layers(round_: MatchingRound) -> list[LayerRow]:
    stored = (round_.shortlist or {}).get("layers", [])
    return [
        LayerRow(
            n, len(layer["answer"]["pairs"]), layer["answer"]["total"], layer["answer"]["worst_off"] or "–"
        )
        for n, layer in enumerate(stored, start=1)
    ]
