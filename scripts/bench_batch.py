"""A batch of reports by two worker processes against the same batch by one. Processes, never threads."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import timedelta
from typing import Any

from django.utils.timezone import localdate

REPORTS = 12
WORKER = """
import django
django.setup()
from apps.core.jobs import run_waiting
from apps.reports.pdf import render_pdf
render_pdf("<p>warm</p>", language="en", title="warm")
print("ready", flush=True)
input()
while run_waiting():
    pass
"""


def shared_by(number: int) -> Any:
    """The programme of the demonstration, whose office may read so many whole results; its manager."""
    from apps.accounts.models import User
    from apps.assessments.models import Result
    from apps.members.models import Grant, Programme

    programme = Programme.objects.filter(is_demo=True).order_by("pk")[0]
    manager = User.objects.filter(programmes=programme, is_demo=True).order_by("pk")[0]
    Grant.objects.filter(to_programme=programme).delete()
    standing = Result.objects.standing().filter(member__programmes=programme)
    for member in list(standing.order_by("member").values_list("member", flat=True).distinct()[:number]):
        Grant.objects.create(
            member_id=member, to_programme=programme, given_by=manager, purpose="Bench", ends_on=localdate() + timedelta(9)
        )  # fmt: skip
    return programme, manager


def seconds(workers: int) -> float:
    """How long so many processes take for a batch, from the moment at which all of them are ready to work."""
    from apps.core.models import OutboxMessage
    from apps.reports.models import Report
    from apps.reports.services.batches import request_batch

    programme, manager = shared_by(REPORTS)
    OutboxMessage.objects.all().delete()
    batch = request_batch(actor=manager, programme=programme.public_id, language="en", paper="a4")
    command = [sys.executable, "-c", WORKER]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(workers)
    ]
    for process in running:
        assert process.stdout is not None and process.stdout.readline().strip() == "ready"
    start = time.perf_counter()
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.wait() for process in running] == [0] * workers
    taken = time.perf_counter() - start
    states = set(Report.objects.filter(batch=batch).values_list("state", "renders"))
    assert states == {("ready", 1)}, states
    return taken


def rows(_row: Any) -> list[dict[str, Any]]:
    """The ratio, against 0.65; in words where the machine has one core."""
    name = f"a batch of {REPORTS} reports, two worker processes"
    if len(os.sched_getaffinity(0)) < 2:
        return [
            {"name": name, "skipped": "This machine has one core: two processes cannot be quicker than one."}
        ]
    one, two = min(seconds(1) for _ in range(2)), min(seconds(2) for _ in range(2))
    return [
        {
            "name": name,
            "ms": round(two * 1000),
            "bare": "the same batch, one worker process",
            "bare_ms": round(one * 1000),
            "ratio": round(two / one, 2),
            "limit": 0.65,
        }
    ]
