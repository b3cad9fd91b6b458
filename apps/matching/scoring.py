"""How well an offer fits a need: who is eligible, and a score from 0 to 10 whose factors add up."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from apps.matching.explain import Factor, explain_score

TOP_SCORE = Decimal(10)
LOWEST_LEVEL, HIGHEST_LEVEL = 0, 5
LEVELS_ABOVE = 2
MOST_URGENT = 5
BY_MENTOR = "mentor"
NO_PREFERENCE = Decimal(0)
_HUNDREDTH = Decimal("0.01")
_DAY = 24 * 60


class Refusal(StrEnum):
    """Why an offer cannot serve a need."""

    ANOTHER_AREA = "another-area"
    LEVEL_TOO_CLOSE = "level-too-close"
    NO_COMMON_LANGUAGE = "no-common-language"
    NO_COMMON_MODE = "no-common-mode"
    NOBODY_PAYS = "nobody-pays"


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """What a member asks for.

    Level 0-5 as assessed; languages most preferred first; clock offset in minutes east of UTC;
    priority 1 (can wait) to 5 (most urgent). An empty sector, region or tradition is unknown. `hours` a month
    wanted, 0 if any will do; `pays` holds who may bear the costs besides the mentor, who always may.
    """

    area: str
    level: int
    languages: tuple[str, ...]
    modes: frozenset[str]
    utc_offset_minutes: int = 0
    sector: str = ""
    region: str = ""
    legal_tradition: str = ""
    priority: int = 1
    hours: int = 0
    pays: frozenset[str] = frozenset({"member", "programme"})

    def __post_init__(self) -> None:
        _check_range("level", self.level, LOWEST_LEVEL, HIGHEST_LEVEL)
        _check_range("priority", self.priority, 1, MOST_URGENT)
        _check_range("utc_offset_minutes", self.utc_offset_minutes, -_DAY, _DAY)


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """What a mentor partner can give, in the same units as NeedFacts."""

    area: str
    level: int
    languages: frozenset[str]
    modes: frozenset[str]
    utc_offset_minutes: int = 0
    sectors: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    legal_traditions: frozenset[str] = frozenset()
    hours: int = 0
    pays: str = BY_MENTOR

    def __post_init__(self) -> None:
        _check_range("level", self.level, LOWEST_LEVEL, HIGHEST_LEVEL)
        _check_range("utc_offset_minutes", self.utc_offset_minutes, -_DAY, _DAY)


@dataclass(frozen=True, slots=True)
class Weights:
    """Points for a perfect fit on each factor, together 10; `level_share` by levels above the need."""

    level_distance: Decimal = Decimal("2.5")
    language: Decimal = Decimal("1.5")
    time_zone: Decimal = Decimal("1.0")
    sector: Decimal = Decimal("1.0")
    region: Decimal = Decimal("1.0")
    legal_tradition: Decimal = Decimal("0.5")
    priority: Decimal = Decimal("1.0")
    hours: Decimal = Decimal("0.5")
    preference: Decimal = Decimal("1.0")
    level_share: tuple[Decimal, ...] = field(
        default=(Decimal("0.6"), Decimal("0.8"), Decimal("1.0"), Decimal("1.0"))
    )
    second_language_share: Decimal = Decimal("0.5")

    def __post_init__(self) -> None:
        points = [getattr(self, f.name) for f in fields(self) if f.name not in _SHARES]
        shares = (*self.level_share, self.second_language_share)
        if sum(points) != TOP_SCORE or any(point < 0 for point in points):
            raise ValueError("The weights must not be negative and must sum to 10.")
        if any(point != point.quantize(_HUNDREDTH) for point in points):
            raise ValueError("The weights must have at most two decimals.")
        if len(self.level_share) != HIGHEST_LEVEL - LEVELS_ABOVE + 1:
            raise ValueError("There must be one level share for each of 2, 3, 4 and 5 levels above.")
        if any(not 0 <= share <= 1 for share in shares):
            raise ValueError("The shares must lie between 0 and 1.")


_SHARES = {"level_share", "second_language_share"}
DEFAULT = Weights()


@dataclass(frozen=True, slots=True)
class Eligible:
    """The offer can serve the need; the factors sum to the score exactly."""

    score: Decimal
    factors: tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class NotEligible:
    """The offer cannot serve the need, for all these reasons."""

    reasons: tuple[Refusal, ...]


def score_pair(
    need: NeedFacts, offer: OfferFacts, weights: Weights = DEFAULT, *, preference: Decimal = NO_PREFERENCE
) -> Eligible | NotEligible:
    """Score one offer for one need: 0 to 10 with two decimals, or every reason against it.

    `preference` is what the two sides have said about each other, from 0 (nothing, or no) to 1 (both wish it).
    """
    if not 0 <= preference <= 1:
        raise ValueError(f"preference must be from 0 to 1, not {preference}.")
    reasons = _refusals(need, offer)
    if reasons:
        return NotEligible(reasons)
    shares = {**_shares(need, offer, weights), "preference": preference}
    # Each factor is rounded first, so that what is shown is what is added.
    points = {
        name: (getattr(weights, name) * share).quantize(_HUNDREDTH, ROUND_HALF_EVEN)
        for name, share in shares.items()
    }
    score = sum(points.values(), Decimal("0.00"))
    return Eligible(score, explain_score(score, points))


def time_zone_hours(first_minutes: int, second_minutes: int) -> Decimal:
    """Hours between two clocks, the short way round: 0 to 12."""
    apart = abs(first_minutes - second_minutes) % _DAY
    return Decimal(min(apart, _DAY - apart)) / 60


def _refusals(need: NeedFacts, offer: OfferFacts) -> tuple[Refusal, ...]:
    checks = (
        (need.area != offer.area, Refusal.ANOTHER_AREA),
        (offer.level - need.level < LEVELS_ABOVE, Refusal.LEVEL_TOO_CLOSE),
        (not offer.languages.intersection(need.languages), Refusal.NO_COMMON_LANGUAGE),
        (not need.modes & offer.modes, Refusal.NO_COMMON_MODE),
        (offer.pays not in {BY_MENTOR, *need.pays}, Refusal.NOBODY_PAYS),
    )
    return tuple(reason for refused, reason in checks if refused)


def _shares(need: NeedFacts, offer: OfferFacts, weights: Weights) -> dict[str, Decimal]:
    """How much of each factor's points the pair earns, each from 0 to 1."""
    first_choice = need.languages[0] in offer.languages
    hours = time_zone_hours(need.utc_offset_minutes, offer.utc_offset_minutes)
    return {
        "level_distance": weights.level_share[offer.level - need.level - LEVELS_ABOVE],
        "language": Decimal(1) if first_choice else weights.second_language_share,
        "time_zone": 1 - hours / 12,
        "sector": Decimal(need.sector in offer.sectors and need.sector != ""),
        "region": Decimal(need.region in offer.regions and need.region != ""),
        "legal_tradition": Decimal(
            need.legal_tradition in offer.legal_traditions and need.legal_tradition != ""
        ),
        "priority": Decimal(need.priority - 1) / (MOST_URGENT - 1),
        "hours": min(Decimal(1), Decimal(offer.hours) / need.hours) if need.hours else Decimal(1),
    }


def _check_range(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise ValueError(f"{name} must be from {low} to {high}, not {value}.")
