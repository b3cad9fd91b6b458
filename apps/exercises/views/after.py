"""Observers' sheets, the hot wash, findings and their way into the plan."""

from __future__ import annotations

import secrets
from typing import Any

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
from apps.exercises.forms import FindingForm, IntoPlanForm, ObservationForm, ReflectionForm
from apps.exercises.policies import may_find, may_take_into_plan


def _sheet_form(line: selectors.SheetLine, data: Any = None) -> ObservationForm:
    first = {"seen": line.seen, "level": line.level, "note": line.note, "version": line.version or None}
    return ObservationForm(data, initial=first, auto_id=f"{line.look.code}_%s")


@access(SIGNED_IN)
@require_safe
def observe(request: Request, member: str, exercise: str) -> HttpResponse:
    """An observer's own sheet."""
    page = selectors.sheet_page(request.user, member, exercise)
    return render(
        request,
        "exercises/observe.html",
        {"page": page, "rows": [(ln, _sheet_form(ln)) for ln in page.lines]},
    )


@access(SIGNED_IN)
@require_POST
def sheet(request: Request, member: str, exercise: str) -> HttpResponse:
    """Keep one line of the sheet: by itself while it is written (htmx), or by the button."""
    page = selectors.sheet_page(request.user, member, exercise)
    code = request.POST.get("code", "")
    line = next((each for each in page.lines if each.look.code == code), None)
    if line is None:
        raise Refused(_("The exercise has no such question."))
    form = _sheet_form(line, request.POST)
    if not form.is_valid():
        return _sheet(request, page, line, form, 422)
    data = form.cleaned_data
    try:
        services.save_observation(
            actor=request.user, player=page.player, code=code, expected=data["version"] or 0, seen=data["seen"],
            level=data["level"], note=data["note"],
        )  # fmt: skip
    except Conflict:
        page = selectors.sheet_page(request.user, member, exercise)
        line = next(each for each in page.lines if each.look.code == code)
        form.take_version(line.version)
        return _sheet(request, page, line, form, 409)
    if request.htmx:
        page = selectors.sheet_page(request.user, member, exercise)
        line = next(each for each in page.lines if each.look.code == code)
        return render(request, "exercises/_kept.html", {"line": line, "fresh": True})
    messages.success(request, _("Saved."))
    return redirect(f"{request.path.removesuffix('sheet/')}#q-{code}")


def _sheet(
    request: Request, page: selectors.SheetPage, line: selectors.SheetLine, form: ObservationForm, status: int
) -> HttpResponse:
    if request.htmx:
        return render(
            request,
            "exercises/_kept.html",
            {"line": line, "theirs": status == 409, "form": form},
            status=status,
        )
    rows = [(ln, form if ln == line else _sheet_form(ln)) for ln in page.lines]
    values = {"page": page, "rows": rows, "form": form, "theirs": line if status == 409 else None}
    return render(request, "exercises/observe.html", values, status=status)


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def wash(request: Request, member: str, exercise: str) -> HttpResponse:
    """What one says in the hot wash."""
    page = selectors.wash_page(request.user, member, exercise)
    mine = page.mine
    names = ("well", "change", "action", "version")
    first = {name: getattr(mine, name) for name in names} if mine else {}
    form = ReflectionForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method != "POST" or not form.is_valid():
        return _wash(request, page, form, 422 if request.method == "POST" else 200)
    data = form.cleaned_data
    try:
        services.save_reflection(
            actor=request.user, player=page.player, expected=data["version"] or 0, well=data["well"],
            change=data["change"], action=data["action"],
        )  # fmt: skip
    except Refused as fault:
        form.add_error(None, fault.message)
        return _wash(request, page, form, 422)
    except Conflict:
        page = selectors.wash_page(request.user, member, exercise)
        form.take_version(page.mine.version if page.mine else 1)
        return _wash(request, page, form, 409)
    messages.success(request, _("Saved. Thank you."))
    return redirect("exercises:run", member=member, exercise=exercise)


def _wash(request: Request, page: selectors.WashPage, form: ReflectionForm, status: int) -> HttpResponse:
    return render(
        request, "exercises/wash.html", {"page": page, "form": form, "clash": status == 409}, status=status
    )


def _finding_form(page: selectors.FindingsPage, data: Any = None, **initial: Any) -> FindingForm:
    return FindingForm(data, initial=initial, indicators=page.indicators, people=page.people)


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def findings(request: Request, member: str, exercise: str) -> HttpResponse:
    """What a member takes from a run; POST adds a finding."""
    page = selectors.findings_page(request.user, member, exercise)
    if request.method != "POST":
        return _findings(request, page, _finding_form(page, idempotency=secrets.token_hex(16)))
    require(may_find(request.user, page.run, page.member))
    form = _finding_form(page, request.POST)
    if not form.is_valid():
        return _findings(request, page, form, 422)
    try:
        services.add_finding(
            actor=request.user, run=page.run, member=page.member, **_words(request, page, form, new=True)
        )
    except Refused as fault:
        form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        return _findings(request, page, form, 422)
    messages.success(request, _("Written down."))
    return redirect("exercises:findings", member=member, exercise=exercise)


def _words(request: Request, page: selectors.FindingsPage, form: FindingForm, *, new: bool) -> dict[str, Any]:
    data = {name: form.cleaned_data[name] for name in ("indicator", "text", "change", "proof", "due_on")}
    data["owner"] = selectors.colleague(request.user, page.member, form.cleaned_data["owner"])
    key = (
        {"idempotency": form.cleaned_data["idempotency"]}
        if new
        else {"expected": form.cleaned_data["version"] or 0}
    )
    return {**data, **key}


def _findings(
    request: Request, page: selectors.FindingsPage, form: FindingForm, status: int = 200
) -> HttpResponse:
    return render(request, "exercises/findings.html", {"page": page, "form": form}, status=status)


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def finding(request: Request, member: str, exercise: str, exercise_finding: str) -> HttpResponse:
    """Change a finding."""
    row = selectors.find_finding(request.user, member, exercise, exercise_finding)
    page = selectors.findings_page(request.user, member, exercise)
    names = ("indicator", "text", "change", "proof", "due_on", "version")
    first = {name: getattr(row, name) for name in names} | {"owner": row.owner.public_id if row.owner else ""}
    form = _finding_form(page, request.POST if request.method == "POST" else None, **first)
    if request.method != "POST" or not form.is_valid():
        return _finding(request, page, row, form, 422 if request.method == "POST" else 200)
    try:
        services.change_finding(actor=request.user, finding=row, **_words(request, page, form, new=False))
    except Refused as fault:
        form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        return _finding(request, page, row, form, 422)
    except Conflict:
        row = selectors.find_finding(request.user, member, exercise, exercise_finding)
        form.take_version(row.version)
        return _finding(request, page, row, form, 409)
    messages.success(request, _("Saved."))
    return redirect("exercises:findings", member=member, exercise=exercise)


def _finding(
    request: Request, page: selectors.FindingsPage, row: Any, form: FindingForm, status: int
) -> HttpResponse:
    values = {"page": page, "row": row, "form": form, "clash": status == 409}
    return render(request, "exercises/finding.html", values, status=status)


@access(SIGNED_IN)
@require_POST
def into_plan(request: Request, member: str, exercise: str) -> HttpResponse:
    """Make the chosen findings actions of the plan."""
    page = selectors.findings_page(request.user, member, exercise)
    require(may_take_into_plan(request.user, page.member))
    chosen = tuple((row.public_id, row.change) for row in page.findings)
    form = IntoPlanForm(request.POST, findings=chosen, plans=page.plans)
    if not form.is_valid():
        messages.error(request, _("Choose at least one finding."))
        return redirect("exercises:findings", member=member, exercise=exercise)
    with refusals_told(request):
        fresh = services.take_into_plan(
            actor=request.user, run=page.run, member=page.member, findings=form.cleaned_data["findings"],
            plan=selectors.open_plan_of(request.user, page.member, form.cleaned_data["plan"]),
        )  # fmt: skip
        text = ngettext(
            "%(n)s finding is an action of the plan now.",
            "%(n)s findings are actions of the plan now.",
            fresh,
        )
        messages.success(request, text % {"n": fresh})
    return redirect("exercises:findings", member=member, exercise=exercise)
