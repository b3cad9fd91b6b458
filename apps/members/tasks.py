"""Work of members that the schedule starts."""

from __future__ import annotations

from celery import shared_task

from apps.members.services import send_heads


@shared_task(name="members.send_heads", ignore_result=True)
def send_record_heads() -> int:
    """Mail the heads of the records to the leads; asked four times a day, done once a week."""
    return send_heads()
