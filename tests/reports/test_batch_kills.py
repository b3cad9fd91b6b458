"""Real worker processes that are killed in the middle of a batch: every report exactly once in the end."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, connections

from apps.core.models import OutboxMessage
from apps.reports.models import Report
from tests.people import Cast, make_cast
from tests.reports.faults import assert_clear, assert_exactly_once, page_of
from tests.reports.shared import batch_of, members
from tests.stack import ROOT, Stack

ON_SERVER = connection.vendor == "postgresql"
KILLS, MEMBERS = 3, 4  # after four deaths at one report it is given up, in words
pytestmark = pytest.mark.django_db(transaction=True)  # an open transaction would hold up the copy


@pytest.fixture
def place(tmp_path: Path, settings: Any, transactional_db: None) -> Iterator[dict[str, str]]:
    """A database that other processes see too, in use here as well: the environment of these processes."""
    data = tmp_path / "data"
    (data / "files").mkdir(parents=True)
    default = settings.STORAGES["default"]["BACKEND"]
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": default, "OPTIONS": {"location": str(data / "files")}},
    }
    environment = Stack(
        data, JOB_LEASE_SECONDS="2", LOG_LEVEL="CRITICAL", SECRET_KEY=settings.SECRET_KEY
    ).environment
    if ON_SERVER:
        parts = urlsplit(os.environ["DATABASE_URL"])
        environment |= {
            "DATABASE_URL": urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}")),
            "DATABASE_POOL": "0",
        }
        yield environment
        return
    environment.pop("DATABASE_URL", None)
    yield from _on_disk(data / "belay.sqlite3", environment)


def _on_disk(path: Path, environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """A copy of the empty test database as a file; this thread works on it until the test is over."""
    memory = connections["default"]
    with memory.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])
    file = type(memory)({**memory.settings_dict, "NAME": str(path)}, "default")
    connections["default"] = file
    try:
        yield environment
    finally:
        file.close()
        connections["default"] = memory


class Workers:
    """Real worker processes, each in a group of its own; none outlives the test."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "relay", "--pause", "0.1"], cwd=ROOT, env=self.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        self.running.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """The power cut: nothing of the process runs any more."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(40)
        self.running.remove(process)


@pytest.fixture
def workers(place: dict[str, str]) -> Iterator[Workers]:
    found = Workers(place)
    yield found
    for process in list(found.running):
        found.kill(process)


def _attempts() -> int:
    with suppress(DatabaseError):
        return sum(OutboxMessage.objects.values_list("attempts", flat=True))
    return 0


def test_batch_whose_workers_are_killed_is_made_exactly_once(place: dict[str, str], workers: Workers) -> None:
    cast: Cast = make_cast()
    members(cast, MEMBERS)
    batch = batch_of(cast)
    dice, cut = random.Random(7), 0
    for _kill in range(KILLS):
        before, worker = _attempts(), workers.start()
        Stack.wait(lambda was=before: _attempts() > was, 60, "the worker takes no job")
        time.sleep(dice.uniform(0.0, 0.6))
        workers.kill(worker)
        cut += Report.objects.filter(state="working").count()
        assert_clear(page_of(cast, batch))
    workers.start(), workers.start()
    Stack.wait(
        lambda: not OutboxMessage.objects.exclude(state="done").exists(), 180, "the batch does not end"
    )
    assert cut, "no kill hit a report"
    assert default_storage.exists(str(Report.objects.order_by("pk")[0].file))
    assert_exactly_once(cast, batch, MEMBERS)
