"""The cut score of a test against figures worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from apps.marking.cutscore import cut_score

# Three judges, four questions, per cent. Worked by hand:
# judge A: (90 + 70 + 60 + 80) / 4 = 300 / 4 = 75      judge B: (80 + 60 + 50 + 70) / 4 = 260 / 4 = 65
# judge C: (95 + 65 + 20 + 80) / 4 = 260 / 4 = 65      cut: (75 + 65 + 65) / 3 = 205 / 3 = 68 1/3
# deviations: 20/3, -10/3, -10/3; squares 400/9 + 100/9 + 100/9 = 600/9; / 2 = 100/3; root = 5.773502691896258
# standard error: 5.773502691896258 / 1.7320508075688772 = 3.333333333333333
A = {"q1": 90, "q2": 70, "q3": 60, "q4": 80}
B = {"q1": 80, "q2": 60, "q3": 50, "q4": 70}
C = {"q1": 95, "q2": 65, "q3": 20, "q4": 80}


def test_cut_score_worked_by_hand() -> None:
    found = cut_score([A, B, C])
    assert found.judges == (75, 65, 65)
    assert found.cut == Fraction(205, 3)
    assert found.spread == pytest.approx(5.773502691896258, abs=1e-12)
    assert found.error == pytest.approx(10 / 3, abs=1e-12)
    assert found.pass_mark == 69


def test_question_that_judges_see_differently_is_named() -> None:
    found = cut_score([A, B, C])
    assert [row.code for row in found.questions if row.far_apart] == ["q3"]
    assert found.questions[2].mean == Fraction(130, 3)
    assert (found.questions[2].low, found.questions[2].high) == (20, 60)


def test_whole_cut_is_not_raised_and_agreement_has_no_spread() -> None:
    found = cut_score([{"q": 70}, {"q": 70}, {"q": 70}])
    assert (found.pass_mark, found.spread, found.error) == (70, 0, 0)


@pytest.mark.parametrize(
    "given", [[], [A, B], [{}, {}, {}], [A, B, {"q1": 90}], [A, B, {**C, "q4": 101}], [A, B, {**C, "q4": -1}]]
)
def test_what_gives_no_cut_is_refused(given: list[dict[str, int]]) -> None:
    with pytest.raises(ValueError, match=r"judge|estimate"):
        cut_score(given)
