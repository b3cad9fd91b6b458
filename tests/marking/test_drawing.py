"""Drawing and marking are plain functions."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.marking import Item, draw, judge, mark, shuffled


def make(
    code: str = "q1", kind: str = "single", right: str = "a", options: str = "abcd", **more: object
) -> Item:
    fields = {"objective": "O1", "critical": False, **more}
    body = {
        "options": [{"id": key, "text": key, "correct": key in right, "feedback": key} for key in options]
    }
    return Item(code, kind, body=body, **fields)  # type: ignore[arg-type]


POOL = [make(f"q{n}", objective=f"O{n % 3}", critical=n < 2) for n in range(12)]


@pytest.mark.parametrize(
    ("kind", "right", "chosen", "points"),
    [
        ("single", "a", "a", Fraction(1)),
        ("single", "a", "b", Fraction(0)),
        ("single", "a", "", Fraction(0)),
        ("truefalse", "b", "b", Fraction(1)),
        ("multiple", "abc", "abc", Fraction(1)),
        ("multiple", "abc", "ab", Fraction(2, 3)),
        ("multiple", "abc", "abd", Fraction(1, 3)),
        ("multiple", "ab", "abcd", Fraction(0)),
        ("multiple", "ab", "cd", Fraction(0)),
    ],
)
def test_mark_gives_partial_credit_only_to_multiple(
    kind: str, right: str, chosen: str, points: Fraction
) -> None:
    assert mark(make(kind=kind, right=right), chosen) == points


@given(st.sets(st.sampled_from("abcd"), min_size=1), st.sets(st.sampled_from("abcd")))
def test_mark_stays_between_nothing_and_one(right: set[str], chosen: set[str]) -> None:
    points = mark(make(kind="multiple", right="".join(right)), chosen)
    assert 0 <= points <= 1
    assert (points == 1) == (chosen == right)


@given(st.integers(min_value=2, max_value=12), st.text(max_size=8))
def test_draw_takes_every_critical_question_and_spreads_objectives(count: int, seed: str) -> None:
    drawn = draw(POOL, count, seed)
    assert drawn == draw(list(reversed(POOL)), count, seed)
    assert len({question.code for question in drawn}) == count
    assert {"q0", "q1"} <= {question.code for question in drawn}
    if count >= 3:
        counts = [sum(question.objective == f"O{n}" for question in drawn) for n in range(3)]
        assert max(counts) - min(counts) <= 1


def test_draw_differs_between_seeds() -> None:
    assert len({tuple(question.code for question in draw(POOL, 8, str(seed))) for seed in range(20)}) > 10


def test_shuffled_keeps_true_and_false_in_place() -> None:
    assert shuffled(make(kind="truefalse", options="ab"), "seed") == ["a", "b"]
    assert sorted(shuffled(make(), "seed")) == list("abcd")
    assert len({tuple(shuffled(make(), str(seed))) for seed in range(20)}) > 5


def test_judge_needs_the_mark_and_every_critical_question() -> None:
    questions = [make(f"q{n}", critical=n == 0) for n in range(5)]
    right = {f"q{n}": ["a"] for n in range(5)}
    assert judge(questions, right, 80).passed
    assert judge(questions, {**right, "q4": ["b"]}, 80).passed
    missed = judge(questions, {**right, "q0": ["b"]}, 80)
    assert (missed.percent, missed.passed, missed.correct) == (80, False, 4)
    assert not judge(questions, {"q0": ["a"]}, 80).passed


def test_judge_rounds_down_so_that_almost_is_not_enough() -> None:
    questions = [make(f"q{n}", kind="multiple", right="abc") for n in range(3)]
    outcome = judge(questions, {"q0": "abc", "q1": "abc", "q2": "a"}, 78)
    assert (outcome.percent, outcome.passed) == (77, False)
    assert outcome.review == ("O1",)
