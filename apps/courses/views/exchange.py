"""What was learned, taken to other systems: xAPI statements, and a cohort as tables."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.workbooks import write_csv
from apps.courses.selectors import cohorts as reads
from apps.courses.selectors.roster import roster
from apps.courses.selectors.xapi import cohort_statements, my_statements


@access(SIGNED_IN)
@require_safe
def my_xapi(request: Request) -> HttpResponse:
    """The person's own statements."""
    return _json(my_statements(request.user), "learning-xapi")


@access(SIGNED_IN)
@require_safe
def cohort_xapi(request: Request, cohort: str) -> HttpResponse:
    """Statements about the learners of a cohort, for those who run it."""
    row = reads.get_run_cohort(request.user, cohort)
    return _json(cohort_statements(request.user, row), f"cohort-xapi-{row.public_id}")


@access(SIGNED_IN)
@require_safe
def cohort_roster(request: Request, cohort: str) -> HttpResponse:
    """Four CSV files in one ZIP."""
    row = reads.get_run_cohort(request.user, cohort)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for name, rows in roster(request.user, row).tables().items():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            package.writestr(member, write_csv(rows), zipfile.ZIP_DEFLATED)
    return _file(held.getvalue(), "application/zip", f"cohort-{row.public_id}.zip")


def _json(statements: Sequence[dict[str, Any]], name: str) -> HttpResponse:
    text = json.dumps(statements, ensure_ascii=False, indent=1)
    return _file(text.encode(), "application/json; charset=utf-8", f"{name}.json")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=kind, headers=headers)
