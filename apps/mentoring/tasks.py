"""Large rounds and roadmaps are solved in the background; owners of actions are reminded."""

from __future__ import annotations

from celery import shared_task

from apps.core import jobs
from apps.core.models import OutboxMessage
from apps.mentoring import selectors, services
from apps.mentoring.services import files
from apps.mentoring.services.follow_ups import remind_follow_ups
from apps.mentoring.services.ladder import climb_ladders
from apps.mentoring.services.places import tell_periods_over


@jobs.job("mentoring.solve_round")
def solve_round(*, message_id: str, round_id: str, actor_id: str) -> None:
    """Solve one round that waits for it."""
    actor, programme = selectors.solving_round(actor_id, round_id)
    services.finish_solving(actor=actor, programme=programme, public_id=round_id)


@jobs.job("mentoring.draw_roadmap")
def draw_roadmap(*, message_id: str, roadmap: str) -> None:
    """Work out one roadmap; the outbox calls again if this worker dies."""
    attempts = OutboxMessage.objects.filter(pk=message_id).values_list("attempts", flat=True).first()
    services.draw_roadmap(roadmap=roadmap, attempt=attempts or 1)


@shared_task(name="mentoring.invitations", ignore_result=True)
def invitations() -> int:
    """Remind of invitations that end soon, close those that ran out, and tell of places whose rolling period is over."""
    return services.keep_invitations() + tell_periods_over()


@jobs.job("mentoring.scan_file")
def scan_file(*, message_id: str, file: str, attempt: int) -> None:
    """Ask the scanner about one shared file."""
    files.scan_file(file=file, attempt=attempt)


@jobs.job("mentoring.destroy_file")
def destroy_file(*, message_id: str, name: str) -> None:
    """Delete a withdrawn file, and the key that opened it."""
    files.destroy_file(name=name)


@shared_task(name="mentoring.remind", ignore_result=True)
def remind() -> int:
    """Tell owners of actions that are due soon or late; asked often, said once for each date."""
    return services.remind_owners()


@shared_task(name="mentoring.remind_work", ignore_result=True)
def remind_work() -> int:
    """Tell both sides of what an engagement waits for; asked often, said once for each date."""
    return services.remind_returns() + remind_follow_ups()


@shared_task(name="mentoring.climb", ignore_result=True)
def climb() -> int:
    """Let members climb their ladders; a lower rung waits for a manager."""
    return climb_ladders()
