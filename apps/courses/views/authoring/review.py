"""Review, comments and history of a draft, and publishing it by a second person."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Refused
from apps.courses.selectors import authoring
from apps.courses.services import CourseFaults
from apps.courses.services.authoring import drafts, looking, publishing


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: Request, course_draft: str) -> HttpResponse:
    """Ask for the review, send the draft back, or publish it."""
    row = authoring.draft_for(request.user, course_draft)
    if request.method == "POST":
        return _decide(request, row)
    context = {
        "draft": row,
        "comments": authoring.comments_of(row),
        "hint": authoring.publishing_hint(request.user, row),
        "changes": looking.differences(row),
        "faults": looking.faults_of_draft(row),
    }
    return render(request, "courses/write/review.html", context)


def _decide(request: Request, row: object) -> HttpResponse:
    draft = authoring.draft_for(request.user, row.public_id)  # type: ignore[attr-defined]
    revision, action = _number(request.POST.get("revision", "")), request.POST.get("action")
    try:
        if action == "publish":
            version = publishing.publish_draft(actor=request.user, draft=draft, revision=revision)
            said = _("Version %(version)s is published. It never changes.") % {"version": version.version}
        elif action == "back":
            publishing.send_back(actor=request.user, draft=draft, revision=revision)
            said = _("The draft is back with its authors.")
        else:
            publishing.ask_review(actor=request.user, draft=draft, revision=revision)
            said = _("The draft waits for a second person.")
    except CourseFaults as fault:
        text = _("The checks find something: %(first)s")
        messages.error(request, text % {"first": fault.faults[0]})
        return redirect("courses:draft_checks", draft.public_id)
    except Refused as fault:
        messages.error(request, fault.message)
        return redirect("courses:draft_review", draft.public_id)
    messages.success(request, said)
    return redirect("courses:draft", draft.public_id)


@access(SIGNED_IN)
@require_POST
def comment(request: Request, course_draft: str) -> HttpResponse:
    """Say something about the draft or one of its files, or settle what was said; back to where one was."""
    row = authoring.draft_for(request.user, course_draft)
    try:
        if request.POST.get("settle"):
            publishing.settle_comment(actor=request.user, draft=row, comment=request.POST["settle"])
        else:
            publishing.add_comment(
                actor=request.user, draft=row, path=request.POST.get("path", ""), text=request.POST.get("text", "")
            )  # fmt: skip
    except Refused as fault:
        messages.error(request, fault.message)
    back = request.POST.get("back", "")
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    return redirect("courses:draft_review", course_draft)


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def changes(request: Request, course_draft: str) -> HttpResponse:
    """What was saved, what differs from the published version; a save can be put back."""
    row = authoring.draft_for(request.user, course_draft)
    if request.method == "POST":
        try:
            drafts.restore_save(actor=request.user, draft=row, save=_number(request.POST.get("save", "")))
        except Refused as fault:
            messages.error(request, fault.message)
        else:
            messages.success(request, _("It is put back. What was there before is kept in the list."))
        return redirect("courses:draft_changes", course_draft)
    context = {"draft": row, "saves": authoring.saves_of(row), "changes": looking.differences(row)}
    return render(request, "courses/write/changes.html", context)
