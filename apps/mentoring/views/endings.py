"""Pages that rest the work, end it early and take that back; reasons for the programme office."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Refused
from apps.members.selectors import get_member
from apps.mentoring import selectors, services
from apps.mentoring.forms import VersionForm
from apps.mentoring.forms.endings import LeaveForm, PauseForm


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def pause(request: Request, member: str, engagement: str) -> HttpResponse:
    """Rest the work until a day."""
    head = selectors.steering_head(request.user, member, engagement)
    form = PauseForm(request.POST if request.method == "POST" else None, initial={"version": head.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.pause_engagement(
                actor=request.user, member=head.member, engagement=engagement, **form.cleaned_data
            )
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        else:
            messages.success(request, _("The work rests. Both sides are reminded on the day you chose."))
            return redirect("mentoring:engagement", member=member, engagement=engagement)
    return _form(request, "mentoring/pause.html", head, form)


def _form(request: Request, template: str, head: Any, form: Any) -> HttpResponse:
    return render(request, template, {"page": head, "form": form}, status=422 if form.errors else 200)


@access(SIGNED_IN)
@require_POST
def resume(request: Request, member: str, engagement: str) -> HttpResponse:
    """Take the work up again."""
    form = VersionForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Open the page again and try once more."))
    row = get_member(request.user, member)
    services.resume_engagement(
        actor=request.user, member=row, engagement=engagement, version=form.cleaned_data["version"]
    )
    messages.success(request, _("The work goes on."))
    return redirect("mentoring:engagement", member=member, engagement=engagement)


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def leave(request: Request, member: str, engagement: str) -> HttpResponse:
    """End the work early, without blame."""
    head = selectors.steering_head(request.user, member, engagement)
    form = LeaveForm(request.POST if request.method == "POST" else None, initial={"version": head.version})
    if request.method == "POST" and form.is_valid():
        services.leave_engagement(
            actor=request.user, member=head.member, engagement=engagement, **form.cleaned_data
        )
        messages.success(request, _("The engagement has ended. You can take this back within a day."))
        return redirect("mentoring:engagement", member=member, engagement=engagement)
    return _form(request, "mentoring/leave.html", head, form)


@access(SIGNED_IN)
@require_POST
def undo_leave(request: Request, member: str, engagement: str) -> HttpResponse:
    """Take an early end back."""
    row = get_member(request.user, member)
    services.undo_leaving(actor=request.user, member=row, engagement=engagement)
    messages.success(request, _("The engagement goes on as before."))
    return redirect("mentoring:engagement", member=member, engagement=engagement)


@access(SIGNED_IN)
@require_safe
def endings(request: Request, programme: str) -> HttpResponse:
    """Early ends and pauses with their reasons, for the managers."""
    page = selectors.endings_page(request.user, programme)
    return render(request, "mentoring/endings.html", {"page": page})
