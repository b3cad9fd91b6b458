"""When answers of a test are saved, and from which network: kept for 90 days, for a person who looks at flags."""

from __future__ import annotations

from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network

from django.utils.crypto import salted_hmac
from django.utils.timezone import now

from apps.courses.choices import TIMES_KEPT
from apps.courses.models import AnswerTime, Attempt
from apps.courses.selectors.exams import FORMS


def network_mark(address: str, course: str) -> str:
    """A mark of a network within one course (its public id): the secret of the site is needed to make it again.

    Of IPv6 the first 64 bits, since devices change the rest. Empty for what is no address.
    """
    try:
        found = ip_address(address.strip())
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    network = ip_network((found, 64 if found.version == 6 else 32), strict=False)
    return salted_hmac(f"belay.network.{course}", str(network), algorithm="sha256").hexdigest()[:32]


def note_time(attempt: Attempt, question: str, at: datetime, address: str) -> None:
    """Keep when an answer was saved; the first time says how long it took. The try is locked. Forms keep nothing."""
    if attempt.place in FORMS:
        return
    held = {row.question: row for row in attempt.times.all()}
    mark = network_mark(address, attempt.enrolment.version_of.course.public_id)
    if question in held:
        AnswerTime.objects.filter(pk=held[question].pk).update(last_at=at, network=mark)
        return
    last = max((row.last_at for row in held.values()), default=attempt.started_at)
    AnswerTime.objects.create(
        attempt=attempt, question=question, first_at=at, last_at=at, network=mark,
        seconds=max(0.0, (at - last).total_seconds()),
    )  # fmt: skip


def forget_times(*, actor: None = None, at: datetime | None = None) -> int:
    """Delete what is older than 90 days; return how many answers it was about."""
    return AnswerTime.objects.filter(last_at__lt=(at or now()) - TIMES_KEPT).delete()[0]
