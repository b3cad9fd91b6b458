"""The discussion of a question, and a person's own list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.assessments import services
from apps.assessments.forms import MendForm, TalkForm, new_key
from apps.assessments.selectors.mine import my_list
from apps.assessments.selectors.places import place_for
from apps.assessments.selectors.sheet import sheet_of
from apps.assessments.selectors.talk import comment_for, talk_for, talk_page
from apps.assessments.services import Closed
from apps.assessments.views.going import go
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused


def _show(
    request: Request,
    where: dict[str, str],
    form: TalkForm | None = None,
    *,
    wrong: str = "",
    status: int = 200,
) -> HttpResponse:
    """The discussion with its form; `wrong` is the thread whose answer was refused."""
    query = request.GET
    page = talk_page(request.user, **where, page=query.get("page", "")[:9], whole=query.get("whole", "")[:40])
    context: dict[str, Any] = {
        "page": page,
        "form": form
        if form and not wrong
        else TalkForm(colleagues=page.colleagues, initial={"key": new_key()}),
        "reply": form if wrong else None,
        "wrong": wrong,
        "key": new_key(),
    }
    return render(request, "assessments/talk.html", context, status=status)


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def talk(request: Request, **where: str) -> HttpResponse:
    """The discussion of a question; POST opens a thread, or asks a colleague."""
    if request.method != "POST":
        return _show(request, where)
    page = talk_page(request.user, **where)
    form = TalkForm(request.POST, colleagues=page.colleagues)
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.start_talk(
                actor=request.user, place=page.place, words=form.words, asked=data["asked"], due_on=data["due_on"],
                idempotency=data["key"],
            )  # fmt: skip
        except Refused as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            said = _("Your question is sent.") if data["asked"] else _("Your comment is kept.")
            messages.success(request, said)
            return go("talk", where)
    return _show(request, where, form, status=422)


@access(SIGNED_IN)
@require_POST
def reply(request: Request, talk: str, **where: str) -> HttpResponse:
    """Write in a thread."""
    page = talk_page(request.user, **where)
    row = talk_for(page.place, talk)
    form = TalkForm(request.POST, colleagues=page.colleagues)
    if form.is_valid():
        try:
            services.add_comment(
                actor=request.user, place=page.place, talk=row, words=form.words,
                idempotency=form.cleaned_data["key"],
            )  # fmt: skip
        except Refused as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("Your comment is kept."))
            return go("talk", where)
    return _show(request, where, form, wrong=talk, status=422)


@access(SIGNED_IN)
@require_POST
def settle(request: Request, talk: str, **where: str) -> HttpResponse:
    """Settle a thread, or open it again with `again` in the form."""
    place = place_for(request.user, **where)
    settled = "again" not in request.POST
    services.settle_talk(actor=request.user, place=place, talk=talk_for(place, talk), settled=settled)
    messages.success(request, _("The thread is settled.") if settled else _("The thread is open again."))
    return go("talk", where)


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def mend(request: Request, talk: str, comment: str, **where: str) -> HttpResponse:
    """Change one's own words within fifteen minutes."""
    place = place_for(request.user, **where)
    row = comment_for(place, talk, comment)
    form = MendForm(request.POST or None, initial={"text": row.text, "version": row.version})
    status, theirs = 200, ""
    if form.is_bound:
        status = 422
        if form.is_valid():
            text, version = form.cleaned_data["text"], form.cleaned_data["version"]
            try:
                services.mend_comment(
                    actor=request.user, place=place, comment=row, text=text, expected=version
                )
            except Closed:
                raise
            except Conflict as fault:
                status, theirs = 409, str(fault.current)
                form.data = {"text": text, "version": str(row.version)}
                form.add_error("text", fault.message)
            except Refused as fault:
                form.add_error("text", fault.message)
            else:
                messages.success(request, _("Your words are changed; the earlier ones can still be read."))
                return go("talk", where)
    context = {"place": place, "form": form, "theirs": theirs}
    return render(request, "assessments/mend.html", context, status=status)


@access(SIGNED_IN)
@require_safe
def mine(request: Request) -> HttpResponse:
    """What waits for the person in the assessments of all their members."""
    return render(request, "assessments/mine.html", {"page": my_list(request.user)})


@access(SIGNED_IN)
@require_safe
def sheet(request: Request, member: str, assessment: str) -> HttpResponse:
    """The reader's areas to print; `?for=` a colleague's public id or "all", `?filled=1` with the answers so far."""
    person, filled = request.GET.get("for", "")[:40], request.GET.get("filled") == "1"
    page = sheet_of(request.user, member, assessment, person=person, filled=filled)
    return render(request, "assessments/sheet.html", {"page": page})
