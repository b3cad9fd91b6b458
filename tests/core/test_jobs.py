"""The outbox: nothing lost, nothing done twice, failures wait and then say so."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils.timezone import now

from apps.core import jobs
from apps.core.models import OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def ran() -> Iterator[list[str]]:
    seen: list[str] = []

    @jobs.job("test.note")
    def note(*, message_id: str, text: str) -> None:
        if text == "break":
            raise ValueError("broken on purpose")
        seen.append(text)

    yield seen
    jobs._handlers.pop("test.note")


def put(text: str, key: str = "") -> OutboxMessage:
    with transaction.atomic():
        return jobs.enqueue("test.note", key=key or text, text=text)


def test_job_runs_once_however_often_the_bell_rings(ran: list[str]) -> None:
    message = put("a")
    assert [jobs.run_message(str(message.pk)) for _ in range(3)] == [True, False, False]
    assert ran == ["a"]


def test_same_key_is_the_same_job(ran: list[str]) -> None:
    assert put("a", key="k").pk == put("b", key="k").pk
    assert jobs.run_waiting() == 1
    assert ran == ["a"]


def test_unknown_job_fails_where_it_is_written() -> None:
    with pytest.raises(jobs.UnknownJob), transaction.atomic():
        jobs.enqueue("test.nope", key="x")


@pytest.mark.django_db(transaction=True)
def test_job_outside_a_transaction_is_refused(ran: list[str]) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        jobs.enqueue("test.note", key="x", text="x")


def test_rolled_back_decision_leaves_no_job(ran: list[str]) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        jobs.enqueue("test.note", key="x", text="x")
        raise RuntimeError
    assert not OutboxMessage.objects.exists()


def test_failing_job_waits_longer_each_time_and_dies_in_the_end(ran: list[str], settings: Any) -> None:
    settings.JOB_MAX_ATTEMPTS = 3
    message = put("break")
    pauses = []
    for _ in range(3):
        OutboxMessage.objects.update(not_before=now())
        jobs.run_message(str(message.pk))
        message.refresh_from_db()
        pauses.append(round((message.not_before - now()).total_seconds() / 5))
    assert pauses == [1, 2, 4]
    assert message.state == OutboxMessage.State.DEAD
    assert "broken on purpose" in message.last_error


def test_worker_that_died_loses_its_lease_and_another_finishes(ran: list[str]) -> None:
    message = put("a")
    assert jobs.claim(str(message.pk)) is not None
    assert jobs.run_message(str(message.pk)) is False
    OutboxMessage.objects.update(leased_until=now() - timedelta(seconds=1))
    assert jobs.run_message(str(message.pk)) is True
    assert ran == ["a"]


def test_lost_bell_is_rung_again_by_the_schedule(ran: list[str]) -> None:
    put("a")
    OutboxMessage.objects.update(rung_at=now() - timedelta(minutes=5))
    assert jobs.ring_due() == 1
    assert jobs.ring_due() == 0


def test_waiting_job_ages_the_outbox(ran: list[str]) -> None:
    put("a")
    OutboxMessage.objects.update(not_before=now() - timedelta(minutes=3))
    assert jobs.oldest_waiting_seconds() >= 180


def test_worker_knows_the_addresses_before_its_first_job() -> None:
    code = (
        "import django, sys, config; django.setup(); from celery.signals import celeryd_after_setup as s;"
        "before = 'apps.reports.urls' in sys.modules; s.send(sender='worker', instance=None, conf=None);"
        "print(before, 'apps.reports.urls' in sys.modules)"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "BELAY_DEMO": "1"}
    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert said.stdout.split() == ["False", "True"], said.stderr
