"""The outbox: a job is a row first and a doorbell second.

`enqueue` writes the row in the caller's transaction; after the commit the bell rings. A worker claims the row by an
atomic update, keeps its lease alive while it works, and marks it done. Lost bells are rung again by the schedule.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q
from django.utils.timezone import now

from apps.core.logs import request_id
from apps.core.models import OutboxMessage

log = logging.getLogger(__name__)
Handler = Callable[..., None]
_handlers: dict[str, Handler] = {}
MAX_BACKOFF = timedelta(hours=1)


class UnknownJob(KeyError):
    """No handler has this name."""


def job(topic: str) -> Callable[[Handler], Handler]:
    """Register a handler. It is called with the payload as keywords and `message_id`; it must bear being run twice."""

    def register(handler: Handler) -> Handler:
        _handlers[topic] = handler
        return handler

    return register


def enqueue(topic: str, *, key: str, delay: timedelta = timedelta(0), **payload: Any) -> OutboxMessage:
    """Write the job into the outbox; a second call with the same `key` is the same job.

    Must be called inside a transaction. Raises `UnknownJob` for a name that no handler has.
    """
    if topic not in _handlers:
        raise UnknownJob(topic)
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A job belongs in the transaction that decides it.")
    message, _created = OutboxMessage.objects.get_or_create(
        dedupe_key=key, defaults={"topic": topic, "payload": payload, "not_before": now() + delay}
    )
    transaction.on_commit(lambda: ring(str(message.pk)), robust=True)
    return message


def enqueue_many(topic: str, payloads: Mapping[str, Mapping[str, Any]]) -> None:
    """Write one job for each key → payload, as `enqueue` does for one; keys that are there already stay as they are.

    The bells ring one after the other until the broker does not take one: the schedule rings for the rest.
    """
    if topic not in _handlers:
        raise UnknownJob(topic)
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A job belongs in the transaction that decides it.")
    rows = [
        OutboxMessage(topic=topic, dedupe_key=key, payload=dict(given)) for key, given in payloads.items()
    ]
    OutboxMessage.objects.bulk_create(rows, ignore_conflicts=True, batch_size=100)
    transaction.on_commit(lambda: _ring_all([str(row.pk) for row in rows]), robust=True)


def _ring_all(ids: list[str]) -> None:
    for pk in ids:
        if not ring(pk):
            break


def ring(message_id: str) -> bool:
    """Tell a worker that a row waits; say whether the bell was taken.

    A broker that does not answer costs nothing: the row stays.
    """
    OutboxMessage.objects.filter(pk=message_id).update(rung_at=now())
    try:
        current_app.tasks["core.run_message"].apply_async((message_id,), retry=False, ignore_result=True)
    except Exception:
        log.warning(
            "The broker did not take the bell; the schedule rings again.", extra={"message_id": message_id}
        )
        return False
    return True


def due() -> Q:
    """Rows that may be claimed now: waiting ones whose time has come, claimed ones whose lease ran out."""
    moment = now()
    waiting = Q(state=OutboxMessage.State.WAITING, not_before__lte=moment)
    abandoned = Q(state=OutboxMessage.State.CLAIMED, leased_until__lt=moment)
    return waiting | abandoned


def ring_due(limit: int = 200) -> int:
    """Ring for due rows that were not rung in the last lease time; return how many."""
    quiet = Q(rung_at__isnull=True) | Q(
        rung_at__lt=now() - timedelta(seconds=min(20, settings.JOB_LEASE_SECONDS))
    )
    ids = list(
        OutboxMessage.objects.filter(due() & quiet)
        .order_by("not_before")
        .values_list("pk", flat=True)[:limit]
    )
    for pk in ids:
        ring(str(pk))
    return len(ids)


def claim(message_id: str) -> OutboxMessage | None:
    """Take the row for this worker by one UPDATE; None if another has it or it is done."""
    lease = secrets.token_hex(16)
    taken = OutboxMessage.objects.filter(due(), pk=message_id).update(
        state=OutboxMessage.State.CLAIMED,
        lease=lease,
        attempts=F("attempts") + 1,
        leased_until=now() + timedelta(seconds=settings.JOB_LEASE_SECONDS),
    )
    return OutboxMessage.objects.get(pk=message_id) if taken else None


def _renew(message: OutboxMessage) -> None:
    """One beat. A database that does not answer costs this beat only; the next one may still come in time."""
    until = now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
    try:
        OutboxMessage.objects.filter(pk=message.pk, lease=message.lease).update(leased_until=until)
    except DatabaseError as fault:
        log.warning("The lease was not renewed.", exc_info=fault, extra={"topic": message.topic})


@contextmanager
def heartbeat(message: OutboxMessage) -> Iterator[None]:
    """Renew the lease every third of its time while the body runs."""
    stop = threading.Event()

    def beat() -> None:
        try:
            while not stop.wait(settings.JOB_LEASE_SECONDS / 3):
                _renew(message)
        finally:
            connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=5)


def run_message(message_id: str) -> bool:
    """Claim and run one row. True if it was run to its end here; a failure is recorded and tried again later."""
    message = claim(message_id)
    if message is None:
        return False
    token = request_id.set(str(message.pk))
    try:
        with heartbeat(message):
            _handlers[message.topic](message_id=str(message.pk), **message.payload)
    except Exception as fault:
        _failed(message, fault)
        return False
    finally:
        request_id.reset(token)
    mine = OutboxMessage.objects.filter(pk=message.pk, lease=message.lease)
    mine.update(state=OutboxMessage.State.DONE, done_at=now(), last_error="")
    return True


def _failed(message: OutboxMessage, fault: Exception) -> None:
    """Back off, doubling up to an hour; after the last attempt the row is dead and says so."""
    dead = message.attempts >= settings.JOB_MAX_ATTEMPTS
    pause = min(MAX_BACKOFF, timedelta(seconds=5 * 2 ** (message.attempts - 1)))
    OutboxMessage.objects.filter(pk=message.pk, lease=message.lease).update(
        state=OutboxMessage.State.DEAD if dead else OutboxMessage.State.WAITING,
        not_before=now() + pause,
        last_error=f"{type(fault).__name__}: {fault}"[:500],
    )
    level = logging.ERROR if dead else logging.WARNING
    log.log(
        level, "A job failed.", exc_info=fault, extra={"topic": message.topic, "attempts": message.attempts}
    )


def run_waiting(limit: int = 100) -> int:
    """Run due rows in this process, oldest first: the relay that needs no broker. Return how many ended well."""
    ids = list(
        OutboxMessage.objects.filter(due()).order_by("not_before").values_list("pk", flat=True)[:limit]
    )
    return sum(run_message(str(pk)) for pk in ids)


def oldest_waiting_seconds() -> float:
    """Age of the oldest row that should have run, in seconds; 0 when none waits."""
    oldest = (
        OutboxMessage.objects.filter(due())
        .order_by("not_before")
        .values_list("not_before", flat=True)
        .first()
    )
    return max(0.0, (now() - oldest).total_seconds()) if oldest else 0.0
