"""Whether the addresses of the library still answer: asked monthly, one job an address, only where the operator says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import outside
from apps.core.errors import Refused
from apps.core.jobs import enqueue
from apps.members.choices import Tlp
from apps.resources.choices import LinkFault
from apps.resources.models import Resource

ASK_AFTER = timedelta(days=30)
ASK_AGAIN_AFTER = timedelta(days=3)
PAUSE = timedelta(seconds=20)
MOST_AT_ONCE = 200
# The site answered and keeps programs out, or asks to wait: nothing is known, and nothing is wrong.
CLOSED = frozenset({401, 402, 403, 405, 406, 407, 412, 418, 421, 425, 429, 451})


@transaction.atomic
def plan_checks(*, actor: User | None = None, every: bool = False) -> int:
    """Queue a check for each address that was not asked for a month, or failed three days ago; return how many.

    One site is asked every twenty seconds at most. Raises `Refused` while checks are off. What is for one member only is
    not asked: its address may tell something.
    """
    if not settings.LINK_CHECKS:
        raise Refused(_("Checks of addresses are off. Set BELAY_LINK_CHECKS=1 to turn them on."))
    due = Q(checked_at__isnull=True) | Q(checked_at__lt=now() - ASK_AFTER)
    due |= Q(failures__gt=0, checked_at__lt=now() - ASK_AGAIN_AFTER)
    rows = Resource.objects.filter(retired_at__isnull=True, tlp__in=[Tlp.CLEAR, Tlp.GREEN]).exclude(url="")
    rows = rows if every else rows.filter(due)
    turn: Counter[str] = Counter()
    day = now().date().isoformat()
    found = list(rows.order_by("checked_at", "pk").values_list("slug", "url")[:MOST_AT_ONCE])
    for slug, url in found:
        host = urlsplit(url).hostname or ""
        enqueue("resources.check_link", key=f"link:{slug}:{day}", delay=PAUSE * turn[host], resource=slug)
        turn[host] += 1
    return len(found)


def check_link(*, actor: User | None = None, resource: str, allowed: Collection[str] = ()) -> str:
    """Ask one address now and write down what came of it; return the fault, empty when it answered.

    `allowed` is for a test's own server, see `core.outside.ask`. The database is not held while the other side thinks.
    """
    row = Resource.objects.filter(slug=resource, retired_at__isnull=True).exclude(url="").first()
    if row is None or row.tlp not in (Tlp.CLEAR, Tlp.GREEN):
        return ""
    try:
        reply = outside.ask(row.url, allowed=allowed)
        fault = _fault(reply.status)
    except outside.Unsafe:
        fault = LinkFault.UNSAFE.value
    _write(row.pk, row.url, fault)
    return fault


@transaction.atomic
def _write(pk: int, url: str, fault: str) -> None:
    """Unless somebody gave the entry another address meanwhile."""
    row = Resource.objects.select_for_update().filter(pk=pk, url=url).first()
    if row is None:
        return
    row.checked_at, row.link_fault = now(), fault
    row.failures = min(row.failures + 1, 99) if fault else 0
    if not fault:
        row.answered_at = row.checked_at
    row.save(update_fields=["checked_at", "link_fault", "failures", "answered_at"])


def _fault(status: int) -> str:
    if not status:
        return LinkFault.SILENT.value
    if status < 400 or status in CLOSED:
        return ""
    return LinkFault.BROKEN.value if status >= 500 else LinkFault.GONE.value
