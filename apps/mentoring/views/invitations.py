"""Pages of the programme office about one open invitation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.http import Request, refusals_told
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused
from apps.members.selectors import get_programme
from apps.mentoring import selectors, services
from apps.mentoring.forms import VersionForm
from apps.mentoring.forms.rounds import ExtendForm


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def invitation_time(request: Request, programme: str, round: str, proposal: str) -> HttpResponse:  # noqa: A002
    """Until when both sides can answer; POST gives them more time."""
    page = selectors.invitation_time_page(request.user, programme, round, proposal)
    form = ExtendForm(
        request.POST if request.method == "POST" else None,
        initial={"version": page.version, "until": page.suggested},
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            services.extend_invitation(
                actor=request.user, programme=page.programme, round_id=round, public_id=proposal, **form.cleaned_data
            )  # fmt: skip
        except Conflict:
            status = 409
            form.take_version(page.version)
            form.add_error(None, _("Something changed while this page was open. Look again before you save."))
        except Refused as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("Both sides have more time and are told."))
            return redirect("mentoring:board", programme=programme, round=round)
    status = status if status == 409 else 422 if form.errors else 200
    return render(request, "mentoring/invitation_time.html", {"page": page, "form": form}, status=status)


@access(SIGNED_IN)
@require_POST
def withdraw_invitation(request: Request, programme: str, round: str, proposal: str) -> HttpResponse:  # noqa: A002
    """Take an open invitation back."""
    office = get_programme(request.user, programme)
    form = VersionForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Open the page again and try once more."))
    with refusals_told(request):
        services.withdraw_invitation(
            actor=request.user, programme=office, round_id=round, public_id=proposal, **form.cleaned_data
        )
        messages.success(
            request, _("The invitation is taken back. The place is free and both sides are told.")
        )
    return redirect("mentoring:board", programme=programme, round=round)
