"""Answer what is asked after an engagement, comment on it, and remind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.core.saves import save_version
from apps.members.models import Member
from apps.members.policies import site_day
from apps.mentoring import policies
from apps.mentoring.choices import StillThere
from apps.mentoring.models import Engagement, FollowUp
from apps.mentoring.selectors.follow_ups import Asked, asked_after, ended
from apps.mentoring.services.people import leads_of, mentors_of
from apps.mentoring.services.work import visible

AGAIN_AFTER = timedelta(days=14)
HIGHEST = 5


def _asked(row: Engagement, months: int) -> Asked:
    found = ended(Engagement.objects.filter(pk=row.pk)).first()
    rows = asked_after(found, found.follow_ups.all(), site_day()) if found else []
    asked = next((r for r in rows if r.months == months and r.state != "later"), None)
    if asked is None:
        raise Http404
    return asked


@transaction.atomic
def answer_follow_up(
    *,
    actor: User,
    member: Member,
    engagement: str,
    months: int,
    version: int,
    still: str,
    level: int | None,
    **words: str,
) -> FollowUp:
    """Say what is left of the work. `words`: helps, missing. Raises `Conflict` when a colleague saved first."""
    row = visible(actor, member, engagement, lock=True)
    require(policies.may_reply_for_member(actor, row.member))
    _asked(row, months)
    if still not in StillThere.values or not (level is None or 0 <= level <= HIGHEST):
        raise Refused(_("Choose one of the answers."), field="still")
    given: dict[str, Any] = {"still": still, "level": level, "by": actor, "at": now(), **words}
    found = FollowUp.objects.filter(engagement=row, months=months).first()
    if found is None:
        found = FollowUp.objects.create(engagement=row, months=months, **given)
    elif version == 0:
        raise Conflict(_("A colleague wrote this while you were writing."), current=found)
    else:
        save_version(found, expected=version, changes=given)
    audit.record(
        actor=actor, action="follow_up.answered", on=found, chain=row.member.public_id, months=months
    )
    _tell_mentors(actor, row, found)
    return found


def _tell_mentors(actor: User, row: Engagement, found: FollowUp) -> None:
    url = reverse("mentoring:follow_ups", args=[row.mentor.public_id, row.public_id])
    for person in mentors_of(row.mentor):
        key = f"follow_up_answered:{found.public_id}"
        notify(
            actor=actor, user=person, kind="follow_up_answered", key=key, url=url, member=row.member.name, area=row.area_name
        )  # fmt: skip


@transaction.atomic
def comment_follow_up(
    *, actor: User, member: Member, engagement: str, months: int, version: int, comment: str
) -> FollowUp:
    """Comment on the member's answer as its mentor. Raises `Conflict` when someone saved first."""
    row = visible(actor, member, engagement, lock=True)
    require(policies.may_reply_for_mentor(actor, row.mentor))
    found = FollowUp.objects.filter(engagement=row, months=months).first()
    if found is None:
        raise Http404
    save_version(
        found, expected=version, changes={"comment": comment, "comment_by": actor, "comment_at": now()}
    )
    audit.record(
        actor=actor, action="follow_up.commented", on=found, chain=row.member.public_id, months=months
    )
    return found


def remind_follow_ups(*, actor: None = None) -> int:
    """Ask the leads of each member whose follow-up is due, and once more two weeks later; return how many are due."""
    due = 0
    rows = ended(Engagement.objects.filter(ends_on__lte=site_day())).select_related("member").order_by("pk")
    for row in rows:
        for asked in asked_after(row, row.follow_ups.all(), site_day()):
            if asked.answer is None and asked.due_on <= site_day():
                due += 1
                _remind(row, asked)
    return due


@transaction.atomic
def _remind(row: Engagement, asked: Asked) -> None:
    time = 2 if site_day() >= asked.due_on + AGAIN_AFTER else 1
    url = reverse("mentoring:follow_ups", args=[row.member.public_id, row.public_id])
    for person in leads_of(row.member):
        key = f"follow_up_due:{row.public_id}:{asked.months}:{time}"
        notify(
            actor=None,
            user=person,
            kind="follow_up_due",
            key=key,
            url=url,
            area=row.area_name,
            months=asked.months,
        )
