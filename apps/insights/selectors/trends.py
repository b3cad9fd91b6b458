"""A member's own results over time, and where a straight line through them would lead: what the page and its files show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import Http404
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.assessments.models import Result
from apps.assessments.selectors import results_of
from apps.assessments.selectors.leading import leading_first
from apps.assessments.selectors.places import member_for
from apps.assessments.selectors.results import whole
from apps.assessments.selectors.sharing import granted_areas, strictest
from apps.core.workbooks import Cell
from apps.insights.selectors.histories import History, history_of
from apps.insights.selectors.targets import Target, targets_of
from apps.intervals import FEWEST
from apps.members.choices import Tlp
from apps.members.models import Grant, Member
from apps.members.policies import site_day

Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class TrendsPage:
    """`histories` are the results by framework and scope, the leading one first. `grants` are those under which it is read.

    `results` counts all that the reader may see. `targets` are last days of plans that stand, only for the member's own.
    """

    member: Member
    tlp: str
    histories: tuple[History, ...]
    targets: tuple[Target, ...]
    grants: tuple[Grant, ...]
    results: int

    @property
    def under_grant(self) -> bool:
        return bool(self.grants)

    @property
    def main(self) -> History | None:
        return self.histories[0] if self.histories else None

    @property
    def title(self) -> str:
        """What there is to say, as a sentence."""
        if self.main is None:
            return _("No result yet")
        count = len(self.main.moments)
        if count == 1:
            return _("One result so far: a line needs two")
        return self.main.finding

    @property
    def lead(self) -> str:
        """What may be projected, and why not where nothing is."""
        if self.main is None:
            return _("A history begins with the first assessment that is submitted.")
        counted = sum(moment.counted for moment in self.main.moments)
        if counted < FEWEST:
            return ngettext(
                "Nothing is projected from one result; that takes three.",
                "Nothing is projected from %(n)s results; that takes three.",
                counted,
            ) % {"n": counted}
        return self.main.outlook

    @property
    def today(self) -> float | None:
        """Today in percent of the time of the plans; None outside it."""
        if not self.targets:
            return None
        share = _share_of(self.targets, site_day())
        return share if 0 <= share <= 100 else None

    @property
    def ends(self) -> tuple[str, str]:
        """First and last day of the plans, as they stand over the bars."""
        days = [day for row in self.targets for day in (row.starts_on, row.due_on)]
        return (date_format(min(days)), date_format(max(days))) if days else ("", "")


def trends_page(user: User, member: str) -> TrendsPage:
    """The whole history for people of the member; for readers under grants that of the granted areas on what leads.

    Raises Http404 for anyone else, and under a grant where there is no result.
    """
    try:
        row = member_for(user, member)
    except Http404:
        return _granted(user, member)
    results = results_of(user, row)
    leading = leading_first(Result.objects.standing().filter(member=row)).values_list("pk", flat=True).first()
    groups = _groups(results, leading)
    targets = targets_of(user, row)
    histories = tuple(history_of(group, targets=targets) for group in groups)
    label = strictest([result.tlp for result in results]) if results else str(Tlp.AMBER_STRICT)
    return TrendsPage(row, label, histories, _placed(targets), (), len(results))


def _granted(user: User, member: str) -> TrendsPage:
    given = Grant.objects.readable_by(user).filter(member__public_id=member)
    grants = list(given.select_related("member", "to_member", "to_programme").order_by("given_at", "pk"))
    rows = leading_first(whole(Result.objects.standing().filter(member__public_id=member)))
    results = list(rows) if grants else []
    if not results:
        raise Http404
    group = _groups(sorted(results, key=_newest_first), results[0].pk)[0]
    areas = granted_areas(grants, group[-1].document)
    label = strictest([*(grant.tlp for grant in grants), *(result.tlp for result in group)])
    history = history_of(group, areas=areas)
    return TrendsPage(results[0].member, label, (history,), (), tuple(grants), len(group))


def _newest_first(result: Result) -> tuple[float, int]:
    return -result.computed_at.timestamp(), -result.pk


def _groups(results: Iterable[Result], leading: int | None) -> list[list[Result]]:
    """Results by framework and scope, each the oldest first; the group of the leading result comes first."""
    groups: dict[Key, list[Result]] = {}
    for result in results:
        key = (result.assessment.version_of.framework_id, str(result.document["scope"]))
        groups.setdefault(key, []).insert(0, result)
    return sorted(groups.values(), key=lambda group: all(row.pk != leading for row in group))


def _share_of(targets: Sequence[Target], day: date) -> float:
    """A day in percent of the time from the first day of all to the last."""
    first, last = min(row.starts_on for row in targets), max(row.due_on for row in targets)
    return 100 * ((day - first) / timedelta(1)) / max((last - first) / timedelta(1), 1)


def _placed(targets: Sequence[Target]) -> tuple[Target, ...]:
    """The same, with their bars in percent of the time of all."""
    return tuple(
        row.placed(_share_of(targets, row.starts_on), _share_of(targets, row.due_on)) for row in targets
    )


def trend_rows(page: TrendsPage) -> list[list[Cell]]:
    """The page as a table: one row for each part and result, then one for each projection, marked as one."""
    head: list[Cell] = [
        _("Framework"), _("Part"), _("Name"), _("Assessment"), _("Day"), _("Edition"), _("Value"), _("Kind of figure"),
        _("Lowest"), _("Highest"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [head]
    for history in page.histories:
        for series in history.series:
            for moment, said in zip(history.moments, series.figures, strict=True):
                if said:
                    rows.append([
                        history.framework, series.code, series.name, moment.title, moment.day.isoformat(), moment.edition,
                        said, _("measured"), "", "",
                    ])  # fmt: skip
            if series.ahead and history.horizon:
                rows.append([
                    history.framework, series.code, series.name, "", history.horizon.isoformat(), "",
                    f"{series.ahead.value:.1f}", _("projection"), f"{series.ahead.low:.1f}", f"{series.ahead.high:.1f}",
                ])  # fmt: skip
    return rows
