"""Who rose and who fell since the result before, over what may be compared: an edition's change is nobody's."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from apps.assessments.models import Result
from apps.assessments.selectors import results_in, yardstick_of
from apps.assessments.selectors.since import between, documents_of
from apps.insights.selectors.kept import Figures, Held, Part, held, place_of
from apps.members.models import Programme

ACROSS_AT_ONCE = 60  # comparisons over two editions are scored anew, some ten milliseconds each
MOST_KNOWN = 10_000


@dataclass(frozen=True, slots=True)
class Movement:
    """`way` is up, down or same. `before` and `now` are what stands in a square, over `percent` of the weight.

    `percent` is None when everything may be compared. `way` is "" where nothing may be, and `later` while it is not yet
    worked out.
    """

    way: str
    before: str = ""
    now: str = ""
    percent: int | None = None
    later: bool = False


_known: OrderedDict[tuple[str, str], Movement] = OrderedDict()


def newest_two(programme: Programme, framework: str) -> dict[int, tuple[Held, Held | None]]:
    """The newest standing result of each member that shares levels with the office, and the one before. One query."""
    sharing = programme.participations.filter(shares_levels=True).values("member")
    rows = results_in(Result.objects.standing().filter(member__in=sharing), framework)
    found: dict[int, tuple[Held, Held | None]] = {}
    for row in held(rows.order_by("member", "-computed_at", "-pk")):
        newest = found.get(row.member)
        if newest is None:
            found[row.member] = (row, None)
        elif newest[1] is None:
            found[row.member] = (newest[0], row)
    return found


def movements(
    pairs: Mapping[int, tuple[Held, Held | None]], kept: Mapping[int, Figures]
) -> dict[int, Movement]:
    """The movement of each member with two results. No query within an edition, at most three across editions."""
    found: dict[int, Movement] = {}
    across: dict[int, tuple[Held, Held]] = {}
    for member, (now, before) in pairs.items():
        if before is None:
            continue
        if before.version == now.version:
            found[member] = _moved(kept[before.pk].overall, kept[now.pk].overall, None)
        else:
            across[member] = (before, now)
    return found | _across(across)


def _moved(before: Part, now: Part, percent: int | None) -> Movement:
    """By steps where there are steps, else by values."""
    if before.rank is not None and now.rank is not None:
        change = Fraction(now.rank - before.rank)
    elif before.exact and now.exact and before.rank is now.rank is None:
        change = Fraction(now.exact) - Fraction(before.exact)
    else:
        return Movement("", percent=percent)
    way = "up" if change > 0 else "down" if change < 0 else "same"
    return Movement(way, before.text, now.text, percent)


def _across(pairs: Mapping[int, tuple[Held, Held]]) -> dict[int, Movement]:
    """Members whose two results are on two editions: from what this process knows, and some more each time."""
    keys = {member: (before.public_id, now.public_id) for member, (before, now) in pairs.items()}
    wanted = [member for member, key in keys.items() if key not in _known][:ACROSS_AT_ONCE]
    if wanted:
        _compare([pairs[member] for member in wanted])
    return {member: _known.get(key) or Movement("", later=True) for member, key in keys.items()}


def _compare(pairs: list[tuple[Held, Held]]) -> None:
    """Score both results of each pair over what is comparable, as the member's own page does, and keep what came out."""
    keys = [row.pk for pair in pairs for row in pair]
    rows = Result.objects.select_related("assessment__version_of__framework")
    results = {row.pk: row for row in rows.defer("assessment__version_of__document").filter(pk__in=keys)}
    texts = documents_of({row.assessment.version_of.framework_id for row in results.values()})
    for before, now in pairs:
        result = results[now.pk]
        documents = texts[result.assessment.version_of.framework_id]
        since = between(results[before.pk], result, documents)
        movement = Movement("")
        if since is not None and since.then is not None and since.share is not None:
            stick = yardstick_of(result.document, result.assessment.version_of)
            parts = [
                place_of(stick, document["evidenced"]["overall"]) for document in (since.then, since.now)
            ]
            movement = _moved(parts[0], parts[1], since.share.percent)
        _known[before.public_id, now.public_id] = movement
        while len(_known) > MOST_KNOWN:
            _known.popitem(last=False)
