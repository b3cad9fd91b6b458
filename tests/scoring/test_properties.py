"""Properties that hold for every framework and every set of answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction as F
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.scoring import Grade, NotApplicable, Rated, ScoreResult, Unanswered, Unknown, score
from apps.scoring.evidence import grade_for, support_of
from apps.scoring.model import FrameworkSpec
from tests.scoring.small import RECENTLY, TODAY, framework, indicator

settings.register_profile("scoring", max_examples=20, deadline=None, database=None)
FEW = settings(settings.get_profile("scoring"), suppress_health_check=[HealthCheck.too_slow])

WEIGHTS = st.sampled_from([None, None, None, 0, F(1, 3), 3])
DATES = st.sampled_from([None, RECENTLY, date(2020, 1, 1)])
RATED = st.builds(Rated, st.integers(0, 5), st.sampled_from(list(Grade)), DATES)


@st.composite
def frameworks(draw) -> FrameworkSpec:
    sizes = draw(st.lists(st.lists(st.integers(1, 3), min_size=1, max_size=2), min_size=1, max_size=2))
    indicators = [
        indicator(
            f"{'AB'[d]}.{a}.{n}",
            key=draw(st.booleans()),
            weight=draw(WEIGHTS),
            effort=draw(st.integers(1, 3)),
        )
        for d, areas in enumerate(sizes)
        for a, size in enumerate(areas)
        for n in range(size)
    ]
    links = tuple(
        (later.code, earlier.code, draw(st.integers(1, 5))) for earlier, later in pairwise(indicators)
    )
    return framework(*indicators, requires=links if draw(st.booleans()) else ())


@st.composite
def cases(draw):
    spec = draw(frameworks())
    plain = st.one_of(RATED, RATED, st.builds(Unknown), st.builds(Unanswered))
    other = st.one_of(plain, st.builds(NotApplicable, st.just("none")))
    return spec, {i.code: draw(plain if i.key else other) for i in spec.indicators}


def scored(spec, answers) -> ScoreResult:
    return score(spec, answers, on=TODAY)


def not_above(lower, upper) -> bool:
    return lower is None or upper is None or lower <= upper


@FEW
@given(cases(), st.data())
def test_more_of_anything_never_lowers_a_score(case, data):
    spec, answers = case
    rated = [code for code, answer in answers.items() if isinstance(answer, Rated | Unknown)]
    if not rated:
        return
    code = data.draw(st.sampled_from(rated))
    before = answers[code] if isinstance(answers[code], Rated) else Rated(0)
    after = Rated(
        data.draw(st.integers(before.level, 5)), Grade(data.draw(st.integers(before.grade, 3))), before.dated
    )
    one, two = scored(spec, answers), scored(spec, answers | {code: after})
    for old, new in [
        *zip(one.claimed, two.claimed, strict=True),
        *zip(one.evidenced, two.evidenced, strict=True),
    ]:
        for name in ("value", "low", "high", "label", "label_low", "foundation", "foundation_low"):
            assert not_above(getattr(old, name), getattr(new, name)), (old.code, name)


@FEW
@given(cases(), st.data())
def test_removing_an_answer_never_raises_the_floor(case, data):
    spec, answers = case
    code = data.draw(st.sampled_from(list(answers)))
    one, two = scored(spec, answers), scored(spec, answers | {code: Unanswered()})
    for before, after in [
        *zip(one.claimed, two.claimed, strict=True),
        *zip(one.evidenced, two.evidenced, strict=True),
    ]:
        assert not_above(after.low, before.low)
        assert not_above(after.label_low, before.label_low)
        assert not_above(after.foundation_low, before.foundation_low)


@FEW
@given(cases())
def test_evidenced_is_never_above_claimed_and_values_stay_in_their_range(case):
    result = scored(*case)
    for claimed, evidenced in zip(result.claimed, result.evidenced, strict=True):
        for name in ("value", "low", "high", "label", "foundation"):
            assert not_above(getattr(evidenced, name), getattr(claimed, name))
        for part in (claimed, evidenced):
            assert not_above(part.low, part.value) and not_above(part.value, part.high)
            assert not_above(0, part.low) and not_above(part.high, 100)
            assert not_above(part.foundation_low, part.foundation)
        assert claimed.coverage == evidenced.coverage


@FEW
@given(cases())
def test_explanation_steps_add_up_to_the_score_exactly(case):
    result = scored(*case)
    for basis, scores in (("claimed", result.claimed), ("evidenced", result.evidenced)):
        explained = result.explanation()[basis]
        steps_of = {"overall": explained["overall"]} | explained["dimensions"] | explained["areas"]
        for part in scores:
            steps = steps_of[part.code]
            contributions = [F(step["contribution"]["exact"]) for step in steps if "contribution" in step]
            if part.value is None:
                assert contributions == []
            else:
                assert sum(contributions) == part.value
                assert sum(F(step["share"]) for step in steps if "share" in step) == 1
                assert F(next(s for s in steps if s["step"] == "score")["value"]["exact"]) == part.value


@FEW
@given(cases())
def test_lifts_equal_the_difference_of_scoring_again(case):
    spec, answers = case
    result = scored(spec, answers)
    rows = {row.code: row for row in result.indicators}
    for lift in result.lifts:
        row = rows[lift.code]
        if lift.claimed is not None:
            raised = answers | {lift.code: Rated(row.claimed + 1)}
            assert scored(spec, raised).claimed.overall.value - result.claimed.overall.value == lift.claimed
        if lift.evidenced is not None:
            level = row.evidenced + 1
            raised = answers | {lift.code: Rated(level, grade_for(level), RECENTLY)}
            assert (
                scored(spec, raised).evidenced.overall.value - result.evidenced.overall.value
                == lift.evidenced
            )


@FEW
@given(cases())
def test_score_and_losses_always_make_100(case):
    for part in scored(*case).held_back:
        assert part.value + sum(loss.total for loss in part.losses) == 100
        assert all(loss.practice >= 0 and loss.evidence >= 0 for loss in part.losses)


@FEW
@given(cases())
def test_every_applicable_answer_with_a_gap_is_on_exactly_one_list(case):
    result = scored(*case)
    lists = result.priorities
    listed = [row.code for rows in (lists.do_now, lists.build, lists.prepare, lists.find_out) for row in rows]
    assert len(listed) == len(set(listed))
    assert set(listed) == {row.code for row in result.indicators if row.gap or row.state == "unknown"}
    assert all(row.start_with for row in lists.prepare)


@FEW
@given(cases())
def test_order_of_the_answers_does_not_matter(case):
    spec, answers = case
    turned = dict(reversed(answers.items()))
    assert scored(spec, answers).as_document() == scored(spec, turned).as_document()


@FEW
@given(RATED, st.integers(0, 3000))
def test_evidence_only_wears_down_with_time(answer, days):
    later = date.fromordinal(TODAY.toordinal() + days)
    assert support_of(answer, on=later).effective <= support_of(answer, on=TODAY).effective
    assert support_of(replace(answer, dated=later), on=later).effective == answer.grade
