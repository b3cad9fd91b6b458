"""The bulk path gives the figures of the exact path to the last digit."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction as F

import numpy as np
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from apps.scoring import Grade, InputFaults, NotApplicable, Rated, Unanswered, Unknown, score
from apps.scoring.bulk import (
    NO_LEVEL,
    BulkAnswers,
    BulkPlan,
    NotInBulk,
    encode,
    fresh_since,
    score_sets,
    worn,
)
from apps.scoring.bulk.cells import FIRST_LEVEL, NOT_APPLICABLE, UNANSWERED, UNKNOWN
from apps.scoring.bulk.denominators import common_denominator, dtype_for, possible_sums, whole_weights
from apps.scoring.bulk.one_by_one import exact_score_sets
from apps.scoring.bulk.tables import Row, blocks_of
from apps.scoring.display import one_decimal
from apps.scoring.model import AreaSpec, FrameworkSpec, IndicatorSpec, MethodRef, Scale, Tier
from tests.scoring.small import RECENTLY, SCALE, TODAY, framework, indicator

FEW = settings(max_examples=25, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
SHORT = Scale(("None", "Part", "Most", "All"))
UNEVEN = Scale(("Low", "Middle", "High"), (F(1), F(5, 2), F(4)))
LONG = Scale(tuple(str(level) for level in range(11)))
SCALES = {"short": SHORT, "uneven": UNEVEN, "long": LONG}
TIERS = (Tier("good", "Good", F(60)), Tier("fair", "Fair", F(25)))
REASON = NotApplicable("no such body")


@st.composite
def frameworks(draw) -> FrameworkSpec:
    """Areas of one to six indicators, their dimensions in turn, so that neither stands in one piece."""
    sizes = draw(st.lists(st.sampled_from([1, 1, 2, 3, 6]), min_size=1, max_size=5))
    areas = [AreaSpec(f"{'AB'[n % 2]}.{n}", "AB"[n % 2]) for n in range(len(sizes))]
    weights = st.sampled_from([F(1), F(2), F(2), F(0), F(1, 3), F(5, 2)])
    specs = [
        IndicatorSpec(
            f"{area.code}.{n}", area.code, area.dimension, key=draw(st.booleans()),
            weight=draw(weights), effort=1, scale=draw(st.sampled_from(["", "", *SCALES])),
        )
        for area, size in zip(areas, sizes, strict=True)
        for n in range(size)
    ]  # fmt: skip
    mixed = draw(st.permutations(specs))
    return FrameworkSpec(
        "mixed", "1", "national", MethodRef("shared-mean", 1), SCALE, tuple("AB"[: len(areas)]), tuple(areas),
        tuple(mixed), scales=SCALES, tiers=TIERS,
    )  # fmt: skip


@st.composite
def cases(draw):
    spec = draw(frameworks())
    dates = st.sampled_from([None, RECENTLY, date(2020, 1, 1)])
    sheets = []
    for _ in range(draw(st.integers(1, 4))):
        sheet = {}
        for i in spec.indicators:
            rated = st.builds(
                Rated, st.integers(0, spec.scale_of(i).highest), st.sampled_from(list(Grade)), dates
            )
            kinds = [rated, rated, rated, st.just(Unknown()), st.just(Unanswered())]
            sheet[i.code] = draw(st.one_of(*kinds) if i.key else st.one_of(*kinds, st.just(REASON)))
        sheets.append(sheet)
    return spec, sheets


def plan_in_bulk(spec: FrameworkSpec) -> BulkPlan:
    """The plan, where whole numbers of 63 bits hold it: a few of the drawn weights need more, and are refused."""
    try:
        return BulkPlan.for_framework(spec)
    except NotInBulk:
        reject()


@FEW
@given(cases())
def test_bulk_gives_every_figure_of_the_exact_path(case):
    spec, sheets = case
    answers = encode(spec, sheets, on=TODAY)
    plan = plan_in_bulk(spec)
    claimed, evidenced = plan.score(answers, basis="claimed"), plan.score(answers, basis="evidenced")
    assert len(claimed) == len(answers) == len(sheets)
    for number, sheet in enumerate(sheets):
        exact = score(spec, sheet, on=TODAY)
        assert claimed.score_set(number) == exact.claimed
        assert evidenced.score_set(number) == exact.evidenced


@FEW
@given(cases())
def test_figures_shown_are_those_of_the_exact_path(case):
    spec, sheets = case
    scores = plan_in_bulk(spec).score(encode(spec, sheets, on=TODAY), basis="evidenced")
    tenths = {reading: scores.tenths(reading) for reading in ("value", "low", "high")}
    for number, sheet in enumerate(sheets):
        for part in score(spec, sheet, on=TODAY).evidenced:
            row = scores.plan.row_of[part.code]
            for reading in tenths:
                value = getattr(part, reading)
                shown = None if value is None else one_decimal(value)
                assert scores.display(part.code, number, reading) == shown
                assert scores.fraction(part.code, number, reading) == value
                assert tenths[reading][row, number] == (0 if shown is None else int(shown.replace(".", "")))


@FEW
@given(cases(), st.sampled_from(["claimed", "evidenced"]))
def test_exact_path_over_the_arrays_gives_the_same(case, basis):
    spec, sheets = case
    answers = encode(spec, sheets, on=TODAY)
    exact = list(exact_score_sets(spec, answers, basis=basis))
    assert exact == [getattr(score(spec, sheet, on=TODAY), basis) for sheet in sheets]
    assert list(score_sets(spec, answers, basis=basis)) == exact


TWO_AREAS = framework(
    indicator("A.1.1", key=True), indicator("A.1.2"), indicator("A.2.1"), indicator("B.1.1")
)
# Area A.1 with weights 2 and 1: levels 3 and 0 → 40. A.2: level 5 → 100. So A = 70, B.1 = B = 20, the whole 45.
ONE = {"A.1.1": Rated(3), "A.1.2": Rated(0), "A.2.1": Rated(5), "B.1.1": Rated(1)}
# A.1: level 2 alone → 40. A.2 unanswered, so A = 40 between 20 (A.2 at 0) and 70 (A.2 at 5). B unknown: 0.
TWO = {"A.1.1": Rated(2), "A.1.2": REASON, "B.1.1": Unknown()}


def claimed(*sheets):
    return BulkPlan.for_framework(TWO_AREAS).score(encode(TWO_AREAS, sheets, on=TODAY), basis="claimed")


def test_rows_are_areas_then_dimensions_then_the_whole():
    scores = claimed(ONE, TWO)
    plan = scores.plan
    assert plan.parts == ("A.1", "A.2", "B.1", "A", "B", "overall")
    assert [plan.row_of[code] for code in plan.parts] == [0, 1, 2, 3, 4, 5]
    assert BulkPlan.for_framework(TWO_AREAS) is plan


def test_denominator_is_the_least_that_every_figure_needs():
    # Σ w in A.1 is 1, 2 or 3 (6), one or two areas in a dimension (2), one or two dimensions (2); points are whole.
    assert claimed(ONE).plan.denominator == 6 * 2 * 2


def test_arrays_hold_numerators_and_where_there_is_a_value():
    scores = claimed(ONE, TWO)
    value, low, high = (scores.figures(reading) for reading in ("value", "low", "high"))
    assert value.numerators.dtype == np.int32
    assert value.marked[1, 1] == -1
    assert (value.numerators / 24).T.tolist() == [[40, 100, 20, 70, 20, 45], [40, 0, 0, 40, 0, 20]]
    assert value.there.T.tolist() == [[True] * 6, [True, False, True, True, True, True]]
    assert (low.numerators / 24)[:, 1].tolist() == [40, 0, 0, 20, 0, 10]
    assert (high.numerators / 24)[:, 1].tolist() == [40, 100, 0, 70, 0, 35]
    assert scores.figures() is value and scores.figures("low") is low


def test_arrays_hold_labels_foundations_and_coverage():
    scores = claimed(ONE, TWO)
    assert scores.foundations().T.tolist() == [
        [3, NO_LEVEL, NO_LEVEL, 3, NO_LEVEL, 3],
        [2, NO_LEVEL, NO_LEVEL, 2, NO_LEVEL, 2],
    ]
    assert scores.labels().T.tolist() == [[2, 5, 1, 3, 1, 2], [2, NO_LEVEL, 0, 2, 0, 1]]
    assert scores.labels("high")[:, 1].tolist() == [2, 5, 0, 3, 0, 1]
    assert scores.labels() is scores.labels() and scores.foundations() is scores.foundations()
    coverage = scores.coverage
    assert coverage.answered.T.tolist() == [[2, 1, 1, 3, 1, 4], [1, 0, 0, 1, 0, 1]]
    assert coverage.unknown[:, 1].tolist() == [0, 0, 1, 0, 1, 1]
    assert coverage.not_applicable[:, 1].tolist() == [1, 0, 0, 1, 0, 1]
    assert coverage.unanswered[:, 1].tolist() == [0, 1, 0, 1, 0, 1]
    assert coverage.by_grade[:, -1].T.tolist() == [[4, 0, 0, 0], [1, 0, 0, 0]]
    assert scores.provisional.T.tolist() == [[False] * 6, [False, True, False, True, False, True]]


def test_label_is_at_most_one_above_the_lowest_key_level():
    # Points (2 × 0 + 100 × 1) / 3 … with A.1.2 weighing 9: 90 points, but the key stands at 0.
    spec = framework(indicator("A.1.1", key=True, weight=1), indicator("A.1.2", weight=9))
    scores = BulkPlan.for_framework(spec).score(
        encode(spec, [{"A.1.1": Rated(0), "A.1.2": Rated(5)}], on=TODAY), basis="claimed"
    )
    assert scores.fraction("A.1", 0) == 90
    assert scores.labels().ravel().tolist() == [1, 1, 1]


def test_evidence_cuts_levels_and_leaves_all_else_alone():
    spec = framework(*(indicator(f"A.1.{n}") for n in range(7)))
    cells = np.array([[FIRST_LEVEL + 5]] * 4 + [[UNANSWERED], [NOT_APPLICABLE], [UNKNOWN]], np.uint8)
    grades = np.array([[0], [1], [2], [3], [0], [0], [0]], np.uint8)
    cut = BulkPlan.for_framework(spec).evidenced(BulkAnswers(cells, grades))
    assert cut.ravel().tolist() == [
        FIRST_LEVEL + 2,
        FIRST_LEVEL + 3,
        FIRST_LEVEL + 4,
        FIRST_LEVEL + 5,
        UNANSWERED,
        NOT_APPLICABLE,
        UNKNOWN,
    ]
    assert cells[0, 0] == FIRST_LEVEL + 5


def test_more_assessments_than_one_chunk_score_alike():
    plan = BulkPlan.for_framework(TWO_AREAS)
    two = encode(TWO_AREAS, [ONE, TWO], on=TODAY)
    many = BulkAnswers(np.tile(two.cells, 9_000), np.tile(two.grades, 9_000))
    few, lots = plan.score(two, basis="evidenced"), plan.score(many, basis="evidenced")
    assert len(lots) == 18_000
    assert (lots.figures().numerators == np.tile(few.figures().numerators, 9_000)).all()
    assert (lots.labels("low") == np.tile(few.labels("low"), 9_000)).all()


def test_no_assessments_give_no_figures():
    scores = claimed()
    assert scores.figures("high").numerators.shape == scores.labels().shape == (6, 0)
    assert scores.provisional.shape == scores.coverage.answered.shape == (6, 0)


def test_framework_without_indicators_has_no_value():
    empty = FrameworkSpec(
        "empty", "1", "national", MethodRef("shared-mean", 1), SCALE, ("A",), (AreaSpec("A.1", "A"),), ()
    )
    bare = FrameworkSpec("bare", "1", "national", MethodRef("shared-mean", 1), SCALE, (), (), ())
    for spec in (empty, bare):
        scores = BulkPlan.for_framework(spec).score(encode(spec, [{}], on=TODAY), basis="claimed")
        assert scores.score_set(0) == score(spec, {}, on=TODAY).claimed


@pytest.mark.parametrize(
    ("cells", "grades", "fault"),
    [
        (np.zeros((3, 1)), np.zeros((3, 1)), "arrays of 4 indicators × assessments are needed"),
        (np.zeros((4, 1)), np.zeros((4, 2)), "arrays of 4 indicators × assessments are needed"),
        (np.full((4, 1), FIRST_LEVEL + 6), np.zeros((4, 1)), "a level is outside the scale"),
        (np.full((4, 1), FIRST_LEVEL + 5), np.full((4, 1), 4), "a grade is not one of E0, E1, E2, E3"),
        (np.full((4, 1), NOT_APPLICABLE), np.zeros((4, 1)), "a key indicator always applies"),
    ],
)
def test_arrays_that_do_not_fit_are_refused_in_words(cells, grades, fault):
    answers = BulkAnswers(cells.astype(np.uint8), grades.astype(np.uint8))
    with pytest.raises(InputFaults) as caught:
        BulkPlan.for_framework(TWO_AREAS).score(answers, basis="claimed")
    (said,) = caught.value.faults
    assert said.startswith("answers: ") and fault in said


def test_levels_are_checked_against_the_scale_of_each_indicator():
    spec = FrameworkSpec(
        "two", "1", "national", MethodRef("shared-mean", 1), SCALE, ("A",), (AreaSpec("A.1", "A"),),
        (IndicatorSpec("x", "A.1", "A", False, F(1), 1), IndicatorSpec("y", "A.1", "A", False, F(1), 1, scale="s")),
        scales={"s": SHORT},
    )  # fmt: skip
    plan = BulkPlan.for_framework(spec)
    fits = BulkAnswers(np.array([[8], [6]], np.uint8), np.array([[3], [3]], np.uint8))
    assert plan.score(fits, basis="evidenced").fraction("A", 0) == 100
    with pytest.raises(InputFaults):
        plan.score(BulkAnswers(np.array([[6], [7]], np.uint8), fits.grades), basis="evidenced")


def test_weights_become_the_smallest_whole_numbers():
    assert whole_weights([F(1, 3), F(0), F(1, 2)]) == (2, 0, 3)
    assert whole_weights([F(4), F(6)]) == (2, 3)
    assert whole_weights([F(0), F(0)]) == (0, 0)
    assert whole_weights([]) == ()


def test_possible_sums_are_those_of_any_choice_of_indicators():
    assert possible_sums([2, 1, 1]) == {1, 2, 3, 4}
    assert possible_sums([2, 5]) == {2, 5, 7}
    assert possible_sums([0]) == possible_sums([]) == set()
    assert len(possible_sums([2**n for n in range(12)])) == 4095
    with pytest.raises(NotInBulk, match="one area add up in more than 4096 ways"):
        possible_sums([2**n for n in range(13)])


def test_common_denominator_covers_weights_points_areas_and_dimensions():
    # Σ w: 1 … 4 → 12; up to 3 areas in a dimension → 6; 2 dimensions → 2; points in thirds → 3.
    assert common_denominator([[2, 1, 1], [1, 1]], unit=3, counts=[1, 3]) == 12 * 6 * 2 * 3
    assert common_denominator([], unit=1, counts=[]) == 1


def test_smallest_type_that_holds_every_sum_is_taken():
    assert dtype_for(2**31 - 1) is np.int32
    assert dtype_for(2**31) is dtype_for(2**63 - 1) is np.int64
    with pytest.raises(NotInBulk, match="its sums would need 64 bits, and whole numbers here have 63"):
        dtype_for(2**63)


@pytest.mark.parametrize(("indicators", "fits"), [(16, np.int32), (17, np.int64), (36, np.int64), (37, None)])
def test_sums_of_areas_and_of_dimensions_have_to_fit(indicators, fits):
    # Σ w is 1 … n in one of three areas; least common multiples: 720 720, 12 252 240, 1.4e14, 5.3e15; × 6 × 300.
    own = [indicator(f"A.1.{n}") for n in range(indicators)]
    spec = framework(*own, indicator("A.2.1"), indicator("A.3.1"))
    if fits is None:
        with pytest.raises(NotInBulk, match="bits"):
            BulkPlan.for_framework(spec)
    else:
        assert BulkPlan.for_framework(spec).dtype is fits


def test_blocks_hold_no_more_states_than_an_index_can_count():
    rows = [Row(n, 1, tuple(range(6))) for n in range(12)]
    blocks = list(blocks_of(rows))
    assert [[row.number for row in block.rows] for block in blocks] == [
        [0, 1, 2, 3, 4],
        [5, 6, 7, 8, 9],
        [10, 11],
    ]
    assert [block.states for block in blocks] == [9**5, 9**5, 81]
    sixteen = [Row(n, 1, tuple(range(13))) for n in range(4)]
    assert [block.states for block in blocks_of(sixteen)] == [2**16]
    assert list(blocks_of([])) == []


def test_framework_that_does_not_fit_takes_the_exact_path():
    wild = framework(*(indicator(f"A.1.{n}", weight=2**n) for n in range(13)))
    sheets = [{"A.1.0": Rated(5), "A.1.12": Rated(1, Grade.E3, RECENTLY)}, {"A.1.5": Unknown()}]
    with pytest.raises(NotInBulk, match="more than 4096 ways"):
        BulkPlan.for_framework(wild)
    found = list(score_sets(wild, encode(wild, sheets, on=TODAY), basis="evidenced"))
    assert found == [score(wild, sheet, on=TODAY).evidenced for sheet in sheets]


def test_other_methods_are_scored_one_by_one():
    spec = FrameworkSpec(
        "other", "1", "national", MethodRef("mean-of-means", 1), SCALE, ("A",), (AreaSpec("A.1", "A"),),
        (IndicatorSpec("x", "A.1", "A", key=False, weight=F(1), effort=1),),
    )  # fmt: skip
    with pytest.raises(NotInBulk, match="its method is mean-of-means 1"):
        BulkPlan.for_framework(spec)
    (found,) = score_sets(spec, encode(spec, [{"x": Rated(3)}], on=TODAY), basis="claimed")
    assert found.overall.value == 3


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)))
@settings(max_examples=60, deadline=None, database=None)
def test_first_fresh_day_is_where_the_exact_path_stops_wearing_grades_down(on):
    first = fresh_since(on)
    grades = np.full(3, 2, np.uint8)
    days = np.array([first.toordinal(), max(first.toordinal() - 1, 1), 0], np.int32)
    exact = [Rated(1, Grade.E2, date.fromordinal(int(day)) if day else None) for day in days]
    spec = framework(*(indicator(f"A.1.{n}") for n in range(3)))
    sheet = {f"A.1.{n}": answer for n, answer in enumerate(exact)}
    assert worn(grades, days, on=on).tolist() == encode(spec, [sheet], on=on).grades.ravel().tolist()


def test_evidence_of_the_anniversary_still_counts_in_full():
    assert fresh_since(date(2026, 5, 1)) == date(2024, 5, 1)
    assert fresh_since(date(2026, 2, 28)) == date(2024, 2, 28)
    assert fresh_since(date(2024, 2, 29)) == date(2022, 3, 1)
    assert fresh_since(date(3, 1, 1)) == date.min
    assert fresh_since(date(3, 1, 2)) == date(1, 1, 2)
    assert fresh_since(date(1, 7, 1)) == date.min


def test_worn_grades_drop_once_and_never_below_the_first():
    first = fresh_since(TODAY).toordinal()
    grades = np.array([[0, 1, 2, 3]] * 3, np.uint8)
    days = np.array([[first] * 4, [first - 1] * 4, [0] * 4], np.int32)
    found = worn(grades, days, on=TODAY)
    assert found.dtype == np.uint8
    assert found.tolist() == [[0, 1, 2, 3], [0, 0, 1, 2], [0, 0, 1, 2]]
    late = np.full((1, 4), (TODAY + timedelta(days=1)).toordinal(), np.int32)
    assert worn(grades[:1], late, on=TODAY).tolist() == [[0, 1, 2, 3]]
