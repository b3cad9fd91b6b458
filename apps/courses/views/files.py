"""Tables on their way out, as CSV or XLSX; text stays text in both."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpResponse

from apps.core.workbooks import Cell, write_csv, write_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_file(rows: Sequence[Sequence[Cell]], ending: str, *, name: str, title: str) -> HttpResponse:
    """The rows as a file `name` with `ending` csv or xlsx. Raises Http404 for any other ending."""
    if ending == "csv":
        content: str | bytes = "\ufeff" + write_csv(rows)
        kind = "text/csv; charset=utf-8"
    elif ending == "xlsx":
        content, kind = write_workbook({title[:31]: rows}), XLSX
    else:
        raise Http404
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{ending}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=kind, headers=headers)
