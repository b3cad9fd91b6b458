"""Everything the site holds of a member as one archive: asked for, followed, taken, deleted; for its leads."""

from __future__ import annotations

import secrets

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.http import Request, fresh_sign_in
from apps.core.access import SIGNED_IN, access
from apps.core.downloads import send_file
from apps.reports.forms.exports import ExportForm
from apps.reports.selectors.exports import exports_page
from apps.reports.services import exports as services


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_sign_in
def exports(request: Request, member: str) -> HttpResponse:
    """The archives of a member, and a new one."""
    page = exports_page(request.user, member)
    if request.method == "POST":
        form = ExportForm(request.POST)
        key = form.cleaned_data["key"] if form.is_valid() else secrets.token_hex(16)
        services.ask_export_once(actor=request.user, member=member, key=key)
        return redirect("reports:exports", member=member)
    return render(request, "reports/exports.html", {"page": page, "key": secrets.token_hex(16)})


@access(SIGNED_IN)
@require_POST
@fresh_sign_in
def export_file(request: Request, member_export: str) -> HttpResponseBase:
    """The archive itself; asks for a proof again, since it holds everything."""
    opened = services.open_export(actor=request.user, export=member_export)
    return send_file(
        opened.parts,
        title=opened.name,
        content_type="application/zip",
        size=opened.size,
        sha256=opened.sha256,
    )


@access(SIGNED_IN)
@require_POST
def export_delete(request: Request, member_export: str) -> HttpResponse:
    """Delete an archive with its file."""
    member = services.delete_export(actor=request.user, export=member_export)
    return redirect("reports:exports", member=member)
