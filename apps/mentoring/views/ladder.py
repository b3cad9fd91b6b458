"""Pages of the graduation ladder."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Refused
from apps.mentoring.forms.ladder import RungForm
from apps.mentoring.selectors import ladder as selectors
from apps.mentoring.services import ladder as services


@access(SIGNED_IN)
@require_safe
def member_ladder(request: Request, member: str) -> HttpResponse:
    """Where a member stands, why, and what the next rung asks."""
    page = selectors.member_ladder(request.user, member)
    return render(request, "mentoring/member_ladder.html", {"page": page})


@access(SIGNED_IN)
@require_safe
def ladder(request: Request, programme: str) -> HttpResponse:
    """The members of a programme on the ladder."""
    page = selectors.ladder_page(request.user, programme)
    return render(request, "mentoring/ladder.html", {"page": page})


@access(SIGNED_IN)
@require_POST
def decide_rung(request: Request, programme: str, member: str) -> HttpResponse:
    """Hold a member where it stands, or confirm a lower rung."""
    row, standing = selectors.standing_to_decide(request.user, programme, member)
    form = RungForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose, and write a sentence that the member can read."))
    data = form.cleaned_data
    services.decide_rung(
        actor=request.user, programme=row, standing=standing, version=data["version"],
        hold=data["choice"] == "hold", words=data["words"],
    )  # fmt: skip
    messages.success(request, _("Decided. The member’s leads read your sentence."))
    return redirect("mentoring:ladder", programme=programme)
