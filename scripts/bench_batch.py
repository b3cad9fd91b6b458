"""A batch of reports by two worker processes against the same batch by one. Processes, never threads.

`python scripts/bench.py batch` prints both clocks; BELAY_BENCH_BATCH says how many reports (6; ten seconds of processor each). The wall clock counts only on a machine with two free cores. Beside it stands what the
processors did: `ratio_by_processor` is the busier worker's share of the serial work, what the wall shows where nobody else works.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.timezone import localdate

REPORTS = int(os.environ.get("BELAY_BENCH_BATCH", "6"))
PATIENCE = 300  # seconds for one report, before the whole is given up with words
WORKER = """
import time
import django
django.setup()
from apps.core.jobs import run_waiting
from apps.reports.pdf import render_pdf
render_pdf("<p>warm</p>", language="en", title="warm")
print("ready", flush=True)
input()
start = time.process_time()
made = 0
while ended := run_waiting():
    made += ended
print(made, time.process_time() - start, flush=True)
"""


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of the wall, and seconds of the processor for each worker."""

    wall: float
    busy: tuple[float, ...]


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


def took(workers: int) -> Took:
    """What a batch takes so many processes, from the moment at which all of them are ready to work."""
    from apps.core.models import OutboxMessage
    from apps.reports.models import Report
    from apps.reports.services.batches import request_batch

    programme, manager = shared_by(REPORTS)
    OutboxMessage.objects.all().delete()
    batch = request_batch(actor=manager, programme=programme.public_id, language="en", paper="a4")
    running = [_worker() for _ in range(workers)]
    start = time.perf_counter()
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate(timeout=PATIENCE * REPORTS)[0].split() for process in running]
    wall = time.perf_counter() - start
    states = set(Report.objects.filter(batch=batch).values_list("state", "renders"))
    assert states == {("ready", 1)}, states
    made = [int(words[0]) for words in said]
    print(f"{workers} worker(s): {made} reports in {wall:.0f} s", file=sys.stderr, flush=True)
    return Took(wall, tuple(float(words[-1]) for words in said))


def _worker() -> subprocess.Popen[str]:
    """A worker that has everything loaded and waits for a line."""
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdout.readline().strip() == "ready"
    return process


def rows(_row: Any) -> list[dict[str, Any]]:
    """The ratio, against 0.65; in words where the machine has one core."""
    name = f"a batch of {REPORTS} reports, two worker processes"
    if len(os.sched_getaffinity(0)) < 2:
        return [
            {"name": name, "skipped": "This machine has one core: two processes cannot be quicker than one."}
        ]
    one, two = took(1), took(2)
    return [
        {
            "name": name,
            "ms": round(two.wall * 1000),
            "bare": "the same batch, one worker process",
            "bare_ms": round(one.wall * 1000),
            "ratio": round(two.wall / one.wall, 2),
            "limit": 0.65,
            "processor_ms": [round(seconds * 1000) for seconds in two.busy],
            "bare_processor_ms": round(one.busy[0] * 1000),
            "ratio_by_processor": round(max(two.busy) / one.busy[0], 2),
        }
    ]
