"""Pages of a round in two stages: the office's shortlists, and the calls of both sides."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request, refusals_told
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Refused
from apps.members.selectors import get_programme
from apps.mentoring import selectors, services
from apps.mentoring.forms import VersionForm
from apps.mentoring.forms.shortlists import CallForm, KeepForm


@access(SIGNED_IN)
@require_safe
def shortlists(request: Request, programme: str, round: str) -> HttpResponse:  # noqa: A002 - the keyword of the address
    """Up to three mentors for each request, and after the calls what was said."""
    page = selectors.shortlists_page(request.user, programme, round)
    return render(request, "mentoring/shortlists.html", {"page": page})


@access(SIGNED_IN)
@require_POST
def make(request: Request, programme: str, round: str) -> HttpResponse:  # noqa: A002
    """Work the shortlists out."""
    office = get_programme(request.user, programme)
    with refusals_told(request):
        services.make_shortlists(actor=request.user, programme=office, public_id=round)
        messages.success(request, _("The shortlists are worked out. Nobody is told until you send them."))
    return redirect("mentoring:shortlists", programme=programme, round=round)


@access(SIGNED_IN)
@require_POST
def send(request: Request, programme: str, round: str) -> HttpResponse:  # noqa: A002
    """Tell both sides whom to call."""
    office = get_programme(request.user, programme)
    form = VersionForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Open the page again and try once more."))
    with refusals_told(request):
        services.send_shortlists(actor=request.user, programme=office, public_id=round, **form.cleaned_data)
        messages.success(request, _("Both sides know whom to call."))
    return redirect("mentoring:shortlists", programme=programme, round=round)


@access(SIGNED_IN)
@require_POST
def keep(request: Request, programme: str, round: str, shortlisted: str) -> HttpResponse:  # noqa: A002
    """Take a mentor off a shortlist or put it back."""
    office = get_programme(request.user, programme)
    form = KeepForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Open the page again and try once more."))
    with refusals_told(request):
        services.set_shortlisted(
            actor=request.user, programme=office, round_id=round, public_id=shortlisted, **form.cleaned_data
        )
    return redirect("mentoring:shortlists", programme=programme, round=round)


@access(SIGNED_IN)
@require_safe
def calls(request: Request, member: str) -> HttpResponse:
    """Whom to call."""
    return render(request, "mentoring/calls.html", {"page": selectors.calls_page(request.user, member)})


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def call(request: Request, member: str, shortlisted: str) -> HttpResponse:
    """Note one call and what one thinks of the other side."""
    own, row, initial = selectors.call_page(request.user, member, shortlisted)
    form = CallForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.note_call(actor=request.user, member=own, public_id=shortlisted, **form.cleaned_data)
        except Refused as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(
                request, _("Saved in confidence. You can change it until the final match is made.")
            )
            return redirect("mentoring:calls", member=member)
    context = {"member": own, "row": row, "form": form}
    return render(request, "mentoring/call.html", context, status=422 if form.errors else 200)
