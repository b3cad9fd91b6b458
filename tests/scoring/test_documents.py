"""Files in, documents out: parsing, refusals, display and the result document."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from fractions import Fraction as F
from pathlib import Path

import pytest
import yaml

from apps.scoring import Grade, InputFaults, Rated, Unanswered, Unknown, parse_answers, parse_framework, score
from apps.scoring.cli import json_text, run
from apps.scoring.display import exact, is_material, one_decimal
from apps.scoring.parse import parse_scope
from apps.scoring.reading import read_document
from tests.scoring.small import answers_document, at, framework, framework_document, indicator

FRAMEWORK_TEXT = yaml.safe_dump(framework_document(), allow_unicode=True)
ANSWERS_TEXT = """
framework: tiny
version: "1.0"
scope: national
on: 2026-05-01
profile: basic
answers:
  A.1.1: {level: 3, evidence: E2, dated: 2025-11-01}
  A.1.2: {unknown: true}
  B.1.1: {not_applicable: "no such body"}
"""


def faults_of(call, *arguments, **named) -> tuple[str, ...]:
    with pytest.raises(InputFaults) as caught:
        call(*arguments, **named)
    return caught.value.faults


def answers_faults(**changes) -> tuple[str, ...]:
    return faults_of(
        parse_answers, answers_document(**changes), parse_framework(framework_document(), scope="national")
    )


def framework_faults(**changes) -> tuple[str, ...]:
    return faults_of(parse_framework, framework_document(**changes), scope="national")


def test_framework_is_seen_from_one_scope():
    nation = parse_framework(framework_document(), scope="national")
    assert [i.code for i in nation.indicators] == ["A.1.1", "A.1.2", "B.1.1"]
    assert [area.code for area in nation.areas] == ["A.1", "B.1"]
    assert [(p.indicator, p.requires) for p in nation.prerequisites] == [("A.1.2", "A.1.1")]
    assert [i.weight for i in nation.indicators] == [2, 1, F(3, 2)]
    organisation = parse_framework(framework_document(), scope="organisational")
    assert [i.code for i in organisation.indicators] == ["A.1.1", "A.2.1", "B.1.1"]
    assert [profile.code for profile in organisation.profiles] == ["basic"]
    assert organisation.profiles[0].targets == {"A.2.1": 4}


def test_answers_are_read_with_their_day_and_targets():
    nation = parse_framework(framework_document(), scope="national")
    sheet = parse_answers(answers_document(targets={"A.1.1": 4}, track=2), nation)
    assert sheet.on == date(2026, 5, 1)
    assert sheet.answers["A.1.1"] == Rated(3, Grade.E2, date(2025, 11, 1))
    assert sheet.answers["A.1.2"] == Unknown()
    assert (sheet.targets, sheet.track) == ({"A.1.1": 4}, 2)


def test_scope_of_the_answers_is_one_there_is():
    assert parse_scope({"scope": "organisational"}) == "organisational"
    assert faults_of(parse_scope, {"scope": "both"}) == (
        "scope: 'both' is not one of national, organisational",
    )
    assert faults_of(parse_scope, {}) == ("scope: it is missing",)


def test_draft_may_say_unanswered():
    nation = parse_framework(framework_document(), scope="national")
    sheet = parse_answers(answers_document(answers={"A.1.1": {"unanswered": True}}), nation)
    assert sheet.answers == {"A.1.1": Unanswered()}


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ({"level": 9}, "answers.A.1.1.level: 9 is outside 0–5"),
        ({"level": -1}, "answers.A.1.1.level: -1 is outside 0–5"),
        ({"level": True}, "answers.A.1.1.level: True is not a whole number"),
        ({"level": 2.5}, "answers.A.1.1.level: 2.5 is not a whole number"),
        ({"level": float("nan")}, "answers.A.1.1.level: nan is not a whole number"),
        ({"level": 10**5000}, "answers.A.1.1.level: a number of that size is not a whole number"),
        ({"level": None}, "answers.A.1.1.level: None is not a whole number"),
        ({"level": "3"}, "answers.A.1.1.level: '3' is not a whole number"),
        ({"level": 3, "evidence": "E4"}, "answers.A.1.1.evidence: 'E4' is not one of E0, E1, E2, E3"),
        ({"level": 3, "evidence": []}, "answers.A.1.1.evidence: a list is not one of E0, E1, E2, E3"),
        (
            {"level": 3, "dated": "2026-02-30"},
            "answers.A.1.1.dated: '2026-02-30' is not a day of the calendar",
        ),
        ({"level": 3, "dated": "May"}, "answers.A.1.1.dated: 'May' is not a day written as 2026-05-01"),
        (
            {"level": 3, "dated": "2026-05-02"},
            "answers.A.1.1.dated: 2026-05-02 is after the day of scoring, 2026-05-01",
        ),
        ({"not_applicable": "we are small"}, "answers.A.1.1.not_applicable: a key indicator always applies"),
        ({"unknown": False}, "answers.A.1.1.unknown: it is true or left out"),
        ({"unknown": "yes"}, "answers.A.1.1.unknown: 'yes' is not true or false"),
        ({"unknown": True, "evidence": "E1"}, "answers.A.1.1.evidence: evidence goes with a level only"),
        (
            {"unknown": True, "dated": "2026-01-01"},
            "answers.A.1.1.dated: evidence goes with a level only",
        ),
        ({}, "answers.A.1.1.level: an answer has exactly one of level, unknown, not_applicable, unanswered"),
        (3, "answers.A.1.1: 3 is not a mapping of names to values"),
    ],
)
def test_bad_answer_is_refused_with_its_place(answer, fault):
    assert fault in answers_faults(answers={"A.1.1": answer})


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"framework": 5}, "framework: 5 is not a text of 1–200 characters"),
        (
            {"profile": "basic", "targets": {"A.1.1": 2}},
            "targets: give either a profile or targets of your own",
        ),
        ({"framework": "other"}, "framework: 'other' does not fit this framework, which is 'tiny'"),
        ({"version": 1.0}, "version: 1.0 is not text; write the version in quotes"),
        (
            {"scope": "organisational"},
            "scope: 'organisational' does not fit this framework, which is 'national'",
        ),
        ({"on": "yesterday"}, "on: 'yesterday' is not a day written as 2026-05-01"),
        ({"profile": "grand"}, "profile: 'grand' is not a profile of framework tiny at this scope"),
        ({"profile": 3}, "profile: 3 is not an id of letters, digits, dots and hyphens"),
        ({"profile": "basic", "track": 2}, "track: give either a profile or targets of your own"),
        (
            {"targets": {"A.2.1": 3}},
            "targets.A.2.1: not an indicator that framework tiny asks at national scope",
        ),
        ({"targets": {"A.1.1": 7}}, "targets.A.1.1: 7 is outside 0–5"),
        ({"answers": {"B.1.1": {"not_applicable": " "}}}, "answers.B.1.1.not_applicable: it needs a reason"),
        (
            {"answers": {"B.1.1": {"not_applicable": 1}}},
            "answers.B.1.1.not_applicable: it needs a reason, as text",
        ),
        ({"answers": {7: {"level": 1}}}, "answers.7: not an id of letters, digits, dots and hyphens"),
        ({"answers": None}, "answers: None is not a mapping of names to values"),
        (
            {"scores": 1},
            "scores: not known here; known: answers, framework, on, profile, scope, targets, track, version",
        ),
    ],
)
def test_bad_answers_file_is_refused_with_its_place(changes, fault):
    assert fault in answers_faults(**changes)


def test_all_faults_of_a_file_come_together():
    faults = answers_faults(on="never", answers={"A.1.1": {"level": 9}, "Z.1.1": {"level": 1}}, track=8)
    assert len(faults) == 4


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"id": ""}, "framework.id: '' is not an id of letters, digits, dots and hyphens"),
        (
            {"method": {"name": "guess", "version": 1}},
            "framework.method: 'guess' version 1 is not known; known: shared-mean version 1, "
            "mean-of-means version 1, weighted-sum version 1, cumulative version 1, "
            "threshold-profile version 1, points-ratio version 1",
        ),
        ({"method": None}, "framework.method: None is not a mapping of names to values"),
        ({"scale": {"levels": []}}, "framework.scale.levels: a scale has at least two levels"),
        ({"indicators": {}}, "framework.indicators: a mapping is not a list"),
        ({"indicators": [3]}, "framework.indicators[0]: 3 is not a mapping of names to values"),
        (
            {"areas": [{"id": "A.1", "dimension": "A"}] * 2},
            "framework areas and dimensions: 'A.1' appears twice",
        ),
        (
            {"prerequisites": [{"indicator": "A.1.1", "requires": "Q", "at_level": 9}]},
            "framework.prerequisites[0].at_level: 9 is outside 0–5",
        ),
        (
            {"prerequisites": [{"indicator": "A.1.1", "requires": "Q", "at_level": 1}]},
            "framework.prerequisites[0].requires: 'Q' is not an indicator of this framework",
        ),
        (
            {"prerequisites": [{"indicator": "A.1.1", "requires": "A.1.1", "at_level": 1}]},
            "framework.prerequisites: A.1.1 → A.1.1 is a circle, so none of them could ever come first",
        ),
    ],
)
def test_bad_framework_is_refused_with_its_place(changes, fault):
    whole = framework_document()["areas"][1:]
    if "areas" in changes:
        changes["areas"] = changes["areas"] + whole
    assert fault in framework_faults(**changes)


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("area", "Z.1", "framework.indicators[0].area: 'Z.1' is not an area of this framework"),
        ("key", "yes", "framework.indicators[0].key: 'yes' is not true or false"),
        ("effort", 4, "framework.indicators[0].effort: it is 1, 2 or 3"),
        (
            "scope",
            "global",
            "framework.indicators[0].scope: 'global' is not one of national, organisational, both",
        ),
        ("weight", -1, "framework.indicators[0].weight: -1 is not a number of 0 or more"),
        ("weight", "1/0", "framework.indicators[0].weight: '1/0' is not a number of 0 or more"),
        ("weight", "1e9", "framework.indicators[0].weight: '1e9' is not a number of 0 or more"),
    ],
)
def test_bad_indicator_is_refused_with_its_place(field, value, fault):
    document = framework_document()
    document["indicators"][0][field] = value
    assert fault in faults_of(parse_framework, document, scope="national")


def test_weight_zero_in_a_file_stays_zero():
    document = framework_document()
    document["indicators"][0]["weight"] = 0
    assert parse_framework(document, scope="national").indicators[0].weight == 0


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: 1\nb: 2\na: 3\n", "file line 3 column 1: the key 'a' appears twice"),
        ('{"a": 1, "a": 2}', "file: the key 'a' appears twice in one object"),
        (
            "a: &x [1]\nb: *x\n",
            "file line 1 column 4: anchors and aliases (& and *) are not allowed; write the text again",
        ),
        ("a: !!python/object:os.system x\n", "file line 1 column 4: tags (!) are not allowed"),
        ("a: .nan\n", "file line 1 column 4: .nan is not a number that can be scored"),
        ('{"a": NaN}', "file: NaN is not a number that can be scored"),
        ('{"a": Infinity}', "file: Infinity is not a number that can be scored"),
        (f"a: {'9' * 5000}\n", f"file line 1 column 4: {'9' * 18}… has more than 18 digits"),
        (f'{{"a": {"9" * 5000}}}', f"file: {'9' * 18}… has more than 18 digits"),
        ("1: a\n", "file line 1 column 1: a key must be text; write numbers, true, false and null in quotes"),
        (
            "? [a]\n: b\n",
            "file line 1 column 3: a key must be text; write numbers, true, false and null in quotes",
        ),
        ("[" * 5000, "file: nested deeper than 30"),
        ("- " * 5000, "file line 1 column 61: nested deeper than 30"),
        ("a: " + "[" * 40 + "]" * 40, "file line 1 column 33: nested deeper than 30"),
        ('{"a": ' + "[" * 40 + "]" * 40 + "}", "file: nested deeper than 30"),
        ('{"a": "\\ud800"}', "file: an escape such as \\ud800 is not a whole character"),
        ("a: \ud800", "file: not valid Unicode text"),
        ("x" * 5_000_001, "file: larger than 5 MB"),
        (
            "a: [" + "1," * 200_100 + "]",
            "file line 1 column 399997: more than 200000 names, values and brackets so far",
        ),
        ('{"a": }', "file line 1 column 7: not valid JSON (Expecting value)"),
    ],
)
def test_surprising_text_is_refused(text, fault):
    assert faults_of(read_document, text, name="file") == (fault,)


@pytest.mark.parametrize("text", ["a: [1", "a: b: c", "\x00", "--- a\n--- b\n", "\ta: 1", "{a: 1", "a: '"])
def test_broken_yaml_is_refused_with_a_sentence(text):
    assert "not valid YAML" in faults_of(read_document, text, name="file")[0]


def test_yaml_is_read_like_json_so_that_on_and_no_are_words():
    assert read_document("on: 2026-05-01\nno: yes\nn: ~\nv: 1.10\nt: true\n", name="file") == {
        "on": "2026-05-01",
        "no": "yes",
        "n": None,
        "v": "1.10",
        "t": True,
    }


def test_number_with_a_fraction_is_kept_as_it_is_written_in_json_too():
    assert read_document('{"v": 1.10, "w": [0.1, 2]}', name="file.json") == {"v": "1.10", "w": ["0.1", 2]}


def test_written_documents_keep_the_letters_of_every_language():
    assert json_text({"b": "São Tomé", "a": 1}) == '{\n  "a": 1,\n  "b": "São Tomé"\n}\n'


def test_run_gives_the_same_canonical_text_for_yaml_and_json():
    as_json = json.dumps(read_document(ANSWERS_TEXT, name="answers"), indent="\t")
    text = run(FRAMEWORK_TEXT, ANSWERS_TEXT)
    assert text == run(json.dumps(framework_document()), as_json)
    document = json.loads(text)
    assert text == json.dumps(document, sort_keys=True, indent=2, ensure_ascii=False) + "\n"
    assert document["evidenced"]["overall"]["value"] == {"exact": "40/1", "display": "40.0"}
    assert document["evidenced"]["overall"]["label"] == {"level": 2, "name": "Developing"}
    assert [row["target"] for row in document["indicators"]] == [2, 2, 2]
    assert document["priorities"]["find_out"] == [
        {"code": "A.1.2", "priority": {"exact": "20/1", "display": "20.0"}}
    ]
    assert document["indicators"][2]["reason"] == "no such body"


def test_run_raises_faults_and_never_another_error():
    for text in ("", "[]", "null", "3", "text", "scope: national", "scope: []"):
        assert faults_of(run, FRAMEWORK_TEXT, text)
        assert faults_of(run, text, ANSWERS_TEXT)


def test_file_with_endless_faults_is_refused_with_the_first_of_them():
    faults = faults_of(read_document, "k: 1\n" * 5000, name="file")
    assert len(faults) == 1001
    assert faults[-1] == "reading stopped here: there may be more"


def test_input_hash_changes_with_every_input_and_with_nothing_else():
    spec = framework(indicator("A.1.1"), indicator("A.1.2"))
    answers = at({"A.1.1": 3})
    base = score(spec, answers, on=date(2026, 5, 1)).input_hash
    assert len(base) == 64
    assert (
        base
        == score(
            spec, answers | {"A.1.2": Unanswered()}, on=date(2026, 5, 1), targets={"A.1.1": 3}
        ).input_hash
    )
    others = {
        score(spec, answers, on=date(2026, 5, 2)).input_hash,
        score(spec, answers, on=date(2026, 5, 1), track=4).input_hash,
        score(spec, at({"A.1.1": 4}), on=date(2026, 5, 1)).input_hash,
        score(spec, answers | {"A.1.2": Unknown()}, on=date(2026, 5, 1)).input_hash,
        score(
            framework(indicator("A.1.1", effort=2), indicator("A.1.2")), answers, on=date(2026, 5, 1)
        ).input_hash,
    }
    assert len(others | {base}) == 6


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (F(1055, 20), "52.8"),
        (F(5274, 100), "52.7"),
        (F(0), "0.0"),
        (F(100), "100.0"),
        (F(1, 20), "0.1"),
        (F(-1, 4), "-0.3"),
        (F(-1, 100), "0.0"),
        (F(155, 3), "51.7"),
    ],
)
def test_display_rounds_halves_away_from_zero(value, shown):
    assert one_decimal(value) == shown


def test_exact_values_are_written_as_numerator_and_denominator():
    assert (exact(F(60)), exact(F(155, 3))) == ("60/1", "155/3")


def test_change_under_two_points_is_not_material():
    assert [is_material(F(n)) for n in ("19/10", "2", "-2", "-1")] == [False, True, True, False]


def test_engine_imports_and_scores_without_django():
    code = (
        "import sys; sys.modules['django'] = None\n"
        "import apps.scoring, apps.scoring.cli\n"
        "assert not [m for m in sys.modules if m.startswith('django.')]"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root)
