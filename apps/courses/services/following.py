"""Ask after 30 and 90 days what became of a plan at work, and keep the answer."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.core.mail import queue_mail
from apps.courses.choices import FOLLOW_UP_DAYS, AtWork
from apps.courses.models import FollowUp, Progress
from apps.courses.policies import may_learn
from apps.courses.selectors.links import FOLLOW_UP, make_link, read_link
from apps.members.policies import site_day

AT_ONCE = 500


def plan_follow_ups(progress: Progress, begins_on: date | None = None) -> None:
    """Set the days of the questions about a plan that was just kept; a plan taken back is not asked about.

    Questions asked or answered already stay as they are. They count from `begins_on`, the day planned, or from today.
    """
    if not progress.commitment:
        progress.follow_ups.filter(answer="").delete()
        return
    first = max(begins_on or site_day(), site_day())
    for days in FOLLOW_UP_DAYS:
        due = first + timedelta(days=days)
        FollowUp.objects.get_or_create(progress=progress, days=days, defaults={"due_on": due})
        progress.follow_ups.filter(days=days, answer="", asked_at=None).update(due_on=due)


@transaction.atomic
def answer_follow_up(*, actor: User, follow_up: str, answer: str, reason: str = "") -> FollowUp:
    """Keep what became of the actor's plan; a later answer takes the place of the earlier. Raises Http404, Refused."""
    require(may_learn(actor))
    return _answer(actor, follow_up, answer, reason)


@transaction.atomic
def answer_by_link(*, actor: User, link: str, answer: str, reason: str = "") -> FollowUp:
    """The same by the link in the mail, which was sent to `actor`. Raises Http404, Refused."""
    require(may_learn(actor))
    return _answer(actor, read_link(FOLLOW_UP, link), answer, reason)


def _answer(actor: User, public_id: str, answer: str, reason: str) -> FollowUp:
    rows = FollowUp.objects.select_for_update(of=("self",))
    row = rows.filter(public_id=public_id, progress__enrolment__user=actor).first()
    if row is None:
        raise Http404
    words = " ".join(reason.replace("\x00", "").split())
    if answer not in AtWork.values:
        raise Refused(_("Choose one of the four answers."), field="answer")
    if row.due_on > site_day():
        raise Refused(_("This question comes later."), field="answer")
    if answer == AtWork.BLOCKED and not words:
        raise Refused(_("Say in a few words why it was not possible."), field="reason")
    if len(words) > 300:
        raise Refused(_("Keep the reason under 300 characters."), field="reason")
    row.answer, row.reason, row.answered_at = answer, words if answer == AtWork.BLOCKED else "", now()
    row.save(update_fields=["answer", "reason", "answered_at"])
    audit.record(actor=actor, action="plan.followed_up", on=row, answer=answer, days=row.days)
    return row


def ask_due() -> int:
    """Ask by mail, once each, what became of the plans whose day has come; return how many were asked."""
    due = FollowUp.objects.filter(due_on__lte=site_day(), asked_at=None, answer="")
    keys = list(due.order_by("due_on", "pk").values_list("pk", flat=True)[:AT_ONCE])
    return sum(_ask(key) for key in keys)


@transaction.atomic
def _ask(key: int) -> bool:
    rows = FollowUp.objects.select_for_update(of=("self",)).select_related(
        "progress__enrolment__user", "progress__lesson"
    )
    row = rows.filter(pk=key, asked_at=None, answer="").first()
    if row is None:
        return False
    row.asked_at = now()
    row.save(update_fields=["asked_at"])
    user, title = row.progress.enrolment.user, row.progress.lesson.title
    if not user.is_active:
        return False
    path = reverse("courses:follow_up_link", kwargs={"link": make_link(FOLLOW_UP, row.public_id)})
    notify(
        actor=None, user=user, kind="follow_up", key=f"follow-up:{row.public_id}", url=reverse("courses:follow_ups"),
        mail=False, lesson=title,
    )  # fmt: skip
    queue_mail(
        to=user.email, template="follow_up", language=user.language or "en", key=f"follow-up:{row.public_id}",
        name=user.get_short_name(), lesson=title, path=path, days=row.days,
    )  # fmt: skip
    return True
