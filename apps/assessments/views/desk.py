"""The reviewer's side: what others ask to review, declaring interests, judging area by area, signing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import Request, fresh_sign_in
from apps.assessments import services
from apps.assessments.forms import AreaDecisionForm, InterestsForm, JudgementForm, SignReviewForm
from apps.assessments.selectors.desk import DeskArea, DeskPage, desk_page, desk_rows
from apps.assessments.views.evidence import send
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused


@access(SIGNED_IN)
@require_safe
def desks(request: Request) -> HttpResponse:
    """What others ask this person to review."""
    return render(request, "assessments/desks.html", {"rows": desk_rows(request.user)})


def _read(request: Request, review_request: str) -> DeskPage:
    """The desk; reading what it shows is on record with the owner."""
    page = desk_page(request.user, review_request)
    if page.areas:
        services.record_desk(actor=request.user, page=page)
    return page


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def desk(request: Request, review_request: str) -> HttpResponse:
    """The desk of one request; nothing is shown before interests are declared."""
    if request.method != "POST":
        page = _read(request, review_request)
        return render(request, "assessments/desk.html", {"page": page, "form": InterestsForm()})
    page, form = _read(request, review_request), InterestsForm(request.POST)
    if form.is_valid():
        try:
            services.declare_interests(actor=request.user, request=page.request, **form.cleaned_data)
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        else:
            messages.success(request, _("Your declaration is on record."))
            return redirect("assessments:desk", review_request=review_request)
    return render(request, "assessments/desk.html", {"page": page, "form": form}, status=422)


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def area(request: Request, review_request: str, area: str) -> HttpResponse:
    """Judge the answers of one area."""
    if request.method != "POST":
        page = _read(request, review_request)
        return _show_area(request, page, page.area(area))
    page = _read(request, review_request)
    found = page.area(area)
    forms = [JudgementForm(request.POST, item=item) for item in found.items]
    form = AreaDecisionForm(request.POST)
    if not all([form.is_valid(), *(one.is_valid() for one in forms)]):
        return _show_area(request, page, found, form, forms, status=422)
    data = form.cleaned_data
    try:
        services.judge_area(
            actor=request.user, page=page, area=found, rows=[one.given for one in forms], expected=data["version"],
            decision=data["decision"], words=data["words"], idempotency=data["idempotency"],
        )  # fmt: skip
    except Refused as fault:
        form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        return _show_area(request, page, found, form, forms, status=422)
    except Conflict as fault:
        page = desk_page(request.user, review_request)
        return _show_area(request, page, page.area(area), form, forms, clash=fault.message, status=409)
    messages.success(request, _("%(area)s is saved.") % {"area": f"{found.code} {found.name}"})
    return redirect("assessments:desk", review_request=review_request)


def _show_area(
    request: Request,
    page: DeskPage,
    found: DeskArea,
    form: AreaDecisionForm | None = None,
    forms: list[JudgementForm] | None = None,
    *,
    clash: str = "",
    status: int = 200,
) -> HttpResponse:
    version = page.review.version if page.review else 0
    form = form or AreaDecisionForm.fresh(found, version)
    made = forms or [JudgementForm(item=item) for item in found.items]
    stored = {item.code: item.judged for item in found.items}
    context: dict[str, Any] = {
        "page": page,
        "area": found,
        "form": form,
        "rows": [(one.item, one, stored.get(one.item.code)) for one in made],
        "faults": [one for one in made if one.errors],
        "clash": clash,
        "version": version,
        "page_error": status != 200,
    }
    return render(request, "assessments/desk_area.html", context, status=status)


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
@fresh_sign_in
def sign(request: Request, review_request: str) -> HttpResponse:
    """Decide on the whole and sign it."""
    page = _read(request, review_request)
    if page.review is None or page.declined:
        raise Refused(_("Declare first whether interests conflict."))
    initial = {"seen": page.seen_hash, "version": page.review.version}
    form = SignReviewForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.sign_review(
                actor=request.user, review=page.review, decision=data["decision"], summary=data["summary"],
                seen=data["seen"], expected=data["version"],
            )  # fmt: skip
        except Refused as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("Signed. The member has been told."))
            return redirect("assessments:desk", review_request=review_request)
    return render(
        request,
        "assessments/desk_sign.html",
        {"page": page, "form": form},
        status=422 if form.errors else 200,
    )


@access(SIGNED_IN)
@require_safe
def file(request: Request, review_request: str, evidence: str) -> HttpResponseBase:
    """The file of a piece of evidence on the desk."""
    return send(
        services.read_review_file(actor=request.user, review_request=review_request, evidence=evidence)
    )
