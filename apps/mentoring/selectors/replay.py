"""Solve a stored problem again and compare with the stored answer, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.accounts.models import User
from apps.core.errors import Refused
from apps.matching import ProblemFaults, SolverFault, parse_problem, solve
from apps.matching.problem import canonical_json
from apps.matching.progress import Tell, quiet
from apps.members.models import Programme
from apps.mentoring.models import MatchingRound
from apps.mentoring.selectors.board import get_round

MOST_PAIRS = 50_000
EXPORTS = ("problem", "answer")
PARTS = {
    "pairs": gettext_noop("the pairs"),
    "unmatched": gettext_noop("the requests left over"),
    "total": gettext_noop("the total"),
    "worst_off": gettext_noop("the worst off"),
    "best_possible_total": gettext_noop("the best total without the guarantee"),
    "price_of_fairness": gettext_noop("the price of the guarantee"),
    "certificate.solver": gettext_noop("the solver"),
    "certificate.solver_version": gettext_noop("the version of the solver"),
    "certificate.input_hash": gettext_noop("the input hash"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of the answer that came out otherwise: its name, as it is stored, as it is now."""

    part: str
    stored: str
    now: str


@dataclass(frozen=True, slots=True)
class Replay:
    """`same` when every byte of the answer is the same; `fault` when the problem cannot be solved any more."""

    same: bool
    input_hash: str
    differences: list[Difference]
    fault: str = ""

    @property
    def only_solver(self) -> bool:
        """Whether nothing but the version of the solver differs."""
        return not self.same and all(d.part == "certificate.solver_version" for d in self.differences)


@dataclass(frozen=True, slots=True)
class ReplayPage:
    programme: Programme
    round_id: str
    round_name: str
    replay: Replay
    rows: list[Difference]


def replay_page(user: User, programme_id: str, round_id: str) -> ReplayPage:
    """Solve a round's stored problem again. Raises Http404 before the first answer, `Refused` when it is too large."""
    programme, round_ = get_round(user, programme_id, round_id)
    if round_.problem is None or round_.answer is None:
        raise Http404
    if len(round_.problem.get("pairs", ())) > MOST_PAIRS:
        raise Refused(_("This round is too large to be solved on a page. The operator can do it by command."))
    found = replay_of(round_)
    rows = [Difference(part_name(d.part), d.stored, d.now) for d in found.differences]
    return ReplayPage(programme, round_.public_id, round_.name, found, rows)


def replay_of(round_: MatchingRound, *, tell: Tell = quiet) -> Replay:
    """Solve again and compare; the round must have a problem and an answer."""
    assert round_.problem is not None and round_.answer is not None
    stored: dict[str, Any] = round_.answer
    try:
        problem = parse_problem(round_.problem)
        fresh = solve(problem, tell=tell).as_document()
    except (ProblemFaults, SolverFault) as fault:
        return Replay(False, stored["certificate"]["input_hash"], [], str(fault))
    same = canonical_json(stored) == canonical_json(fresh)
    return Replay(same, problem.input_hash, [] if same else list(_differences(stored, fresh)))


def _differences(stored: Mapping[str, Any], fresh: Mapping[str, Any], at: str = "") -> Iterator[Difference]:
    for key in sorted({*stored, *fresh}):
        before, after, name = stored.get(key), fresh.get(key), f"{at}{key}"
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from _differences(before, after, f"{name}.")
        elif before != after:
            yield Difference(name, _short(before), _short(after))


def _short(value: object) -> str:
    return _("%(n)s rows") % {"n": len(value)} if isinstance(value, list) else str(value)


def part_name(part: str) -> str:
    """A part of the answer in words."""
    return _(PARTS[part]) if part in PARTS else part


def stored_round(public_id: str) -> MatchingRound:
    """A round for the operator's command. Raises Http404 when there is none or it has no answer."""
    found = MatchingRound.objects.filter(public_id=public_id, answer__isnull=False).first()
    if found is None:
        raise Http404
    return found


def export_of(user: User, programme_id: str, round_id: str, part: str) -> tuple[str, str]:
    """The stored problem or answer in canonical JSON, and a name for the file; ids only, no names.

    The SHA-256 of the problem's file is the input hash of the certificate.
    """
    _programme, round_ = get_round(user, programme_id, round_id)
    if part not in EXPORTS or round_.problem is None or round_.answer is None:
        raise Http404
    text = parse_problem(round_.problem).canonical() if part == "problem" else canonical_json(round_.answer)
    return text, f"belay-matching-{part}-{round_id}.json"
