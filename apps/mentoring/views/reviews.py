"""Pages of the closing review and of follow-up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused
from apps.members.selectors import get_member
from apps.mentoring.forms import VersionForm
from apps.mentoring.forms.reviews import CommentForm, FollowUpForm, ReviewForm, TakeUpForm
from apps.mentoring.selectors import follow_ups as after
from apps.mentoring.selectors import reviews as selectors
from apps.mentoring.services import follow_ups, reviews


@access(SIGNED_IN)
@require_safe
def review(request: Request, member: str, engagement: str) -> HttpResponse:
    """The closing review as it stands."""
    page = selectors.review_page(request.user, member, engagement)
    return render(request, "mentoring/review.html", {"page": page})


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def write_review(request: Request, member: str, engagement: str) -> HttpResponse:
    """Write the closing review, or change it until both sides have confirmed."""
    page, initial = selectors.review_draft(request.user, member, engagement)
    goals = [(goal.public_id, f"{goal.indicator} {goal.name}") for goal in page.goals]
    form = ReviewForm(request.POST if request.method == "POST" else None, initial=initial, goals=goals)
    context = {"page": page, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            reviews.write_review(
                actor=request.user, member=page.head.member, engagement=engagement, **form.review()
            )
        except Conflict:
            page = selectors.review_page(request.user, member, engagement)
            form.take_version(page.version)
            return render(
                request, "mentoring/review_form.html", {**context, "page": page, "theirs": page}, status=409
            )
        messages.success(request, _("Saved and confirmed for your side. The other side is asked to confirm."))
        return redirect("mentoring:review", member=member, engagement=engagement)
    return render(request, "mentoring/review_form.html", context, status=422 if form.errors else 200)


@access(SIGNED_IN)
@require_POST
def confirm_review(request: Request, member: str, engagement: str) -> HttpResponse:
    """Confirm the words as they stand."""
    form = VersionForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Open the page again and try once more."))
    row = get_member(request.user, member)
    reviews.confirm_review(actor=request.user, member=row, engagement=engagement, **form.cleaned_data)
    messages.success(request, _("Confirmed by both sides. The engagement is closed."))
    return redirect("mentoring:review", member=member, engagement=engagement)


@access(SIGNED_IN)
@require_POST
def take_up_goals(request: Request, member: str, engagement: str) -> HttpResponse:
    """Take open goals into an action plan."""
    form = TakeUpForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose one of your open plans."))
    row = get_member(request.user, member)
    plan = form.cleaned_data["plan"]
    n = reviews.take_up_goals(actor=request.user, member=row, engagement=engagement, plan=plan)
    text = ngettext("One action was added to the plan.", "%(n)s actions were added to the plan.", n) % {
        "n": n
    }
    messages.success(request, text if n else _("The plan has all of them already."))
    return redirect("mentoring:action_plan", member=member, action_plan=plan)


@access(SIGNED_IN)
@require_safe
def follow_up_list(request: Request, member: str, engagement: str) -> HttpResponse:
    """Both times of asking."""
    page = after.follow_ups_page(request.user, member, engagement)
    return render(request, "mentoring/follow_ups.html", {"page": page})


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def follow_up(request: Request, member: str, engagement: str, months: str) -> HttpResponse:
    """Answer one time of asking, or comment on the answer as the mentor."""
    page, row = after.follow_up_draft(request.user, member, engagement, months)
    initial = {name: getattr(row.answer, name) for name in FOLLOW_UP_FIELDS} if row.answer else {}
    kind = FollowUpForm if page.can_answer else CommentForm
    form = kind(request.POST if request.method == "POST" else None, initial=initial)
    context: dict[str, Any] = {"page": page, "row": row, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, page, row, form)
        except Conflict as fault:
            form.take_version(fault.current.version)
            _page, row = after.follow_up_draft(request.user, member, engagement, months)
            return render(
                request, "mentoring/follow_up_form.html", {**context, "theirs": row.answer}, status=409
            )
        messages.success(request, _("Saved. Thank you."))
        return redirect("mentoring:follow_ups", member=member, engagement=engagement)
    return render(request, "mentoring/follow_up_form.html", context, status=422 if form.errors else 200)


FOLLOW_UP_FIELDS = ("still", "level", "helps", "missing", "comment", "version")


def _save(request: Request, page: after.FollowUpsPage, row: after.Asked, form: Any) -> None:
    about: dict[str, Any] = {
        "actor": request.user, "member": page.head.member, "engagement": page.head.public_id, "months": row.months,
    }  # fmt: skip
    if isinstance(form, FollowUpForm):
        follow_ups.answer_follow_up(**about, **form.answer())
    else:
        follow_ups.comment_follow_up(**about, **form.cleaned_data)


@access(SIGNED_IN)
@require_safe
def programme_follow_ups(request: Request, programme: str) -> HttpResponse:
    """What is due and what was answered, for the office."""
    page = after.programme_follow_ups(request.user, programme)
    return render(request, "mentoring/programme_follow_ups.html", {"page": page})
