"""Pages of the files shared in an engagement."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.downloads import send_file
from apps.core.errors import Refused
from apps.core.uploads import too_long
from apps.members.selectors import get_member
from apps.mentoring.forms.workspace import FileForm
from apps.mentoring.selectors.files import files_page
from apps.mentoring.services import files as acts


def _show(request: Request, member: str, engagement: str, status: int = 200, **context: Any) -> HttpResponse:
    page = files_page(request.user, member, engagement)
    context = {"form": FileForm(initial={"key": secrets.token_hex(16)}), **context}
    return render(request, "mentoring/files.html", {"page": page, **context}, status=status)


# Exempt only so far as the size is read before the body is: `_files` below is protected.
@access(SIGNED_IN)
@csrf_exempt
@require_http_methods(["GET", "POST"])
def files(request: Request, member: str, engagement: str) -> HttpResponse:
    """What is shared; POST shares a file."""
    if request.method != "POST":
        return _show(request, member, engagement)
    return too_long(request, settings.EVIDENCE_MAX_BYTES) or _share(request, member, engagement)


@csrf_protect
def _share(request: Request, member: str, engagement: str) -> HttpResponse:
    row = files_page(request.user, member, engagement, to_write=True).space.member
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data
        try:
            acts.share_file(
                actor=request.user, member=row, engagement=engagement, upload=data["file"],
                file_name=data["file"].name or "", title=data["title"], tlp=data["tlp"], idempotency=data["key"],
            )  # fmt: skip
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        else:
            messages.success(request, _("The file is shared, and the other side is told."))
            return redirect("mentoring:files", member=member, engagement=engagement)
    return _show(request, member, engagement, status=422, form=form)


@access(SIGNED_IN)
@require_safe
def file(request: Request, member: str, engagement: str, shared_file: str) -> HttpResponseBase:
    """Download a file; each reading is on record."""
    row = get_member(request.user, member)
    opened = acts.read_file(actor=request.user, member=row, engagement=engagement, public_id=shared_file)
    kept = opened.file
    return send_file(opened.parts, title=kept.title, content_type=kept.content_type, size=kept.size)


@access(SIGNED_IN)
@require_POST
def remove(request: Request, member: str, engagement: str, shared_file: str) -> HttpResponse:
    """Withdraw a file of one's own side."""
    row = get_member(request.user, member)
    acts.remove_file(actor=request.user, member=row, engagement=engagement, public_id=shared_file)
    messages.success(request, _("The file is withdrawn. Nobody opens it any more."))
    return redirect("mentoring:files", member=member, engagement=engagement)
