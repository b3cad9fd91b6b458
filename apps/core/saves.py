"""Idempotent and versioned saves: a repeated request has one effect, a stale one is refused with both texts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F, Model
from django.utils.translation import gettext as _

from apps.core import statements
from apps.core.errors import Conflict, Stale
from apps.core.models import IdempotencyKey

Row = TypeVar("Row", bound=Model)


def once(
    *,
    owner: str,
    scope: str,
    key: str,
    act: Callable[[], dict[str, Any]],
    content: object = "",
    likely: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Run `act` in a transaction unless (owner, scope, key) was done before; return its stored result either way.

    An empty key always runs. Two parallel calls have one effect: the second waits or gets the first one's result.
    Give what is saved as `content` (its `repr` counts): a page taken out of the browser's history and sent again with
    other words carries the old key, and must not be told that those words are saved. A caller that knows beforehand what
    `act` will return says so in `likely`; then nothing is written twice.
    """
    if not key:
        with transaction.atomic():
            return act()
    key = hashlib.sha256(f"{key}\n{content!r}".encode("utf-8", "replace")).hexdigest()
    try:
        with transaction.atomic():
            row = IdempotencyKey(owner=owner, scope=scope, key=key, result=likely or {})
            statements.insert(row)
            result = act()
            if result != row.result:
                row.result = result
                statements.update(row, "result")
            return dict(result)
    except IntegrityError as fault:
        done = IdempotencyKey.objects.filter(owner=owner, scope=scope, key=key).first()
        if done is None:
            raise Conflict(_("Someone else did the same at this moment. Look at the page again.")) from fault
        return dict(done.result)


def save_version(row: Row, *, expected: int, changes: dict[str, Any]) -> Row:
    """Write `changes` if the stored `version` is still `expected`, and raise it by one.

    Raises `Conflict` with the stored row as `current` and the changes as `proposed`.
    """
    manager = type(row)._default_manager
    updated = manager.filter(pk=row.pk, version=expected).update(**changes, version=F("version") + 1)
    row.refresh_from_db()
    if not updated:
        raise Stale(_("Someone else saved this while you were writing."), current=row, proposed=changes)
    return row
