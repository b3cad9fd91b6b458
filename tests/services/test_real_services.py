"""On real services only: PostgreSQL holds the rows, a real broker rings, a real worker works, and a kill loses nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.stack import Stack

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(os.environ.get("BELAY_TEST_SERVICES") != "1", reason="needs scripts/services.sh"),
]


@pytest.mark.django_db
def test_suite_runs_on_postgresql() -> None:
    assert connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        assert int(cursor.fetchone()[0].split(".")[0]) >= 14


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    site = Stack(
        tmp_path_factory.mktemp("site") / "data",
        DATABASE_URL=os.environ["DATABASE_URL"],
        BROKER_URL=os.environ["BROKER_URL"],
    )
    site.prepare(demo=False)
    yield site
    site.stop()


def queue_mail(site: Stack, key: str) -> None:
    site.ask(
        "from django.db import transaction\nfrom apps.core.mail import queue_mail\n"
        "with transaction.atomic():\n"
        f"    queue_mail(to='a@example.org', template='notification', language='en', key='{key}', kind='removed',"
        " values={'member': 'CERT'}, path='/', name='A')\n"
        "print(1)"
    )


def done(site: Stack, key: str) -> bool:
    return bool(
        site.ask(
            f"from apps.core.models import OutboxMessage\nprint(int(OutboxMessage.objects.filter(dedupe_key='mail:{key}', state='done').exists()))"
        )
    )


def test_worker_takes_a_job_from_the_broker(stack: Stack) -> None:
    assert settings.CELERY["broker_url"].startswith(("redis://", "amqp://"))
    stack.start("worker")
    queue_mail(stack, "real")
    stack.wait(lambda: done(stack, "real"), 40, "the worker did not take the job")
    mails = list(Path(stack.place / "mail").glob("*.log"))
    assert len(mails) == 1
    assert "You no longer belong to CERT." in mails[0].read_text()
    stack.kill("worker")


def test_job_written_while_no_worker_lives_is_done_after_the_start(stack: Stack) -> None:
    queue_mail(stack, "later")
    assert not done(stack, "later")
    stack.start("worker", "scheduler")
    stack.wait(lambda: done(stack, "later"), 60, "the job was not done after the restart")
    stack.kill("worker")
    stack.kill("scheduler")


def test_save_succeeds_while_the_broker_is_away(stack: Stack) -> None:
    stack.environment["BROKER_URL"] = "redis://127.0.0.1:1/0"
    queue_mail(stack, "away")
    stack.environment["BROKER_URL"] = os.environ["BROKER_URL"]
    assert "jobs done" in stack.run("relay", "--once").stdout
    assert done(stack, "away")
