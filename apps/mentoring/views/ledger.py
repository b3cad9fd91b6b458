"""Pages of the ledger: hours given and received, places offered and taken."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.mentoring.selectors import ledger as selectors


@access(SIGNED_IN)
@require_safe
def ledger(request: Request, member: str) -> HttpResponse:
    """The ledger of a member, for its own people."""
    return render(request, "mentoring/ledger.html", {"page": selectors.ledger_page(request.user, member)})


@access(SIGNED_IN)
@require_safe
def programme_ledger(request: Request, programme: str) -> HttpResponse:
    """The ledger of a programme, for its office."""
    page = selectors.programme_ledger(request.user, programme)
    return render(request, "mentoring/programme_ledger.html", {"page": page})
