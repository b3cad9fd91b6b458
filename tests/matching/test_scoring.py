"""How a need and an offer become an eligible pair with a score that adds up."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.matching import Eligible, NeedFacts, NotEligible, OfferFacts, Weights, score_pair
from apps.matching.scoring import Refusal, time_zone_hours

NEED = NeedFacts(
    area="incident-response",
    level=1,
    languages=("ar", "fr"),
    modes=frozenset({"remote"}),
    utc_offset_minutes=180,
    sector="energy",
    region="north",
    legal_tradition="civil",
    priority=5,
)
OFFER = OfferFacts(
    area="incident-response",
    level=5,
    languages=frozenset({"ar", "en"}),
    modes=frozenset({"remote", "visit"}),
    utc_offset_minutes=180,
    sectors=frozenset({"energy"}),
    regions=frozenset({"north"}),
    legal_traditions=frozenset({"civil"}),
)


def eligible(need: NeedFacts, offer: OfferFacts, weights: Weights | None = None) -> Eligible:
    wish = Decimal(1)
    result = (
        score_pair(need, offer, weights, preference=wish)
        if weights
        else score_pair(need, offer, preference=wish)
    )
    assert isinstance(result, Eligible)
    return result


def test_a_perfect_fit_scores_ten() -> None:
    assert eligible(NEED, OFFER).score == Decimal("10.00")


def test_each_factor_is_named_and_the_factors_sum_to_the_score() -> None:
    offer = replace(OFFER, level=3, languages=frozenset({"fr"}), utc_offset_minutes=-60, sectors=frozenset())
    result = eligible(NEED, offer)
    points = {factor.name: factor.contribution for factor in result.factors}
    assert points == {
        "level_distance": Decimal("1.50"),
        "language": Decimal("0.75"),
        "time_zone": Decimal("0.67"),
        "sector": Decimal("0.00"),
        "region": Decimal("1.00"),
        "legal_tradition": Decimal("0.50"),
        "priority": Decimal("1.00"),
        "hours": Decimal("0.50"),
        "preference": Decimal("1.00"),
    }
    assert result.score == Decimal("6.92")


def test_every_reason_against_a_pair_is_told() -> None:
    offer = replace(
        OFFER, area="law", level=2, languages=frozenset({"pt"}), modes=frozenset({"visit"}), pays="member"
    )
    assert score_pair(replace(NEED, pays=frozenset()), offer) == NotEligible(
        (
            Refusal.ANOTHER_AREA,
            Refusal.LEVEL_TOO_CLOSE,
            Refusal.NO_COMMON_LANGUAGE,
            Refusal.NO_COMMON_MODE,
            Refusal.NOBODY_PAYS,
        )
    )


@pytest.mark.parametrize(("level", "served"), [(1, False), (2, False), (3, True), (5, True)])
def test_a_mentor_must_stand_two_levels_above(level: int, served: bool) -> None:
    assert isinstance(score_pair(NEED, replace(OFFER, level=level)), Eligible) is served


def test_what_is_unknown_earns_nothing() -> None:
    blank = replace(NEED, sector="", region="", legal_tradition="")
    offer = replace(OFFER, sectors=frozenset({""}), regions=frozenset({""}), legal_traditions=frozenset({""}))
    assert eligible(blank, offer).score == Decimal("7.50")


@pytest.mark.parametrize(
    ("first", "second", "hours"),
    [(0, 0, "0"), (330, 0, "5.5"), (-600, 720, "2"), (720, -720, "0"), (0, 720, "12")],
)
def test_time_zones_are_measured_the_short_way_round(first: int, second: int, hours: str) -> None:
    assert time_zone_hours(first, second) == Decimal(hours)


facts = st.tuples(
    st.integers(0, 5), st.integers(0, 5), st.integers(-720, 840), st.integers(-720, 840), st.integers(1, 5)
)


@given(facts)
def test_any_eligible_pair_scores_from_0_to_10_with_two_decimals(
    drawn: tuple[int, int, int, int, int],
) -> None:
    level, offered, here, there, priority = drawn
    need = replace(NEED, level=level, utc_offset_minutes=here, priority=priority)
    result = score_pair(need, replace(OFFER, level=offered, utc_offset_minutes=there))
    assert isinstance(result, Eligible) is (offered - level >= 2)
    if isinstance(result, Eligible):
        assert 0 <= result.score <= 10
        assert result.score == result.score.quantize(Decimal("0.01"))
        assert sum(f.contribution for f in result.factors) == result.score


def test_weights_are_data_that_must_sum_to_ten() -> None:
    level_only = Weights(*[Decimal(n) for n in (10, 0, 0, 0, 0, 0, 0, 0, 0)])
    assert eligible(NEED, replace(OFFER, level=3), level_only).score == Decimal("6.00")
    with pytest.raises(ValueError, match="sum to 10"):
        Weights(sector=Decimal("2"))
    with pytest.raises(ValueError, match="two decimals"):
        Weights(sector=Decimal("1.001"), region=Decimal("0.999"))
    with pytest.raises(ValueError, match="between 0 and 1"):
        Weights(second_language_share=Decimal("1.1"))
    with pytest.raises(ValueError, match="one level share"):
        Weights(level_share=(Decimal(1),))


@pytest.mark.parametrize(
    "change", [{"level": 6}, {"level": -1}, {"priority": 0}, {"utc_offset_minutes": 2000}]
)
def test_facts_out_of_range_are_refused(change: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be from"):
        replace(NEED, **change)


def test_fewer_hours_than_wanted_cost_their_share_and_more_bring_nothing() -> None:
    for offered, points in ((2, "0.12"), (4, "0.25"), (8, "0.50"), (20, "0.50")):
        found = eligible(replace(NEED, hours=8), replace(OFFER, hours=offered))
        assert {f.name: f.contribution for f in found.factors}["hours"] == Decimal(points)


@pytest.mark.parametrize(
    ("pays", "accepted", "meets"),
    [("mentor", (), True), ("member", ("programme",), False), ("programme", ("programme",), True)],
)
def test_costs_that_nobody_bears_keep_a_pair_apart(pays: str, accepted: tuple[str, ...], meets: bool) -> None:
    found = score_pair(replace(NEED, pays=frozenset(accepted)), replace(OFFER, pays=pays))
    assert isinstance(found, Eligible) is meets


def test_what_is_said_about_each_other_is_one_factor_among_the_others() -> None:
    for share in ("0", "0.25", "1"):
        found = score_pair(NEED, OFFER, preference=Decimal(share))
        assert isinstance(found, Eligible)
        assert found.score == Decimal("9.00") + Decimal(share)
    with pytest.raises(ValueError, match="preference"):
        score_pair(NEED, OFFER, preference=Decimal("1.01"))
