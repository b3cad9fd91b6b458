"""Shortlists: whole answers one after the other, feasible together, never more calls than places allow."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.matching import parse_problem, solve
from apps.matching.shortlist import shortlists


def problem(scores: dict[tuple[str, str], int], places: dict[str, int], **more: Any) -> dict[str, Any]:
    members = sorted({member for member, _mentor in scores})
    return {
        "members": [{"id": m} for m in members],
        "mentors": [{"id": m, "capacity": places[m]} for m in sorted(places)],
        "pairs": [{"member": a, "mentor": b, "score": str(n)} for (a, b), n in sorted(scores.items())],
        "objective": "leximin-then-total",
        **more,
    }


def test_the_first_choice_is_the_optimum_and_the_next_ones_are_what_is_left() -> None:
    scores = {("a", "x"): 9, ("a", "y"): 5, ("a", "z"): 1, ("b", "x"): 8, ("b", "y"): 7, ("b", "z"): 2}
    asked = parse_problem(problem(scores, {"x": 1, "y": 1, "z": 1}))
    layers = shortlists(asked)
    assert layers[0].answer.as_document() == solve(asked).as_document()
    assert [len(layer.new) for layer in layers] == [2, 2, 1]


def test_a_pair_that_would_leave_somebody_with_nothing_is_not_listed() -> None:
    scores = {("a", "x"): 3, ("b", "x"): 9, ("b", "y"): 4}
    layers = shortlists(parse_problem(problem(scores, {"x": 1, "y": 1})))
    assert [(link.member, link.mentor) for layer in layers for link in layer.new] == [("a", "x"), ("b", "y")]


def test_nobody_in_common_gives_no_shortlist() -> None:
    asked = problem({("a", "x"): 3}, {"x": 0, "y": 1})
    assert shortlists(parse_problem(asked)) == ()


pairs = st.dictionaries(
    st.tuples(st.sampled_from("abcde"), st.sampled_from("vwxyz")), st.integers(0, 10), min_size=1
)


@settings(max_examples=40, deadline=None)
@given(pairs, st.lists(st.integers(0, 3), min_size=5, max_size=5))
def test_every_choice_keeps_all_rules_and_no_mentor_gets_too_many_calls(
    scores: dict[tuple[str, str], int], capacity: list[int]
) -> None:
    places = dict(zip("vwxyz", capacity, strict=True))
    layers = shortlists(parse_problem(problem(scores, places)))
    listed = [link for layer in layers for link in layer.new]
    assert len(listed) == len(set(listed))
    assert all(n <= 3 for n in Counter(link.member for link in listed).values())
    assert all(n <= 3 * places[m] for m, n in Counter(link.mentor for link in listed).items())
    for layer in layers:
        load = Counter(p.mentor for p in layer.answer.pairs)
        assert all(load[m] <= places[m] for m in load)
        assert layer.answer.certificate.proved_optimal
        assert len(layer.answer.pairs) >= len(layers[0].answer.pairs)
