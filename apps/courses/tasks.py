"""Work of courses that nobody has to wait for."""

from __future__ import annotations

from apps.core import jobs
from apps.courses import services


@jobs.job("courses.close_attempt")
def close_attempt(*, message_id: str, attempt: str) -> None:
    """Hand in a test whose time is over."""
    services.close_attempt(attempt=attempt)
