"""The page of the work between sessions: milestones, tasks, resources handed over."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused
from apps.members.selectors import get_member
from apps.mentoring.forms.workspace import HandoverForm, TaskForm
from apps.mentoring.selectors.todo import task_draft, work_page
from apps.mentoring.services import milestones, todo


def _show(request: Request, member: str, engagement: str, status: int = 200, **forms: Any) -> HttpResponse:
    page = work_page(request.user, member, engagement)
    asked = request.GET.get("removed", "")
    context = {
        "page": page,
        "removed": next((t for t in page.removed if t.public_id == asked), None),
        "task_form": TaskForm(people=page.people, initial={"key": secrets.token_hex(16)}, prefix="task"),
        "handover_form": HandoverForm(resources=page.resources, prefix="hand"),
        **forms,
    }
    return render(request, "mentoring/work.html", context, status=status)


@access(SIGNED_IN)
@require_safe
def work(request: Request, member: str, engagement: str) -> HttpResponse:
    """What is to be done."""
    return _show(request, member, engagement)


@access(SIGNED_IN)
@require_POST
def milestone(request: Request, member: str, engagement: str, milestone: str) -> HttpResponse:
    """Note that a milestone is reached, or not after all."""
    row, done = get_member(request.user, member), request.POST.get("act") == "done"
    milestones.reach_milestone(
        actor=request.user, member=row, engagement=engagement, public_id=milestone, done=done
    )
    return redirect("mentoring:work", member=member, engagement=engagement)


@access(SIGNED_IN)
@require_POST
def add_task(request: Request, member: str, engagement: str) -> HttpResponse:
    """Give a task."""
    page = work_page(request.user, member, engagement, to_write=True)
    form = TaskForm(request.POST, people=page.people, prefix="task")
    if form.is_valid():
        data = form.cleaned_data
        try:
            todo.add_task(
                actor=request.user, member=page.space.member, engagement=engagement, text=data["text"],
                owner=data["owner"], due_on=data["due_on"], idempotency=data["key"],
            )  # fmt: skip
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        else:
            messages.success(request, _("The task is on the list."))
            return redirect("mentoring:work", member=member, engagement=engagement)
    return _show(request, member, engagement, status=422, task_form=form, form=form)


@access(SIGNED_IN)
@require_POST
def task(request: Request, member: str, engagement: str, task: str) -> HttpResponse:
    """Finish a task, open it again, remove it, or put it back."""
    row, act = get_member(request.user, member), request.POST.get("act", "")
    where: dict[str, Any] = {
        "actor": request.user,
        "member": row,
        "engagement": engagement,
        "public_id": task,
    }
    if act in ("remove", "put_back"):
        todo.remove_task(**where, removed=act == "remove")
    else:
        todo.finish_task(**where, done=act == "done")
    page = reverse("mentoring:work", args=[member, engagement])
    return redirect(f"{page}?removed={task}" if act == "remove" else page)


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def edit_task(request: Request, member: str, engagement: str, task: str) -> HttpResponse:
    """Change a task: what, who, until when."""
    draft, theirs, status = task_draft(request.user, member, engagement, task), None, 200
    initial = {
        "text": draft.task.text, "owner": draft.task.owner_id, "due_on": draft.task.due_on, "version": draft.task.version,
    }  # fmt: skip
    form = TaskForm(request.POST if request.method == "POST" else None, people=draft.people, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            todo.change_task(
                actor=request.user, member=draft.space.member, engagement=engagement, public_id=task,
                version=data["version"] or 0, text=data["text"], owner=data["owner"], due_on=data["due_on"],
            )  # fmt: skip
        except Conflict:
            draft = task_draft(request.user, member, engagement, task)
            form.take_version(draft.task.version)
            theirs, status = draft.task, 409
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        else:
            messages.success(request, _("The task is changed."))
            return redirect("mentoring:work", member=member, engagement=engagement)
    status = 422 if form.errors else status
    context = {"page": draft, "form": form, "theirs": theirs}
    return render(request, "mentoring/task_form.html", context, status=status)


@access(SIGNED_IN)
@require_POST
def hand_over(request: Request, member: str, engagement: str) -> HttpResponse:
    """Hand a resource over."""
    page = work_page(request.user, member, engagement, to_write=True)
    form = HandoverForm(request.POST, resources=page.resources, prefix="hand")
    if form.is_valid():
        todo.hand_over(
            actor=request.user, member=page.space.member, engagement=engagement, **form.cleaned_data
        )
        messages.success(request, _("The resource is on the list of both sides."))
        return redirect("mentoring:work", member=member, engagement=engagement)
    return _show(request, member, engagement, status=422, handover_form=form, form=form)


@access(SIGNED_IN)
@require_POST
def take_back(request: Request, member: str, engagement: str, handover: str) -> HttpResponse:
    """Take a resource off the list."""
    row = get_member(request.user, member)
    todo.take_back(actor=request.user, member=row, engagement=engagement, public_id=handover)
    return redirect("mentoring:work", member=member, engagement=engagement)
