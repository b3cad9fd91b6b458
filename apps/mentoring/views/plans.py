"""Pages of action plans and their actions."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.downloads import table_file
from apps.core.errors import Conflict, Refused
from apps.mentoring import services
from apps.mentoring.forms import VersionForm
from apps.mentoring.forms.plans import ActionForm, MoveForm
from apps.mentoring.selectors import actions
from apps.mentoring.selectors import plans as reads


@access(SIGNED_IN)
@require_safe
def plans(request: Request, member: str) -> HttpResponse:
    """The action plans of a member."""
    return render(request, "mentoring/plans.html", {"page": reads.plans_page(request.user, member)})


@access(SIGNED_IN)
@require_safe
def plan(request: Request, member: str, action_plan: str) -> HttpResponse:
    """One plan as list, board and chart."""
    row = reads.get_plan(request.user, member, action_plan)
    return render(request, "mentoring/plan.html", {"page": reads.plan_page(request.user, row)})


@access(SIGNED_IN)
@require_POST
def close(request: Request, member: str, action_plan: str) -> HttpResponse:
    """Close a plan or open it again."""
    row = reads.get_plan(request.user, member, action_plan)
    form = VersionForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Open the page again and try once more."))
    closed = request.POST.get("act") != "open"
    services.close_plan(actor=request.user, plan=row, expected=form.cleaned_data["version"], closed=closed)
    messages.success(request, _("The plan is closed.") if closed else _("The plan is open again."))
    return redirect("mentoring:action_plan", member=member, action_plan=action_plan)


def _table(request: Request, member: str, action_plan: str, ending: str) -> HttpResponse:
    page = reads.plan_page(request.user, reads.get_plan(request.user, member, action_plan))
    return table_file(reads.plan_table(page), ending, name=f"plan-{page.public_id}", title=_("Actions"))


@access(SIGNED_IN)
@require_safe
def csv_file(request: Request, member: str, action_plan: str) -> HttpResponse:
    """The plan as CSV."""
    return _table(request, member, action_plan, "csv")


@access(SIGNED_IN)
@require_safe
def workbook(request: Request, member: str, action_plan: str) -> HttpResponse:
    """The plan as a workbook."""
    return _table(request, member, action_plan, "xlsx")


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def action(request: Request, member: str, action_plan: str, action: str) -> HttpResponse:
    """One action: how it stands, who does it until when, its history, and what helps."""
    row = actions.get_action(request.user, reads.get_plan(request.user, member, action_plan), action)
    page = actions.action_page(request.user, row)
    form = _form(request, page)
    if request.method != "POST":
        return _action(request, page, form)
    if not form.is_valid():
        return _action(request, page, form, status=422)
    try:
        services.change_action(actor=request.user, action=row, **_given(request, page, form))
    except Refused as fault:
        form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        return _action(request, page, form, status=422)
    except Conflict:
        current = actions.action_page(request.user, actions.get_action(request.user, row.plan, action))
        form.take_version(current.action.version)
        return _action(request, current, form, status=409)
    messages.success(request, _("Saved."))
    return redirect("mentoring:action_plan", member=member, action_plan=action_plan)


def _form(request: Request, page: actions.ActionPage) -> ActionForm:
    row = page.action
    initial = {
        "version": row.version,
        "idempotency": secrets.token_hex(16),
        "state": row.state,
        "reason": row.reason,
        "owner": page.row.owner_id,
        "starts_on": row.starts_on,
        "due_on": row.due_on,
    }
    data = request.POST if request.method == "POST" else None
    return ActionForm(data, initial=initial, people=page.people, can_run=page.can_run)


def _given(request: Request, page: actions.ActionPage, form: ActionForm) -> dict[str, Any]:
    data = dict(form.cleaned_data)
    names = ("state", "reason", "starts_on", "due_on")
    given: dict[str, Any] = {name: data[name] for name in names if name in data}
    if "owner" in data:
        given["owner"] = actions.colleague(request.user, page.plan, data["owner"])
    return {
        **given,
        "note": data["note"],
        "expected": data["version"] or 0,
        "idempotency": data["idempotency"],
    }


def _action(request: Request, page: actions.ActionPage, form: ActionForm, status: int = 200) -> HttpResponse:
    context = {"page": page, "form": form, "clash": status == 409}
    return render(request, "mentoring/action.html", context, status=status)


@access(SIGNED_IN)
@require_POST
def move(request: Request, member: str, action_plan: str, action: str) -> HttpResponse:
    """Start an action or mark it as done by one press."""
    row = actions.get_action(request.user, reads.get_plan(request.user, member, action_plan), action)
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Open the page again and try once more."))
    services.change_action(
        actor=request.user,
        action=row,
        expected=form.cleaned_data["version"],
        state=form.cleaned_data["state"],
    )
    messages.success(request, _("Saved."))
    return redirect("mentoring:action_plan", member=member, action_plan=action_plan)
