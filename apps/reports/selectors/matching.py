"""The rows behind the report of a matching round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from apps.accounts.models import User
from apps.members.models import Programme
from apps.members.policies import may_manage
from apps.mentoring.choices import Decision
from apps.mentoring.models import MatchingRound, Need
from apps.mentoring.selectors import pairs
from apps.mentoring.selectors.board import proposal_row
from apps.mentoring.selectors.board_parts import Recruit, recruit_rows
from apps.mentoring.selectors.board_rows import ProposalRow
from apps.mentoring.selectors.certificate import Certificate, certificate_of
from apps.mentoring.selectors.words import cause_text


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A request without a mentor, and why."""

    member: str
    area_name: str
    now_level: int
    wanted_level: int
    cause: str


@dataclass(frozen=True, slots=True)
class MatchingSource:
    """One round with its answer. `requests`, `mentors` and `places` are those of the stored problem."""

    public_id: str
    name: str
    programme: str
    state: str
    opened_at: datetime
    certificate: Certificate
    rows: tuple[ProposalRow, ...]
    left_over: tuple[LeftOver, ...]
    recruits: tuple[Recruit, ...]
    requests: int
    mentors: int
    places: int


def rounds_with_answer(programme: Programme) -> tuple[tuple[str, str], ...]:
    """(id, name) of the rounds that a report can be about, the newest first. One query."""
    rows = MatchingRound.objects.filter(programme=programme, answer__isnull=False).order_by(
        "-opened_at", "-pk"
    )
    return tuple(rows.values_list("public_id", "name"))


def matching_source(user: User, programme: str, round_id: str) -> MatchingSource:
    """The rows behind the report of a round, for a manager of its programme. Raises Http404 otherwise. Six queries."""
    office = Programme.objects.visible_to(user).filter(public_id=programme).first()
    if office is None or not may_manage(user, office):
        raise Http404("No such programme.")
    round_ = MatchingRound.objects.filter(programme=office, public_id=round_id).first()
    certificate = certificate_of(round_) if round_ else None
    if round_ is None or certificate is None or round_.problem is None:
        raise Http404("No such round, or it was never worked out.")
    proposals = round_.proposals.exclude(decision=Decision.REJECTED).order_by("-score", "pk")
    found = proposals.select_related("need__member", "offer__member", "need", "offer", "engagement")
    before = pairs.past_pairs(office)
    return MatchingSource(
        public_id=round_.public_id,
        name=round_.name,
        programme=office.name,
        state=str(round_.get_state_display()),
        opened_at=round_.opened_at,
        certificate=certificate,
        rows=tuple(proposal_row(p, {}, before) for p in found),
        left_over=_left_over(round_),
        recruits=tuple(recruit_rows(round_)),
        requests=len(round_.problem["members"]),
        mentors=len(round_.problem["mentors"]),
        places=sum(row["capacity"] for row in round_.problem["mentors"]),
    )


def _left_over(round_: MatchingRound) -> tuple[LeftOver, ...]:
    """Those that the stored answer left over, with its causes; private wishes are not in it."""
    causes = {row["member"]: row["cause"] for row in (round_.answer or {})["unmatched"]}
    needs = Need.objects.filter(programme=round_.programme_id, public_id__in=causes).select_related("member")
    return tuple(
        LeftOver(n.member.name, n.area_name, n.now_level, n.wanted_level, cause_text(causes[n.public_id]))
        for n in needs.order_by("member__name", "area")
    )
