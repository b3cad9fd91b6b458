"""Jobs that put refused requests on record."""

from __future__ import annotations

from apps.core.jobs import job
from apps.home.services.denied import record_denied, record_flood


@job("home.note_denied")
def note(
    *, message_id: str, actor: str, route: str, method: str, things: dict[str, str], request: str
) -> None:
    """One address that a person asked for; run twice, it leaves one row."""
    record_denied(actor=actor, route=route, method=method, things=things, request=request)


@job("home.note_flood")
def flood(*, message_id: str, actor: str) -> None:
    """Many addresses in an hour."""
    record_flood(actor=actor)
