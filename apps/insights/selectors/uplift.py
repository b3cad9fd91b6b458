"""What mentoring changed in a programme: rows for `apps.uplift` from the results that members share with the office."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef

from apps.accounts.models import User
from apps.assessments.models import Result
from apps.assessments.selectors import on_shared
from apps.insights.selectors.kept import BASES, held, read_kept, versions_of
from apps.insights.selectors.later import Later, Snapshot, later_of, unmeasured
from apps.members.models import Programme
from apps.members.policies import site_day
from apps.members.selectors import get_programme
from apps.mentoring.choices import NeedState
from apps.mentoring.models import Engagement, Need
from apps.uplift import (
    Estimate,
    Observation,
    Standing,
    against_waiting,
    difference_in_differences,
    plain_change,
)


@dataclass(frozen=True, slots=True)
class UpliftPage:
    """Changes in levels of the areas that were mentored in a programme.

    `claimed` and `validated` compare with nothing. `sharing` of `members` share levels, `twice` of these have two results
    on one edition of the shared framework; only they can count. `unmeasured` pieces of work are left out because a side
    did not consent to measurement. `later` tells of the time after the work.
    """

    programme: Programme
    members: int
    sharing: int
    twice: int
    claimed: Estimate
    validated: Estimate
    within: Estimate
    waiting: Estimate
    unmeasured: int = 0
    later: tuple[Later, ...] = ()

    @property
    def rows(self) -> tuple[tuple[str, Estimate], ...]:
        """Each figure under its name, the plain changes first."""
        return (
            ("claimed", self.claimed), ("validated", self.validated), ("within", self.within), ("waiting", self.waiting),
        )  # fmt: skip

    @property
    def best(self) -> tuple[str, Estimate] | None:
        """The comparison that the page's sentence is about, with its name: those who waited, else other areas."""
        named = (("waiting", self.waiting), ("within", self.within))
        return next((row for row in named if row[1].value is not None), None)


def programme_uplift(user: User, programme_id: str) -> UpliftPage:
    """The uplift of a programme, for its office, in a constant number of queries. Raises Http404 for others."""
    programme = get_programme(user, programme_id)
    joined = list(programme.participations.values_list("member", "shares_levels"))
    sharing = [member for member, shares in joined if shares]
    asked = _asked(programme, sharing)
    mentored, withheld = _mentored(programme, sharing)
    # Only members with an area that was mentored or asked for stand in any figure; of the others it counts that they share.
    results = _results(sharing, mentored.keys() | asked.keys())
    pairs = {
        member: pair
        for member, rows in results.items()
        if (pair := _window(rows, mentored.get(member, ()), asked.get(member, ())))
    }
    compared = {member: pair for member, pair in pairs.items() if member in mentored or member in asked}
    rows = {basis: list(_observations(basis, compared, mentored, asked, withheld)) for basis in BASES}
    return UpliftPage(
        programme=programme,
        members=len(joined),
        sharing=len(sharing),
        twice=len(pairs),
        claimed=plain_change(rows["claimed"]),
        validated=plain_change(rows["evidenced"]),
        within=difference_in_differences(rows["evidenced"]),
        waiting=against_waiting(rows["evidenced"]),
        unmeasured=sum(len(areas) for areas in withheld.values()),
        later=later_of(programme, sharing, results),
    )


def _results(members: Sequence[int], compared: Collection[int]) -> dict[int, list[Snapshot]]:
    """Standing results on the shared framework by member, oldest first; levels are read of `compared` members only."""
    rows = held(on_shared(Result.objects.standing().filter(member__in=members)).order_by("computed_at", "pk"))
    kept = read_kept([row for row in rows if row.member in compared], versions_of(rows))
    found: dict[int, list[Snapshot]] = defaultdict(list)
    for row in rows:
        levels = kept[row.pk].levels if row.pk in kept else {}
        found[row.member].append(Snapshot(row.pk, site_day(row.at), row.version, levels))
    return found


def _mentored(
    programme: Programme, members: Sequence[int]
) -> tuple[dict[int, list[tuple[str, date, int]]], dict[int, set[str]]]:
    """(area, first day, pk of the baseline) of every engagement of the programme that may be measured, by member.

    Beside them, by member, the areas of work that a side did not let be measured: they count nowhere.
    """
    found: dict[int, list[tuple[str, date, int]]] = defaultdict(list)
    withheld: dict[int, set[str]] = defaultdict(set)
    rows = Engagement.objects.filter(programme=programme, member__in=members).order_by("starts_on", "pk")
    marked = rows.annotate(unmeasured=unmeasured(OuterRef("pk")))
    for member, area, day, baseline, no in marked.values_list(
        "member", "area", "starts_on", "baseline", "unmeasured"
    ):
        if no:
            withheld[member].add(area)
        else:
            found[member].append((area, day, baseline))
    return found, withheld


def _asked(programme: Programme, members: Sequence[int]) -> dict[int, list[tuple[str, date, int]]]:
    """(area, day, pk of the result) of every request that stands, by member."""
    found: dict[int, list[tuple[str, date, int]]] = defaultdict(list)
    rows = Need.objects.filter(programme=programme, member__in=members).exclude(state=NeedState.WITHDRAWN)
    for member, area, at, result in rows.order_by("asked_at", "pk").values_list(
        "member", "area", "asked_at", "result"
    ):
        found[member].append((area, site_day(at), result))
    return found


def _window(
    rows: Sequence[Snapshot],
    mentored: Sequence[tuple[str, date, int]],
    asked: Sequence[tuple[str, date, int]],
) -> tuple[Snapshot, Snapshot] | None:
    """The result before and the newest one, on the same edition; before is what the work, or else the request, began from."""
    after = rows[-1]
    earlier = {row.pk: row for row in rows[:-1] if row.edition == after.edition}
    for _area, _day, baseline in (*mentored, *asked):
        if baseline in earlier:
            return earlier[baseline], after
    before = list(earlier.values())
    return (before[-1], after) if before and not mentored else None


def _observations(
    basis: str,
    pairs: Mapping[int, tuple[Snapshot, Snapshot]],
    mentored: Mapping[int, Sequence[tuple[str, date, int]]],
    asked: Mapping[int, Sequence[tuple[str, date, int]]],
    withheld: Mapping[int, set[str]],
) -> Iterator[Observation]:
    """One row for each area that both results of a member have, but for those that may not be measured."""
    for member, (before, after) in pairs.items():
        helped = {area for area, day, _ in mentored[member] if day <= after.day}
        waited = {area for area, day, _ in asked[member] if day <= after.day} - helped
        both = before.levels[basis].keys() & after.levels[basis].keys()
        for area in both - withheld.get(member, set()):
            standing = (
                Standing.MENTORED
                if area in helped
                else Standing.WAITING
                if area in waited
                else Standing.OTHER
            )
            yield Observation(
                str(member), area, before.levels[basis][area], after.levels[basis][area], standing
            )
