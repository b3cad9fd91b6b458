"""Take what a device did without a connection: each thing once, the furthest place wins, every try is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.courses.models import OfflineItem
from apps.courses.policies import may_learn
from apps.courses.services.learning import answer_practice, open_screen

MOST_ITEMS = 200
MOST_SCREENS = 60
OLDEST = timedelta(days=366)
DEVICE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FIELD = re.compile(r"chosen|typed|order|at\.[A-Za-z0-9_-]{1,20}")


@dataclass(frozen=True, slots=True)
class Sent:
    """One thing from a device; `given` is empty for a screen."""

    seq: int
    kind: str
    course: str
    lesson: str
    question: str
    given: Mapping[str, Sequence[str]]
    screen: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of it; `text` says why it was refused."""

    seq: int
    state: str
    text: str = ""


def read_sent(data: Any, at: datetime) -> tuple[str, list[Sent]]:
    """The device and what it sends, in the order of its numbers. Raises Refused for anything of another shape."""
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        raise Refused(_("This is not what a saved course sends."))
    device, items = data.get("device"), data["items"]
    if not isinstance(device, str) or not DEVICE.fullmatch(device) or len(items) > MOST_ITEMS:
        raise Refused(_("This is not what a saved course sends."))
    return device, sorted((_sent(item, at) for item in items), key=lambda one: one.seq)


def _sent(item: Any, at: datetime) -> Sent:
    if not isinstance(item, dict):
        raise Refused(_("This is not what a saved course sends."))
    seq, kind, screen = item.get("seq"), item.get("kind"), item.get("screen", 0)
    given = item.get("given", {})
    course, lesson, question = (item.get(name, "") for name in ("course", "lesson", "question"))
    fits = (
        _is_number(seq, 1, 2**31 - 1) and kind in ("answer", "screen") and _is_number(screen, 0, MOST_SCREENS)
        and all(_is_text(word) and len(word) <= 80 and "\x00" not in word for word in (course, lesson, question))
        and isinstance(given, dict) and len(given) <= 40 and all(map(_is_field, given.items()))
    )  # fmt: skip
    if not fits:
        raise Refused(_("This is not what a saved course sends."))
    return Sent(
        int(seq or 0), str(kind), course, lesson, question, given, int(screen), _moment(item.get("at"), at)
    )


def _is_number(value: Any, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most


def _is_text(value: Any) -> bool:
    """Words that a database can hold: JSON can spell half a character."""
    return isinstance(value, str) and not any("\ud800" <= sign <= "\udfff" for sign in value)


def _is_field(pair: tuple[Any, Any]) -> bool:
    name, values = pair
    texts = isinstance(values, list) and len(values) <= 40 and all(map(_is_text, values))
    return bool(FIELD.fullmatch(name)) and texts and sum(map(len, values)) <= 20_000


def _moment(stamp: Any, at: datetime) -> datetime:
    """The device's own time in milliseconds, as far as it can be true: not in the future, not older than a year."""
    if type(stamp) is not int or not 0 < stamp < 2**43:
        return at
    return max(at - OLDEST, min(at, datetime.fromtimestamp(stamp / 1000, UTC)))


def sync_offline(*, actor: User, data: Any, at: datetime | None = None) -> list[Taken]:
    """Take what a device sends; each item in a transaction of its own, so that one refusal holds up nothing.

    Sending again changes nothing and gives the same answer. Raises Refused when the whole cannot be read.
    """
    require(may_learn(actor))
    device, items = read_sent(data, at or now())
    return [_take_once(actor, device, item) for item in items]


def _take_once(actor: User, device: str, item: Sent) -> Taken:
    held = OfflineItem.objects.filter(user=actor, device=device, seq=item.seq)
    for _try in range(2):
        if found := held.first():
            return Taken(item.seq, found.outcome, found.reason)
        try:
            return take_offline(actor=actor, device=device, item=item)
        except IntegrityError:
            continue  # another tab of this device was first: its answer counts
    raise Refused(_("Someone else did the same at this moment. Look at the page again."))


@transaction.atomic
def take_offline(*, actor: User, device: str, item: Sent) -> Taken:
    """Take one thing and note that it came; both or neither. What is refused is noted too, with the reason."""
    require(may_learn(actor))
    state, text = OfflineItem.Outcome.KEPT, ""
    try:
        with transaction.atomic():
            _act(actor, item)
    except Refused as refused:
        state, text = OfflineItem.Outcome.REFUSED, refused.message
    except Http404:
        state, text = OfflineItem.Outcome.REFUSED, _("The course does not have this any more.")
    OfflineItem.objects.create(
        user=actor, device=device, seq=item.seq, kind=item.kind, outcome=state, reason=text[:200]
    )
    return Taken(item.seq, state, text)


def _act(actor: User, item: Sent) -> None:
    if item.kind == "answer":
        answer_practice(
            actor=actor, course=item.course, lesson=item.lesson, question=item.question, given=item.given,
            at=item.at,
        )  # fmt: skip
        return
    for screen in range(1, item.screen + 1):
        if open_screen(actor=actor, course=item.course, lesson=item.lesson, screen=screen) != screen:
            return
