"""Every kind of question: what is right, what is half right, what is refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.marking import (
    BadAnswer,
    Item,
    Why,
    after_tries,
    faults_of,
    fits,
    is_whole,
    mark,
    number_of,
    read_answer,
    shuffled,
)

PAIRS = [
    {"id": "a", "left": "Dog", "right": "Bark"},
    {"id": "b", "left": "Cat", "right": "Mew"},
    {"id": "c", "left": "Wolf", "right": "Bark"},
]
LINES = [{"id": key, "text": f"Line {key}"} for key in "abcd"]
BLANKS = [{"id": "1", "choices": ["red", "blue", "green"]}, {"id": "2", "choices": ["up", "down"]}]
RUBRIC = [
    {"criterion": "Clear", "good": "g", "enough": "e", "missing": "m"},
    {"criterion": "Short", "good": "g", "enough": "e", "missing": "m"},
]


def make(kind: str, **body: Any) -> Item:
    return Item("q1", kind, "O1", False, body)


MATCHING, ORDERING, FILL = (
    make("matching", pairs=PAIRS, extra=["Moo"]),
    make("ordering", items=LINES),
    make("fill", blanks=BLANKS),
)
SHORT = make("short", answers=[{"text": "TLP:AMBER*"}, {"text": "amber", "share": 50}])
NUMERIC = make("numeric", answers=[{"value": 0.1, "tolerance": 0.02}, {"value": 1, "share": 25}])
ESSAY = make("essay", words=10, rubric=RUBRIC)


@pytest.mark.parametrize(
    ("question", "fields", "points"),
    [
        (MATCHING, {"at.a": ["a"], "at.b": ["b"], "at.c": ["a"]}, Fraction(1)),
        (MATCHING, {"at.a": ["a"], "at.b": ["x1"]}, Fraction(1, 3)),
        (MATCHING, {}, Fraction(0)),
        (ORDERING, {"order": ["a", "b", "c", "d"]}, Fraction(1)),
        (ORDERING, {"at.a": ["1"], "at.b": ["3"], "at.c": ["2"], "at.d": ["4"]}, Fraction(1, 2)),
        (ORDERING, {}, Fraction(0)),
        (FILL, {"at.1": ["1"], "at.2": ["1"]}, Fraction(1)),
        (FILL, {"at.1": ["1"], "at.2": ["2"]}, Fraction(1, 2)),
        (SHORT, {"typed": ["  tlp:amber+strict "]}, Fraction(1)),
        (SHORT, {"typed": ["Amber"]}, Fraction(1, 2)),
        (SHORT, {"typed": [""]}, Fraction(0)),
        (NUMERIC, {"typed": ["0.12"]}, Fraction(1)),
        (NUMERIC, {"typed": ["0,08"]}, Fraction(1)),
        (NUMERIC, {"typed": ["0.1201"]}, Fraction(0)),
        (NUMERIC, {"typed": ["١"]}, Fraction(1, 4)),
        (NUMERIC, {"typed": [""]}, Fraction(0)),
        (ESSAY, {"typed": ["My text."]}, None),
    ],
)
def test_an_answer_earns_its_share(
    question: Item, fields: dict[str, list[str]], points: Fraction | None
) -> None:
    assert mark(question, read_answer(question, fields)) == points


@pytest.mark.parametrize(
    ("question", "fields", "why"),
    [
        (MATCHING, {"at.a": ["z"]}, Why.FOREIGN),
        (ORDERING, {"order": ["a", "b"]}, Why.FOREIGN),
        (ORDERING, {"at.a": ["1"], "at.b": ["1"], "at.c": ["2"], "at.d": ["4"]}, Why.PLACES),
        (ORDERING, {"at.a": ["1"]}, Why.PLACES),
        (FILL, {"at.1": ["4"]}, Why.FOREIGN),
        (SHORT, {"typed": ["x" * 301]}, Why.TOO_LONG),
        (NUMERIC, {"typed": ["two"]}, Why.NOT_A_NUMBER),
        (NUMERIC, {"typed": ["1e9"]}, Why.NOT_A_NUMBER),
        (NUMERIC, {"typed": ["1.2.3"]}, Why.NOT_A_NUMBER),
        (ESSAY, {"typed": ["word " * 11]}, Why.TOO_MANY_WORDS),
    ],
)
def test_what_does_not_belong_is_refused(question: Item, fields: dict[str, list[str]], why: Why) -> None:
    with pytest.raises(BadAnswer) as bad:
        read_answer(question, fields)
    assert bad.value.why == why


@pytest.mark.parametrize(
    ("pattern", "text", "right"),
    [
        ("a*c", "abc", True), ("a*c", "ac", True), ("a*c", "acb", False), ("*", "", True), ("a\\*c", "a*c", True),
        ("a\\*c", "abc", False), ("ab*ba", "aba", False), ("*a*b*", "xxaxxbxx", True), ("*b*a*", "ab", False), ("ÉTÉ", "été", True),
    ],
)  # fmt: skip
def test_a_star_stands_for_anything(pattern: str, text: str, right: bool) -> None:
    assert fits(pattern, text) is right


def test_a_pattern_full_of_stars_takes_no_time() -> None:
    assert not fits("*a" * 50 + "*b", "a" * 300)


@given(st.integers(-(10**6), 10**6), st.integers(0, 999))
def test_numbers_are_exact_in_any_digits(whole: int, part: int) -> None:
    exact = Fraction(f"{whole}.{part:03d}")
    latin = f"{whole}.{part:03d}"
    arabic = "".join(
        chr(0x660 + int(sign)) if sign.isdigit() else {".": "٫"}.get(sign, sign) for sign in latin
    )
    assert number_of(latin) == number_of(latin.replace(".", ",")) == number_of(arabic) == exact


@given(st.sampled_from([MATCHING, ORDERING, FILL]), st.text(max_size=6))
def test_parts_are_shown_whole_and_the_same_for_the_same_seed(question: Item, seed: str) -> None:
    order = shuffled(question, seed)
    assert order == shuffled(question, seed)
    assert len(set(order)) == len(order) == {"matching": 3, "ordering": 4, "fill": 5}[question.kind]


def test_an_order_never_starts_out_right() -> None:
    assert all(shuffled(ORDERING, str(seed)) != list("abcd") for seed in range(200))


def test_only_an_answer_with_every_part_is_whole() -> None:
    assert is_whole(MATCHING, {"a": "a", "b": "b", "c": "a"})
    assert not is_whole(MATCHING, {"a": "a"})
    assert not is_whole(SHORT, "")


def test_wrong_tries_take_their_share_and_never_more_than_all() -> None:
    assert after_tries(Fraction(1), 25, 1) == Fraction(3, 4)
    assert after_tries(Fraction(1, 2), 40, 2) == 0


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"kind": "matching", "pairs": [PAIRS[0], {**PAIRS[2]}]}, "only one right side"),
        ({"kind": "matching", "pairs": PAIRS, "extra": ["Mew"]}, "matches a pair"),
        ({"kind": "ordering", "items": [*LINES, LINES[0]]}, "stands here 2 times"),
        ({"kind": "fill", "text": "A [[1]].", "blanks": BLANKS}, "marks other blanks"),
        ({"kind": "short", "answers": [{"text": "*"}]}, "fits everything"),
        ({"kind": "numeric", "answers": [{"value": 1, "share": 50}]}, "no answer earns"),
        ({"kind": "essay", "critical": True, "rubric": RUBRIC}, "cannot be critical"),
    ],
)
def test_a_question_that_cannot_be_is_named(row: dict[str, Any], said: str) -> None:
    assert said in " ".join(sentence for _part, sentence in faults_of(row))
