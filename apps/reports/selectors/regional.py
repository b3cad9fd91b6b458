"""What a programme report says of the region: the very figures of the office's page, with its rule of five."""

from __future__ import annotations

from dataclasses import dataclass

from apps.accounts.models import User
from apps.insights.selectors import region_page
from apps.insights.selectors.regional import AreaLine
from apps.uplift import Estimate


@dataclass(frozen=True, slots=True)
class MovedSource:
    """A member that shares, and what it moved between, over `percent` of the weight (None: everything)."""

    name: str
    before: str
    now: str
    percent: int | None


@dataclass(frozen=True, slots=True)
class RegionSource:
    """`areas` from the weakest; `ending` people with a certificate that ends within `days`, None for fewer than five.

    `uplift` are the comparisons of the page on what mentoring changed, by name, plain changes first.
    """

    areas: tuple[AreaLine, ...] = ()
    rose: tuple[MovedSource, ...] = ()
    fell: tuple[MovedSource, ...] = ()
    requests: int = 0
    places: int = 0
    engagements: int = 0
    ending: int | None = 0
    days: int = 90
    uplift: tuple[tuple[str, Estimate], ...] = ()

    @property
    def statistics(self) -> bool:
        """Whether any area has five members behind it."""
        return any(row.counted for row in self.areas)

    @property
    def asked_most(self) -> int:
        """The longest bar of requests and places."""
        return max((max(row.requests, row.places) for row in self.areas), default=0)


def region_source(user: User, programme: str) -> RegionSource:
    """The region of a programme for its report. Raises Http404 for all but its office."""
    page = region_page(user, programme, {})
    moved = {
        way: tuple(
            MovedSource(line.member.name, line.moved.before, line.moved.now, line.moved.percent)
            for line in lines
            if line.moved
        )
        for way, lines in (("up", page.rose), ("down", page.fell))
    }
    return RegionSource(
        areas=page.areas, rose=moved["up"], fell=moved["down"], requests=page.requests, places=page.places,
        engagements=page.engagements, ending=page.expiring.people, days=page.expiring.days, uplift=page.uplift.rows,
    )  # fmt: skip
