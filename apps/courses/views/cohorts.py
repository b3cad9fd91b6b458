"""Pages of cohorts: lists, the board, inviting, joining."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.core.access import PUBLIC, SIGNED_IN, access
from apps.core.errors import Conflict, Refused
from apps.courses.forms import CohortForm, ListForm
from apps.courses.selectors import cohorts as reads
from apps.courses.services import cohorts as acts
from apps.courses.services import inviting
from apps.members.selectors import get_member, get_programme


@access(SIGNED_IN)
@require_safe
def my_cohorts(request: Request) -> HttpResponse:
    """Cohorts that the person learns in or runs."""
    return render(request, "courses/cohorts.html", {"page": reads.my_cohorts(request.user)})


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def programme_cohorts(request: Request, programme: str) -> HttpResponse:
    """The cohorts of a programme, and one more."""
    return _held(request, programme=get_programme(request.user, programme))


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def member_cohorts(request: Request, member: str) -> HttpResponse:
    """The cohorts of a member, and one more."""
    return _held(request, member=get_member(request.user, member))


def _held(request: Request, **holder: Any) -> HttpResponse:
    """`holder` is one of programme and member."""
    page = reads.held_cohorts(request.user, **holder)
    form = CohortForm(request.POST if request.method == "POST" else None, courses=page.courses)
    if request.method == "POST" and form.is_valid():
        given = {key: value for key, value in form.cleaned_data.items() if key != "version"}
        try:
            row = acts.open_cohort(actor=request.user, **holder, **given)
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        else:
            messages.success(request, _("The cohort is open. Invite its learners now."))
            return redirect("courses:cohort_invite", cohort=row.public_id)
    status = 422 if form.errors else 200
    return render(request, "courses/held_cohorts.html", {"page": page, "form": form}, status=status)


@access(SIGNED_IN)
@require_safe
def cohort(request: Request, cohort: str) -> HttpResponse:
    """The progress board for those who run it; dates and trainers for its learners."""
    row = reads.get_cohort(request.user, cohort)
    if reads.runs(request.user, row):
        return render(request, "courses/cohort_board.html", {"page": reads.board(request.user, row)})
    return render(request, "courses/cohort.html", {"page": reads.cohort_page(request.user, row)})


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def cohort_edit(request: Request, cohort: str) -> HttpResponse:
    """Name, days and note."""
    row = reads.get_changed_cohort(request.user, cohort)
    held = {key: getattr(row, key) for key in ("name", "starts_on", "ends_on", "note", "version")}
    form = CohortForm(request.POST if request.method == "POST" else None, initial=held)
    stored, status = None, 200
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "version": form.cleaned_data["version"] or 0}
        try:
            acts.change_cohort(actor=request.user, cohort=row, **given)
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        except Conflict as fault:
            stored, status = fault.current, 409
            form = CohortForm(initial={**given, "version": stored.version})
        else:
            messages.success(request, _("Saved."))
            return redirect("courses:cohort", cohort=cohort)
    context = {"form": form, "head": reads.cohort_head(request.user, row), "stored": stored}
    return render(request, "courses/cohort_edit.html", context, status=422 if form.errors else status)


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def cohort_invite(request: Request, cohort: str) -> HttpResponse:
    """Check a list of people, then invite all of them."""
    row = reads.get_run_cohort(request.user, cohort)
    posted = request.method == "POST"
    form = ListForm(request.POST if posted else None, request.FILES if posted else None)
    listing = None
    if posted and form.is_valid():
        text = form.cleaned_data["text"]
        if request.POST.get("act") == "invite":
            done = _invite(request, cohort, text)
            if done:
                return done
        listing = inviting.check_list(actor=request.user, cohort=row, text=text)
        form = ListForm(initial={"text": text})
    head = reads.cohort_head(request.user, row)
    bad = form.errors or (listing and not listing.good)
    context = {"form": form, "listing": listing, "head": head}
    return render(request, "courses/cohort_invite.html", context, status=422 if bad else 200)


def _invite(request: Request, cohort: str, text: str) -> HttpResponse | None:
    """Invite, or nothing when a line has a fault: the list is then shown with it."""
    try:
        done = inviting.invite_people(
            actor=request.user, cohort=reads.get_run_cohort(request.user, cohort), text=text
        )
    except Refused as fault:
        messages.error(request, fault.message)
        return None
    said = ngettext("%(n)d person is invited.", "%(n)d people are invited.", len(done.new))
    messages.success(request, said % {"n": len(done.new)})
    return redirect("courses:cohort", cohort=cohort)


@access(SIGNED_IN)
@require_POST
def cohort_nudge(request: Request, cohort: str) -> HttpResponse:
    """Remind those who are behind."""
    row = reads.get_run_cohort(request.user, cohort)
    sent = acts.nudge_behind(actor=request.user, cohort=row)
    said = ngettext("%(n)d person was reminded.", "%(n)d people were reminded.", sent)
    nobody = _("Nobody was reminded: everyone behind was reminded in the last seven days.")
    messages.success(request, said % {"n": sent} if sent else nobody)
    return redirect("courses:cohort", cohort=cohort)


@access(SIGNED_IN)
@require_POST
def cohort_leave(request: Request, cohort: str) -> HttpResponse:
    """Leave the cohort."""
    acts.leave_cohort(actor=request.user, cohort=reads.get_cohort(request.user, cohort))
    messages.success(request, _("You have left the cohort. Your course goes on."))
    return redirect("courses:cohorts")


@access(SIGNED_IN)
@require_POST
def cohort_remove(request: Request, cohort: str, cohort_person: str) -> HttpResponse:
    """Take a person out of the cohort."""
    row = reads.get_changed_cohort(request.user, cohort)
    acts.remove_from_cohort(actor=request.user, cohort=row, person=cohort_person)
    messages.success(request, _("Removed from the cohort."))
    return redirect("courses:cohort", cohort=cohort)


@access(SIGNED_IN)
@require_POST
def cohort_uninvite(request: Request, cohort: str, cohort_invitation: str) -> HttpResponse:
    """Withdraw an invitation."""
    row = reads.get_run_cohort(request.user, cohort)
    inviting.withdraw_cohort_invitation(actor=request.user, cohort=row, invitation=cohort_invitation)
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("courses:cohort", cohort=cohort)


@access(PUBLIC)
@require_safe
def cohort_invitation(request: HttpRequest, cohort_invitation: str) -> HttpResponse:
    """What the invitation is about, and who will see what."""
    page = reads.cohort_invitation_page(request.user, cohort_invitation)
    return render(request, "courses/cohort_invitation.html", {"page": page})


@access(SIGNED_IN)
@require_POST
def cohort_join(request: Request, cohort_invitation: str) -> HttpResponse:
    """Accept the invitation."""
    row = acts.join_cohort(actor=request.user, invitation=cohort_invitation)
    messages.success(request, _("Welcome to %(cohort)s.") % {"cohort": row.name})
    return redirect("courses:cohort", cohort=row.public_id)
