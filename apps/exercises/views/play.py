"""A player's pages: messages, decisions, questions."""

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
from apps.exercises import selectors, services
from apps.exercises.forms import DecisionForm, QuestionForm


def _key() -> dict[str, str]:
    return {"idempotency": secrets.token_hex(16)}


@access(SIGNED_IN)
@require_safe
def play(request: Request, member: str, exercise: str) -> HttpResponse:
    """What a player has before them."""
    return _play(request, member, exercise)


def _play(
    request: Request, member: str, exercise: str, status: int = 200, decide: DecisionForm | None = None,
    ask: QuestionForm | None = None,
) -> HttpResponse:  # fmt: skip
    page = selectors.play_page(request.user, member, exercise)
    values = {
        "page": page,
        "decide": decide or DecisionForm(initial=_key(), prefix="d"),
        "ask": ask or QuestionForm(initial=_key(), prefix="q"),
        "form": decide or ask,
    }
    return render(request, "exercises/play.html", values, status=status)


@access(SIGNED_IN)
@require_safe
def news(request: Request, member: str, exercise: str) -> HttpResponse:
    """What is new on a player's page; empty (204) when nothing is."""
    if selectors.play_marker(request.user, member, exercise) == request.GET.get("seen", ""):
        return HttpResponse(status=204)
    page = selectors.play_page(request.user, member, exercise)
    return render(request, "exercises/_inbox.html", {"page": page})


@access(SIGNED_IN)
@require_POST
def decide(request: Request, member: str, exercise: str) -> HttpResponse:
    """Write a decision into the log."""
    player = selectors.writing_player(request.user, member, exercise)
    form = DecisionForm(request.POST, prefix="d")
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.log_decision(
                actor=request.user, player=player, text=data["text"], why=data["why"], idempotency=data["idempotency"]
            )  # fmt: skip
            messages.success(request, _("Written into the log."))
            return redirect("exercises:play", member=member, exercise=exercise)
        except (Refused, Conflict) as fault:
            form.add_error(None, fault.message)
    return _play(request, member, exercise, 422, decide=form)


@access(SIGNED_IN)
@require_POST
def ask(request: Request, member: str, exercise: str) -> HttpResponse:
    """Ask the facilitator."""
    player = selectors.writing_player(request.user, member, exercise)
    form = QuestionForm(request.POST, prefix="q")
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.ask_facilitator(
                actor=request.user, player=player, text=data["text"], idempotency=data["idempotency"]
            )
            messages.success(request, _("Asked. The answer comes to this page."))
            return redirect("exercises:play", member=member, exercise=exercise)
        except (Refused, Conflict) as fault:
            form.add_error(None, fault.message)
    return _play(request, member, exercise, 422, ask=form)


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def inject(request: Request, member: str, exercise: str, inject: str) -> HttpResponse:
    """One message, opened, and what is decided on it."""
    page = selectors.message_page(request.user, member, exercise, inject)
    if request.method != "POST":
        services.open_inject(actor=request.user, inject=page.inject, player=page.player)
        return _inject(request, page, DecisionForm(initial=_key()))
    form = DecisionForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        page.player.run = page.run
        try:
            services.log_decision(
                actor=request.user, player=page.player, inject=page.inject, text=data["text"], why=data["why"],
                idempotency=data["idempotency"],
            )  # fmt: skip
            messages.success(request, _("Written into the log."))
            return redirect("exercises:play", member=member, exercise=exercise)
        except (Refused, Conflict) as fault:
            form.add_error(None, fault.message)
    return _inject(request, page, form, 422)


def _inject(
    request: Request, page: selectors.MessagePage, form: DecisionForm, status: int = 200
) -> HttpResponse:
    return render(request, "exercises/inject.html", {"page": page, "form": form}, status=status)
