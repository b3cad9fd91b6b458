"""Pages of invitations and engagements."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request, fresh_sign_in
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused
from apps.members.selectors import get_member
from apps.mentoring import selectors, services
from apps.mentoring.forms import CloseForm, DeclineForm, GoalForm, SessionForm
from apps.mentoring.selectors.hours import hours_page
from apps.mentoring.selectors.meetings import first_note


@access(SIGNED_IN)
@require_safe
def invitation(request: Request, member: str, proposal: str) -> HttpResponse:
    """Who, what, why, and what accepting means."""
    page = selectors.invitation_page(request.user, member, proposal)
    return render(request, "mentoring/invitation.html", {"page": page, "form": DeclineForm()})


@access(SIGNED_IN)
@require_POST
@fresh_sign_in
def accept(request: Request, member: str, proposal: str) -> HttpResponse:
    """Say yes."""
    row = get_member(request.user, member)
    found = services.accept_invitation(actor=request.user, member=row, public_id=proposal)
    if found is None:
        messages.success(
            request, _("You have accepted. The engagement starts when the other side accepts too.")
        )
        return redirect("mentoring:invitation", member=member, proposal=proposal)
    messages.success(request, _("Both sides have accepted. Agree on a first date."))
    return redirect("mentoring:engagement", member=member, engagement=found.public_id)


@access(SIGNED_IN)
@require_POST
def decline(request: Request, member: str, proposal: str) -> HttpResponse:
    """Say no, with a reason."""
    form = DeclineForm(request.POST)
    if not form.is_valid():
        page = selectors.invitation_page(request.user, member, proposal)
        return render(request, "mentoring/invitation.html", {"page": page, "form": form}, status=422)
    row = get_member(request.user, member)
    services.decline_invitation(
        actor=request.user, member=row, public_id=proposal, reason=form.cleaned_data["reason"]
    )
    messages.success(request, _("You have declined. The request waits for the next round."))
    return redirect("mentoring:engagements", member=member)


@access(SIGNED_IN)
@require_safe
def engagements(request: Request, member: str) -> HttpResponse:
    """Engagements and invitations of a member."""
    return render(
        request, "mentoring/engagements.html", {"page": selectors.engagements_page(request.user, member)}
    )


@access(SIGNED_IN)
@require_safe
def programme_engagements(request: Request, programme: str) -> HttpResponse:
    """Engagements of a programme: titles and counts."""
    page = selectors.programme_engagements(request.user, programme)
    return render(request, "mentoring/programme_engagements.html", {"page": page})


@access(SIGNED_IN)
@require_safe
def engagement(request: Request, member: str, engagement: str) -> HttpResponse:
    """The workspace of one engagement."""
    return _workspace(request, member, engagement)


def _workspace(
    request: Request, member: str, engagement: str, status: int = 200, **context: Any
) -> HttpResponse:
    page = selectors.workspace(request.user, member, engagement)
    forms = {
        "ending": selectors.ending_of(request.user, member, engagement),
        "close_form": CloseForm(initial={"version": page.version}),
    }
    return render(request, "mentoring/engagement.html", {"page": page, **forms, **context}, status=status)


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def new_session(request: Request, member: str, engagement: str) -> HttpResponse:
    """Write the note of a session."""
    draft = selectors.session_draft(request.user, member, engagement)
    planned = first_note(request.user, member, engagement, request.GET.get("meeting", "")[:20])
    form = SessionForm(
        request.POST if request.method == "POST" else None,
        initial={**draft.initial, **planned, "idempotency": secrets.token_hex(16)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.log_session(
                actor=request.user, member=draft.workspace.member, engagement=engagement,
                idempotency=form.cleaned_data["idempotency"], meeting=form.cleaned_data["meeting"], **form.note(),
            )  # fmt: skip
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        else:
            messages.success(request, _("The note is saved. Both sides can read it."))
            _warn_of_hours(request, member, engagement)
            return redirect("mentoring:engagement", member=member, engagement=engagement)
    return render(
        request,
        "mentoring/session_form.html",
        {"page": draft, "form": form, "hours": hours_page(request.user, member, engagement)},
        status=422 if form.errors else 200,
    )


def _warn_of_hours(request: Request, member: str, engagement: str) -> None:
    if hours_page(request.user, member, engagement).over:
        messages.warning(request, _("More hours are written down for this month than were offered."))


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def edit_session(request: Request, member: str, engagement: str, session: str) -> HttpResponse:
    """Change the note of a session."""
    draft = selectors.session_draft(request.user, member, engagement, session)
    form = SessionForm(request.POST if request.method == "POST" else None, initial=draft.initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_session(
                actor=request.user, member=draft.workspace.member, engagement=engagement, public_id=session,
                version=form.cleaned_data["version"] or 0, **form.note(),
            )  # fmt: skip
        except Conflict:
            form.take_version(draft.initial["version"])
            return render(
                request,
                "mentoring/session_form.html",
                {"page": draft, "form": form, "theirs": draft.session},
                status=409,
            )
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        else:
            messages.success(request, _("The note is changed."))
            _warn_of_hours(request, member, engagement)
            return redirect("mentoring:engagement", member=member, engagement=engagement)
    return render(
        request,
        "mentoring/session_form.html",
        {"page": draft, "form": form},
        status=422 if form.errors else 200,
    )


@access(SIGNED_IN)
@require_POST
def goal(request: Request, member: str, engagement: str, goal: str) -> HttpResponse:
    """Say where a goal stands."""
    form = GoalForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose one of the states."))
    row = get_member(request.user, member)
    services.set_goal(
        actor=request.user, member=row, engagement=engagement, public_id=goal, **form.cleaned_data
    )
    return redirect("mentoring:engagement", member=member, engagement=engagement)


@access(SIGNED_IN)
@require_POST
def close(request: Request, member: str, engagement: str) -> HttpResponse:
    """End the work with a note."""
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _workspace(request, member, engagement, status=422, close_form=form, form=form)
    row = get_member(request.user, member)
    services.close_engagement(actor=request.user, member=row, engagement=engagement, **form.cleaned_data)
    messages.success(request, _("The engagement is closed, and the mentor can no longer read the result."))
    return redirect("mentoring:engagement", member=member, engagement=engagement)
