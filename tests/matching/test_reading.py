"""Every fault of a document is told, with its place, in one go."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.matching import NoAssignment, ProblemFaults, parse_problem, solve
from apps.matching import problem as limits
from apps.matching.cli import run
from tests.matching.problems import Document, documents
from tests.matching.test_answer import small

SCHEMA = json.loads(
    Path(__file__).parents[2].joinpath("content/schemas/matching-problem.schema.json").read_text()
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
EXAMPLES = settings(max_examples=60, deadline=None, derandomize=True)


def faults(document: object) -> list[str]:
    with pytest.raises(ProblemFaults) as refusal:
        parse_problem(document if isinstance(document, str | bytes) else json.dumps(document))
    return refusal.value.faults


def test_broken_json_is_told_with_line_and_column() -> None:
    assert faults('{"members": [],\n "mentors": [}') == [
        "document: not JSON at line 2 column 14: Expecting value."
    ]


@pytest.mark.parametrize("text", ["", "[]", "null", "3", '"x"', "[" * 100_000, b"\xff{}"])
def test_a_document_that_is_not_an_object_is_refused(text: str | bytes) -> None:
    assert faults(text)


def test_all_faults_come_at_once_each_with_its_place() -> None:
    document = small([("a", "x", "5")], objective="best", surprise=1)
    document["members"] += [{"id": "a"}, {"id": "", "demand": 0}, {"demand": True}]
    document["mentors"] += [{"id": "y", "capacity": -1}, {"id": "z", "minimum": 2}]
    document["pairs"] += [
        {"member": "q", "mentor": "x", "score": "1e3"},
        {"member": "a", "mentor": "x", "score": 1},
    ]
    document["floors"] = [{"group": "nobody", "minimum": 1}]
    assert faults(document) == [
        'document: unknown key "surprise".',
        "members[2].id: must be text of 1 to 100 printable characters.",
        "members[2].demand: must be a whole number from 1 to 100.",
        'members[3]: the key "id" is missing.',
        "members[3].id: must be text of 1 to 100 printable characters.",
        "members[3].demand: must be a whole number from 1 to 100.",
        "members[1]: repeats members[0]; entries of members must differ.",
        "mentors[1].capacity: must be a whole number from 0 to 1,000,000.",
        "mentors[2].minimum: must not be above the capacity.",
        "pairs[1].score: must be an exact decimal from -100,000 to 100,000.",
        "pairs[2]: repeats pairs[0]; entries of pairs must differ.",
        'pairs[1].member: no member has the id "q".',
        "objective: must be one of max-total, min-total, leximin-then-total.",
        "floors[0].group: no member belongs to this group.",
    ]


@pytest.mark.parametrize(
    "score",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e400",
        "1e999999999999999999999",
        "9" * 5000,
        "0.00001",
        "true",
        "null",
        '"ten"',
    ],
)
def test_a_score_that_is_not_an_exact_decimal_is_refused(score: str) -> None:
    text = json.dumps(small([("a", "x", "SCORE")])).replace('"SCORE"', score)
    (fault,) = faults(text)
    assert fault.startswith("pairs[0].score: ")


def test_a_key_written_twice_is_refused_with_its_place() -> None:
    text = json.dumps(small([("a", "x", "5")])).replace(
        '{"id": "a"}', '{"id": "a", "demand": 1, "demand": 2}'
    )
    assert faults(text) == ['members[0]: the key "demand" is written twice.']


def test_leximin_refuses_negative_scores() -> None:
    (fault,) = faults(small([("a", "x", "-1")], objective="leximin-then-total"))
    assert fault == "pairs[0].score: must not be negative for leximin-then-total."


def test_locking_an_excluded_pair_reads_like_locking_one_that_never_was() -> None:
    lock = [{"member": "a", "mentor": "y"}]
    rows = [("a", "x", "5"), ("b", "y", "5")]
    excluded = faults(small([*rows, ("a", "y", "5")], locked=lock, excluded=lock))
    never = faults(small(rows, locked=lock))
    assert excluded == never == ["locked[0]: this pair is not eligible, so it cannot be locked."]


def test_locks_that_do_not_fit_are_told_at_the_member_and_the_mentor() -> None:
    rows = [("a", "x", "5"), ("a", "y", "5"), ("b", "x", "5")]
    locked = [{"member": a, "mentor": b} for a, b, _ in rows]
    assert faults(small(rows, locked=locked)) == [
        "members[0].demand: more pairs are locked than places wanted.",
        "mentors[0].capacity: the locked pairs need more than this capacity.",
    ]


def test_rules_that_cannot_all_be_kept_are_an_answer_of_their_own() -> None:
    document = small([("a", "x", "5")])
    document["mentors"].append({"id": "y", "minimum": 1})
    with pytest.raises(NoAssignment):
        solve(parse_problem(document))
    document = small([("a", "x", "5")], floors=[{"group": "north", "minimum": 2}])
    document["members"][0]["groups"] = ["north"]
    with pytest.raises(NoAssignment, match="floor"):
        solve(parse_problem(document))


def test_too_many_rows_or_too_long_a_text_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_MEMBERS", 1)
    assert (
        faults(small([("a", "x", "5"), ("b", "x", "5")]))[0]
        == "members: has 2 entries, at most 1 are allowed."
    )
    monkeypatch.setattr(limits, "MAX_TEXT", 10)
    assert faults(small([("a", "x", "5")])) == ["document: larger than 10 characters."]


def test_very_many_faults_are_counted_not_listed() -> None:
    found = faults(small([(f"m{i}", "x", "no") for i in range(150)]))
    assert len(found) == 101
    assert found[-1] == "document: and 50 more faults."


def test_numbers_may_come_as_text_whole_numbers_or_floats() -> None:
    hashes = {
        parse_problem(
            {**small([("a", "x", "0")]), "pairs": [{"member": "a", "mentor": "x", "score": s}]}
        ).input_hash
        for s in ("2.0", 2, 2.0)
    }
    assert len(hashes) == 1


def test_the_published_schema_is_itself_sound() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@EXAMPLES
@given(documents())
def test_sound_documents_satisfy_the_published_schema(document: Document) -> None:
    VALIDATOR.validate(document)
    # The canonical form is a document of the same kind, and reads back to the same problem.
    problem = parse_problem(document)
    VALIDATOR.validate(problem.as_document())
    assert parse_problem(json.dumps(problem.as_document())).input_hash == problem.input_hash


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["members", "mentors", "pairs", "id", "score", "member", "mentor", "objective", "switching"]
            ),
            inner,
            max_size=5,
        )
    ),
)


@EXAMPLES
@given(JSON_VALUES)
def test_any_json_at_all_gives_a_problem_or_faults(value: object) -> None:
    try:
        parse_problem(json.dumps(value))
    except ProblemFaults as refusal:
        assert refusal.faults
        assert all(": " in fault for fault in refusal.faults)


def test_the_command_line_answers_a_document_with_a_certified_document() -> None:
    answer = json.loads(run(json.dumps(small([("é", "x", "5.25")]))))
    assert answer["pairs"] == [{"member": "é", "mentor": "x", "score": "5.25", "cost": 1, "locked": False}]
    assert answer["certificate"]["proved_optimal"] is True
    assert answer["certificate"]["input_hash"] == parse_problem(small([("é", "x", "5.25")])).input_hash


def test_an_empty_round_has_an_empty_answer() -> None:
    for objective in limits.Objective:
        answer = solve(
            parse_problem({"members": [], "mentors": [], "pairs": [], "objective": objective.value})
        )
        assert (answer.pairs, answer.unmatched, answer.worst_off) == ((), (), None)
