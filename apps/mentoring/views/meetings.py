"""Pages of planned sessions, and their calendars."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.core.access import PUBLIC, SIGNED_IN, access
from apps.core.errors import Conflict, Refused
from apps.members.selectors import get_member
from apps.mentoring.forms.workspace import MeetingForm
from apps.mentoring.selectors import meetings as reads
from apps.mentoring.services import meetings as acts


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def meetings(request: Request, member: str, engagement: str) -> HttpResponse:
    """What is planned ahead; POST makes a private calendar address and shows it this once, or takes it back."""
    address = ""
    if request.method == "POST":
        row = get_member(request.user, member)
        if request.POST.get("act") == "close":
            acts.end_meeting_address(actor=request.user, member=row, engagement=engagement)
            messages.success(request, _("The calendar address no longer works."))
            return redirect("mentoring:meetings", member=member, engagement=engagement)
        secret = acts.make_meeting_address(actor=request.user, member=row, engagement=engagement)
        address = settings.SITE_URL + reverse("mentoring:meetings_feed", kwargs={"meeting_secret": secret})
    page = reads.meetings_page(request.user, member, engagement)
    response = render(request, "mentoring/meetings.html", {"page": page, "address": address})
    response["Cache-Control"] = "private, no-store"
    return response


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def new(request: Request, member: str, engagement: str) -> HttpResponse:
    """Plan a session."""
    page = reads.meeting_draft(request.user, member, engagement)
    form = MeetingForm(
        request.POST if request.method == "POST" else None, initial={"idempotency": secrets.token_hex(16)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            acts.plan_meeting(
                actor=request.user, member=page.space.member, engagement=engagement,
                idempotency=form.cleaned_data["idempotency"], **form.planned(),
            )  # fmt: skip
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        else:
            messages.success(request, _("The session is planned, and the other side is told."))
            return redirect("mentoring:meetings", member=member, engagement=engagement)
    return _form_page(request, page, form)


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def edit(request: Request, member: str, engagement: str, meeting: str) -> HttpResponse:
    """Change a planned session."""
    page = reads.meeting_draft(request.user, member, engagement, meeting)
    form = MeetingForm(request.POST if request.method == "POST" else None, initial=_held(page.meeting))
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_meeting(
                actor=request.user, member=page.space.member, engagement=engagement, public_id=meeting,
                version=form.cleaned_data["version"] or 0, **form.planned(),
            )  # fmt: skip
        except Conflict:
            page = reads.meeting_draft(request.user, member, engagement, meeting)
            if page.meeting:
                form.take_version(page.meeting.version)
            return _form_page(request, page, form, status=409, theirs=page.meeting)
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        else:
            messages.success(request, _("The session is changed."))
            return redirect("mentoring:meetings", member=member, engagement=engagement)
    return _form_page(request, page, form)


def _held(row: reads.MeetingRow | None) -> dict[str, Any]:
    if row is None:
        return {}
    at = localtime(row.starts_at)
    kept = {name: getattr(row, name) for name in ("minutes", "place", "agenda", "version")}
    return {"on": at.date(), "at": at.time(), **kept}


def _form_page(
    request: Request, page: reads.MeetingDraft, form: MeetingForm, status: int = 0, **context: Any
) -> HttpResponse:
    status = status or (422 if form.errors else 200)
    return render(
        request, "mentoring/meeting_form.html", {"page": page, "form": form, **context}, status=status
    )


@access(SIGNED_IN)
@require_POST
def call_off(request: Request, member: str, engagement: str, meeting: str) -> HttpResponse:
    """Call a planned session off."""
    row = get_member(request.user, member)
    acts.call_off_meeting(actor=request.user, member=row, engagement=engagement, public_id=meeting)
    messages.success(request, _("The session is called off, and the other side is told."))
    return redirect("mentoring:meetings", member=member, engagement=engagement)


@access(SIGNED_IN)
@require_safe
def meeting_file(request: Request, member: str, engagement: str, meeting: str) -> HttpResponse:
    """One session as a file for any calendar."""
    return _file(reads.calendar_of(request.user, member, engagement, meeting), "session.ics")


@access(SIGNED_IN)
@require_safe
def meetings_file(request: Request, member: str, engagement: str) -> HttpResponse:
    """All sessions of the engagement as a file."""
    return _file(reads.calendar_of(request.user, member, engagement), "sessions.ics")


@access(PUBLIC)
@require_safe
def feed(request: HttpRequest, meeting_secret: str) -> HttpResponse:
    """The same by a private address, in its owner's language."""
    found = reads.followed_by(meeting_secret)
    with translation.override(found.language):
        return _file(found.text(), "", {"X-Robots-Tag": "noindex"})


def _file(content: bytes, name: str, more: dict[str, str] | None = None) -> HttpResponse:
    headers = {"Cache-Control": "private, no-store", **(more or {})}
    if name:
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
