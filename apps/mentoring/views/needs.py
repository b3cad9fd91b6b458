"""Pages of a member's requests."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused
from apps.members.selectors import get_member
from apps.mentoring import selectors, services
from apps.mentoring.forms import NeedForm, VersionForm
from apps.mentoring.forms.conflicts import differences


@access(SIGNED_IN)
@require_safe
def needs(request: Request, member: str) -> HttpResponse:
    """What the member asks for, and what it could ask for."""
    return render(request, "mentoring/needs.html", {"page": selectors.needs_page(request.user, member)})


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def new_need(request: Request, member: str, area: str) -> HttpResponse:
    """Ask for help in one area."""
    draft = selectors.new_need(request.user, member, area)
    initial = {**draft.initial, "idempotency": secrets.token_hex(16)}
    form = NeedForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        programmes=draft.programmes,
        now_level=draft.suggestion.level,
        partners=draft.partners,
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.send_need(
                actor=request.user, member=draft.member, programme=given.get("programme", ""), area=area,
                idempotency=given["idempotency"], **form.wishes(),
            )  # fmt: skip
        except Refused as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(
                request, _("Your request is sent. The programme office sees it in its next round.")
            )
            return redirect("mentoring:needs", member=member)
    return render(
        request, "mentoring/need_form.html", {"page": draft, "form": form}, status=422 if form.errors else 200
    )


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def edit_need(request: Request, member: str, need: str) -> HttpResponse:
    """Change a request that waits."""
    draft = selectors.edit_need(request.user, member, need)
    form = NeedForm(
        request.POST if request.method == "POST" else None,
        initial=draft.initial,
        programmes=(),
        now_level=draft.suggestion.level,
        partners=draft.partners,
    )
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            services.change_need(
                actor=request.user, member=draft.member, public_id=need, version=version, **form.wishes()
            )
        except Conflict:
            now = selectors.edit_need(request.user, member, need)
            changed = differences(form, now.initial)
            form.take_version(now.initial["version"])
            context = {"page": draft, "form": form, "differences": changed}
            return render(request, "mentoring/need_form.html", context, status=409)
        except Refused as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("Your request is changed."))
            return redirect("mentoring:needs", member=member)
    return render(
        request, "mentoring/need_form.html", {"page": draft, "form": form}, status=422 if form.errors else 200
    )


@access(SIGNED_IN)
@require_POST
def withdraw_need(request: Request, member: str, need: str) -> HttpResponse:
    """Take a request back."""
    form = VersionForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Open the page again and try once more."))
    row = get_member(request.user, member)
    services.withdraw_need(
        actor=request.user, member=row, public_id=need, version=form.cleaned_data["version"]
    )
    messages.success(request, _("Your request is withdrawn."))
    return redirect("mentoring:needs", member=member)
