"""Tables of members and of published values, and what the command line prints of them."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction as F

import pytest
import yaml

from apps.scoring import Grade, InputFaults, NotApplicable, Rated, Unknown, cli, parse_framework, score
from apps.scoring.model import Scale
from apps.scoring.parse import AnswerSheet
from apps.scoring.tables import read_answers_table, read_values_table
from apps.scoring.values import add_up
from tests.scoring.fields import FOUR, STAGES, TIERS, YES_NO, by, staged
from tests.scoring.small import TODAY, answers_document, at, framework_document, indicator

SPEC = by("weighted-sum", indicator("A.1.1"), indicator("A.1.2"), indicator("B.1.1"), scale=FOUR, tiers=TIERS)
HEAD = ["member", "A.1.1", "A.1.2", "B.1.1"]
LONG = ["member", "indicator", "level", "evidence", "dated"]


def read(*rows, spec=SPEC):
    return read_answers_table(rows, spec, name="file")


def faults_of(call, *arguments, **named) -> tuple[str, ...]:
    with pytest.raises(InputFaults) as caught:
        call(*arguments, **named)
    return caught.value.faults


def test_row_a_member_in_numbers_names_and_words():
    members = read(
        HEAD,
        [" Aldermark ", 2, "fully", "NA: no coast"],
        ["Berrowin", "1", "unknown", None],
        [None, "", None, None],
        [3, Decimal(3), "N/A : none", ""],
        ["Calvane"],
    )
    assert members == {
        "Aldermark": {"A.1.1": Rated(2), "A.1.2": Rated(3), "B.1.1": NotApplicable("no coast")},
        "Berrowin": {"A.1.1": Rated(1), "A.1.2": Unknown()},
        "3": {"A.1.1": Rated(3), "A.1.2": NotApplicable("none")},
        "Calvane": {},
    }


def test_row_an_answer_carries_evidence_and_its_day():
    members = read(
        ["Member", "Indicator", "LEVEL", "evidence", "dated"],
        ["Aldermark", "A.1.1", 2, "E2", "2026-01-15"],
        ["Aldermark", "A.1.2", "Partly", None, None],
        ["Berrowin", "A.1.1", "unknown", None, None],
        ["Berrowin", "B.1.1", None, None, None],
        ["Calvane", "A.1.1", 1, "E1", date(2026, 2, 1)],
        ["Calvane", "A.1.2", 1, None, "2026-02-01"],
    )
    assert members == {
        "Aldermark": {"A.1.1": Rated(2, Grade.E2, date(2026, 1, 15)), "A.1.2": Rated(1)},
        "Berrowin": {"A.1.1": Unknown()},
        "Calvane": {
            "A.1.1": Rated(1, Grade.E1, date(2026, 2, 1)),
            "A.1.2": Rated(1, Grade.E0, date(2026, 2, 1)),
        },
    }


def test_number_is_the_level_even_where_names_are_numbers():
    spec = by("weighted-sum", indicator("A.1.1"), scale=Scale(("1", "2", "same", "Same")))
    assert read(["member", "A.1.1"], ["x", "1"], spec=spec) == {"x": {"A.1.1": Rated(1)}}
    assert faults_of(read, ["member", "A.1.1"], ["x", "same"], spec=spec) == (
        "file row 2: A.1.1: 'same' is not a level of 0–3, its name, unknown or NA: reason",
    )


@pytest.mark.parametrize(
    "cell",
    [
        "4",
        4,
        -1,
        "-1",
        2.5,
        Decimal("2.5"),
        True,
        "often",
        "²",
        "9" * 5000,
        float("nan"),
        "NB: x",
        date(2026, 1, 1),
        10**30,
    ],
)
def test_cell_that_is_no_answer_is_refused_with_its_row(cell):
    faults = faults_of(read, HEAD, ["x", 1, cell, 1])
    assert len(faults) == 1
    assert faults[0].startswith("file row 2: A.1.2: ")
    assert faults[0].endswith(" is not a level of 0–3, its name, unknown or NA: reason")


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ([], ("file row 1: a column must be called member",)),
        ([["A.1.1"]], ("file row 1: a column must be called member",)),
        ([["member", "A.1.1", "A.1.1", None]], ("file row 1: several columns are called 'A.1.1'",)),
        ([["member", None, ""]], ("file row 1: several columns are called ''",)),
        ([["member", "Z.1"]], ("file row 1: 'Z.1' is not an indicator that framework tiny asks at national scope",)),
        ([HEAD, [None, 1]], ("file row 2: the member is a name of 1–200 characters",)),
        ([HEAD, ["x" * 201, 1]], ("file row 2: the member is a name of 1–200 characters",)),
        ([HEAD, ["x", 1], ["x", 2]], ("file row 3: 'x' has a row already",)),
        ([HEAD, ["x", 1, 1, 1, 5]], ("file row 2: it has more cells than the 4 columns of row 1",)),
        ([[*LONG, "mood"]], ("file row 1: 'mood' is no column of this form; it has member, indicator, level, evidence, dated",)),
        ([LONG, ["x", "Z.1", 1]], ("file row 2: 'Z.1' is not an indicator of this scope",)),
        ([LONG, ["x", None, 1]], ("file row 2: '' is not an indicator of this scope",)),
        ([LONG, [None, "A.1.1", 1]], ("file row 2: the member is a name of 1–200 characters",)),
        ([LONG, ["x", "A.1.1", 1], ["x", "A.1.1", 1]], ("file row 3: 'x' has an answer to A.1.1 already",)),
        ([LONG, ["x", "A.1.1", "unknown", "E1"]], ("file row 2: evidence goes with a level only",)),
        ([LONG, ["x", "A.1.1", None, None, "2026-01-01"]], ("file row 2: evidence goes with a level only",)),
        ([LONG, ["x", "A.1.1", 1, "E9"]], ("file row 2.evidence: 'E9' is not one of E0, E1, E2, E3",)),
        ([LONG, ["x", "A.1.1", 1, "E1", "May"]], ("file row 2.dated: 'May' is not a day written as 2026-05-01",)),
    ],
)  # fmt: skip
def test_table_that_cannot_be_read_is_refused_with_its_row(rows, faults):
    assert faults_of(read, *rows) == faults


def test_member_of_200_characters_is_fine():
    assert list(read(HEAD, ["x" * 200, 1])) == ["x" * 200]


def test_all_faults_of_a_table_come_together():
    assert len(faults_of(read, HEAD, ["x", 9, 9, 1], [None, 1])) == 3


# --- values


def values(*rows, spec=SPEC):
    return read_values_table(rows, spec, name="file")


def test_values_are_read_exactly():
    found = values(["member", "A", "B.1", "B.1.1"], ["x", "0.35", Decimal("1.5"), None], ["y", 1, "", "1/3"])
    assert found == {"x": {"A": F(7, 20), "B.1": F(3, 2)}, "y": {"A": F(1), "B.1.1": F(1, 3)}}


@pytest.mark.parametrize("cell", ["x", -1, True, date(2026, 1, 1), datetime(2026, 1, 1), "1e5", float("inf")])
def test_value_that_is_no_number_is_refused(cell):
    (fault,) = faults_of(values, ["member", "A"], ["x", cell])
    assert fault.startswith("file row 2: A: ")
    assert fault.endswith(" is not a number of 0 or more")


def test_unknown_column_of_values_is_refused():
    assert faults_of(values, ["member", "Q"]) == (
        "file row 1: 'Q' is not a dimension, area or indicator of this framework",
    )


PILLARS = by("weighted-sum", *(indicator(f"{p}.1.1", weight=20) for p in "ABCDE"), scale=YES_NO, tiers=TIERS)


def test_published_pillars_add_up_to_the_whole_and_its_tier():
    found = add_up(
        PILLARS, dict(zip("ABCDE", map(F, ("19.07", "18.53", "20", "16.88", "19.42")), strict=True))
    )
    assert (found.values["overall"], found.tier.code) == (F("93.9"), "T2")
    assert found.values["A"] == F("19.07")
    assert found.values["A.1"] is None
    assert found.measure.decimals == 2


def test_sums_take_what_is_given_at_each_height():
    spec = by(
        "weighted-sum",
        *(indicator(code, weight=5) for code in ("A.1.1", "A.1.2", "A.2.1", "B.1.1")),
        scale=YES_NO,
    )
    found = add_up(spec, {"A.1.1": F(2), "A.1.2": F(1, 2), "A.2": F(4)})
    assert found.values == {
        "overall": F(13, 2),
        "A": F(13, 2),
        "B": None,
        "A.1": F(5, 2),
        "A.2": 4,
        "B.1": None,
    }
    assert add_up(spec, {}).values["overall"] is None
    assert add_up(spec, {}).tier is None


def test_dimension_is_the_mean_of_its_factors():
    spec = by("mean-of-means", *(indicator(c) for c in ("A.1.1", "A.1.2", "A.2.1", "B.1.1")), scale=STAGES)
    assert add_up(spec, {"A.1": F("2.5"), "A.2": F(2), "B.1.1": F(4)}).values["A"] == F(9, 4)
    assert add_up(spec, {"A.1": F("2.5"), "A.2": F(2), "B.1.1": F(4)}).values["overall"] == F(25, 8)
    assert add_up(spec, {"A": F(3), "A.1": F(1)}).values["overall"] == 3


def test_indicators_are_weighed_in_their_area():
    spec = by("shared-mean", indicator("A.1.1", key=True), indicator("A.1.2"), indicator("A.1.3", weight=0))
    assert add_up(spec, {"A.1.1": F(60), "A.1.2": F(30)}).values["A.1"] == 50
    assert add_up(spec, {"A.1.3": F(30)}).values["A.1"] is None


def test_points_got_become_a_ratio():
    spec = by("points-ratio", indicator("A.1.1", weight=100), indicator("B.1.1", weight=20), scale=YES_NO)
    found = add_up(spec, {"A.1.1": F(90), "B": F(17)})
    assert found.values == {"overall": F(10700, 120), "A": 90, "B": 85, "A.1": 90, "B.1": None}


@pytest.mark.parametrize(
    ("spec", "given", "fault"),
    [
        (PILLARS, {"A": F("20.01")}, "A: 2001/100 is outside 0 to 20"),
        (by("mean-of-means", indicator("A.1.1"), scale=STAGES), {"A": F("0.9")}, "A: 9/10 is outside 1 to 5"),
        (
            by("mean-of-means", indicator("A.1.1"), scale=STAGES),
            {"A.1": F("5.1")},
            "A.1: 51/10 is outside 1 to 5",
        ),
        (staged((indicator("A.1.1"), 1)), {}, "framework.method: cumulative takes answers, not values"),
    ],
)
def test_value_outside_what_a_part_can_have_is_refused(spec, given, fault):
    assert faults_of(add_up, spec, given) == (fault,)


def test_ends_of_what_a_part_can_have_are_taken():
    assert add_up(PILLARS, dict.fromkeys("ABCDE", F(20))).values["overall"] == 100
    assert add_up(PILLARS, dict.fromkeys("ABCDE", F(0))).values["overall"] == 0


def test_values_are_printed_for_every_member():
    found = cli.values_of(PILLARS, {"x": {"A": F("19.07"), "B": F(1)}, "y": {}})
    assert cli.values_as_rows(found) == [
        ["member", "code", "value", "tier", "exact"],
        ["x", "overall", "20.07", "Evolving", "2007/100"],
        ["x", "A", "19.07", "", "1907/100"],
        ["x", "B", "1.00", "", "1/1"],
    ]
    document = json.loads(cli.values_as_json(found))
    assert document["format"] == {"name": "belay-values", "version": 1}
    assert [row["member"] for row in document["results"]] == ["x", "y"]
    assert document["results"][0]["tier"] == {"id": "T4", "name": "Evolving"}
    assert document["results"][0]["values"]["overall"] == {"exact": "2007/100", "display": "20.07"}
    assert document["results"][1]["values"]["A"] is None


def test_faults_of_values_name_their_member():
    faults = faults_of(cli.values_of, PILLARS, {"x": {"A": F(30)}, "y": {"B": F(30)}})
    assert faults == ("x: A: 30 is outside 0 to 20", "y: B: 30 is outside 0 to 20")


# --- many members


def test_answers_file_of_several_members_gives_one_document():
    answers = answers_document()
    rows = {"Aldermark": answers.pop("answers"), "Berrowin": {"A.1.1": {"level": 1}}}
    text = cli.run(yaml.safe_dump(framework_document()), json.dumps({**answers, "members": rows}))
    document = json.loads(text)
    assert document["format"] == {"name": "belay-scores", "version": 1}
    assert [row["member"] for row in document["results"]] == ["Aldermark", "Berrowin"]
    alone = json.loads(cli.run(yaml.safe_dump(framework_document()), json.dumps(answers_document())))
    assert document["results"][0]["result"] == alone


@pytest.mark.parametrize("members", [{}, [], None, {str(n): {} for n in range(10_001)}])
def test_members_map_names_to_answers(members):
    document = {k: v for k, v in answers_document().items() if k != "answers"} | {"members": members}
    spec = parse_framework(framework_document(), scope="national")
    assert faults_of(cli.parse_members, document, spec) == (
        "members: it maps 1–10000 names to answers, in place of answers",
    )


def test_members_stand_in_place_of_answers():
    spec = parse_framework(framework_document(), scope="national")
    assert faults_of(cli.parse_members, answers_document(members={"x": {}}), spec) == (
        "members: it maps 1–10000 names to answers, in place of answers",
    )


def test_faults_of_members_name_them():
    document = {k: v for k, v in answers_document().items() if k != "answers"}
    document |= {"members": {"x": {"A.1.1": {"level": 9}}, "y": {"A.1.2": {"level": 9}}}}
    spec = parse_framework(framework_document(), scope="national")
    assert faults_of(cli.parse_members, document, spec) == (
        "members.x: answers.A.1.1.level: 9 is outside 0–5",
        "members.y: answers.A.1.2.level: 9 is outside 0–5",
    )


def test_results_of_several_are_refused_together():
    sheets = {name: AnswerSheet({"A.1.1": Rated(9)}, TODAY, {}, 2) for name in ("x", "y")}
    assert faults_of(cli.results_of, SPEC, sheets) == (
        "x: answers.A.1.1.level: 9 is outside 0–3",
        "y: answers.A.1.1.level: 9 is outside 0–3",
    )
    assert faults_of(cli.results_of, SPEC, {None: sheets["x"]}) == ("answers.A.1.1.level: 9 is outside 0–3",)


def test_table_shows_the_figures_of_the_document():
    spec = by("mean-of-means", indicator("A.1.1"), indicator("B.1.1"), scale=STAGES, tiers=TIERS[:0])
    result = score(spec, at({"A.1.1": 1}), on=TODAY)
    rows = cli.as_rows({"x": result})
    assert rows[0] == list(cli.COLUMNS)
    assert rows[1] == [
        "x", "claimed", "overall", "overall", "2.0", "1.5", "3.5", "5.0", "1", "Forming", "", "yes", "1", "2", "2/1",
    ]  # fmt: skip
    assert [row[:4] for row in rows[2:6]] == [
        ["x", "claimed", kind, code]
        for kind, code in (("dimension", "A"), ("dimension", "B"), ("area", "A.1"), ("area", "B.1"))
    ]
    assert rows[3][4:] == ["", "1.0", "5.0", "5.0", "", "", "", "yes", "0", "1", ""]
    assert rows[2][11] == "no"
    assert rows[6][1] == "evidenced"
    assert len(rows) == 11
    shown = result.as_document()["evidenced"]["overall"]
    assert rows[6][4] == shown["value"]["display"]
    assert cli.as_rows({None: result})[1][0] == ""


def test_table_names_the_tier():
    row = cli.as_rows({"x": score(PILLARS, at({i.code: 1 for i in PILLARS.indicators}), on=TODAY)})[1]
    assert (row[4], row[10]) == ("100.00", "Leading")
