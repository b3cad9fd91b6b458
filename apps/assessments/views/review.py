"""The reviewer's desk for an area, the page before submitting, and submitting."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request, fresh_sign_in
from apps.assessments import services
from apps.assessments.choices import RemarkKind
from apps.assessments.forms import SeenForm, new_key
from apps.assessments.selectors.places import Place, assessment_for, place_for
from apps.assessments.selectors.review import area_review_page, review_page
from apps.assessments.views.going import go
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused


@access(SIGNED_IN)
@require_safe
def desk(request: Request, member: str, assessment: str, area: str) -> HttpResponse:
    """The answers of an area for its reviewer."""
    page = area_review_page(request.user, member, assessment, area)
    return render(request, "assessments/area_review.html", {"page": page})


def _seen(request: Request) -> SeenForm:
    form = SeenForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Say which answer you looked at: load the page again and decide there."))
    return form


def _back(request: Request, place: Place, said: str) -> HttpResponse:
    messages.success(request, said % {"code": place.indicator.code})
    args = {name: value for name, value in place.url_args.items() if name != "indicator"}
    return go("area_review", args)


@access(SIGNED_IN)
@require_POST
def agree(request: Request, member: str, assessment: str, area: str, indicator: str) -> HttpResponse:
    """Agree to an answer and accept its evidence."""
    place = place_for(request.user, member, assessment, area, indicator)
    form = _seen(request)
    services.agree_answer(
        actor=request.user,
        place=place,
        expected=form.cleaned_data["version"],
        accepted=request.POST.getlist("accepted")[:100],
    )
    return _back(request, place, _("You agreed to the answer to %(code)s."))


@access(SIGNED_IN)
@require_POST
def ask(request: Request, member: str, assessment: str, area: str, indicator: str) -> HttpResponse:
    """Ask the respondent back, or request a change."""
    place = place_for(request.user, member, assessment, area, indicator)
    form = _seen(request)
    try:
        services.ask_back(
            actor=request.user,
            place=place,
            expected=form.cleaned_data["version"],
            text=form.cleaned_data["text"],
            kind=(kind := form.cleaned_data["kind"] or RemarkKind.QUESTION),
        )
    except Refused as fault:
        page = area_review_page(request.user, member, assessment, area)
        context = {
            "page": page,
            "wrong": indicator,
            "wrong_text": form.cleaned_data["text"],
            "fault": fault.message,
        }
        return render(request, "assessments/area_review.html", {**context, "page_error": True}, status=422)
    if kind == RemarkKind.CHANGE:
        return _back(request, place, _("Your request to change the answer to %(code)s is on its way."))
    return _back(request, place, _("Your question about %(code)s is on its way."))


@access(SIGNED_IN)
@require_POST
def choose(request: Request, member: str, assessment: str, area: str, indicator: str) -> HttpResponse:
    """Let the second answer count."""
    place = place_for(request.user, member, assessment, area, indicator)
    form = _seen(request)
    services.choose_answer(
        actor=request.user,
        place=place,
        expected=form.cleaned_data["version"],
        draft=form.cleaned_data["draft"] or 0,
    )
    return _back(
        request, place, _("The second answer to %(code)s counts now; the first stays in the history.")
    )


@access(SIGNED_IN)
@require_safe
def review(request: Request, member: str, assessment: str) -> HttpResponse:
    """What is missing before submitting."""
    page = review_page(request.user, member, assessment)
    return render(request, "assessments/review.html", {"page": page})


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
@fresh_sign_in
def submit(request: Request, member: str, assessment: str) -> HttpResponse:
    """Say what submitting means; then do it."""
    page = review_page(request.user, member, assessment)
    if request.method != "POST":
        return render(request, "assessments/submit.html", {"page": page, "key": new_key()})
    row = assessment_for(request.user, member, assessment)
    key = request.POST.get("idempotency", "")[:64]
    try:
        services.submit_assessment(
            actor=request.user,
            assessment=row,
            idempotency=key,
            without=request.POST.getlist("without")[:1000],
            seen=request.POST.get("seen", ""),
        )
    except services.Closed:
        raise
    except (Refused, Conflict) as fault:
        page = review_page(request.user, member, assessment)
        context = {"page": page, "key": new_key(), "fault": fault.message, "page_error": True}
        status = 422 if isinstance(fault, Refused) else 409
        return render(request, "assessments/submit.html", context, status=status)
    messages.success(
        request, _("%(title)s is submitted. Nobody can change the answers now.") % {"title": row.title}
    )
    return redirect("assessments:tasks", member=member, assessment=assessment)
