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
from apps.reports.forms.papers import PAPER_FORMS
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


@access(SIGNED_IN)
@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def paper_preview(request: Request, member: str, paper_kind: str) -> HttpResponse:
    """A report of one of the other kinds that is not made yet."""
    page = selectors.paper_page(request.user, member, paper_kind)
    form, ask = PAPER_FORMS[paper_kind](request.GET, page=page), services.PAPER_ASKS[paper_kind]
    back = reverse("reports:paper", kwargs={"member": member, "paper_kind": paper_kind})
    frame = reverse("reports:paper_preview_page", kwargs={"member": member, "paper_kind": paper_kind})
    return _shown(request, page, form, ask, back, frame, member=member)


def _about(
    request: Request,
    page: selectors.ReportList,
    form: ReportForm,
    ask: Callable[..., Any],
    house: str,
    **about: str,
) -> HttpResponse:
    back = reverse(f"reports:{house}_reports", kwargs=about)
    frame = reverse(f"reports:{house}_preview_page", kwargs=about)
    return _shown(request, page, form, ask, back, frame, **about)


def _shown(
    request: Request,
    page: selectors.ReportList | selectors.PaperPage,
    form: ReportForm,
    ask: Callable[..., Any],
    back: str,
    frame: str,
    **about: str,
) -> HttpResponse:
    """What it rests on, with the page itself at the address `frame`; back to the choices where they are not whole."""
    if not form.is_valid():
        return redirect(back)
    found = preview_report(actor=request.user, ask=ask, **about, **without_key(form.cleaned_data))
    values = {"page": page, "preview": found, "form": form, "back": back}
    return render(request, "reports/preview.html", values | {"frame": f"{frame}?{request.GET.urlencode()}"})


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


@access(SIGNED_IN)
@require_safe
@csp_replace(FRAMED)  # type: ignore[arg-type]
@xframe_options_sameorigin
def paper_preview_page(request: Request, member: str, paper_kind: str) -> HttpResponse:
    """The page that would become the PDF of one of the other kinds."""
    page = selectors.paper_page(request.user, member, paper_kind)
    form, ask = PAPER_FORMS[paper_kind](request.GET, page=page), services.PAPER_ASKS[paper_kind]
    back = reverse("reports:paper", kwargs={"member": member, "paper_kind": paper_kind})
    return _framed(request, form, ask, back, member=member)


def _page(
    request: Request, form: ReportForm, ask: Callable[..., Any], house: str, **about: str
) -> HttpResponse:
    return _framed(request, form, ask, reverse(f"reports:{house}_reports", kwargs=about), **about)


def _framed(
    request: Request, form: ReportForm, ask: Callable[..., Any], back: str, **about: str
) -> HttpResponse:
    if not form.is_valid():
        return redirect(back)
    html = preview_page(actor=request.user, ask=ask, **about, **without_key(form.cleaned_data))
    return HttpResponse(html, headers={"X-Robots-Tag": "noindex", "Cache-Control": "private, no-store"})
