"""Properties that hold for every method, every framework and every set of answers."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as F

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from apps.scoring import FrameworkSpec, Grade, NotApplicable, Rated, Unanswered, Unknown, score
from apps.scoring.methods import find_method
from apps.scoring.model import Parameters, Scale, TargetProfile, Tier
from tests.scoring.fields import FOUR, STAGES, YES_NO, by
from tests.scoring.small import RECENTLY, SCALE, TODAY, indicator

settings.register_profile("methods", max_examples=15, deadline=None, database=None, derandomize=True)
FEW = settings(settings.get_profile("methods"), suppress_health_check=[HealthCheck.too_slow])
LINEAR = ("shared-mean", "mean-of-means", "weighted-sum", "points-ratio")
METHODS = (*LINEAR, "cumulative", "threshold-profile")
SCALES = {"four": FOUR, "yn": YES_NO, "steps": Scale(("a", "b", "c"), (F(0), F(1, 3), F(5)))}
TIERS = (Tier("high", "High", F(3)), Tier("low", "Low", F(1, 2)))


@st.composite
def specs(draw, methods=METHODS, keys=True) -> FrameworkSpec:
    method = draw(st.sampled_from(methods))
    codes = draw(
        st.sampled_from([("A.1.1",), ("A.1.1", "A.1.2", "A.2.1"), ("A.1.1", "A.1.2", "B.1.1", "B.2.1")])
    )
    weights = st.sampled_from([None, None, 0, F(1, 3), 7])
    indicators = [
        replace(
            indicator(code, key=keys and draw(st.booleans()), weight=draw(weights)),
            scale=draw(st.sampled_from(["", "", *SCALES])),
            stage=draw(st.integers(1, 3)) if method == "cumulative" else None,
        )
        for code in codes
    ]
    changes: dict = {"scales": SCALES, "scale": draw(st.sampled_from([SCALE, STAGES]))}
    if method in LINEAR:
        changes["tiers"] = TIERS
    if method == "cumulative":
        changes["parameters"] = Parameters(1, ("0", "1", "2", "3"))
    if method == "threshold-profile":
        changes["profiles"] = (TargetProfile("p", 1, {}, "P"), TargetProfile("q", 3, {}, "Q"))
        changes["parameters"] = Parameters(profiles=("p", "q"))
    return by(method, *indicators, **changes)


def level(spec, i):
    return st.integers(0, spec.scale_of(i).highest)


@st.composite
def cases(draw, methods=METHODS, keys=True):
    spec = draw(specs(methods, keys))
    takes = find_method(spec.method).takes_not_applicable
    answers = {}
    for i in spec.indicators:
        rated = st.builds(Rated, level(spec, i), st.sampled_from(list(Grade)), st.just(RECENTLY))
        kinds = [rated, rated, st.builds(Unknown), st.builds(Unanswered)]
        if takes and not i.key:
            kinds.append(st.builds(NotApplicable, st.just("none")))
        answers[i.code] = draw(st.one_of(kinds))
    return spec, answers


def scored(spec, answers):
    return score(spec, answers, on=TODAY)


def rank(part, name):
    """What a reading of a part comes to: value, label and tier, so that any of them may be compared."""
    tier = {"": part.tier, "_low": part.tier_low, "_high": part.tier_high}[name]
    value = {"": part.value, "_low": part.low, "_high": part.high}[name]
    label = {"": part.label, "_low": part.label_low, "_high": part.label_high}[name]
    return (value, label, tier.at_least if tier else F(0))


def none_falls(before, after, name) -> bool:
    pairs = zip(rank(before, name), rank(after, name), strict=True)
    return all(old is None or new is None or old <= new for old, new in pairs)


@FEW
@given(cases(), st.data())
def test_removing_an_answer_never_raises_the_floor(case, data):
    spec, answers = case
    code = data.draw(st.sampled_from(list(answers)))
    one, two = scored(spec, answers), scored(spec, answers | {code: Unanswered()})
    for part, less in zip([*one.claimed, *one.evidenced], [*two.claimed, *two.evidenced], strict=True):
        assert none_falls(less, part, "_low"), part.code


@FEW
@given(cases(), st.data())
def test_raising_a_level_never_lowers_anything(case, data):
    spec, answers = case
    rated = [code for code, a in answers.items() if isinstance(a, Rated | Unknown)]
    assume(rated)
    code = data.draw(st.sampled_from(rated))
    old = answers[code] if isinstance(answers[code], Rated) else Rated(0)
    highest = spec.scale_of(spec.by_code[code]).highest
    new = Rated(
        data.draw(st.integers(old.level, highest)), Grade(data.draw(st.integers(old.grade, 3))), RECENTLY
    )
    one, two = scored(spec, answers), scored(spec, answers | {code: new})
    for before, after in zip([*one.claimed, *one.evidenced], [*two.claimed, *two.evidenced], strict=True):
        for name in ("", "_low", "_high"):
            assert none_falls(before, after, name), (before.code, name)


@FEW
@given(cases())
def test_every_reading_lies_in_its_range(case):
    result = scored(*case)
    for part in [*result.claimed, *result.evidenced]:
        bounds = [v for v in (part.low, part.value, part.high, part.possible) if v is not None]
        assert bounds == sorted(bounds)
        labels = [v for v in (part.label_low, part.label_high) if v is not None]
        assert labels == sorted(labels)
        if part.value is not None:
            assert result.measure.lowest <= part.value or spec_is_sum(case[0])
            assert part.value <= result.measure.highest


def spec_is_sum(spec) -> bool:
    return spec.method.name == "weighted-sum"


@FEW
@given(cases(methods=("shared-mean", "mean-of-means", "points-ratio")), st.sampled_from([F(1, 7), F(12)]))
def test_scaling_all_weights_changes_nothing(case, factor):
    spec, answers = case
    scaled = tuple(replace(i, weight=i.weight * factor) for i in spec.indicators)
    other = replace(spec, indicators=scaled)
    assert [*scored(spec, answers).evidenced] == [*scored(other, answers).evidenced]


@FEW
@given(cases(methods=LINEAR, keys=False), st.data())
def test_weight_0_changes_no_value(case, data):
    spec, answers = case
    first = spec.indicators[0]
    idle = replace(spec, indicators=(replace(first, weight=F(0)), *spec.indicators[1:]))
    new = data.draw(
        st.one_of(st.builds(Rated, level(spec, first)), st.builds(Unknown), st.builds(Unanswered))
    )
    one, two = scored(idle, answers), scored(idle, answers | {first.code: new})
    for before, after in zip(one.claimed, two.claimed, strict=True):
        assert (before.value, before.low, before.high) == (after.value, after.low, after.high)


@FEW
@given(cases(keys=False))
def test_not_applicable_equals_absence(case):
    spec, answers = case
    assume(find_method(spec.method).takes_not_applicable and len(spec.indicators) > 1)
    gone = spec.indicators[1]
    rest = tuple(i for i in spec.indicators if i is not gone)
    areas = tuple(a for a in spec.areas if any(i.area == a.code for i in rest))
    without = replace(spec, indicators=rest, areas=areas)
    present = scored(spec, answers | {gone.code: NotApplicable("none")}).evidenced
    absent = scored(without, {c: a for c, a in answers.items() if c != gone.code}).evidenced
    for part in absent:
        same = {p.code: p for p in present}[part.code]
        assert (part.value, part.low, part.high, part.possible) == (
            same.value,
            same.low,
            same.high,
            same.possible,
        )
        assert (part.label, part.tier, part.foundation) == (same.label, same.tier, same.foundation)


@FEW
@given(cases(methods=LINEAR))
def test_mix_of_scales_equals_its_normalised_form(case):
    """Every level written as its share of the scale, on one scale for all that holds every share there is."""
    spec, answers = case
    shares = {
        spec.scale_of(i).fraction(n) for i in spec.indicators for n in range(spec.scale_of(i).highest + 1)
    }
    shares |= {spec.scale.fraction(n) for n in range(spec.scale.highest + 1)} | {F(0)}
    top = spec.scale.values[-1]
    common = Scale(tuple(map(str, range(len(shares)))), tuple(share * top for share in sorted(shares)))
    plain = replace(spec, scale=common, indicators=tuple(replace(i, scale="") for i in spec.indicators))
    normal = {
        code: Rated(common.level_at(spec.scale_of(spec.by_code[code]).fraction(a.level)), Grade.E3, RECENTLY)
        for code, a in answers.items()
        if isinstance(a, Rated)
    }
    one, two = scored(spec, {c: a for c, a in answers.items() if c in normal}), scored(plain, normal)
    for mixed, single in zip(one.claimed, two.claimed, strict=True):
        assert mixed.value == single.value
        assert mixed.tier == single.tier


@FEW
@given(cases(methods=LINEAR))
def test_contributions_add_up_exactly_and_losses_make_up_what_is_possible(case):
    result = scored(*case)
    for basis, scores in (("claimed", result.claimed), ("evidenced", result.evidenced)):
        explained = result.explanation()[basis]
        steps = {"overall": explained["overall"]} | explained["dimensions"] | explained["areas"]
        for part in scores:
            contributions = [F(s["contribution"]["exact"]) for s in steps[part.code] if "contribution" in s]
            assert sum(contributions) == (part.value or 0)
    unanswered = {row.code for row in result.indicators if row.state == "unanswered"}
    for held in result.held_back:
        part = next(p for p in result.evidenced if p.code == held.code)
        assert set(held.missing) <= unanswered
        assert all(loss.practice >= 0 and loss.evidence >= 0 for loss in held.losses)
        if not held.missing:
            assert held.value + sum(loss.total for loss in held.losses) == part.possible


@FEW
@given(cases())
def test_lifts_equal_the_difference_of_scoring_again(case):
    spec, answers = case
    result = scored(spec, answers)
    for lift in result.lifts:
        row = next(row for row in result.indicators if row.code == lift.code)
        if lift.claimed is not None:
            raised = scored(spec, answers | {lift.code: Rated(row.claimed + 1)}).claimed
            assert gained(spec, result.claimed, raised) == lift.claimed
        if lift.evidenced is not None:
            raised = scored(
                spec, answers | {lift.code: Rated(row.evidenced + 1, Grade.E3, RECENTLY)}
            ).evidenced
            assert gained(spec, result.evidenced, raised) == lift.evidenced


def gained(spec, before, after):
    if spec.method.name == "cumulative":
        return sum(
            (after.dimensions[code].label_low or 0) - (part.label_low or 0)
            for code, part in before.dimensions.items()
        )
    if spec.method.name == "threshold-profile":
        old, new = before.overall.tier_low, after.overall.tier_low
        return (new.at_least if new else 0) - (old.at_least if old else 0)
    return after.overall.value - before.overall.value


@FEW
@given(cases())
def test_order_of_the_answers_does_not_matter(case):
    spec, answers = case
    assert scored(spec, answers).as_document() == scored(spec, dict(reversed(answers.items()))).as_document()
