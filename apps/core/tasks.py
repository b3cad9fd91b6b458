"""Doorbells of the outbox and the hourly tidying."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.utils.timezone import now

from apps.core import jobs, mail
from apps.core.models import IdempotencyKey, OutboxMessage


@shared_task(name="core.run_message")
def run_message(message_id: str) -> None:
    """A bell: claim and run this row, if nobody else did."""
    jobs.run_message(message_id)


@shared_task(name="core.ring_due")
def ring_due() -> None:
    """Ring again for rows whose bell was lost or whose worker died."""
    jobs.ring_due()


@shared_task(name="core.tidy")
def tidy() -> None:
    """Drop done outbox rows and idempotency keys after thirty days."""
    limit = now() - timedelta(days=30)
    OutboxMessage.objects.filter(state=OutboxMessage.State.DONE, done_at__lt=limit).delete()
    IdempotencyKey.objects.filter(created_at__lt=limit).delete()


@jobs.job("core.send_mail")
def send_mail(
    *,
    message_id: str,
    to: str,
    template: str,
    language: str,
    context: dict[str, Any],
    headers: dict[str, str] | None = None,
    calendar: str = "",
) -> None:
    """Send one queued mail."""
    mail.send(
        to=to, template=template, language=language, context=context, message_id=message_id, headers=headers,
        calendar=calendar,
    )  # fmt: skip
