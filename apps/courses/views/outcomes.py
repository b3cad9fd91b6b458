"""Pages of what a cohort reached: gradebook, report, and what a learner says at the end."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.downloads import table_file
from apps.courses import selectors
from apps.courses.forms import OpinionForm
from apps.courses.selectors import cohorts as reads
from apps.courses.selectors import gradebook as grades
from apps.courses.selectors import outcomes as results
from apps.courses.services.opinions import save_opinion
from apps.courses.views.words import start_first


@access(SIGNED_IN)
@require_safe
def gradebook(request: Request, cohort: str) -> HttpResponse:
    """Tries at every test, first and best."""
    row = reads.get_run_cohort(request.user, cohort)
    return render(request, "courses/gradebook.html", {"page": grades.gradebook(request.user, row)})


@access(SIGNED_IN)
@require_safe
def gradebook_file(request: Request, cohort: str, ending: str) -> HttpResponse:
    """The gradebook as CSV or XLSX."""
    row = reads.get_run_cohort(request.user, cohort)
    rows = grades.gradebook_rows(grades.gradebook(request.user, row))
    return table_file(rows, ending, name=f"gradebook-{row.public_id}", title=_("Gradebook"))


@access(SIGNED_IN)
@require_safe
def cohort_report(request: Request, cohort: str) -> HttpResponse:
    """Completion, gain, and what learners said."""
    row = reads.get_run_cohort(request.user, cohort)
    return render(request, "courses/cohort_report.html", {"page": results.outcomes(request.user, row)})


@access(SIGNED_IN)
@require_safe
def cohort_report_file(request: Request, cohort: str, ending: str) -> HttpResponse:
    """The report as CSV or XLSX."""
    row = reads.get_run_cohort(request.user, cohort)
    rows = results.outcome_rows(results.outcomes(request.user, row))
    return table_file(rows, ending, name=f"report-{row.public_id}", title=_("Report"))


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def opinion(request: Request, course: str) -> HttpResponse:
    """Two taps and a text."""
    if selectors.enrolment_of(request.user, course) is None:
        return start_first(request, course)
    form = OpinionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        save_opinion(actor=request.user, course=course, **form.cleaned_data)
        messages.success(request, _("Thank you. It is shown without your name, with ten answers or more."))
        return redirect("courses:course", course=course)
    page = selectors.course_page(request.user, course)
    status = 422 if form.errors else 200
    return render(request, "courses/opinion.html", {"page": page, "form": form}, status=status)
