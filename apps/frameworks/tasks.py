"""Work of frameworks that the schedule starts."""

from __future__ import annotations

from celery import shared_task

from apps.frameworks.services import importing


@shared_task(name="frameworks.forget_uploads", ignore_result=True)
def forget_uploads() -> int:
    """Forget the files that somebody looked at more than an hour ago and may not have imported."""
    return importing.purge_uploads()
