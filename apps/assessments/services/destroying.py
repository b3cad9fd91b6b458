"""What is no longer held is destroyed: the stored file, and the key that opened it."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from apps.accounts.models import User
from apps.assessments.models import Evidence
from apps.assessments.services.store import discard
from apps.core.jobs import enqueue


@transaction.atomic
def discard_later(*, actor: User | None, name: str) -> None:
    """Queue the destruction of a stored file, after the time that the site keeps removed files."""
    if name:
        pause = timedelta(days=settings.EVIDENCE_RETENTION_DAYS)
        enqueue("assessments.destroy_file", key=f"destroy:{name}", delay=pause, name=name)


def destroy_file(*, name: str) -> None:
    """Delete the file, then forget it and its key; a file that a piece in force refers to is left alone."""
    if not name or Evidence.objects.in_force().filter(file=name).exists():
        return
    discard(name)
    Evidence.objects.filter(file=name, removed_at__isnull=False).update(file="", file_key="")
