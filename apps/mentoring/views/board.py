"""What the office looks up and takes back on a board: prices, the last decision, the replay, the stored documents."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.http import Request, refusals_told
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Refused
from apps.members.selectors import get_programme
from apps.mentoring import selectors, services
from apps.mentoring.forms.board import UndoForm


@access(SIGNED_IN)
@require_safe
def price(request: Request, programme: str, round: str, proposal: str) -> HttpResponse:  # noqa: A002 - the keyword of the address
    """What each decision on a pair would cost, before it is taken."""
    page = selectors.price_page(request.user, programme, round, proposal)
    return render(request, "mentoring/price.html", {"page": page})


@access(SIGNED_IN)
@require_POST
def undo(request: Request, programme: str, round: str) -> HttpResponse:  # noqa: A002
    """Take back the last decision."""
    office = get_programme(request.user, programme)
    selectors.get_round(request.user, programme, round)
    form = UndoForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Open the board again and try once more."))
    with refusals_told(request):
        step = form.cleaned_data["step"]
        services.undo_decision(actor=request.user, programme=office, round_id=round, step=step)
        messages.success(request, _("Taken back. The pair stands as it did before."))
    return redirect("mentoring:board", programme=programme, round=round)


@access(SIGNED_IN)
@require_safe
def replay(request: Request, programme: str, round: str) -> HttpResponse:  # noqa: A002
    """Solve the stored problem again and say whether the same answer comes out."""
    page = selectors.replay_page(request.user, programme, round)
    return render(request, "mentoring/replay.html", {"page": page})


@access(SIGNED_IN)
@require_safe
def export(request: Request, programme: str, round: str, kept: str) -> HttpResponse:  # noqa: A002
    """The stored problem or answer as a file."""
    text, name = selectors.export_of(request.user, programme, round, kept)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(text, content_type="application/json", headers=headers)
