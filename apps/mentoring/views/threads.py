"""The discussion of an engagement."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused
from apps.members.selectors import get_member
from apps.mentoring.forms.workspace import ThreadForm, WordsForm
from apps.mentoring.selectors.threads import threads_page, words_draft
from apps.mentoring.services import threads as acts


def _show(
    request: Request,
    member: str,
    engagement: str,
    form: ThreadForm | None = None,
    *,
    wrong: str = "",
    status: int = 200,
) -> HttpResponse:
    """The discussion with its form; `wrong` is the thread whose answer was refused."""
    asked = request.GET
    page = threads_page(
        request.user, member, engagement, page=asked.get("page", "")[:9], whole=asked.get("whole", "")[:40]
    )
    fresh = ThreadForm(people=page.people, initial={"key": secrets.token_hex(12)})
    context: dict[str, Any] = {
        "page": page, "form": form if form and not wrong else fresh, "reply": form if wrong else None, "wrong": wrong,
        "key": secrets.token_hex(12),
    }  # fmt: skip
    return render(request, "mentoring/threads.html", context, status=status)


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def threads(request: Request, member: str, engagement: str) -> HttpResponse:
    """The discussion; POST opens a thread."""
    if request.method != "POST":
        return _show(request, member, engagement)
    page = threads_page(request.user, member, engagement, to_write=True)
    form = ThreadForm(request.POST, people=page.people)
    if form.is_valid():
        try:
            acts.start_thread(
                actor=request.user, member=page.space.member, engagement=engagement, said=form.said,
                idempotency=form.cleaned_data["key"],
            )  # fmt: skip
        except Refused as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("Your words are kept; both sides read them."))
            return redirect("mentoring:threads", member=member, engagement=engagement)
    return _show(request, member, engagement, form, status=422)


@access(SIGNED_IN)
@require_POST
def write(request: Request, member: str, engagement: str, thread: str) -> HttpResponse:
    """Write in a thread."""
    page = threads_page(request.user, member, engagement, to_write=True)
    form = ThreadForm(request.POST, people=page.people)
    if form.is_valid():
        try:
            acts.write_in_thread(
                actor=request.user, member=page.space.member, engagement=engagement, thread=thread, said=form.said,
                idempotency=form.cleaned_data["key"],
            )  # fmt: skip
        except Refused as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            return redirect("mentoring:threads", member=member, engagement=engagement)
    return _show(request, member, engagement, form, wrong=thread, status=422)


@access(SIGNED_IN)
@require_POST
def settle(request: Request, member: str, engagement: str, thread: str) -> HttpResponse:
    """Settle a thread, or open it again with `again` in the form."""
    row = get_member(request.user, member)
    acts.settle_thread(
        actor=request.user,
        member=row,
        engagement=engagement,
        thread=thread,
        settled="again" not in request.POST,
    )
    return redirect("mentoring:threads", member=member, engagement=engagement)


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def mend(request: Request, member: str, engagement: str, thread: str, thread_words: str) -> HttpResponse:
    """Change one's own words; the other side still reads the earlier ones."""
    draft, status = words_draft(request.user, member, engagement, thread, thread_words), 200
    initial = {"text": draft.words.text, "version": draft.words.version}
    form = WordsForm(request.POST if request.method == "POST" else None, initial=initial)
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            acts.mend_words(
                actor=request.user, member=draft.space.member, engagement=engagement, thread=thread, public_id=thread_words,
                text=form.cleaned_data["text"], version=form.cleaned_data["version"],
            )  # fmt: skip
        except Conflict:
            draft = words_draft(request.user, member, engagement, thread, thread_words)
            form.take_version(draft.words.version)
            theirs, status = draft.words, 409
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        else:
            messages.success(request, _("Your words are changed; the earlier ones can still be read."))
            return redirect("mentoring:threads", member=member, engagement=engagement)
    status = 422 if form.errors else status
    context = {"page": draft, "form": form, "theirs": theirs}
    return render(request, "mentoring/words_form.html", context, status=status)


@access(SIGNED_IN)
@require_POST
def withdraw(request: Request, member: str, engagement: str, thread: str, thread_words: str) -> HttpResponse:
    """Take one's own words back."""
    row = get_member(request.user, member)
    acts.withdraw_words(
        actor=request.user, member=row, engagement=engagement, thread=thread, public_id=thread_words
    )
    messages.success(request, _("Your words are withdrawn; that you wrote here stays to be seen."))
    return redirect("mentoring:threads", member=member, engagement=engagement)
