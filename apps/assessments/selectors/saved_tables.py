"""Pages about several results as tables to save, from what the pages show."""

from __future__ import annotations

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from apps.assessments.selectors.side_by_side import SideBySide
from apps.assessments.selectors.trend import TrendPage
from apps.core.sheets import Cell


def comparison_rows(page: SideBySide) -> list[list[Cell]]:
    """Head and rows of two results side by side: the parts, then the indicators. Only the head where none compare."""
    then, now = (head.title if head else "" for head in (page.then, page.now))
    rows: list[list[Cell]] = [[_("Code"), _("Name"), then, now, _("Change"), _("Label")]]
    parts = (*([page.overall] if page.overall else []), *page.dimensions, *page.areas)
    rows += [[part.code, part.name, part.then_says, part.now_says, part.change, page.tlp] for part in parts]
    for row in page.indicators:
        before = row.then_state if row.prev is None else row.prev
        after = row.now_state if row.now is None else row.now
        change = None if row.prev is None or row.now is None else row.now - row.prev
        rows.append([row.code, row.name, before, after, change, page.tlp])
    return rows


def trend_rows(page: TrendPage) -> list[list[Cell]]:
    """Head and rows of all results over time: one row for each figure of a part at a result."""
    rows: list[list[Cell]] = [
        [
            _("Framework"),
            _("Code"),
            _("Name"),
            _("Result"),
            _("Submitted"),
            _("Edition"),
            _("Evidenced"),
            _("Label"),
        ]
    ]
    for trend in page.trends:
        for row in trend.series:
            for moment, says in zip(trend.moments, row.says, strict=True):
                day = localdate(moment.submitted_at) if moment.submitted_at else None
                place = [trend.framework, row.code, row.name, moment.title]
                rows.append([*place, day, moment.edition, says, page.tlp])
    return rows
