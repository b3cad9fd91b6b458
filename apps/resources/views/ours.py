"""A member's own pages of the library: propose, change, take back, say that it was used, report."""

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
from apps.resources import selectors, services
from apps.resources.forms import ContributionForm, ReportForm, UseForm, VersionForm


@access(SIGNED_IN)
@require_safe
def ours(request: Request, member: str) -> HttpResponse:
    """What the member proposed, keeps and used."""
    return render(request, "resources/ours.html", {"page": selectors.ours_page(request.user, member)})


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def propose(request: Request, member: str) -> HttpResponse:
    """Propose a resource; something with the same address is shown once before it is sent."""
    draft = selectors.new_contribution(request.user, member)
    initial = {**draft.initial, "idempotency": secrets.token_hex(16)}
    data = request.POST if request.method == "POST" else None
    form = ContributionForm(data, initial=initial, areas=draft.areas, programmes=draft.programmes)
    double = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        double = None if given["again"] else selectors.same_address(request.user, given["url"])
        if double is None and _sent(request, member, form, draft.programmes):
            return redirect("resources:ours", member=member)
    status = 422 if form.errors or double else 200
    context = {"page": draft, "form": form, "double": double}
    return render(request, "resources/contribution_form.html", context, status=status)


def _sent(request: Request, member: str, form: ContributionForm, programmes: list[tuple[str, str]]) -> bool:
    """Whether the proposal went out; what is refused stands on the form."""
    given = form.cleaned_data
    only = programmes[0][0] if len(programmes) == 1 else ""
    try:
        row = services.send_contribution(
            actor=request.user, member=get_member(request.user, member), programme=given.get("programme") or only,
            idempotency=given["idempotency"], **form.said(),
        )  # fmt: skip
    except Refused as fault:
        form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        return False
    if row.state == "accepted":
        messages.success(request, _("It is in the library, for your organisation only."))
    else:
        messages.success(request, _("Your proposal is sent. You are told what comes of it."))
    return True


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def contribution(request: Request, member: str, contribution: str) -> HttpResponse:
    """A proposal: what was said, what came of it, and the form while it can be changed."""
    page = selectors.contribution_page(request.user, member, contribution)
    data = request.POST if request.method == "POST" else None
    form = ContributionForm(
        data, initial=page.draft.initial, areas=page.draft.areas, programmes=(), fixed=True
    )
    context = {"page": page, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            services.change_contribution(
                actor=request.user, member=page.member, public_id=contribution,
                version=form.cleaned_data["version"] or 0, **form.said(),
            )  # fmt: skip
        except Conflict:
            page = selectors.contribution_page(request.user, member, contribution)
            context |= {"page": page, "differences": form.differences(page.draft.initial)}
            form.take_version(page.draft.initial["version"])
            return render(request, "resources/contribution.html", context, status=409)
        messages.success(request, _("Your proposal is changed and waits for the office."))
        return redirect("resources:contribution", member=member, contribution=contribution)
    return render(request, "resources/contribution.html", context, status=422 if form.errors else 200)


@access(SIGNED_IN)
@require_POST
def withdraw(request: Request, member: str, contribution: str) -> HttpResponse:
    """Take a proposal back."""
    row = get_member(request.user, member)
    version = _version(request)
    services.withdraw_contribution(actor=request.user, member=row, public_id=contribution, version=version)
    messages.success(request, _("Your proposal is taken back."))
    return redirect("resources:ours", member=member)


def _version(request: Request) -> int:
    form = VersionForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Open the page again and try once more."))
    return int(form.cleaned_data["version"])


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def use(request: Request, member: str, resource: str) -> HttpResponse:
    """Say that the member used an entry, or change what was said."""
    draft = selectors.use_draft(request.user, member, resource)
    data = request.POST if request.method == "POST" else None
    form = UseForm(data, initial=draft.initial, areas=draft.areas)
    context = {"page": draft, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            services.save_use(
                actor=request.user, member=draft.member, resource=resource,
                version=form.cleaned_data["version"] or 0, **form.said(),
            )  # fmt: skip
        except Conflict:
            page = selectors.use_draft(request.user, member, resource)
            context |= {"page": page, "differences": form.differences(page.initial)}
            form.take_version(page.version)
            return render(request, "resources/use_form.html", context, status=409)
        except Refused as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("Thank you. Others find by it what helps."))
            return redirect("resources:resource", resource=resource)
    return render(request, "resources/use_form.html", context, status=422 if form.errors else 200)


@access(SIGNED_IN)
@require_POST
def take_back_use(request: Request, member: str, resource: str) -> HttpResponse:
    """Delete what the member said about an entry."""
    row = get_member(request.user, member)
    services.take_back_use(actor=request.user, member=row, resource=resource)
    messages.success(request, _("What your organisation said about it is deleted."))
    return redirect("resources:resource", resource=resource)


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def report(request: Request, member: str, resource: str) -> HttpResponse:
    """Tell those who keep the library what is wrong with an entry."""
    draft = selectors.report_draft(request.user, member, resource)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.report_resource(
            actor=request.user, member=draft.member, resource=resource, **form.cleaned_data
        )
        messages.success(request, _("Thank you. Those who keep the library are told."))
        return redirect("resources:resource", resource=resource)
    context = {"page": draft, "form": form}
    return render(request, "resources/report_form.html", context, status=422 if form.errors else 200)
