"""Runs of a member: plan, change, invite, answer."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request, refusals_told
from apps.core.access import SIGNED_IN, access
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.exercises import selectors, services
from apps.exercises.forms import CancelForm, CastForm, ChangeRunForm, ReplyForm, RunForm
from apps.exercises.policies import may_cast, may_plan


@access(SIGNED_IN)
@require_safe
def runs(request: Request, member: str) -> HttpResponse:
    """The exercises of a member."""
    return render(request, "exercises/runs.html", {"page": selectors.runs_page(request.user, member)})


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, member: str) -> HttpResponse:
    """Plan a run; `?kit=` is chosen beforehand."""
    page = selectors.new_run_page(request.user, member)
    require(may_plan(request.user, page.member))
    first = {
        "kit": request.GET.get("kit", "")[:80],
        "facilitator": request.user.public_id,
        "idempotency": secrets.token_hex(16),
    }
    form = RunForm(
        request.POST if request.method == "POST" else None,
        initial=first, kits=page.kits, people=page.people, engagements=page.engagements,
    )  # fmt: skip
    if request.method != "POST":
        return _new(request, page, form)
    if not form.is_valid():
        return _new(request, page, form, 422)
    try:
        run = services.plan_run(actor=request.user, member=page.member, **_planned(request, page, form))
    except Refused as fault:
        form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        return _new(request, page, form, 422)
    messages.success(request, _("Planned. Now say who plays what."))
    return redirect("exercises:run", member=member, exercise=run.public_id)


def _planned(request: Request, page: selectors.NewRunPage, form: RunForm) -> dict[str, Any]:
    data = form.cleaned_data
    return {
        "kit": selectors.find_kit(data["kit"]),
        "held_on": data["held_on"],
        "facilitator": selectors.colleague(request.user, page.member, data["facilitator"]),
        "engagement": selectors.engagement_of(request.user, page.member, data.get("engagement", "")),
        "tlp": data["tlp"],
        "idempotency": data["idempotency"],
    }


def _new(request: Request, page: selectors.NewRunPage, form: RunForm, status: int = 200) -> HttpResponse:
    return render(request, "exercises/new.html", {"page": page, "form": form}, status=status)


@access(SIGNED_IN)
@require_safe
def run(request: Request, member: str, exercise: str) -> HttpResponse:
    """One run: when, who, how far."""
    page = selectors.run_page(request.user, member, exercise)
    form = None
    if page.me and page.run.state in ("planned", "running", "washing"):
        form = ReplyForm(
            initial={"comes": "no" if page.me.coming == "declined" else "yes", "named": page.me.named}
        )
    return render(request, "exercises/run.html", {"page": page, "form": form, "cancel": CancelForm()})


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, member: str, exercise: str) -> HttpResponse:
    """Move a planned run, or name another facilitator."""
    page = selectors.run_page(request.user, member, exercise)
    require(may_plan(request.user, page.run.member))
    people = selectors.new_run_page(request.user, page.run.member.public_id).people
    row = page.run
    first = {
        "version": row.version,
        "held_on": row.held_on,
        "facilitator": row.facilitator.public_id,
        "tlp": row.tlp,
    }
    form = ChangeRunForm(request.POST if request.method == "POST" else None, initial=first, people=people)
    if request.method != "POST":
        return _change(request, page, form)
    if not form.is_valid():
        return _change(request, page, form, 422)
    data = form.cleaned_data
    try:
        services.change_run(
            actor=request.user, run=row, expected=data["version"] or 0, held_on=data["held_on"], tlp=data["tlp"],
            facilitator=selectors.colleague(request.user, row.member, data["facilitator"]) or row.facilitator,
        )  # fmt: skip
    except Refused as fault:
        form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        return _change(request, page, form, 422)
    except Conflict:
        page = selectors.run_page(request.user, member, exercise)
        form.take_version(page.run.version)
        return _change(request, page, form, 409)
    messages.success(request, _("Saved."))
    return redirect("exercises:run", member=member, exercise=exercise)


def _change(
    request: Request, page: selectors.RunPage, form: ChangeRunForm, status: int = 200
) -> HttpResponse:
    values = {"page": page, "form": form, "clash": status == 409}
    return render(request, "exercises/change.html", values, status=status)


@access(SIGNED_IN)
@require_POST
def cancel(request: Request, member: str, exercise: str) -> HttpResponse:
    """Call a run off."""
    row, _here = selectors.find_run(request.user, member, exercise)
    form = CancelForm(request.POST)
    with refusals_told(request):
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        services.cancel_run(actor=request.user, run=row, reason=reason)
        messages.success(request, _("The exercise is called off, and everybody invited is told."))
    return redirect("exercises:run", member=member, exercise=exercise)


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: Request, member: str, exercise: str) -> HttpResponse:
    """Invite people and give them roles."""
    page = selectors.cast_page(request.user, member, exercise)
    require(may_cast(request.user, page.page.run, page.page.member))
    data = request.POST if request.method == "POST" else None
    form = CastForm(data, people=page.people, roles=page.roles)
    if request.method != "POST":
        return _people(request, page, form)
    if not form.is_valid():
        return _people(request, page, form, 422)
    try:
        _cast(request, page, form)
    except Refused as fault:
        form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        return _people(request, page, form, 422)
    messages.success(request, _("Saved."))
    return redirect("exercises:people", member=member, exercise=exercise)


def _cast(request: Request, page: selectors.CastPage, form: CastForm) -> None:
    data, here = form.cleaned_data, page.page.member
    person = selectors.colleague(request.user, here, data["person"])
    if person is None:
        raise Refused(_("Choose a colleague."), field="person")
    about: dict[str, Any] = {
        "actor": request.user,
        "run": page.page.run,
        "member": here,
        "user": person,
    }
    if request.POST.get("act") == "remove":
        services.uncast_person(**about)
    else:
        services.cast_person(**about, roles=data["roles"], observer=data["observer"])


def _people(request: Request, page: selectors.CastPage, form: CastForm, status: int = 200) -> HttpResponse:
    return render(
        request, "exercises/people.html", {"cast": page, "page": page.page, "form": form}, status=status
    )


@access(SIGNED_IN)
@require_POST
def reply(request: Request, member: str, exercise: str) -> HttpResponse:
    """Say whether one comes."""
    row, _here = selectors.find_run(request.user, member, exercise)
    form = ReplyForm(request.POST)
    with refusals_told(request):
        if not form.is_valid():
            raise Refused(_("Say whether you come."))
        comes = form.cleaned_data["comes"] == "yes"
        services.answer_invitation(actor=request.user, run=row, comes=comes, named=form.cleaned_data["named"])
        messages.success(request, _("Saved."))
    return redirect("exercises:run", member=member, exercise=exercise)
