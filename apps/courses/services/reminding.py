"""The private address of a calendar, and the weekly mail with its one-click end."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import now

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.mail import queue_mail
from apps.courses.models import Enrolment, Reminding
from apps.courses.policies import may_learn
from apps.courses.selectors.links import DIGEST, make_link
from apps.courses.selectors.planner import digest_counts, hash_of
from apps.members.policies import site_day

WEEK = timedelta(days=7)


@transaction.atomic
def make_calendar_address(*, actor: User) -> str:
    """Make a new private address and return its secret, which is shown once and not stored; the old one ends now."""
    require(may_learn(actor))
    secret, row = secrets.token_urlsafe(24), _reminding(actor)
    row.calendar_hash, row.calendar_made_at = hash_of(secret), now()
    row.save(update_fields=["calendar_hash", "calendar_made_at"])
    audit.record(actor=actor, action="calendar.opened", on=actor)
    return secret


@transaction.atomic
def end_calendar_address(*, actor: User) -> None:
    """Take the private address back; whoever has it finds nothing from now on."""
    require(may_learn(actor))
    row = _reminding(actor)
    if row.calendar_hash:
        row.calendar_hash = ""
        row.save(update_fields=["calendar_hash"])
        audit.record(actor=actor, action="calendar.closed", on=actor)


@transaction.atomic
def set_digest(*, actor: User, wanted: bool) -> None:
    """Turn the weekly mail on or off."""
    require(may_learn(actor))
    row = _reminding(actor)
    if wanted == (row.digest_off_at is None):
        return
    row.digest_off_at = None if wanted else now()
    row.save(update_fields=["digest_off_at"])
    audit.record(actor=actor, action="digest.on" if wanted else "digest.off", on=actor)


def _reminding(user: User) -> Reminding:
    Reminding.objects.get_or_create(user=user)
    return Reminding.objects.select_for_update().get(user=user)


def send_digests() -> int:
    """Queue the weekly mail for everyone who has something to do and did not turn it off; return how many.

    The first one comes a week after a person's first course was begun. People of the demonstration get none.
    """
    learners = Enrolment.objects.filter(enrolled_at__lte=now() - WEEK).values("user")
    off = Reminding.objects.filter(digest_off_at__isnull=False).values("user")
    lately = Reminding.objects.filter(last_digest_on__gt=site_day() - WEEK).values("user")
    people = User.objects.filter(pk__in=learners, is_active=True, is_demo=False)
    keys = people.exclude(pk__in=off).exclude(pk__in=lately).order_by("pk").values_list("pk", flat=True)
    return sum(_send_digest(key) for key in list(keys))


@transaction.atomic
def _send_digest(key: int) -> bool:
    user = User.objects.get(pk=key)
    row, counts = _reminding(user), digest_counts(user)
    today = site_day()
    fresh = row.last_digest_on is not None and row.last_digest_on > today - WEEK
    if fresh or row.digest_off_at or not counts.anything:
        return False
    row.last_digest_on = today
    row.save(update_fields=["last_digest_on"])
    off = reverse("courses:digest_off", kwargs={"digest_link": make_link(DIGEST, user.public_id)})
    queue_mail(
        to=user.email, template="digest", language=user.language or "en", key=f"digest:{user.public_id}:{today}",
        headers={"List-Unsubscribe": f"<{settings.SITE_URL}{off}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        name=user.get_short_name(), due=counts.due, plans=counts.plans, courses=counts.courses,
        certificates=counts.certificates, path=reverse("courses:mine"), off=off,
    )  # fmt: skip
    return True
