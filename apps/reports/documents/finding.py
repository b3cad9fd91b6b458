"""The line under the finding: how far the areas have come."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import ngettext

from apps.reports.documents.parts import DotRow


def moves(rows: Sequence[DotRow]) -> str:
    """How many areas have reached their target, as a sentence."""
    reached = sum(row.now is not None and row.goal is not None and row.now >= row.goal for row in rows)
    text = ngettext(
        "%(reached)d of %(total)d area has reached its target.",
        "%(reached)d of %(total)d areas have reached their target.",
        len(rows),
    )
    return text % {"reached": reached, "total": len(rows)}
