"""The queue of those who keep the library, decisions on proposals, and the care of entries."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused
from apps.resources import selectors, services
from apps.resources.forms import AnswerForm, DecisionForm, EntryForm, VersionForm

ANSWERS = {"ask": "asked", "decline": "declined"}
ACTS = {
    "keep": services.keep_resource,
    "retire": services.retire_resource,
    "restore": services.restore_resource,
}


@access(SIGNED_IN)
@require_safe
def queue(request: Request) -> HttpResponse:
    """What was proposed, reported, or does not answer."""
    return render(request, "resources/queue.html", {"page": selectors.queue_page(request.user)})


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def decide(request: Request, contribution: str) -> HttpResponse:
    """A proposal: take it in with edits, send it back with a question, or decline it with a reason."""
    draft = selectors.decide_draft(request.user, contribution)
    act = request.POST.get("act", "")
    data = request.POST if request.method == "POST" else None
    form = DecisionForm(data, initial=draft.initial, areas=draft.areas)
    answer = AnswerForm(data) if act in ANSWERS else None
    context: dict[str, Any] = {"page": draft, "form": form}
    if request.method == "POST" and (answer or form).is_valid():
        try:
            _decide(request, contribution, act, answer or form)
        except Conflict:
            form.is_valid()
            context["page"] = draft = selectors.decide_draft(request.user, contribution)
            context["differences"] = form.differences(draft.initial)
            form.take_version(draft.initial["version"])
            return render(request, "resources/decide.html", context, status=409)
        return redirect("resources:queue")
    if answer is not None and "note" in answer.errors:
        form = DecisionForm(data, initial=draft.initial, areas=draft.areas)
        form.is_valid()
        form.errors.clear()
        form.add_error("note", _("Write a sentence for those who proposed it."))
        context["form"] = form
    return render(request, "resources/decide.html", context, status=422 if request.method == "POST" else 200)


def _decide(request: Request, contribution: str, act: str, form: AnswerForm | DecisionForm) -> None:
    version, note = form.cleaned_data["version"] or 0, form.cleaned_data["note"]
    if isinstance(form, AnswerForm):
        services.answer_contribution(
            actor=request.user, contribution=contribution, version=version, state=ANSWERS[act], note=note
        )
        told = _("It is declined.") if act == "decline" else _("It is sent back.")
        messages.success(request, told)
        return
    if act != "accept":
        raise Refused(_("Choose what to do with it."))
    services.accept_contribution(
        actor=request.user, contribution=contribution, version=version, note=note, **form.said()
    )
    messages.success(request, _("It is in the library."))


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def curate(request: Request, resource: str) -> HttpResponse:
    """An entry: mend it, say that it is right, take it out, or bring it back."""
    draft = selectors.curate_draft(request.user, resource)
    act = request.POST.get("act", "")
    data = request.POST if request.method == "POST" and act == "mend" else None
    form = EntryForm(data, initial=draft.initial, areas=draft.areas)
    context: dict[str, Any] = {"page": draft, "form": form}
    if request.method != "POST":
        return render(request, "resources/curate.html", context)
    if act in ACTS:
        return _keep(request, resource, act)
    if act != "mend":
        raise Refused(_("Choose what to do with it."))
    if not form.is_valid():
        return render(request, "resources/curate.html", context, status=422)
    try:
        version = form.cleaned_data["version"] or 0
        services.mend_resource(actor=request.user, resource=resource, version=version, **form.said())
    except Conflict:
        context["page"] = draft = selectors.curate_draft(request.user, resource)
        context["differences"] = form.differences(draft.initial)
        form.take_version(draft.initial["version"])
        return render(request, "resources/curate.html", context, status=409)
    messages.success(request, _("The entry is changed."))
    return redirect("resources:queue")


def _keep(request: Request, resource: str, act: str) -> HttpResponse:
    form = VersionForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Open the page again and try once more."))
    ACTS[act](actor=request.user, resource=resource, version=form.cleaned_data["version"])
    messages.success(request, _("Done."))
    return redirect("resources:queue")
