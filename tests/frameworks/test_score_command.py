"""`manage.py score` on the example frameworks, and on files that nobody should send."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command

from apps.core.workbooks import read_csv, write_workbook
from apps.frameworks.services import read_framework_file
from apps.frameworks.services.checking import document_faults
from tests.frameworks.imports import as_bytes, catalog, library
from tests.frameworks.test_export import WHEN, export_framework

EXAMPLES = Path(settings.CONTENT_DIR) / "examples"


def run(framework: str | Path, answers: str | Path, *options: str) -> str:
    out = io.StringIO()
    paths = ("--framework", str(EXAMPLES / framework), "--answers", str(EXAMPLES / answers))
    call_command("score", *paths, *options, stdout=out)
    return out.getvalue()


def table(framework: str, answers: str | Path, *options: str) -> dict[tuple[str, str, str], dict[str, str]]:
    rows = csv.DictReader(io.StringIO(run(framework, answers, "--output", "csv", *options)))
    return {(row["member"], row.get("basis", ""), row["code"]): row for row in rows}


def refusal(framework: str | Path, answers: str | Path, *options: str) -> str:
    with pytest.raises(CommandError) as caught:
        run(framework, answers, *options)
    return str(caught.value)


@pytest.mark.parametrize("name", ["pillars", "stages", "points", "domains"])
def test_example_framework_has_no_fault(name: str) -> None:
    assert document_faults(read_framework_file(EXAMPLES / f"{name}.yaml")) == []


def test_sums_of_five_pillars_are_right_where_sums_of_rounded_pillars_are_not() -> None:
    rows = table("pillars.yaml", "pillars-answers.csv")
    wrong = {}
    for member in ("Aldermark", "Berrowin", "Calvane", "Dunmere", "Estholm"):
        rounded = sum(
            Fraction(rows[member, "claimed", pillar]["value"])
            for pillar in ("LAW", "TEC", "ORG", "CAP", "COO")
        )
        wrong[member] = float(rounded - Fraction(rows[member, "claimed", "overall"]["value"]))
    assert wrong == {"Aldermark": 0.02, "Berrowin": -0.02, "Calvane": 0, "Dunmere": 0, "Estholm": -0.02}
    assert {member: rows[member, "claimed", "overall"]["tier"] for member in wrong} == {
        "Aldermark": "Establishing",
        "Berrowin": "Establishing",
        "Calvane": "Leading",
        "Dunmere": "Advancing",
        "Estholm": "Building",
    }
    draft = rows["Farrowby", "claimed", "overall"]
    assert (draft["value"], draft["low"], draft["high"], draft["provisional"]) == (
        "23.33",
        "23.33",
        "43.33",
        "yes",
    )


def test_dimension_is_the_mean_of_factor_means_one_decimal_half_up() -> None:
    rows = table("stages.yaml", "stages-answers.csv", "--on", "2026-05-01")
    factors = [rows["Aldermark", "evidenced", f"D1.{n}"]["exact"] for n in (1, 2, 3)]
    assert factors == ["5/2", "2/1", "9/4"]
    assert (rows["Aldermark", "evidenced", "D1"]["exact"], rows["Aldermark", "evidenced", "D1"]["value"]) == (
        "9/4",
        "2.3",
    )


def test_107_of_120_points_are_89_17() -> None:
    document = json.loads(run("points.yaml", "points-answers.yaml"))
    assert document["evidenced"]["overall"]["value"] == {"exact": "535/6", "display": "89.17"}


def test_one_partially_implemented_practice_keeps_a_domain_at_0() -> None:
    document = json.loads(run("domains.yaml", "domains-answers.json"))
    by_member = {
        row["member"]: row["result"]["outcome"]["claimed"]["dimensions"] for row in document["results"]
    }
    assert {member: [row["stage"]["level"] for row in rows] for member, rows in by_member.items()} == {
        "Harbour office": [0, 2, 2],
        "Water board": [3, 1, 3],
    }
    assert by_member["Harbour office"][0]["missing"] == ["RISK.1b"]


def test_published_values_add_up_without_answers() -> None:
    rows = table("pillars.yaml", "pillars-values.csv", "--values")
    assert (rows["Garrick", "", "overall"]["value"], rows["Garrick", "", "overall"]["tier"]) == (
        "93.90",
        "Advancing",
    )
    assert (rows["Hollin", "", "overall"]["value"], rows["Hollin", "", "overall"]["tier"]) == (
        "85.00",
        "Advancing",
    )
    document = json.loads(run("pillars.yaml", "pillars-values.csv", "--values"))
    assert document["results"][0]["values"]["LAW"]["display"] == "19.07"


def test_workbook_gives_what_the_csv_gives(tmp_path: Path) -> None:
    rows = read_csv((EXAMPLES / "pillars-answers.csv").read_bytes(), name="csv")
    book = tmp_path / "answers.xlsx"
    book.write_bytes(write_workbook({"Notes": [["Answers are on the next sheet"]], "Answers": rows}))
    assert run("pillars.yaml", book, "--sheet", "Answers", "--on", "2026-05-01") == run(
        "pillars.yaml", "pillars-answers.csv", "--on", "2026-05-01"
    )
    assert refusal("pillars.yaml", book) == "answers.xlsx row 1: a column must be called member"
    assert (
        refusal("pillars.yaml", book, "--sheet", "Q")
        == "answers.xlsx: it has no sheet 'Q'; it has Notes, Answers"
    )


@pytest.mark.parametrize("kind", ["json", "xlsx"])
def test_a_framework_that_was_taken_along_scores_the_same(tmp_path: Path, kind: str) -> None:
    document = read_framework_file(EXAMPLES / "points.yaml")
    taken = tmp_path / f"points.{kind}"
    taken.write_bytes(export_framework(document, kind, published_at=WHEN).content)
    assert run(taken, "points-answers.yaml") == run("points.yaml", "points-answers.yaml")


def test_a_catalogue_and_a_library_are_scored_as_they_would_be_imported(tmp_path: Path) -> None:
    head = {"scope": "organisational", "on": "2026-05-01"}
    for document, answers in (
        (catalog(), {"framework": "harbour-safety-catalogue", "version": "2.0", "answers": {"hs-2.1": {"level": 3}}}),
        (library(), {"framework": "quay-rules", "version": "3.0", "answers": {"A.1.1": {"level": 3}}}),
    ):  # fmt: skip
        framework, given = tmp_path / "framework.yaml", tmp_path / "answers.json"
        framework.write_bytes(as_bytes(document))
        given.write_text(json.dumps(head | answers), encoding="utf-8")
        overall = table(str(framework), given)["", "claimed", "overall"]
        assert (overall["value"] != "", overall["answered"]) == (True, "1")


def test_formula_names_of_members_stay_text(tmp_path: Path) -> None:
    answers = tmp_path / "a.csv"
    answers.write_text("member,A.1.1\n'=1+1,Shown\n", encoding="utf-8")
    assert "\r\n'=1+1,claimed," in run("points.yaml", answers, "--output", "csv")


def test_profile_and_scope_of_a_table_are_options(tmp_path: Path) -> None:
    shared = Path(settings.CONTENT_DIR) / "framework" / "shared.yaml"
    code = next(row["id"] for row in read_framework_file(shared)["indicators"] if row["scope"] == "both")
    answers = tmp_path / "a.csv"
    answers.write_text(f"member,{code}\nAldermark,3\n", encoding="utf-8")
    assert refusal(shared, answers).startswith(
        "scope: this framework asks more than one; say --scope national or"
    )
    document = json.loads(run(shared, answers, "--scope", "national", "--on", "2026-05-01"))
    assert document["results"][0]["result"]["on"] == "2026-05-01"
    assert refusal(shared, answers, "--scope", "national", "--profile", "grand").startswith(
        "profile: 'grand' is not"
    )


def test_profile_of_a_table_sets_the_targets(tmp_path: Path) -> None:
    document = read_framework_file(EXAMPLES / "points.yaml")
    targets = {"default": 0, "indicators": {"A.1.1": 1}}
    document["profiles"] = [{"id": "first", "name": "First", "scope": "national", "targets": targets}]
    framework = tmp_path / "f.yaml"
    framework.write_text(yaml.safe_dump(document), encoding="utf-8")
    answers = tmp_path / "a.csv"
    answers.write_text("member,A.1.1\nx,0\n", encoding="utf-8")
    result = json.loads(run(framework, answers, "--profile", "first"))["results"][0]["result"]
    assert [row["target"] for row in result["indicators"]] == [1] + [0] * 11


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "a.csv",
            b"member,Z.9\n",
            "a.csv row 1: 'Z.9' is not an indicator that framework example-points asks",
        ),
        ("a.csv", b"member,A.1.1\nx,often\n", "a.csv row 2: A.1.1: 'often' is not a level of 0–1"),
        ("a.csv", b"member,A.1.1\nx,NA:\n", "x: answers.A.1.1.not_applicable: it needs a reason"),
        ("a.csv", b"\xff\xfe\x00", "a.csv"),
        ("a.xlsx", b"PK\x03\x04 not really", "a.xlsx"),
        ("a.csv", b"x" * 5_000_001, "a.csv: larger than 5 MB"),
        ("a.json", b"\xff", "not UTF-8 at byte 0"),
        ("a.json", b"[", "answers file line 1 column 2: not valid JSON"),
        ("a.yaml", b"a: &x 1\nb: *x\n", "answers file line 1 column 4: anchors"),
    ],
)
def test_hostile_answers_are_refused_in_words(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert message in refusal("points.yaml", tmp_path / name)


def test_missing_files_are_named(tmp_path: Path) -> None:
    assert "it cannot be read" in refusal("points.yaml", tmp_path / "none.csv")
    assert "it cannot be read" in refusal(tmp_path / "none.yaml", "points-answers.yaml")


def test_fifty_thousand_indicators_are_refused_by_their_number() -> None:
    document = read_framework_file(EXAMPLES / "points.yaml")
    document["indicators"] = [document["indicators"][0]] * 50_000
    assert document_faults(document) == ["indicators: 50000 entries; at most 1000 are allowed"]
