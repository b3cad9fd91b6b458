"""Signs in tries at a test: each at its border, and never on less."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from apps.marking.integrity import Answered, Sign, Try, signs

START = datetime(2026, 5, 4, 9, tzinfo=UTC)


def answers(rights: str, *, given: str = "b", first: int = 1, **fields: float) -> tuple[Answered, ...]:
    """`rights` has 1 for right and 0 for wrong."""
    return tuple(
        Answered(f"q{n}", "a" if mark == "1" else given, mark == "1", int(fields.get("length", 300)), fields.get("seconds"))
        for n, mark in enumerate(rights, first)
    )  # fmt: skip


def attempt(key: str, learner: str, rows: tuple[Answered, ...], *, number: int = 1, percent: int = 50) -> Try:
    return Try(
        key, learner, "m1", number, percent, START, START + timedelta(minutes=10), frozenset({"n"}), rows
    )


@pytest.mark.parametrize(
    ("count", "seconds", "length", "seen"),
    [(3, 1.9, 200, True), (2, 0.1, 200, False), (8, 2.0, 200, False), (8, 0.1, 199, False)],
)
def test_long_questions_answered_too_fast_to_be_read(
    count: int, seconds: float, length: int, seen: bool
) -> None:
    found = signs([attempt("t", "vera", answers("1" * count, seconds=seconds, length=length))])
    assert [one.sign for one in found] == [Sign.FAST] * seen


def test_times_that_are_not_known_say_nothing() -> None:
    assert signs([attempt("t", "vera", answers("11111"))]) == []


def pair() -> tuple[Try, Try]:
    return attempt("t", "vera", answers("00011")), attempt("u", "omar", answers("00011"))


def test_the_same_wrong_answers_at_the_same_time_in_one_network() -> None:
    first, second = pair()
    (found,) = signs([first, second])
    assert (found.sign, found.tries) == (Sign.SAME, ("u", "t"))
    assert found.facts == {"same": 3, "both": 3, "minutes": 10}


def test_same_right_answers_are_no_sign() -> None:
    first, second = pair()
    rows = answers("11111")
    assert signs([replace(first, answers=rows), replace(second, answers=rows)]) == []


@pytest.mark.parametrize(
    "change",
    [
        {"networks": frozenset({"other"})},
        {"networks": frozenset()},
        {"learner": "vera"},
        {"test": "m2"},
        {"began": START + timedelta(minutes=10), "ended": START + timedelta(minutes=20)},
        {"answers": answers("00111")},
        {"answers": answers("00011", given="c")},
        {"answers": answers("00011", given="")},
    ],
)
def test_without_one_of_the_three_there_is_no_sign(change: dict[str, object]) -> None:
    first, second = pair()
    assert signs([first, replace(second, **change)]) == []


def test_two_networks_that_both_share_are_told_once() -> None:
    first, second = (replace(one, networks=frozenset({"n", "m"})) for one in pair())
    assert len(signs([first, second])) == 1


def test_three_same_of_four_wrong_are_too_few() -> None:
    first, second = attempt("t", "vera", answers("0000")), attempt("u", "omar", answers("000"))
    other = replace(second, answers=(*second.answers, Answered("q4", "d", False, 300)))
    assert signs([first, other]) == []


@pytest.mark.parametrize(
    ("after", "known", "new", "seen"),
    [
        (80, "111", "000", True),
        (59, "111", "000", False),
        (80, "111", "111", False),
        (80, "11", "000", False),
    ],
)
def test_a_jump_only_on_questions_that_were_seen_before(after: int, known: str, new: str, seen: bool) -> None:
    before = attempt("t", "vera", answers("000"), percent=20)
    later = attempt("u", "vera", (*answers(known), *answers(new, first=10)), number=2, percent=after)
    found = signs([later, before])
    assert [(one.sign, one.tries) for one in found] == [(Sign.JUMP, ("u",))] * seen
    if seen:
        assert (found[0].facts["before"], found[0].facts["after"]) == (20, 80)
