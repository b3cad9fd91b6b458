"""Accepting the pieces of work of a cohort's learners."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.courses import services
from apps.courses.selectors import cohorts as reads
from apps.courses.selectors import working
from apps.courses.services.oral import note_oral_check


@access(SIGNED_IN)
@require_safe
def cohort_work(request: Request, cohort: str) -> HttpResponse:
    """Whose work is accepted, with what to look for."""
    row = reads.get_run_cohort(request.user, cohort)
    return render(request, "courses/cohort_work.html", {"page": working.work_page(request.user, row)})


@access(SIGNED_IN)
@require_POST
def cohort_work_asked(request: Request, cohort: str, cohort_person: str) -> HttpResponse:
    """Note what came of asking a learner about their work."""
    row = reads.get_run_cohort(request.user, cohort)
    enrolment = working.learner_enrolment(request.user, row, cohort_person)
    note_oral_check(
        actor=request.user, enrolment=enrolment, result=request.POST.get("result", ""), note=request.POST.get("note", "")
    )  # fmt: skip
    messages.success(request, _("Noted. The learner reads it."))
    return redirect("courses:cohort_work", cohort=cohort)


@access(SIGNED_IN)
@require_POST
def cohort_work_accept(request: Request, cohort: str, cohort_person: str) -> HttpResponse:
    """Accept one learner's piece of work."""
    row = reads.get_run_cohort(request.user, cohort)
    enrolment = working.learner_enrolment(request.user, row, cohort_person)
    title = request.POST.get("title", "").replace("\x00", "")
    services.accept_artefact(actor=request.user, enrolment=enrolment, title=title)
    messages.success(request, _("Accepted. With the tests passed it is a certificate of practice."))
    return redirect("courses:cohort_work", cohort=cohort)
