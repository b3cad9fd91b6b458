"""A report in the browser before it is made: the page about it, and the page itself in a frame that runs nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp_replace, csp_update
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.reports import selectors, services
from apps.reports.forms import AssessmentReportForm, ProgrammeReportForm, ReportForm
from apps.reports.services.previewing import preview_page, preview_report
from apps.reports.views import without_key

FRAMED = {
    "default-src": [NONE],
    "script-src": [NONE],
    "connect-src": [NONE], "style-src": [SELF], "font-src": [SELF], "img-src": [SELF, "data:"],
    "frame-ancestors": [SELF], "base-uri": [NONE], "form-action": [NONE],
}  # fmt: skip


@access(SIGNED_IN)
@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def member_preview(request: Request, member: str) -> HttpResponse:
    """A report of a member that is not made yet."""
    page = selectors.member_reports(request.user, member, most=0)
    form = AssessmentReportForm(request.GET, results=page.results)
    return _about(request, page, form, services.request_assessment_report, "member", member=member)


@access(SIGNED_IN)
@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def programme_preview(request: Request, programme: str) -> HttpResponse:
    """A report of a programme that is not made yet; for its managers."""
    page = selectors.programme_reports(request.user, programme, most=0)
    form = ProgrammeReportForm(request.GET, rounds=page.rounds)
    return _about(request, page, form, services.request_programme_report, "programme", programme=programme)


def _about(
    request: Request,
    page: selectors.ReportList,
    form: ReportForm,
    ask: Callable[..., Any],
    house: str,
    **about: str,
) -> HttpResponse:
    back = reverse(f"reports:{house}_reports", kwargs=about)
    if not form.is_valid():
        return redirect(back)
    found = preview_report(actor=request.user, ask=ask, **about, **without_key(form.cleaned_data))
    frame = f"{reverse(f'reports:{house}_preview_page', kwargs=about)}?{request.GET.urlencode()}"
    values = {"page": page, "preview": found, "form": form, "frame": frame, "back": back}
    return render(request, "reports/preview.html", values)


@access(SIGNED_IN)
@require_safe
@csp_replace(FRAMED)  # type: ignore[arg-type]
@xframe_options_sameorigin
def member_preview_page(request: Request, member: str) -> HttpResponse:
    """The page that would become the PDF."""
    page = selectors.member_reports(request.user, member, most=0)
    form = AssessmentReportForm(request.GET, results=page.results)
    return _page(request, form, services.request_assessment_report, "member", member=member)


@access(SIGNED_IN)
@require_safe
@csp_replace(FRAMED)  # type: ignore[arg-type]
@xframe_options_sameorigin
def programme_preview_page(request: Request, programme: str) -> HttpResponse:
    """The page that would become the PDF; for the programme's managers."""
    page = selectors.programme_reports(request.user, programme, most=0)
    form = ProgrammeReportForm(request.GET, rounds=page.rounds)
    return _page(request, form, services.request_programme_report, "programme", programme=programme)


def _page(
    request: Request, form: ReportForm, ask: Callable[..., Any], house: str, **about: str
) -> HttpResponse:
    if not form.is_valid():
        return redirect(reverse(f"reports:{house}_reports", kwargs=about))
    html = preview_page(actor=request.user, ask=ask, **about, **without_key(form.cleaned_data))
    return HttpResponse(html, headers={"X-Robots-Tag": "noindex", "Cache-Control": "private, no-store"})
