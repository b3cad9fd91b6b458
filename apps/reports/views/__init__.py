"""Pages of reports: ask, follow, take, check."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request, fresh_sign_in
from apps.core.access import PUBLIC, SIGNED_IN, access
from apps.core.errors import Refused
from apps.core.table_files import rows_a_page
from apps.reports import selectors, services
from apps.reports.forms import AssessmentReportForm, ProgrammeReportForm, QuestionnaireForm, ReportForm
from apps.reports.forms.making import LibraryForm
from apps.reports.services import engagements


def _which(request: Request) -> dict[str, Any]:
    """What of a library the address asks for."""
    wanted, number = LibraryForm(request.GET).wanted(), request.GET.get("page", "")
    return {"most": rows_a_page(request, selectors.SHOWN), "wanted": wanted, "number": number}


def _first() -> dict[str, str]:
    """Values of a new form: the reader's language, and a key that makes two presses one request."""
    return {"language": get_language() or "en", "key": secrets.token_hex(16)}


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def member_reports(request: Request, member: str) -> HttpResponse:
    """Reports of a member, and a new one."""
    page = selectors.member_reports(request.user, member, **_which(request))
    if request.method != "POST":
        first = _first() | {"result": request.GET.get("result", "")[:40]}
        return _list(request, page, AssessmentReportForm(results=page.results, initial=first))
    form = AssessmentReportForm(request.POST, results=page.results)
    return _asked(request, page, form, services.request_assessment_report, "member", member=member)


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_sign_in
def programme_reports(request: Request, programme: str) -> HttpResponse:
    """Reports of a programme, and a new one; for its managers."""
    page = selectors.programme_reports(request.user, programme, **_which(request))
    if request.method != "POST":
        first = _first() | {"round": request.GET.get("round", "")[:40]}
        return _list(request, page, ProgrammeReportForm(rounds=page.rounds, initial=first))
    form = ProgrammeReportForm(request.POST, rounds=page.rounds)
    return _asked(request, page, form, services.request_programme_report, "programme", programme=programme)


def _asked(
    request: Request, page: selectors.ReportList, form: ReportForm, ask: Any, house: str, **about: str
) -> HttpResponse:
    """Make it, or lead to its preview when that was pressed."""
    if not form.is_valid():
        return _list(request, page, form, status=422)
    try:
        if "preview" in request.POST:
            given = form.cleaned_data
            services.draft_report(actor=request.user, ask=ask, **about, **without_key(given))
            return redirect(f"{reverse(f'reports:{house}_preview', kwargs=about)}?{urlencode(given)}")
        made = services.ask_once(actor=request.user, ask=ask, **about, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return _list(request, page, form, status=422)
    return redirect("reports:report", report=made)


def without_key(given: dict[str, Any]) -> dict[str, Any]:
    """The choices of a form without the key that makes two presses one."""
    return {name: value for name, value in given.items() if name != "key"}


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire(request: Request, member: str, assessment: str) -> HttpResponse:
    """Ask for the questionnaire on paper; `?for=` and `?filled=1` are chosen beforehand."""
    page = selectors.questionnaire_page(request.user, member, assessment)
    if request.method != "POST":
        first = {
            "filled": "1" if request.GET.get("filled") == "1" else "0",
            "person": request.GET.get("for", "")[:40],
        }
        return _questionnaire(request, page, QuestionnaireForm(page=page, initial=_first() | first))
    form = QuestionnaireForm(request.POST, page=page)
    if not form.is_valid():
        return _questionnaire(request, page, form, status=422)
    where = {"member": member, "assessment": assessment}
    try:
        ask = services.request_questionnaire
        made = services.ask_once(actor=request.user, ask=ask, **where, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return _questionnaire(request, page, form, status=422)
    return redirect("reports:report", report=made)


def _questionnaire(
    request: Request, page: selectors.QuestionnairePage, form: QuestionnaireForm, status: int = 200
) -> HttpResponse:
    return render(request, "reports/questionnaire.html", {"page": page, "form": form}, status=status)


def _list(request: Request, page: selectors.ReportList, form: ReportForm, status: int = 200) -> HttpResponse:
    narrow = LibraryForm(request.GET)
    values = {"page": page, "form": form, "narrow": narrow, "query": narrow.query()}
    return render(request, "reports/list.html", values, status=status)


@access(SIGNED_IN)
@require_safe
def report(request: Request, report: str) -> HttpResponse:
    """How far a report is; the file when it is ready."""
    page = selectors.report_page(request.user, report)
    return render(request, "reports/report.html", {"report": page})


@access(SIGNED_IN)
@require_safe
def file(request: Request, report: str) -> HttpResponse:
    """The file itself, as an attachment."""
    opened = services.open_report_file(actor=request.user, report=report)
    return _attachment(opened)


def _attachment(opened: services.OpenedFile) -> HttpResponse:
    return HttpResponse(
        opened.content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{opened.name}"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
            "X-SHA256": opened.sha256,
        },
    )


@access(SIGNED_IN)
@require_POST
def cancel(request: Request, report: str) -> HttpResponse:
    """Stop the making of a report."""
    services.cancel_report(actor=request.user, report=report)
    return redirect("reports:report", report=report)


@access(SIGNED_IN)
@require_POST
def retry(request: Request, report: str) -> HttpResponse:
    """Make a failed or cancelled report again."""
    services.retry_report(actor=request.user, report=report)
    return redirect("reports:report", report=report)


@access(SIGNED_IN)
@require_POST
def again(request: Request, report: str) -> HttpResponse:
    """Make a new report with the same choices."""
    made = services.make_again(actor=request.user, report=report)
    return redirect("reports:report", report=made.public_id)


@access(SIGNED_IN)
@require_POST
def delete(request: Request, report: str) -> HttpResponse:
    """Delete a report and its file."""
    gone = services.delete_report(actor=request.user, report=report)
    if gone.member is not None:
        return redirect("reports:member_reports", member=gone.member.public_id)
    return redirect("reports:programme_reports", programme=gone.programme.public_id if gone.programme else "")


@access(SIGNED_IN)
@require_safe
def certificate_pdf(request: Request, certificate: str) -> HttpResponse:
    """The reader's own certificate, for print."""
    return _attachment(services.open_certificate(actor=request.user, certificate=certificate))


@access(SIGNED_IN)
@require_safe
def transcript_pdf(request: Request) -> HttpResponse:
    """The reader's own transcript, for print."""
    return _attachment(services.open_transcript(actor=request.user))


@access(SIGNED_IN)
@require_safe
def plan_pdf(request: Request, member: str, action_plan: str) -> HttpResponse:
    """An action plan, for print."""
    return _attachment(services.open_plan(actor=request.user, member=member, plan=action_plan))


@access(SIGNED_IN)
@require_safe
def engagement_pdf(request: Request, member: str, engagement: str) -> HttpResponse:
    """The report of an engagement, for its two sides."""
    return _attachment(engagements.open_engagement(actor=request.user, member=member, engagement=engagement))


@access(SIGNED_IN)
@require_safe
def office_engagement_pdf(request: Request, programme: str, engagement: str) -> HttpResponse:
    """The report of an engagement, for the managers of the programme."""
    file = engagements.open_engagement_for_office(
        actor=request.user, programme=programme, engagement=engagement
    )
    return _attachment(file)


@access(SIGNED_IN)
@require_safe
def exercise_pdf(request: Request, member: str, exercise: str) -> HttpResponse:
    """The after-action report of an exercise."""
    return _attachment(services.open_after_action(actor=request.user, member=member, exercise=exercise))


@access(PUBLIC)
@require_safe
def check(request: HttpRequest, report_code: str) -> HttpResponse:
    """Whether a report with this reference exists."""
    found = selectors.check_report(report_code)
    values = {"found": found, "code": report_code[:40]}
    response = render(request, "reports/check.html", values, status=200 if found else 404)
    response["X-Robots-Tag"] = "noindex"
    return response
