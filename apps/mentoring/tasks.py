"""Large rounds are solved in the background."""

from __future__ import annotations

from apps.core import jobs
from apps.mentoring import selectors, services


@jobs.job("mentoring.solve_round")
def solve_round(*, message_id: str, round_id: str, actor_id: str) -> None:
    """Solve one round that waits for it."""
    actor, programme = selectors.solving_round(actor_id, round_id)
    services.finish_solving(actor=actor, programme=programme, public_id=round_id)
