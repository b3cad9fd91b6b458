"""The facilitator's page: the clock, injects, questions."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request, refusals_told
from apps.core.access import SIGNED_IN, access
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.exercises import selectors, services
from apps.exercises.forms import AnswerForm, OwnInjectForm, SkipForm
from apps.exercises.policies import may_facilitate


@access(SIGNED_IN)
@require_safe
def control(request: Request, member: str, exercise: str) -> HttpResponse:
    """Everything that a facilitator needs while it is played."""
    page = selectors.control_page(request.user, member, exercise)
    values = {
        "page": page,
        "skip": SkipForm(codes=page.open_codes),
        "own": OwnInjectForm(roles=page.roles, initial={"idempotency": secrets.token_hex(16)}),
    }
    return render(request, "exercises/control.html", values)


@access(SIGNED_IN)
@require_safe
def news(request: Request, member: str, exercise: str) -> HttpResponse:
    """What is new on the facilitator's page; empty (204) when nothing is."""
    if selectors.control_marker(request.user, member, exercise) == request.GET.get("seen", ""):
        return HttpResponse(status=204)
    return render(
        request, "exercises/_control.html", {"page": selectors.control_page(request.user, member, exercise)}
    )


def _back(request: Request, member: str, exercise: str) -> HttpResponse:
    return redirect("exercises:control", member=member, exercise=exercise)


@access(SIGNED_IN)
@require_POST
def clock(request: Request, member: str, exercise: str) -> HttpResponse:
    """Start, pause, go on, end, close."""
    run, _here = selectors.find_run(request.user, member, exercise)
    require(may_facilitate(request.user, run))
    act = request.POST.get("act", "")
    try:
        with refusals_told(request):
            fewer = request.POST.get("fewer") == "yes"
            services.move_clock(actor=request.user, run=run, act=act, fewer=fewer)
    except Conflict as fault:
        messages.error(request, fault.message)
    if act in ("wash", "close"):
        return redirect("exercises:run", member=member, exercise=exercise)
    return _back(request, member, exercise)


@access(SIGNED_IN)
@require_POST
def give(request: Request, member: str, exercise: str) -> HttpResponse:
    """Give one inject, or everything that is due (`code` empty)."""
    run, _here = selectors.find_run(request.user, member, exercise)
    require(may_facilitate(request.user, run))
    code = request.POST.get("code", "")[:20]
    try:
        with refusals_told(request):
            if code:
                fresh = services.give_injects(actor=request.user, run=run, codes=[code])
            else:
                fresh = services.give_due(actor=request.user, run=run)
            messages.success(request, ngettext("Given: %(n)s.", "Given: %(n)s.", fresh) % {"n": fresh})
    except Conflict as fault:
        messages.error(request, fault.message)
    return _back(request, member, exercise)


@access(SIGNED_IN)
@require_POST
def skip(request: Request, member: str, exercise: str) -> HttpResponse:
    """Leave an inject out."""
    page = selectors.control_page(request.user, member, exercise)
    form = SkipForm(request.POST, codes=page.open_codes)
    if not form.is_valid():
        own = OwnInjectForm(roles=page.roles, initial={"idempotency": secrets.token_hex(16)})
        return render(request, "exercises/control.html", {"page": page, "skip": form, "own": own}, status=422)
    try:
        with refusals_told(request):
            services.skip_inject(actor=request.user, run=page.run, **form.cleaned_data)
            messages.success(request, _("Left out. The report gives the reason."))
    except Conflict as fault:
        messages.error(request, fault.message)
    return _back(request, member, exercise)


@access(SIGNED_IN)
@require_POST
def own(request: Request, member: str, exercise: str) -> HttpResponse:
    """Give something that the kit has not."""
    page = selectors.control_page(request.user, member, exercise)
    form = OwnInjectForm(request.POST, roles=page.roles)
    if form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        try:
            services.give_own_inject(actor=request.user, run=page.run, **data)
            messages.success(request, _("Given."))
            return _back(request, member, exercise)
        except (Refused, Conflict) as fault:
            form.add_error(None, fault.message)
    values = {"page": page, "skip": SkipForm(codes=page.open_codes), "own": form}
    return render(request, "exercises/control.html", values, status=422)


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Request, member: str, exercise: str, entry: str) -> HttpResponse:
    """Answer a player's question."""
    page = selectors.question_page(request.user, member, exercise, entry)
    form = AnswerForm(
        request.POST if request.method == "POST" else None, initial={"answer": page.entry.answer}
    )
    if request.method == "POST" and form.is_valid():
        services.answer_question(actor=request.user, entry=page.entry, answer=form.cleaned_data["answer"])
        messages.success(request, _("Answered."))
        return _back(request, member, exercise)
    status = 422 if request.method == "POST" else 200
    return render(request, "exercises/answer.html", {"page": page, "form": form}, status=status)
