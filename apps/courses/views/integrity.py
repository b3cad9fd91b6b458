"""Tries of a cohort that are worth a look, and what a person decided."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused
from apps.courses.selectors import cohorts as reads
from apps.courses.selectors.integrity import flags_page
from apps.courses.services.integrity import decide_flag
from apps.courses.views.words import number


@access(SIGNED_IN)
@require_safe
def cohort_flags(request: Request, cohort: str) -> HttpResponse:
    """What is worth a look, with the facts in words."""
    row = reads.get_run_cohort(request.user, cohort)
    return render(request, "courses/cohort_flags.html", {"page": flags_page(request.user, row)})


@access(SIGNED_IN)
@require_POST
def cohort_flag(request: Request, cohort: str, integrity_flag: str) -> HttpResponse:
    """Note a decision; one with a fault comes back with what was typed."""
    row = reads.get_run_cohort(request.user, cohort)
    given = {"decision": request.POST.get("decision", ""), "reason": request.POST.get("reason", "")}
    tries, status = request.POST.getlist("tries"), 422
    try:
        decide_flag(
            actor=request.user, cohort=row, flag=integrity_flag, tries=tries,
            version=number(request.POST.get("version")) or 0, **given,
        )  # fmt: skip
    except Refused as fault:
        error = fault.message
    except Conflict as fault:
        error, status = fault.message, 409
    else:
        messages.success(request, _("Noted, with your name."))
        return redirect("courses:cohort_flags", cohort=cohort)
    context = {
        "page": flags_page(request.user, row), "error": error, "faulty": integrity_flag, "typed": given, "tries": tries,
    }  # fmt: skip
    return render(request, "courses/cohort_flags.html", context, status=status)
