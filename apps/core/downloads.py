"""A file on its way out: to be saved, whole or not at all, never shown in a page of ours, never kept by a cache."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from apps.core.filecheck.kinds import EXTENSIONS, clean_name
from apps.core.workbooks import XLSX, Cell, Look, write_csv, write_workbook

UNSAFE = re.compile(r"[^-\w.]+")


def send_file(
    parts: Iterable[bytes], *, title: str, content_type: str, size: int, sha256: str = ""
) -> HttpResponseBase:
    """Answer with `parts` under a harmless name made from `title`, with the ending that fits its kind; its checksum if given."""
    ending = EXTENSIONS.get(content_type, ("bin",))[0]
    stem = clean_name(re.sub(r"[/\\]+", "-", title)).removesuffix(f".{ending}")
    name = f"{UNSAFE.sub('_', stem).strip('._-')[:80] or 'evidence'}.{ending}"
    response = StreamingHttpResponse(parts, content_type=content_type or "application/octet-stream")
    response["Content-Length"] = str(size)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Accept-Ranges"] = "none"
    if sha256:
        response["X-SHA256"] = sha256
    return response


def table_file(
    rows: Sequence[Sequence[Cell]], ending: str, *, name: str, title: str, label: str = ""
) -> HttpResponse:
    """The rows as a file `name` with `ending` csv or xlsx. Raises Http404 for any other ending.

    A sharing label (`TLP:AMBER`) stands above and below each printed page of a workbook.
    """
    if ending == "csv":
        content: str | bytes = "\ufeff" + write_csv(rows)
        kind = "text/csv; charset=utf-8"
    elif ending == "xlsx":
        sheet = _sheet_name(title)
        look = Look(label=label, right_to_left=get_language_bidi())
        content, kind = write_workbook({sheet: rows}, looks={sheet: look}), XLSX
    else:
        raise Http404
    headers = {
        "Content-Disposition": content_disposition_header(True, f"{name}.{ending}") or "attachment",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=kind, headers=headers)


def _sheet_name(title: str) -> str:
    """A title as a spreadsheet takes it for the name of a sheet."""
    return re.sub(r"[\[\]:*?/\\\s]+", " ", title)[:31].strip(" '") or _("Table")
