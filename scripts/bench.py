"""Ratios of what Belay does against the bare limit, both measured in the same run, as JSON.

Each row: what was measured, milliseconds (the smaller of two medians), the bare limit, and their ratio. Ratios can be
compared between machines; milliseconds cannot. Memory is in megabytes, against its limit.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ["BELAY_DEMO"] = "1"
os.environ["BELAY_DATA_DIR"] = tempfile.mkdtemp(prefix="belay-bench-")
os.environ.pop("DATABASE_URL", None)
os.environ["LOG_LEVEL"] = "ERROR"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django  # noqa: E402

django.setup()

import bench_batch  # noqa: E402
import bench_bulk  # noqa: E402
import bench_learning  # noqa: E402
import bench_matching  # noqa: E402
import bench_picture  # noqa: E402
import bench_planning  # noqa: E402
import bench_reports  # noqa: E402
import bench_saving  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402


def timed(
    acts: Sequence[Callable[[], Any]], times: int, clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """Milliseconds of one call of each: the smaller of two medians. Calls take turns, to share the machine's mood."""
    rounds = []
    for _ in range(2):
        spans: list[list[float]] = [[] for _ in acts]
        for _ in range(times):
            for act, mine in zip(acts, spans, strict=True):
                start = clock()
                act()
                mine.append(clock() - start)
        rounds.append([statistics.median(mine) * 1000 for mine in spans])
    return [min(medians) for medians in zip(*rounds, strict=True)]


def row(
    name: str,
    ours: Callable[[], Any],
    bare: Callable[[], Any],
    bare_name: str,
    times: int = 15,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, Any]:
    """Measure both, after each has run once. What only computes may be measured by the processor's own clock."""
    ours(), bare()
    a, b = timed([ours, bare], times, clock)
    return {
        "name": name,
        "ms": round(a, 3),
        "bare": bare_name,
        "bare_ms": round(b, 3),
        "ratio": round(a / b, 2),
    }


def scoring() -> dict[str, Any]:
    """Score 61 national indicators with explanation against the bare exact sums."""
    from apps.frameworks.services import read_framework_file
    from apps.scoring import parse_answers, parse_framework, score

    spec = parse_framework(read_framework_file(Path("content/framework/shared.yaml")), scope="national")
    rated = {"level": 3, "evidence": "E2", "dated": "2026-01-10"}
    sheet = parse_answers(
        {"framework": spec.id, "version": spec.version, "scope": "national", "on": "2026-05-01",
         "answers": {i.code: rated for i in spec.indicators}}, spec,
    )  # fmt: skip
    levels = [(i.weight, Fraction(60)) for i in spec.indicators]

    def bare() -> Fraction:
        parts = [levels[n : n + 3] for n in range(0, len(levels), 3)]
        means = [
            sum((w * v for w, v in part), Fraction(0)) / sum((w for w, _ in part), Fraction(0))
            for part in parts
        ]
        return sum(means, Fraction(0)) / len(means)

    def ours() -> Any:
        return score(spec, sheet.answers, on=sheet.on).as_document()

    return row("score 61 indicators, explained", ours, bare, "the same exact means, nothing else", 20)


def pages() -> list[dict[str, Any]]:
    """Pages against the smallest page of the same stack, a save against one bare committed row."""
    from apps.accounts.models import User
    from apps.core.models import IdempotencyKey
    from apps.members.models import Membership

    lead = (
        Membership.objects.filter(role="lead", member__is_demo=True, user__is_demo=True)
        .select_related("member", "user")
        .order_by("pk")[0]
    )
    manager = User.objects.filter(programmes__isnull=False, is_demo=True).order_by("pk")[0]
    clients = {}
    for name, user in (("lead", lead.user), ("manager", manager)):
        clients[name] = Client(SERVER_NAME="localhost")
        clients[name].force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    programme = manager.programmes.get().public_id
    member = lead.member.public_id

    def get(person: str, path: str) -> Callable[[], Any]:
        def act() -> None:
            assert clients[person].get(path).status_code == 200, path

        return act

    def save_profile() -> None:
        data = {"full_name": "Bench", "call_name": "", "language": "", "time_zone": "UTC", "theme": ""}
        assert clients["lead"].post("/me/account/", data).status_code == 302

    def bare_row() -> None:
        with transaction.atomic():
            IdempotencyKey.objects.create(owner="bench", scope="bench", key=str(time.perf_counter_ns()))

    small = get("lead", "/me/notifications/")
    return [
        row("member overview", get("lead", f"/o/{member}/"), small, "a signed-in page with one list", 10),
        row(
            "programme overview, all members",
            get("manager", f"/p/{programme}/"),
            small,
            "a signed-in page with one list",
            10,
        ),
        row("save with audit row", save_profile, bare_row, "one committed row", 10),
    ]


def pdf() -> dict[str, Any]:
    """The report of a result against raw WeasyPrint on the same HTML."""
    from weasyprint import HTML

    from apps.assessments.models import Result
    from apps.reports import pdf as door
    from apps.reports.models import Report
    from apps.reports.services import render_report, request_assessment_report

    result = Result.objects.filter(member__is_demo=True).order_by("pk")[0]
    asker = result.assessment.lead
    kept: dict[str, Any] = {}
    original = door.render_pdf

    def listen(html: str, **options: Any) -> Any:
        kept["html"] = html
        return original(html, **options)

    from apps.reports.services import rendering as services

    services.render_pdf = listen  # type: ignore[attr-defined]
    report = request_assessment_report(
        actor=asker, member=result.member.public_id, result=result.public_id, language="en", paper="a4"
    )
    render_report(report=report.public_id)
    services.render_pdf = original  # type: ignore[attr-defined]
    assert Report.objects.get(pk=report.pk).state == "ready"
    style = Path("static/css/report.css")

    def bare() -> None:
        HTML(
            string=kept["html"].replace("belay-static:", ""),
            base_url=str(style.parent.parent.resolve()) + "/",
        ).write_pdf(stylesheets=[str(style)], pdf_variant="pdf/ua-1")

    def ours() -> None:
        original(kept["html"], language="en", title="Bench")

    return row("assessment report as PDF", ours, bare, "raw WeasyPrint on the same HTML", 2)


# Each subject has a module of its own beside this one, with a function `rows(row)`. The bulk rows come late: they fill
# the database, which the pages would notice.
SUBJECTS: dict[str, Callable[[], Any]] = {
    "scoring": scoring,
    "matching": lambda: bench_matching.rows(row),
    "planning": lambda: bench_planning.rows(row),
    "pages": pages,
    "saving": lambda: bench_saving.rows(row),
    "learning": lambda: bench_learning.rows(row),
    "pdf": pdf,
    "picture": lambda: bench_picture.rows(row),
    "batch": lambda: bench_batch.rows(row),
    "bulk": lambda: bench_bulk.rows(row),
    "reports": lambda: bench_reports.rows(row),
}


def main() -> None:
    wanted = sys.argv[1:] or list(SUBJECTS)
    if unknown := [name for name in wanted if name not in SUBJECTS]:
        raise SystemExit(f"No subject {', '.join(unknown)}. There are: {', '.join(SUBJECTS)}.")
    out = StringIO()
    for command in (["migrate", "--verbosity", "0"], ["createcachetable"], ["collectstatic", "--noinput", "--verbosity", "0"],
                    ["load_framework", "content/framework/shared.yaml"], ["load_course", "content/courses/c1-cyber-hygiene"],
                    ["load_resources"], ["load_exercises"], ["demo"]):  # fmt: skip
        call_command(*command, stdout=out)
    rows = []
    for name in wanted:
        print(f"{name} …", file=sys.stderr, flush=True)
        found = SUBJECTS[name]()
        rows += found if isinstance(found, list) else [found]
    print(json.dumps({"database": connection.vendor, "ratios": rows}, indent=2))


if __name__ == "__main__":
    main()
