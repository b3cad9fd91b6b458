"""Pages where each side says how the work goes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict
from apps.mentoring.forms.feedback import FeedbackForm
from apps.mentoring.selectors import feedback as selectors
from apps.mentoring.services import feedback as services


@access(SIGNED_IN)
@require_safe
def feedback(request: Request, member: str, engagement: str) -> HttpResponse:
    """What is asked now, what was written, what the other side shared."""
    page = selectors.feedback_page(request.user, member, engagement)
    return render(request, "mentoring/feedback.html", {"page": page})


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def give_feedback(request: Request, member: str, engagement: str, moment: str) -> HttpResponse:
    """Say how the work goes."""
    draft = selectors.feedback_draft(request.user, member, engagement, moment)
    form = FeedbackForm(request.POST if request.method == "POST" else None, initial=draft.initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.give_feedback(
                actor=request.user,
                member=draft.head.member,
                engagement=engagement,
                moment=moment,
                **form.said(),
            )
        except Conflict as fault:
            form.take_version(fault.current.version)
            return _form(request, draft, form, status=409, theirs=selectors.said(fault.current))
        messages.success(request, _("Saved. The other side reads only what you ticked."))
        return redirect("mentoring:feedback", member=member, engagement=engagement)
    return _form(request, draft, form, status=422 if form.errors else 200)


def _form(
    request: Request,
    draft: selectors.FeedbackDraft,
    form: FeedbackForm,
    status: int,
    theirs: selectors.Said | None = None,
) -> HttpResponse:
    context = {"page": draft.head, "draft": draft, "form": form, "theirs": theirs}
    return render(request, "mentoring/feedback_form.html", context, status=status)


@access(SIGNED_IN)
@require_safe
def programme_feedback(request: Request, programme: str) -> HttpResponse:
    """Everything that was said, for the managers."""
    page = selectors.feedback_overview(request.user, programme)
    return render(request, "mentoring/programme_feedback.html", {"page": page})
