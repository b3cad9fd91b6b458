"""Pages of a mentor partner's offers, and the private wishes of a member."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused
from apps.members.selectors import get_member
from apps.mentoring import selectors, services
from apps.mentoring.forms import ExclusionForm, OfferForm, VersionForm
from apps.mentoring.forms.conflicts import differences


@access(SIGNED_IN)
@require_safe
def offers(request: Request, member: str) -> HttpResponse:
    """What the partner offers, and what it could offer."""
    return render(request, "mentoring/offers.html", {"page": selectors.offers_page(request.user, member)})


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def new_offer(request: Request, partner: str, area: str) -> HttpResponse:
    """Offer help in one area."""
    draft = selectors.new_offer(request.user, partner, area)
    initial = {**draft.initial, "idempotency": secrets.token_hex(16)}
    form = OfferForm(
        request.POST if request.method == "POST" else None, initial=initial, programmes=draft.programmes
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.make_offer(
                actor=request.user, member=draft.member, programme=given.get("programme", ""), area=area,
                idempotency=given["idempotency"], **form.terms(),
            )  # fmt: skip
        except Refused as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("Your offer is open. You will hear when a member fits."))
            return redirect("mentoring:offers", member=partner)
    return render(
        request,
        "mentoring/offer_form.html",
        {"page": draft, "form": form},
        status=422 if form.errors else 200,
    )


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def edit_offer(request: Request, partner: str, offer: str) -> HttpResponse:
    """Change an open offer."""
    draft = selectors.edit_offer(request.user, partner, offer)
    form = OfferForm(request.POST if request.method == "POST" else None, initial=draft.initial, programmes=())
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            services.change_offer(
                actor=request.user, member=draft.member, public_id=offer, version=version, **form.terms()
            )
        except Conflict:
            now = selectors.edit_offer(request.user, partner, offer)
            changed = differences(form, now.initial)
            form.take_version(now.initial["version"])
            context = {"page": draft, "form": form, "differences": changed}
            return render(request, "mentoring/offer_form.html", context, status=409)
        except Refused as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("Your offer is changed."))
            return redirect("mentoring:offers", member=partner)
    return render(
        request,
        "mentoring/offer_form.html",
        {"page": draft, "form": form},
        status=422 if form.errors else 200,
    )


@access(SIGNED_IN)
@require_POST
def withdraw_offer(request: Request, partner: str, offer: str) -> HttpResponse:
    """Take an offer back."""
    form = VersionForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Open the page again and try once more."))
    row = get_member(request.user, partner)
    services.withdraw_offer(
        actor=request.user, member=row, public_id=offer, version=form.cleaned_data["version"]
    )
    messages.success(request, _("Your offer is withdrawn. Engagements that go on are not touched."))
    return redirect("mentoring:offers", member=partner)


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def exclusions(request: Request, member: str) -> HttpResponse:
    """Whom the member does not want to be paired with."""
    page = selectors.exclusions_page(request.user, member)
    form = ExclusionForm(request.POST if request.method == "POST" else None, others=page.others)
    if request.method == "POST" and form.is_valid():
        services.exclude_member(actor=request.user, member=page.member, other=form.cleaned_data["other"])
        messages.success(request, _("Saved. Nobody else learns of it."))
        return redirect("mentoring:exclusions", member=member)
    return render(
        request, "mentoring/exclusions.html", {"page": page, "form": form}, status=422 if form.errors else 200
    )


@access(SIGNED_IN)
@require_POST
def lift_exclusion(request: Request, member: str) -> HttpResponse:
    """Take a private wish back."""
    row = get_member(request.user, member)
    services.lift_exclusion(actor=request.user, member=row, other=request.POST.get("other", "")[:20])
    messages.success(request, _("Saved. Nobody else learns of it."))
    return redirect("mentoring:exclusions", member=member)
