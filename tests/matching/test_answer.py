"""What the answer says, what it never says, and that it is the same each time."""

from __future__ import annotations

import random
from decimal import Decimal
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.matching import Cause, NoAssignment, parse_problem, solve
from apps.matching.problem import canonical_json
from tests.matching.problems import Document, documents, drawn_round

EXAMPLES = settings(max_examples=60, deadline=None, derandomize=True)


def answer_or_faults(document: Document) -> Document:
    """The answer without its input hash, which must tell two inputs apart; or the words of the refusal."""
    try:
        answer = solve(parse_problem(document)).as_document()
    except NoAssignment as refusal:
        return {"faults": refusal.faults}
    certificate = answer["certificate"]
    assert isinstance(certificate, dict)
    del certificate["input_hash"]
    return answer


@EXAMPLES
@given(documents())
def test_an_excluded_pair_reads_exactly_like_one_that_never_was(document: Document) -> None:
    hidden = document.pop("excluded", [])
    without = {**document, "pairs": [p for p in document["pairs"] if _link(p) not in hidden]}
    assert answer_or_faults({**document, "excluded": hidden}) == answer_or_faults(without)


def test_a_member_whose_only_mentor_is_excluded_has_no_eligible_mentor() -> None:
    document = small([("a", "x", "5"), ("b", "x", "3")], excluded=[{"member": "a", "mentor": "x"}])
    (left,) = solve(parse_problem(document)).unmatched
    assert (left.member, left.cause) == ("a", Cause.NO_ELIGIBLE_MENTOR)
    assert "exclu" not in str(solve(parse_problem(document)).as_document())


def test_a_member_left_out_by_a_full_mentor_is_told_so() -> None:
    (left,) = solve(parse_problem(small([("a", "x", "5"), ("b", "x", "3")]))).unmatched
    assert (left.member, left.wanted, left.matched, left.cause) == ("b", 1, 0, Cause.CAPACITY_FULL)


def test_a_mentor_without_any_capacity_is_full_not_ineligible() -> None:
    document = small([("a", "x", "5")])
    document["mentors"] = [{"id": "x", "capacity": 0}]
    (left,) = solve(parse_problem(document)).unmatched
    assert left.cause is Cause.CAPACITY_FULL


def test_a_pair_that_costs_more_than_it_brings_is_left_out_and_says_so() -> None:
    answer = solve(parse_problem(small([("a", "x", "-1")])))
    assert answer.pairs == ()
    assert answer.unmatched[0].cause is Cause.WOULD_LOWER_TOTAL


def test_members_without_an_eligible_mentor_never_lower_the_worst_off() -> None:
    document = small([("a", "x", "9"), ("b", "y", "4")], objective="leximin-then-total")
    document["members"].append({"id": "alone"})
    answer = solve(parse_problem(document))
    assert answer.worst_off == 4
    assert [row.member for row in answer.unmatched] == ["alone"]


def test_leximin_gives_up_total_for_the_weakest_and_names_the_price() -> None:
    rows = [("a", "x", "10"), ("a", "y", "4"), ("b", "x", "5"), ("b", "y", "0.5")]
    fair = solve(parse_problem(small(rows, objective="leximin-then-total")))
    assert (fair.total, fair.worst_off) == (Decimal("9"), Decimal("4"))
    assert solve(parse_problem(small(rows))).worst_off == Decimal("0.5")
    assert fair.best_possible_total == Decimal("10.5")
    assert fair.price_of_fairness == Decimal("1.5")


def test_a_height_once_reached_is_not_given_up_for_a_higher_one() -> None:
    rows = [("a", "x", "10"), ("a", "y", "5"), ("b", "x", "15"), ("b", "y", "10")]
    for names in ({"x": "x", "y": "y"}, {"x": "y", "y": "x"}):
        turned = [(member, names[mentor], score) for member, mentor, score in rows]
        answer = solve(parse_problem(small(turned, objective="leximin-then-total")))
        assert [pair.score for pair in answer.pairs] == [10, 10]


def test_equal_fits_go_to_the_member_with_the_higher_priority() -> None:
    document = small([("a", "x", "5"), ("b", "x", "5")])
    document["members"] = [{"id": "a", "priority": 1}, {"id": "b", "priority": 2}]
    for objective in ("max-total", "min-total", "leximin-then-total"):
        answer = solve(parse_problem({**document, "objective": objective}))
        assert [pair.member for pair in answer.pairs] == ["b"]


@pytest.mark.parametrize(("objective", "goes_to_x"), [("max-total", "urgent"), ("min-total", "patient")])
def test_equal_totals_give_the_higher_priority_the_better_pair(objective: str, goes_to_x: str) -> None:
    other = {"urgent": "patient", "patient": "urgent"}
    for first in other:
        rows = [(first, "x", "6"), (first, "y", "4"), (other[first], "x", "5"), (other[first], "y", "3")]
        document = small(rows, objective=objective)
        document["members"] = [{"id": "patient", "priority": 1}, {"id": "urgent", "priority": 2}]
        answer = solve(parse_problem(document))
        assert answer.total == 9
        assert [pair.member for pair in answer.pairs if pair.mentor == "x"] == [goes_to_x]


def test_a_switching_penalty_keeps_a_running_pair_until_the_gain_is_worth_it() -> None:
    document = small([("a", "x", "5"), ("a", "y", "6")])
    current = [{"member": "a", "mentor": "x"}]
    kept = solve(parse_problem({**document, "switching": {"current": current, "penalty": "1.5"}}))
    moved = solve(parse_problem({**document, "switching": {"current": current, "penalty": "0.5"}}))
    assert [p.mentor for p in kept.pairs] == ["x"]
    assert ([p.mentor for p in moved.pairs], moved.switching_cost) == (["y"], Decimal("0.5"))
    assert moved.certificate.objective_value == Decimal("5.5")
    assert kept.best_possible_total == 6


def test_scores_are_added_exactly() -> None:
    rows = [(f"m{i}", f"k{i}", "0.1") for i in range(10)]
    assert solve(parse_problem(small(rows))).as_document()["total"] == "1"


@EXAMPLES
@given(documents(), st.randoms(use_true_random=False))
def test_the_order_of_the_document_changes_nothing(document: Document, dice: random.Random) -> None:
    shuffled = {
        key: dice.sample(part, len(part)) if isinstance(part, list) else part
        for key, part in document.items()
    }
    assert parse_problem(shuffled).input_hash == parse_problem(document).input_hash
    assert answer_or_faults(shuffled) == answer_or_faults(document)


@EXAMPLES
@given(documents())
def test_the_hash_is_that_of_the_canonical_document(document: Document) -> None:
    problem = parse_problem(document)
    assert problem.input_hash == sha256(canonical_json(problem.as_document()).encode()).hexdigest()


def test_an_id_that_reads_like_a_part_of_the_document_is_only_an_id() -> None:
    problem = parse_problem(small([('"pairs":[]', 'x"é', "5.25")]))
    assert problem.input_hash == sha256(canonical_json(problem.as_document()).encode()).hexdigest()


def test_the_same_round_gives_the_same_answer_twice() -> None:
    problem = parse_problem(drawn_round(60, 15, "leximin-then-total"))
    assert solve(problem) == solve(problem)


def test_the_hash_ignores_how_a_number_is_written_but_not_its_value() -> None:
    first, second, third = (
        parse_problem(small([("a", "x", score)])).input_hash for score in ("7.5", "7.50", "7.51")
    )
    assert first == second != third


def small(rows: list[tuple[str, str, str]], **more: object) -> Document:
    """A document from (member, mentor, score) rows, with capacity and demand 1."""
    return {
        "members": [{"id": name} for name in sorted({row[0] for row in rows})],
        "mentors": [{"id": name} for name in sorted({row[1] for row in rows})],
        "pairs": [{"member": a, "mentor": b, "score": score} for a, b, score in rows],
        "objective": "max-total",
        **more,
    }


def _link(pair: Document) -> Document:
    return {"member": pair["member"], "mentor": pair["mentor"]}
