"""Taking a framework away as a file, and the empty workbook to write one in."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.utils.http import content_disposition_header, parse_etags
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.core.access import PUBLIC, SIGNED_IN, access
from apps.core.workbooks import XLSX
from apps.frameworks.selectors import taking
from apps.frameworks.services import exporting

MAKER = 1
"""Part of every ETag: raise it when a file of the same document comes out differently."""


@access(PUBLIC)
@require_safe
def download(request: Request, framework: str, version: str, kind: str) -> HttpResponse:
    """One version as YAML, JSON, workbook or OSCAL catalogue; not sent again to who has it already."""
    if kind not in exporting.KINDS:
        raise Http404
    taken = taking.taken_version(request.user, framework, version)
    tag = f'"{taken.document_hash[:32]}-{kind}-{MAKER}"'
    given = parse_etags(request.headers.get("If-None-Match", ""))
    response: HttpResponse
    if tag in given or "*" in given:
        response = HttpResponseNotModified()
    else:
        file = exporting.export_framework(
            taken.document, kind, published_at=taken.published_at, document_hash=taken.document_hash
        )
        response = _sent(file)
    response["ETag"] = tag
    response["Cache-Control"] = "public, max-age=300" if taken.open else "private, no-cache"
    return response


@access(SIGNED_IN)
@require_safe
def template(request: Request) -> HttpResponse:
    """The workbook to write a framework in, for who may bring one."""
    taking.import_owners(request.user)
    content = exporting.template_workbook()
    return _sent(exporting.Download("framework-template.xlsx", XLSX, content))


def _sent(file: exporting.Download) -> HttpResponse:
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    return response
