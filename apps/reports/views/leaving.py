"""The deletion of a member: asked for, confirmed by somebody else, taken back; and its receipt."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request, fresh_sign_in
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Refused
from apps.reports.forms.leaving import LeavingForm
from apps.reports.selectors import leaving as selectors
from apps.reports.services import leaving as services


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_sign_in
def leaving(request: Request, member: str) -> HttpResponse:
    """Where the deletion stands, and asking for it."""
    page = selectors.leaving_page(request.user, member)
    form = LeavingForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                services.ask_to_leave(actor=request.user, member=member, name=form.cleaned_data["name"])
                return redirect("reports:leaving", member=member)
            except Refused as refusal:
                form.add_error(refusal.field or None, refusal.message)
        status = 422
    return render(request, "reports/leaving.html", {"page": page, "form": form}, status=status)


@access(SIGNED_IN)
@require_POST
@fresh_sign_in
def leaving_confirm(request: Request, member_leaving: str) -> HttpResponse:
    """Confirm it as the second person."""
    row = services.confirm_leaving(actor=request.user, leaving=member_leaving)
    messages.success(request, _("The deletion is confirmed. It can be taken back until its day."))
    return redirect("reports:leaving", member=row.member.public_id)


@access(SIGNED_IN)
@require_POST
def leaving_cancel(request: Request, member_leaving: str) -> HttpResponse:
    """Take it back."""
    row = services.cancel_leaving(actor=request.user, leaving=member_leaving)
    messages.success(request, _("The deletion was taken back. Nothing was deleted."))
    return redirect("reports:leaving", member=row.member.public_id)


@access(SIGNED_IN)
@require_safe
def leaving_receipt(request: Request, member_leaving: str) -> HttpResponse:
    """The receipt as people read it."""
    page = selectors.receipt_page(request.user, member_leaving)
    return render(request, "reports/receipt.html", {"page": page})


@access(SIGNED_IN)
@require_safe
def leaving_receipt_file(request: Request, member_leaving: str) -> HttpResponse:
    """The signed receipt."""
    answer = JsonResponse(selectors.receipt_of(request.user, member_leaving), json_dumps_params={"indent": 1})
    answer["Content-Disposition"] = 'attachment; filename="belay-receipt.json"'
    answer["Cache-Control"] = "private, no-store"
    return answer
