"""The finding of a result in one sentence: the first template that fits."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.reports.documents.parts import DotRow


def finding(rows: Sequence[DotRow], *, provisional: bool, compared: bool) -> str:
    """What the areas say, most telling first: too little data, a rise, no rise, or strongest and weakest."""
    known = [row for row in rows if row.now is not None]
    if not known:
        return _("There is too little data for a finding yet")
    low, top = min(known, key=_now), max(known, key=_now)
    if provisional:
        return _("A first picture, with answers missing: the gap so far is “%(area)s”") % {"area": low.name}
    if compared:
        return _compared(known, low)
    if _now(low) == _now(top):
        return _("All areas stand at level %(level)d") % {"level": _now(low)}
    return _("Strongest: “%(top)s”. The gap is “%(low)s”") % {"top": top.name, "low": low.name}


def _compared(known: Sequence[DotRow], low: DotRow) -> str:
    risen = [row for row in known if row.prev is not None and _now(row) > row.prev]
    if not risen:
        return _("No area rose since the last result; the gap is “%(low)s”") % {"low": low.name}
    best = max(risen, key=_rise)
    text = ngettext(
        "“%(up)s” rose one level; the gap now is “%(low)s”",
        "“%(up)s” rose %(levels)d levels; the gap now is “%(low)s”",
        _rise(best),
    )
    return text % {"up": best.name, "levels": _rise(best), "low": low.name}


def moves(rows: Sequence[DotRow]) -> str:
    """How many areas rose, fell and reached their target, as a sentence under the finding."""
    reached = sum(row.now is not None and row.goal is not None and row.now >= row.goal for row in rows)
    total = len(rows)
    text = ngettext(
        "%(reached)d of %(total)d area has reached its target.",
        "%(reached)d of %(total)d areas have reached their target.",
        total,
    )
    return text % {"reached": reached, "total": total}


def _now(row: DotRow) -> int:
    return row.now or 0


def _rise(row: DotRow) -> int:
    return _now(row) - (row.prev or 0)
