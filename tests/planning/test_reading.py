"""Every fault of a problem is told, with its place, in one go."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from apps.planning import ProblemFaults, ReachLabel, ReachLevels, ReachScore, parse_problem
from apps.planning import problem as limits
from apps.planning.problem import Work
from tests.planning.problems import drawn, indicator, problem, whole

SCHEMA = json.loads(
    Path(__file__).parents[2].joinpath("content/schemas/planning-problem.schema.json").read_text()
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def faults(document: object) -> list[str]:
    with pytest.raises(ProblemFaults) as refusal:
        parse_problem(document if isinstance(document, str | bytes) else json.dumps(document))
    return refusal.value.faults


def test_all_faults_come_at_once_each_with_its_place() -> None:
    document = {
        "surprise": 1,
        "unit": "",
        "budget": -1,
        "indicators": [
            {"id": "a", "level": 0, "steps": [{"cost": 1}, {"gain": "x", "cost": "1.00001", "work": "luck"}]},
            {"id": "a", "level": True, "steps": 3},
            {"id": "b\n", "level": 101, "priority": -1},
            5,
        ],
        "prerequisites": [
            {"indicator": "a", "requires": "z", "at_level": 1},
            {"indicator": "a", "requires": "z"},
        ],
        "at_least": {"a": 3, "q": 1},
        "at_most": {"a": 2, "b": "two"},
        "wanted": [],
        "parts": [
            {"id": "p", "value": 1, "indicators": ["a", "a", 7], "labels": [20, 20], "keys": ["nobody"]},
            {"id": "p", "factor": "1/0", "indicators": "a"},
        ],
        "target": {"score": {"part": "x", "at_least": None}},
    }
    assert faults(document) == [
        'document: unknown key "surprise".',
        'indicators[0].steps[0]: the key "gain" is missing.',
        'indicators[0].steps[0].gain: must be a number from 0 to 1,000,000, as in "2.5" or "20/61".',
        "indicators[0].steps[1].cost: must have at most 4 decimals.",
        'indicators[0].steps[1].gain: must be a number from 0 to 1,000,000, as in "2.5" or "20/61".',
        "indicators[0].steps[1].work: must be one of practice, evidence.",
        "indicators[1].steps: must be a list.",
        "indicators[1].level: must be a whole number from 0 to 100.",
        'indicators[2]: the key "steps" is missing.',
        "indicators[2].id: must be text of 1 to 100 printable characters.",
        "indicators[2].level: must be a whole number from 0 to 100.",
        'indicators[2].priority: must be a number from 0 to 1,000,000, as in "2.5" or "20/61".',
        "indicators[3]: must be an object.",
        'indicators[3]: the key "id" is missing.',
        'indicators[3]: the key "level" is missing.',
        'indicators[3]: the key "steps" is missing.',
        "indicators[3].id: must be text of 1 to 100 printable characters.",
        "indicators[3].level: must be a whole number from 0 to 100.",
        "indicators[1]: repeats indicators[0].",
        'prerequisites[0].requires: no indicator has the id "z".',
        'prerequisites[1]: the key "at_level" is missing.',
        'prerequisites[1].requires: no indicator has the id "z".',
        "prerequisites[1].at_level: must be a whole number from 0 to 100.",
        "prerequisites[1]: repeats prerequisites[0].",
        'at_least.q: no indicator has the id "q".',
        "at_most.b: must be a whole number from 0 to 100.",
        'at_most.b: no indicator has the id "b".',
        "wanted: must be an object.",
        "at_least.a: it can rise to level 0 at most.",
        "at_least.a: must not be above the level in at_most.",
        "parts[0].labels: must rise from each to the next.",
        "parts[0].indicators[2]: must be text of 1 to 100 printable characters.",
        "parts[0].indicators[1]: repeats parts[0].indicators[0].",
        'parts[0].keys[0]: no indicator has the id "nobody".',
        'parts[1]: the key "value" is missing.',
        'parts[1].value: must be a number from 0 to 1,000,000, as in "2.5" or "20/61".',
        'parts[1].factor: must be a number from 0 to 1,000,000, as in "2.5" or "20/61".',
        "parts[1].indicators: must be a list.",
        "parts[1]: repeats parts[0].",
        "unit: must be text of 1 to 100 printable characters.",
        "budget: must be an exact decimal from 0 to 1,000,000,000.",
        'target.score.at_least: must be a number from 0 to 1,000,000, as in "2.5" or "20/61".',
        'target.score.part: no part has the id "x".',
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"unit": "d",\n "indicators": [}', "document: not JSON at line 2 column 17: Expecting value."),
        ("[]", "document: must be an object."),
        ("[" * 100_000, "document: nested too deeply."),
        (b"\xff{}", "document: not UTF-8 at byte 0."),
        (" " * (limits.MAX_TEXT + 1), "document: larger than 8,000,000 characters."),
    ],
)
def test_text_that_is_not_a_document_is_refused(text: str | bytes, fault: str) -> None:
    assert faults(text)[0] == fault


def test_text_of_just_the_largest_size_is_read() -> None:
    assert parse_problem('{"unit": "d", "indicators": []}'.ljust(limits.MAX_TEXT)).items == ()


def test_a_key_written_twice_is_refused_and_a_byte_order_mark_is_not() -> None:
    assert faults('{"unit": "d", "unit": "e", "indicators": []}') == [
        'document: the key "unit" is written twice.'
    ]
    assert parse_problem('\ufeff{"unit": "d", "indicators": []}').unit == "d"
    assert parse_problem(b'\xef\xbb\xbf{"unit": "d", "indicators": []}').items == ()


def test_a_threshold_that_is_no_number_is_told_with_its_place() -> None:
    assert faults(problem(indicator("a"), parts=[whole("a", labels=[20, "x"])])) == [
        'parts[0].labels[1]: must be a number from 0 to 1,000,000, as in "2.5" or "20/61".',
        "parts[0].labels: must rise from each to the next.",
    ]
    assert faults(problem(indicator("a"), parts=[whole("a", labels=5)])) == [
        "parts[0].labels: must be a list."
    ]


@pytest.mark.parametrize(
    "cost",
    [
        "NaN",
        "Infinity",
        "-1",
        "1e400",
        "1e-400",
        "1e99999999999999999999",
        "9" * 5000,
        "true",
        "null",
        '"ten"',
        "0.1e-20",
        "1000000001",
    ],
)
def test_a_cost_that_is_no_exact_decimal_in_range_is_refused(cost: str) -> None:
    text = json.dumps(problem(indicator("a", 0, ("COST", 1)))).replace('"COST"', cost)
    (fault,) = faults(text)
    assert fault == "indicators[0].steps[0].cost: must be an exact decimal from 0 to 1,000,000,000."


@pytest.mark.parametrize("cost", ["2.50", 2.5, '"2.5"', "25e-1", "2.5000000"])
def test_a_cost_may_come_as_text_or_number(cost: object) -> None:
    text = json.dumps(problem(indicator("a", 0, ("COST", 1)))).replace('"COST"', str(cost))
    assert parse_problem(text).items[0].steps[0].cost == Decimal("2.5")
    assert parse_problem(problem(indicator("a", 0, (2.5, 1)))).items[0].steps[0].cost == Decimal("2.5")


@pytest.mark.parametrize(
    ("zero", "kept"), [(0, "0"), ("0", "0"), (0.0, "0"), ("0.00", "0"), (1000000000, "1000000000")]
)
def test_zero_and_the_largest_cost_are_costs(zero: object, kept: str) -> None:
    made = parse_problem(json.dumps(problem(indicator("a", 0, (zero, 0)), budget=zero)))
    assert made.as_document()["budget"] == kept
    assert made.items[0].steps[0].gain == 0


@pytest.mark.parametrize(
    ("gain", "value"),
    [
        ("20/61", Fraction(20, 61)),
        ("0.5", Fraction(1, 2)),
        (3, Fraction(3)),
        ("1000000", Fraction(1_000_000)),
    ],
)
def test_gains_are_exact(gain: Any, value: Fraction) -> None:
    assert parse_problem(problem(indicator("a", 0, (1, gain)))).items[0].steps[0].gain == value


def test_a_circle_is_told_with_everyone_in_it() -> None:
    rows = [indicator(name, 0, (1, 1)) for name in "abcd"]
    requires = (("a", "b", 1), ("b", "c", 1), ("c", "b", 1), ("d", "a", 1))
    assert faults(problem(*rows, requires=requires)) == [
        "prerequisites: b → c → b is a circle, so none could ever come first."
    ]
    at_once = (("a", "b", 1), ("b", "c", 1), ("c", "a", 1))
    assert faults(problem(*rows, requires=at_once)) == [
        "prerequisites: a → b → c → a is a circle, so none could ever come first."
    ]
    assert faults(problem(*rows, requires=(("a", "a", 1),))) == [
        "prerequisites: a → a is a circle, so none could ever come first."
    ]


@pytest.mark.parametrize(
    ("target", "fault"),
    [
        (3, "target: must be an object."),
        ({}, "target: must name exactly one of wanted, score, label."),
        ({"wanted": True, "label": {}}, "target: must name exactly one of wanted, score, label."),
        ({"best": 1}, 'target: unknown key "best".'),
        ({"wanted": 1}, "target.wanted: must be true."),
        ({"label": {"part": "GOV"}}, 'target.label.part: no part has the id "GOV".'),
        ({"label": {"part": "plain"}}, 'target.label.part: "plain" has no labels.'),
        ({"label": {"level": -1}}, "target.label.level: must be a whole number from 0 to 100."),
        ({"label": {"depth": 1}}, 'target.label: unknown key "depth".'),
        ({"score": {"at_least": 1, "depth": 1}}, 'target.score: unknown key "depth".'),
    ],
)
def test_a_target_that_cannot_be_read_is_refused(target: object, fault: str) -> None:
    parts = [whole("a"), whole("a", id="plain", labels=[])]
    assert fault in faults(problem(indicator("a", 0, (1, 1)), parts=parts, target=target))


@pytest.mark.parametrize(
    ("target", "read"),
    [
        ({"wanted": True}, ReachLevels()),
        ({"score": {"at_least": "121/2"}}, ReachScore(Fraction(121, 2))),
        ({"label": {}}, ReachLabel("overall", None)),
        ({"label": {"part": "overall", "level": 3}}, ReachLabel("overall", 3)),
        (None, None),
    ],
)
def test_targets_are_read(target: object, read: object) -> None:
    made = parse_problem(problem(indicator("a", 0, (1, 1)), parts=[whole("a")], target=target))
    assert made.target == read


def test_too_many_rows_are_refused() -> None:
    many = [indicator("a", 0, *[(1, 1)] * 21)]
    assert faults(problem(*many)) == ["indicators[0].steps: has 21 entries, at most 20 are allowed."]
    found = faults(problem(*[indicator("")] * 151))
    assert (len(found), found[-1]) == (101, "document: and 51 more faults.")


def test_gains_that_could_not_be_added_in_time_are_refused() -> None:
    rows = [indicator(f"i{n}", 0, (1, f"1/{2**1000 + 2 * n + 1}")) for n in range(6)]
    assert faults(problem(*rows)) == [
        "indicators: the gains have too many different denominators to be added exactly."
    ]


def test_the_canonical_document_reads_back_as_itself_and_names_every_default() -> None:
    made = parse_problem(
        problem(indicator("b", 1, ("1.50", "2/4")), indicator("a"), requires=(("b", "a", 1),))
    )
    assert made.as_document() == {
        "unit": "person-days", "budget": None,
        "indicators": [
            {"id": "b", "level": 1, "priority": "0/1", "steps": [{"cost": "1.5", "gain": "1/2", "work": "practice"}]},
            {"id": "a", "level": 0, "priority": "0/1", "steps": []},
        ],
        "prerequisites": [{"indicator": "b", "requires": "a", "at_level": 1}],
        "at_least": {}, "at_most": {}, "wanted": {}, "parts": [], "target": None,
    }  # fmt: skip
    assert made.items[0].steps[0].work is Work.PRACTICE
    for seed in range(10):
        first = parse_problem(drawn(seed))
        assert parse_problem(json.dumps(first.as_document())) == first
        assert parse_problem(first.as_document()).input_hash() == first.input_hash()
        VALIDATOR.validate(first.as_document())
        VALIDATOR.validate(drawn(seed))


def test_the_hash_follows_what_has_a_meaning_and_nothing_else() -> None:
    a, b = indicator("a", 0, (1, 1)), indicator("b", 0, (1, 1))
    one = parse_problem(problem(a, b, requires=(("a", "b", 1),), at_least={"a": 1, "b": 1}))
    assert (
        one.input_hash()
        == parse_problem(problem(a, b, requires=(("a", "b", 1),), at_least={"b": 1, "a": 1})).input_hash()
    )
    assert (
        one.input_hash()
        != parse_problem(problem(b, a, requires=(("a", "b", 1),), at_least={"a": 1, "b": 1})).input_hash()
    )
    assert len(one.input_hash()) == 64


def test_the_published_schema_is_itself_sound_and_names_the_same_keys() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert set(SCHEMA["properties"]) == set(parse_problem(problem()).as_document())
