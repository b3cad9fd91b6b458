"""Pages of requests that wait: the list of the office, the urgent lane, asking again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request, refusals_told
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Refused
from apps.members.selectors import get_member, get_programme
from apps.mentoring import selectors, services
from apps.mentoring.forms.rounds import OfferIdForm, UrgencyAnswerForm, UrgentForm


@access(SIGNED_IN)
@require_safe
def waiting(request: Request, programme: str) -> HttpResponse:
    """Who waits, in order, and who fits."""
    page = selectors.waiting_page(request.user, programme)
    return render(request, "mentoring/waiting.html", {"page": page})


@access(SIGNED_IN)
@require_POST
def propose(request: Request, programme: str, need: str) -> HttpResponse:
    """Invite a mentor for one request, outside a round."""
    office = get_programme(request.user, programme)
    form = OfferIdForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Open the page again and try once more."))
    with refusals_told(request):
        services.propose_between(actor=request.user, programme=office, need=need, **form.cleaned_data)
        messages.success(request, _("Both sides are invited and have two weeks to answer."))
    return redirect("mentoring:waiting", programme=programme)


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def urgency(request: Request, programme: str, urgency: str) -> HttpResponse:
    """One urgent mark; POST answers it."""
    page = selectors.urgency_page(request.user, programme, urgency)
    form = UrgencyAnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            invited = services.answer_urgency(
                actor=request.user, programme=page.programme, public_id=urgency, **form.cleaned_data
            )
        except Refused as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            _tell_outcome(request, confirmed=form.cleaned_data["confirm"], invited=invited is not None)
            return redirect("mentoring:waiting", programme=programme)
    status = 422 if form.errors else 200
    return render(request, "mentoring/urgency.html", {"page": page, "form": form}, status=status)


def _tell_outcome(request: Request, *, confirmed: bool, invited: bool) -> None:
    if invited:
        messages.success(request, _("A mentor is proposed. Both sides have three days to answer."))
    elif confirmed:
        messages.info(
            request, _("No place fits yet. The request stands first, and you hear when a place is free.")
        )
    else:
        messages.success(request, _("The member reads your answer. The request waits as before."))


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def mark_urgent(request: Request, member: str, need: str) -> HttpResponse:
    """Say that a request cannot wait."""
    page = selectors.urgent_page(request.user, member, need)
    form = UrgentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.mark_urgent(actor=request.user, member=page.member, need=need, **form.cleaned_data)
        except Refused as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("The programme office is told and answers you."))
            return redirect("mentoring:needs", member=member)
    status = 422 if form.errors else 200
    return render(request, "mentoring/urgent.html", {"page": page, "form": form}, status=status)


@access(SIGNED_IN)
@require_POST
def ask_again(request: Request, member: str, need: str) -> HttpResponse:
    """Ask once more after an engagement that is closed."""
    row = get_member(request.user, member)
    with refusals_told(request):
        services.ask_again(actor=request.user, member=row, public_id=need)
        messages.success(request, _("Your request is sent again. The programme office sees it at once."))
    return redirect("mentoring:needs", member=member)
