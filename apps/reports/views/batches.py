"""One report for each member of a programme: asked for, followed, stopped, repeated, taken as one archive."""

from __future__ import annotations

import secrets

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request, fresh_sign_in
from apps.core.access import SIGNED_IN, access
from apps.core.downloads import send_file
from apps.core.errors import Refused
from apps.core.table_files import rows_a_page
from apps.reports.forms.making import BatchForm
from apps.reports.selectors import batches as selectors
from apps.reports.services import batches as services
from apps.reports.services.zips import open_batch


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_sign_in
def batches(request: Request, programme: str) -> HttpResponse:
    """The batches of a programme, who agreed to a new one, and the form for it."""
    most = rows_a_page(request, selectors.SHOWN)
    page = selectors.batches_page(request.user, programme, most, request.GET.get("page", ""))
    first = {"language": get_language() or "en", "key": secrets.token_hex(16)}
    form = BatchForm(request.POST) if request.method == "POST" else BatchForm(initial=first)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                made = services.ask_batch_once(actor=request.user, programme=programme, **form.cleaned_data)
                return redirect("reports:batch", programme=programme, report_batch=made)
            except Refused as refusal:
                form.add_error(refusal.field or None, refusal.message)
        status = 422
    return render(request, "reports/batches.html", {"page": page, "form": form}, status=status)


@access(SIGNED_IN)
@require_safe
def batch(request: Request, programme: str, report_batch: str) -> HttpResponse:
    """How far a batch is, member by member."""
    page = selectors.batch_page(request.user, programme, report_batch)
    return render(request, "reports/batch.html", {"page": page})


@access(SIGNED_IN)
@require_safe
def batch_zip(request: Request, programme: str, report_batch: str) -> HttpResponseBase:
    """What is ready and still shared, as one archive."""
    archive = open_batch(actor=request.user, programme=programme, batch=report_batch)
    return send_file(
        archive.parts,
        title=archive.name,
        content_type="application/zip",
        size=archive.size,
        sha256=archive.sha256,
    )


@access(SIGNED_IN)
@require_POST
def batch_cancel(request: Request, programme: str, report_batch: str) -> HttpResponse:
    """Stop what is left."""
    services.cancel_batch(actor=request.user, programme=programme, batch=report_batch)
    return redirect("reports:batch", programme=programme, report_batch=report_batch)


@access(SIGNED_IN)
@require_POST
def batch_retry(request: Request, programme: str, report_batch: str) -> HttpResponse:
    """Make again what failed, was stopped or has expired."""
    services.retry_batch(actor=request.user, programme=programme, batch=report_batch)
    return redirect("reports:batch", programme=programme, report_batch=report_batch)


@access(SIGNED_IN)
@require_POST
def batch_delete(request: Request, programme: str, report_batch: str) -> HttpResponse:
    """Delete a batch with its reports."""
    services.delete_batch(actor=request.user, programme=programme, batch=report_batch)
    return redirect("reports:batches", programme=programme)
