"""Pages of roadmaps: ask, follow, read, and make one into a plan."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Refused
from apps.members.policies import site_day
from apps.mentoring import services
from apps.mentoring.choices import Unit
from apps.mentoring.forms.plans import RoadmapForm, StartPlanForm
from apps.mentoring.selectors import roadmaps as reads
from apps.mentoring.selectors.questions import levels_of_set

ONE_YEAR = timedelta(days=365)


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def new_roadmap(request: Request, member: str, assessment: str) -> HttpResponse:
    """Ask which improvements come first; `?unit=money` counts in a currency."""
    page = reads.ask_page(request.user, member, assessment)
    given = request.POST if request.method == "POST" else request.GET
    unit = Unit.MONEY if given.get("unit") == Unit.MONEY else Unit.DAYS
    form = RoadmapForm(
        request.POST if request.method == "POST" else None,
        unit=unit,
        choices=page.choices,
        codes=[code for code, _name, _area in page.indicators],
        initial={"idempotency": secrets.token_hex(16)},
    )
    if request.method == "POST" and form.is_valid():
        levels = levels_of_set(page.result, form.target_set) if form.target_set else None
        try:
            row = services.ask_roadmap(
                actor=request.user,
                result=page.result,
                question=form.question(levels),
                idempotency=form.cleaned_data["idempotency"],
            )
        except Refused as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            return redirect("mentoring:roadmap", member=member, roadmap=row.public_id)
    own = [(name, form[f"own-{code}"]) for code, name, _area in page.indicators]
    context = {"page": page, "form": form, "own": own, "money": unit == Unit.MONEY}
    return render(request, "mentoring/roadmap_new.html", context, status=422 if form.errors else 200)


@access(SIGNED_IN)
@require_safe
def roadmap(request: Request, member: str, roadmap: str) -> HttpResponse:
    """How far a roadmap is; its answer when it is ready."""
    row = reads.get_roadmap(request.user, member, roadmap)
    return _page(request, row, StartPlanForm(initial=_first()))


def _first() -> dict[str, Any]:
    today = site_day()
    return {"idempotency": secrets.token_hex(16), "starts_on": today, "ends_on": today + ONE_YEAR}


def _page(request: Request, row: Any, form: StartPlanForm) -> HttpResponse:
    page = reads.roadmap_page(request.user, row)
    context = {"page": page, "form": form}
    return render(request, "mentoring/roadmap.html", context, status=422 if form.errors else 200)


@access(SIGNED_IN)
@require_POST
def retry(request: Request, member: str, roadmap: str) -> HttpResponse:
    """Work out a failed roadmap again."""
    row = reads.get_roadmap(request.user, member, roadmap)
    services.retry_roadmap(actor=request.user, roadmap=row)
    return redirect("mentoring:roadmap", member=member, roadmap=roadmap)


@access(SIGNED_IN)
@require_POST
def start_plan(request: Request, member: str, roadmap: str) -> HttpResponse:
    """Make a roadmap into an action plan."""
    row = reads.get_roadmap(request.user, member, roadmap)
    form = StartPlanForm(request.POST)
    if form.is_valid():
        try:
            plan = services.start_plan(actor=request.user, roadmap=row, **form.cleaned_data)
        except Refused as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("The plan is made. Now say who does what."))
            return redirect("mentoring:action_plan", member=member, action_plan=plan.public_id)
    return _page(request, row, form)
