"""A programme's rounds, and what is shared with a mentor or an office."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.assessments import services
from apps.assessments.forms import RoundForm
from apps.assessments.selectors.places import round_for
from apps.assessments.selectors.rounds import rounds_page
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Refused


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def rounds(request: Request, programme: str) -> HttpResponse:
    """Rounds of a programme with the progress of its members; POST opens a new one."""
    page = rounds_page(request.user, programme)
    data = request.POST if request.method == "POST" else None
    form = RoundForm(data, versions=page.versions)
    if data is not None and form.is_valid():
        try:
            row = services.open_round(actor=request.user, programme=page.programme, **form.cleaned_data)
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        else:
            messages.success(
                request, _("%(name)s is open. The leads of all members are told.") % {"name": row.name}
            )
            return redirect("assessments:rounds", programme=programme)
    return render(
        request, "assessments/rounds.html", {"page": page, "form": form}, status=422 if form.errors else 200
    )


@access(SIGNED_IN)
@require_POST
def close(request: Request, programme: str, assessment_round: str) -> HttpResponse:
    """Close a round."""
    row = services.close_round(actor=request.user, row=round_for(request.user, programme, assessment_round))
    messages.success(request, _("%(name)s is closed. Assessments under way go on.") % {"name": row.name})
    return redirect("assessments:rounds", programme=programme)


@access(SIGNED_IN)
@require_safe
def shared(request: Request, member: str) -> HttpResponse:
    """What another member shares of its latest result; the reading goes on record."""
    page = services.read_shared_result(actor=request.user, member=member)
    return render(request, "assessments/shared.html", {"page": page})
