"""The owner's side of the review ladder: who is asked, what they found, answers to findings, and reopening."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request, fresh_sign_in
from apps.assessments import services
from apps.assessments.forms import ReopenForm, ReplyForm, ReviewRequestForm, new_key
from apps.assessments.selectors.ladder import findings_page, reviewers_page
from apps.assessments.selectors.places import assessment_for
from apps.assessments.selectors.signed import review_file
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
@fresh_sign_in
def reviewers(request: Request, member: str, assessment: str) -> HttpResponse:
    """Who reviewed the result, who is asked to, and one more."""
    page = reviewers_page(request.user, member, assessment)
    data = request.POST if request.method == "POST" else None
    form = ReviewRequestForm(
        data, reviewers=page.reviewers, areas=page.areas, initial={"idempotency": new_key()}
    )
    if data is not None and form.is_valid():
        try:
            services.ask_review(actor=request.user, assessment=page.result.assessment, **form.cleaned_data)
        except Refused as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("Asked. The reviewers have been told, and see only what you chose."))
            return redirect("assessments:reviewers", member=member, assessment=assessment)
    status = 422 if form.errors else 200
    return render(request, "assessments/reviewers.html", {"page": page, "form": form}, status=status)


@access(SIGNED_IN)
@require_safe
def findings(request: Request, member: str, assessment: str, peer_review: str) -> HttpResponse:
    """One signed review beside the answers."""
    page = findings_page(request.user, member, assessment, peer_review)
    return render(request, "assessments/findings.html", {"page": page})


@access(SIGNED_IN)
@require_safe
def findings_file(request: Request, member: str, assessment: str, peer_review: str) -> HttpResponse:
    """A signed review as a file, for checking it elsewhere."""
    document = review_file(request.user, member, assessment, peer_review)
    name = f'attachment; filename="review-{peer_review}.json"'
    headers = {"Content-Disposition": name, "Cache-Control": "private, no-store"}
    return JsonResponse(document, headers=headers, json_dumps_params={"ensure_ascii": False, "indent": 1})


@access(SIGNED_IN)
@require_POST
def reply(request: Request, member: str, assessment: str, peer_review: str, indicator: str) -> HttpResponse:
    """Answer a finding."""
    page = findings_page(request.user, member, assessment, peer_review)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Say which finding you looked at: load the page again and answer there."))
    said = form.cleaned_data["text"]
    try:
        services.answer_finding(
            actor=request.user, assessment=page.result.assessment, peer_review=peer_review, indicator=indicator,
            text=said, expected=form.cleaned_data["version"],
        )  # fmt: skip
    except Refused as fault:
        wrong = {"wrong": indicator, "wrong_text": said, "fault": fault.message, "page_error": True}
        return render(request, "assessments/findings.html", {"page": page, **wrong}, status=422)
    except Conflict as fault:
        page = findings_page(request.user, member, assessment, peer_review)
        wrong = {"wrong": indicator, "wrong_text": said, "fault": fault.message, "page_error": True}
        return render(request, "assessments/findings.html", {"page": page, **wrong}, status=409)
    messages.success(request, _("Your answer to the finding on %(code)s is sent.") % {"code": indicator})
    return redirect("assessments:findings", member=member, assessment=assessment, peer_review=peer_review)


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
@fresh_sign_in
def reopen(request: Request, member: str, assessment: str) -> HttpResponse:
    """Say what reopening voids; then do it."""
    page = reviewers_page(request.user, member, assessment)
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        row = assessment_for(request.user, member, assessment)
        try:
            services.reopen_assessment(actor=request.user, assessment=row, reason=form.cleaned_data["reason"])
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        else:
            messages.success(
                request, _("%(title)s is open again. Its result is void.") % {"title": row.title}
            )
            return redirect("assessments:tasks", member=member, assessment=assessment)
    status = 422 if form.errors else 200
    return render(request, "assessments/reopen.html", {"page": page, "form": form}, status=status)
