"""What mentoring changed in a programme: rows for `apps.uplift` from the results that members share with the office."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from apps.accounts.models import User
from apps.assessments.models import Result
from apps.assessments.selectors import on_shared
from apps.insights.selectors.kept import BASES, held, read_kept, versions_of
from apps.members.models import Programme
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
    on one edition of the shared framework; only they can count.
    """

    programme: Programme
    members: int
    sharing: int
    twice: int
    claimed: Estimate
    validated: Estimate
    within: Estimate
    waiting: Estimate

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


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """One standing result: its day, the edition it is on, and levels by area for each basis."""

    pk: int
    day: date
    edition: int
    levels: Mapping[str, Mapping[str, float]]


def programme_uplift(user: User, programme_id: str) -> UpliftPage:
    """The uplift of a programme, for its office, in a constant number of queries. Raises Http404 for others."""
    programme = get_programme(user, programme_id)
    joined = list(programme.participations.values_list("member", "shares_levels"))
    sharing = [member for member, shares in joined if shares]
    results, mentored, asked = _results(sharing), _mentored(programme, sharing), _asked(programme, sharing)
    pairs = {
        member: pair
        for member, rows in results.items()
        if (pair := _window(rows, mentored[member], asked[member]))
    }
    rows = {basis: list(_observations(basis, pairs, mentored, asked)) for basis in BASES}
    return UpliftPage(
        programme=programme,
        members=len(joined),
        sharing=len(sharing),
        twice=len(pairs),
        claimed=plain_change(rows["claimed"]),
        validated=plain_change(rows["evidenced"]),
        within=difference_in_differences(rows["evidenced"]),
        waiting=against_waiting(rows["evidenced"]),
    )


def _results(members: Sequence[int]) -> dict[int, list[_Snapshot]]:
    """Standing results on the shared framework by member, oldest first; of the documents only the areas are read."""
    rows = held(on_shared(Result.objects.standing().filter(member__in=members)).order_by("computed_at", "pk"))
    kept = read_kept(rows, versions_of(rows))
    found: dict[int, list[_Snapshot]] = defaultdict(list)
    for row in rows:
        snapshot = _Snapshot(row.pk, row.at.date(), row.version, kept[row.pk].levels)
        found[row.member].append(snapshot)
    return found


def _mentored(programme: Programme, members: Sequence[int]) -> dict[int, list[tuple[str, date, int]]]:
    """(area, first day, pk of the baseline) of every engagement of the programme, by member."""
    found: dict[int, list[tuple[str, date, int]]] = defaultdict(list)
    rows = Engagement.objects.filter(programme=programme, member__in=members).order_by("starts_on", "pk")
    for member, area, day, baseline in rows.values_list("member", "area", "starts_on", "baseline"):
        found[member].append((area, day, baseline))
    return found


def _asked(programme: Programme, members: Sequence[int]) -> dict[int, list[tuple[str, date, int]]]:
    """(area, day, pk of the result) of every request that stands, by member."""
    found: dict[int, list[tuple[str, date, int]]] = defaultdict(list)
    rows = Need.objects.filter(programme=programme, member__in=members).exclude(state=NeedState.WITHDRAWN)
    for member, area, at, result in rows.order_by("asked_at", "pk").values_list(
        "member", "area", "asked_at", "result"
    ):
        found[member].append((area, at.date(), result))
    return found


def _window(
    rows: Sequence[_Snapshot],
    mentored: Sequence[tuple[str, date, int]],
    asked: Sequence[tuple[str, date, int]],
) -> tuple[_Snapshot, _Snapshot] | None:
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
    pairs: Mapping[int, tuple[_Snapshot, _Snapshot]],
    mentored: Mapping[int, Sequence[tuple[str, date, int]]],
    asked: Mapping[int, Sequence[tuple[str, date, int]]],
) -> Iterator[Observation]:
    """One row for each area that both results of a member have."""
    for member, (before, after) in pairs.items():
        helped = {area for area, day, _ in mentored[member] if day <= after.day}
        waited = {area for area, day, _ in asked[member] if day <= after.day} - helped
        for area in before.levels[basis].keys() & after.levels[basis].keys():
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
