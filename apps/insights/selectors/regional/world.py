"""Everything that the pages of a region are made of, in a constant number of queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Sum

from apps.accounts.models import User
from apps.assessments.models import Result, Round
from apps.assessments.selectors import framework_of
from apps.assessments.selectors.leading import leading_first
from apps.frameworks.models import Area, FrameworkVersion
from apps.insights.selectors.kept import Figures, Held, Part, read_kept, steps_of, versions_of
from apps.insights.selectors.movement import Movement, movements, newest_two
from apps.members.models import Grant, Member, Participation, Programme
from apps.members.selectors import get_programme
from apps.mentoring.choices import NeedState
from apps.mentoring.models import Engagement, Need, Offer


class AreaName(NamedTuple):
    code: str
    name: str
    dimension: str
    dimension_name: str


@dataclass(frozen=True, slots=True)
class Line:
    """A member and what the office may know of it. `held`, `kept` and `moved` are None unless it shares a result.

    `asks` are areas with a request that waits, `offers` areas with an open offer. `opens` are the areas whose answers the
    reader may open under an agreement in force.
    """

    member: Member
    shares: bool
    held: Held | None
    kept: Figures | None
    moved: Movement | None
    engaged: bool
    asks: frozenset[str]
    offers: frozenset[str]
    opens: frozenset[str]

    def part(self, code: str) -> Part | None:
        """Where it stands in an area; None where nothing is shared or asked."""
        return self.kept.areas.get(code) if self.kept else None

    @property
    def state(self) -> str:
        """shared, none or hidden, as the filter has it."""
        return "hidden" if not self.shares else "shared" if self.kept else "none"


@dataclass(frozen=True, slots=True)
class World:
    """The members of a programme by name, with their areas, requests, offers and engagements.

    `steps` name what parts stand at, from 0 up; empty where they have values. `requests` and `places` are by area.
    """

    programme: Programme
    framework: str
    steps: tuple[str, ...]
    areas: Mapping[str, AreaName]
    lines: tuple[Line, ...]
    rounds: tuple[tuple[str, int, str], ...]
    requests: Mapping[str, int]
    places: Mapping[str, int]
    engagements: int

    @property
    def sharing(self) -> list[Line]:
        """Members that share a result: the one group that every statistic is about, whatever is filtered."""
        return [line for line in self.lines if line.kept]

    @property
    def dimensions(self) -> dict[str, str]:
        """Code → name, in framework order."""
        return {area.dimension: area.dimension_name for area in self.areas.values()}


def world_of(user: User, programme_id: str) -> World:
    """The region of a programme, for its office. Raises Http404 for others."""
    programme = get_programme(user, programme_id)
    rows = programme.participations.select_related("member").order_by("member__name", "member")
    joined = list(rows)
    pairs = newest_two(programme, framework_of(programme))
    held = [row for pair in pairs.values() for row in pair if row]
    versions = versions_of(held)
    kept = read_kept(held, versions)
    moved = movements(pairs, kept)
    asks, offers, requests, places = _asking(programme)
    going = _engaged(programme)
    opens = _opens(user, programme, pairs)
    lines = [_line(row, pairs.get(row.member_id), kept, moved, going, asks, offers, opens) for row in joined]
    newest = [versions[now.version] for now, _before in pairs.values()]
    return World(
        programme=programme,
        framework=next((version.framework.name for version in newest), ""),
        steps=_steps(lines, versions),
        areas=_areas({version.pk for version in newest}),
        lines=tuple(lines),
        rounds=tuple(Round.objects.filter(programme=programme).values_list("public_id", "pk", "name")),
        requests=requests,
        places=places,
        engagements=sum(going.values()),
    )


def _line(
    joined: Participation,
    pair: tuple[Held, Held | None] | None,
    kept: Mapping[int, Figures],
    moved: Mapping[int, Movement],
    going: Mapping[int, int],
    asks: Mapping[int, set[str]],
    offers: Mapping[int, set[str]],
    opens: Mapping[int, frozenset[str]],
) -> Line:
    key, now = joined.member_id, pair[0] if pair else None
    return Line(
        joined.member, joined.shares_levels, now, kept[now.pk] if now else None, moved.get(key), key in going,
        frozenset(asks.get(key, ())), frozenset(offers.get(key, ())),
        opens.get(key, frozenset()) & (kept[now.pk].areas.keys() if now else frozenset()),
    )  # fmt: skip


def _steps(lines: Iterable[Line], versions: Mapping[int, FrameworkVersion]) -> tuple[str, ...]:
    """What the steps are called in the reader's language, by the first result there is. One query."""
    first = next((line.held for line in lines if line.held), None)
    return steps_of(first, versions[first.version]) if first else ()


def _areas(versions: Iterable[int]) -> dict[str, AreaName]:
    """Areas of the versions in use, in framework order; the newest version's names count."""
    rows = Area.objects.filter(version__in=set(versions)).order_by("version", "position")
    fields = ("code", "name", "dimension__code", "dimension__name")
    return {row[0]: AreaName(*row) for row in rows.values_list(*fields)}


def _asking(
    programme: Programme,
) -> tuple[dict[int, set[str]], dict[int, set[str]], Counter[str], dict[str, int]]:
    """Areas that each member asks and offers help in, and how many requests wait and places stand open by area."""
    asks: dict[int, set[str]] = defaultdict(set)
    offers: dict[int, set[str]] = defaultdict(set)
    requests: Counter[str] = Counter()
    for member, area in Need.objects.filter(programme=programme, state=NeedState.SENT).values_list(
        "member", "area"
    ):
        asks[member].add(area)
        requests[area] += 1
    rows = Offer.objects.open().filter(programme=programme).order_by().values("member", "area")
    places: Counter[str] = Counter()
    for row in rows.annotate(all=Sum("places")):
        offers[row["member"]].add(row["area"])
        places[row["area"]] += row["all"]
    return asks, offers, requests, places


def _engaged(programme: Programme) -> Counter[int]:
    """How many engagements each member is mentored in now."""
    rows = Engagement.objects.going_on().filter(programme=programme).order_by()
    return Counter(rows.values_list("member", flat=True))


def _opens(
    user: User, programme: Programme, pairs: Mapping[int, tuple[Held, Held | None]]
) -> dict[int, frozenset[str]]:
    """Areas whose answers the reader may open by member: an agreement names them, and it is this result that opens."""
    agreed: dict[int, list[list[str]]] = defaultdict(list)
    given = Grant.objects.readable_by(user).filter(member__in=programme.participations.values("member"))
    for member, codes in given.values_list("member", "areas"):
        agreed[member].append(codes)
    shown: dict[int, int] = {}
    for member, result in leading_first(Result.objects.standing().filter(member__in=agreed)).values_list(
        "member", "pk"
    ):
        shown.setdefault(member, result)
    every = frozenset(
        Area.objects.filter(version__in={now.version for now, _b in pairs.values()}).values_list("code", flat=True)
    ) if agreed else frozenset[str]()  # fmt: skip
    return {
        member: every
        if any(not codes for codes in areas)
        else frozenset(code for codes in areas for code in codes)
        for member, areas in agreed.items()
        if member in pairs and shown.get(member) == pairs[member][0].pk
    }
