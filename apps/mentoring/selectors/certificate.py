"""The certificate of a round's answer in words and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.mentoring.models import MatchingRound


@dataclass(frozen=True, slots=True)
class Certificate:
    value: str
    bound: str
    gap: str
    proved: bool
    input_hash: str
    solver: str
    solver_version: str
    method: str
    worst_off: str
    total: str
    best_total: str
    solved_at: datetime | None
    fairness: str


def certificate_of(round_: MatchingRound) -> Certificate | None:
    """What lets someone else check the stored answer, as the answer says it."""
    answer = round_.answer
    if answer is None:
        return None
    proof = answer["certificate"]
    return Certificate(
        value=proof["objective_value"],
        bound=proof["bound"],
        gap=proof["gap"],
        proved=proof["proved_optimal"],
        input_hash=proof["input_hash"],
        solver=proof["solver"],
        solver_version=proof["solver_version"],
        method=proof["method"],
        worst_off=answer["worst_off"] or "–",
        total=answer["total"],
        best_total=answer["best_possible_total"],
        solved_at=round_.solved_at,
        fairness=fairness_sentence(answer),
    )


def fairness_sentence(answer: Mapping[str, Any]) -> str:
    """What serving the weakest first costs, in points and percent of the best total."""
    price, best = Decimal(answer["price_of_fairness"]), Decimal(answer["best_possible_total"])
    if not price or not best:
        return _("Serving the weakest first costs nothing here: no other answer has a higher total.")
    percent = f"{100 * price / best:.2f}"
    text = _("Serving the weakest first costs %(price)s of %(best)s points in total (%(percent)s%%).")
    return text % {
        "price": answer["price_of_fairness"],
        "best": answer["best_possible_total"],
        "percent": percent,
    }
