"""Files of other kinds become frameworks: the tree, what was left out, and every fault at its place."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import openpyxl
import pytest
import yaml

from apps.core.errors import Refused
from apps.core.workbooks import Cell, read_workbook, write_workbook
from apps.frameworks.services.exporting import template_workbook
from apps.frameworks.services.importing import Choices, Prepared, read_import
from tests.effort import calls_at_most, memory_at_most
from tests.frameworks.documents import small_document
from tests.frameworks.imports import as_bytes, catalog, control, csf, library


def read(content: bytes | dict[str, Any], **choices: Any) -> Prepared:
    content = as_bytes(content) if isinstance(content, dict) else content
    return read_import(content, name="file", choices=Choices(**choices))


def faults_of(content: bytes | dict[str, Any], **choices: Any) -> list[str]:
    """The faults of a file that is refused before much work is done."""
    content = as_bytes(content) if isinstance(content, dict) else content
    with calls_at_most(3_000_000), pytest.raises(Refused) as caught:
        read(content, **choices)
    return list(getattr(caught.value, "faults", (caught.value.message,)))


def codes(prepared: Prepared, part: str = "indicators") -> list[str]:
    return [row["id"] for row in prepared.document[part]]


def test_the_csf_has_its_functions_categories_and_live_subcategories() -> None:
    found = read(csf())
    assert codes(found, "dimensions") == ["GV", "ID", "PR", "DE", "RS", "RC"]
    assert len(codes(found, "areas")) == 22
    assert len(codes(found)) == 106
    assert "PR.AC-01" not in codes(found)
    assert any("79 controls have no example" in note for note in found.notes)
    first = found.document["indicators"][0]
    assert first["id"] == "GV.OC-01"
    assert first["name"].startswith("The organizational mission is understood")
    assert first["look_for"][0].startswith("Share the organization's mission")
    assert found.document["source"]["publisher"] == "National Institute of Standards and Technology"
    assert len(codes(read(csf(), unmarked=True))) == 185


def test_controls_beside_each_other_are_indicators_and_enhancements_too() -> None:
    found = read(catalog())
    assert codes(found, "dimensions") == ["hs-1", "hs-2"]
    assert codes(found, "areas") == ["hs-1.0", "hs-2.0"]
    assert codes(found) == ["hs-1.1", "hs-1.1.1", "hs-1.2", "hs-2.1"]
    assert found.document["indicators"][0]["intent"] == "Somebody watches from [hour]."
    assert found.document["version"] == "2.0"
    assert any("hs-1.3, hs-1.4" in note for note in found.notes)


def test_controls_without_groups_and_groups_in_groups_find_their_floors() -> None:
    alone = read(catalog(groups=[], controls=[control("c-1", "One", "It is.")]))
    assert (codes(alone, "dimensions"), codes(alone)) == (["ALL"], ["c-1"])
    deep = {"id": "g", "title": "All", "groups": [
        {"id": "g1", "title": "G1", "groups": [
            {"id": "g11", "title": "G11", "controls": [control("x", "X", "X is.")]},
            {"id": "g12", "title": "G12", "controls": []},
        ]},
    ]}  # fmt: skip
    found = read(catalog(groups=[deep]))
    assert (codes(found, "dimensions"), codes(found, "areas")) == (["g1"], ["g11"])
    assert any("stands above everything" in note for note in found.notes)
    assert any("G12" in note for note in found.notes)


def test_a_catalog_that_is_wrong_is_refused_with_json_paths() -> None:
    broken = catalog(groups=[{"id": "g", "title": 7, "controls": ["x", {"title": "no id"}]}, 4], controls={})
    assert [fault.split(":")[0] for fault in faults_of(broken)] == [
        "catalog.groups[0].title",
        "catalog.groups[0].controls[0]",
        "catalog.groups[0].controls[1]",
        "catalog.groups[1]",
        "catalog.controls",
    ]


def test_xml_that_is_no_catalog_or_tries_something_is_refused() -> None:
    assert "not an OSCAL catalog" in faults_of(b"<html/>")[0]
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    assert "document type" in faults_of(bomb)[0]
    assert "line 1 column" in faults_of(b"<catalog")[0]
    empty = b'<catalog xmlns="http://csrc.nist.gov/ns/oscal/1.0"/>'
    assert faults_of(empty)


def test_a_library_brings_floors_scale_weights_groups_and_translations() -> None:
    found = read(yaml.safe_dump(library()).encode())
    document = found.document
    assert found.kind == "library"
    assert codes(found, "areas") == ["A.1", "B.0"]
    assert codes(found) == ["A.1.1", "A.1.2", "B-1-x"]
    first = document["indicators"][0]
    assert (first["name"], first["intent"]) == ("A plan is written.", "About paper.\nA plan is written.")
    assert (first["weight"], first["look_for"]) == (3, ["Ask for the plan.", "The plan."])
    assert [row["name"] for row in document["scale"]["levels"]] == ["Step 1", "Step 2", "Step 3", "Step 4"]
    assert document["version"] == "3.0"
    assert document["source"]["licence"] == "Free to use."
    assert document["profiles"][0] == {
        "id": "b", "name": "Basic", "scope": "organisational",
        "targets": {"default": 0, "indicators": {"A.1.1": 2, "A.1.2": 2}},
    }  # fmt: skip
    french = document["translations"]["fr"]
    assert french["dimensions"]["A"]["name"] == "Pilotage"
    assert french["indicators"]["A.1.1"] == {
        "intent": "Un plan est écrit.",
        "look_for": ["Demander le plan."],
    }
    assert french["scale"][3] == {"name": "Palier 4", "meaning": "Sens 4."}
    assert document["translations"]["de"]["indicators"]["A.1.1"] == {"name": "Plan"}
    said = " ".join(found.notes)
    assert "B 1/x → B-1-x" in said
    assert "1–4 became the levels 0–3" in said
    assert "questions" in said
    assert "threats" in said


def test_a_library_without_a_usable_scale_gets_the_maturity_scale() -> None:
    found = read(library(min_score=0, max_score=100, scores_definition=None))
    assert [row["name"] for row in found.document["scale"]["levels"]][:2] == ["Absent", "Initial"]
    assert any("maturity scale" in note for note in found.notes)


def test_a_library_that_is_wrong_is_refused_with_the_number_of_the_node() -> None:
    nodes = library()["objects"]["framework"]["requirement_nodes"]
    nodes[1]["parent_urn"] = "urn:nowhere"
    nodes[2]["depth"] = "3"
    nodes[3]["weight"] = [1]
    nodes[4]["urn"] = nodes[0]["urn"]
    nodes.append("x")
    places = [fault.split(":")[0] for fault in faults_of(library(requirement_nodes=nodes))]
    start = "objects.framework.requirement_nodes"
    assert {
        f"{start}[1].parent_urn",
        f"{start}[2].depth",
        f"{start}[3].weight",
        f"{start}[4].urn",
        f"{start}[7]",
    } <= set(places)
    assert "holds no framework" in faults_of({"objects": {"framework": None}})[0]
    assert "not a list" in faults_of(library(requirement_nodes={}))[0]


def test_the_template_can_be_imported_as_it_is() -> None:
    found = read(template_workbook())
    assert found.kind == "xlsx"
    assert codes(found) == ["A.1.1"]
    assert set(found.document["indicators"][0]["levels"]) == {"national", "organisational"}
    assert len(found.document["indicators"][0]["look_for"]) == 2


def changed_template(sheet: str, cell: str, value: Any) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(template_workbook()))
    book[sheet][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "words"),
    [
        ("Levels", "C4", "two", "sheet Levels, cell C4: two is not a whole number"),
        ("Levels", "E4", "=1+1", "sheet Levels, cell E4: a formula; type the value"),
        ("Levels", "A4", "Z.9", "sheet Levels, row 4: Z.9 does not stand in its sheet"),
        ("Indicators", "D2", "perhaps", "sheet Indicators, cell D2: perhaps is neither yes nor no"),
        ("Indicators", "B2", None, "sheet Indicators, row 2: area: missing"),
        ("Indicators", "B2", "Q.1", "sheet Indicators, row 2: indicators.A.1.1.area"),
        ("Indicators", "A1", "code", "sheet Indicators, cell A1: “code” is not known here"),
        ("Dimensions", "A2", "bad id!", "sheet Dimensions, row 2: dimensions.bad id!.id"),
        ("Framework", "A3", "versoin", "sheet Framework, cell A3: “versoin” is not known here"),
        ("Framework", "B2", "Not An Id", "sheet Framework, cell B2: id"),
        ("Profiles", "D2", 9, "sheet Profiles, row 2: profiles.baseline.targets"),
    ],
)
def test_each_fault_of_a_workbook_names_its_cell_or_row(
    sheet: str, cell: str, value: Any, words: str
) -> None:
    assert any(fault.startswith(words) for fault in faults_of(changed_template(sheet, cell, value)))


def test_a_number_typed_as_a_version_is_understood() -> None:
    assert read(changed_template("Framework", "B3", 2)).document["version"] == "2.0"
    assert read(changed_template("Framework", "B3", 1.5)).document["version"] == "1.5"


def test_sheets_that_are_missing_or_unknown_are_named() -> None:
    rows = read_workbook(template_workbook(), name="t")
    del rows["Areas"]
    assert faults_of(write_workbook(rows)) == ["sheet Areas: the sheet is missing"]
    rows = read_workbook(template_workbook(), name="t")
    rows["My notes"] = [["x"]]
    assert any("My notes" in note for note in read(write_workbook(rows)).notes)


def test_choices_take_the_place_of_what_the_file_says() -> None:
    found = read(catalog(), scope="both", method="mean-of-means", slug="harbour", version="7.1").document
    assert {row["scope"] for row in found["indicators"]} == {"both"}
    assert (found["method"]["name"], found["id"], found["version"]) == ("mean-of-means", "harbour", "7.1")
    ours = read(small_document(), scope="national")
    assert {row["scope"] for row in ours.document["indicators"]} == {"both"}
    assert any("was not used" in note for note in ours.notes)


def nested_aliases() -> bytes:
    rows = ["a: &a [x, x]"] + [
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]" for n in range(20)
    ]
    return "\n".join(rows).encode()


def zipped_zeros() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("xl/workbook.xml", b"\0" * 100_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (nested_aliases(), "anchors and aliases"),
        (b"a: !!python/object/apply:os.system [id]", "tags"),
        (b"&a [*a]", "anchors"),
        (b"x" * 5_000_001, "larger than 5 MB"),
        (b"", "empty"),
        (b"\xff\xfe{}", "not UTF-8 at byte 0"),
        (b"\xd0\xcf\x11\xe0old", "old Excel"),
        (b"PK\x03\x04", "damaged"),
        (zipped_zeros(), "packed more than 100 to 1"),
        (b"[1, 2]", "not a mapping"),
        (b'{"a": ' * 50 + b"1" + b"}" * 50, "nested deeper"),
    ],
)  # fmt: skip
def test_hostile_files_are_refused_in_words_within_a_second(content: bytes, words: str) -> None:
    assert words in faults_of(content)[0]


def test_fifty_thousand_indicators_are_refused_before_they_are_read() -> None:
    row = small_document()["indicators"][4]
    rows = [{**row, "id": f"X.{number}"} for number in range(20_000)]
    small = [{"id": f"X.{number}"} for number in range(50_000)]
    assert "at most 1000 fit" in faults_of(small_document(indicators=rows))[0]
    assert "at most 1000 indicators fit" in faults_of(small_document(indicators=small))[0]
    for number, words in ((50_000, "more than 30000 ids"), (10_000, "more than 5000 controls")):
        many = [control(f"c-{n}", "C", "") for n in range(number)]
        assert words in faults_of(catalog(groups=[], controls=many))[0]
    node = {"assessable": True, "depth": 1}
    nodes = [{**node, "ref_id": str(number)} for number in range(50_000)]
    assert "more than 5000 requirements" in faults_of(library(requirement_nodes=nodes))[0]


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("<group/>" * 290_000, "more than 5000 controls"),
        ('<control id="c"/>' * 40_000, "more than 5000 controls"),
        ('<control id="c">' + "<param/>" * 70_000 + "</control>", "more than 60000 elements"),
    ],
)  # fmt: skip
def test_a_catalogue_without_end_is_refused_before_its_nodes_are_read(inside: str, words: str) -> None:
    text = f'<catalog xmlns="http://csrc.nist.gov/ns/oscal/1.0">{inside}</catalog>'
    assert words in faults_of(text.encode())[0]


def test_json_of_endless_values_is_refused_before_it_is_read() -> None:
    names = ",".join(f'"k{number}":1' for number in range(250_000))
    for text in (f"{{{names}}}", f'{{"a":[{"1," * 2_000_000}1]}}'):
        assert "more than 200000 values" in faults_of(text.encode())[0]
    groups = catalog(groups=[{"a": 1}] * 50_000, controls=[])
    assert "more than 5000 controls" in faults_of(groups)[0]


def test_parameters_in_parameters_do_not_grow_without_end() -> None:
    params = [{"id": "a", "label": "x" * 1_000_000}, {"id": "b", "label": "{{param,a}}" * 50_000}]
    bomb = control("c-1", "C", "{{param,b}} " * 50_000, params=params)
    content = as_bytes(catalog(groups=[], controls=[bomb]))
    with calls_at_most(300_000), memory_at_most(20_000_000):
        found = read(content)
    assert len(found.document["indicators"][0]["intent"]) <= 2000


def test_the_head_of_a_workbook_names_a_field_once_and_places_count_from_the_start() -> None:
    head: list[list[Cell]] = [["field", "value"], ["id", "a"], ["name", "N"], ["ID", "b"]]
    sheets = {
        "Framework": head,
        "Scale": [["x"]],
        "Dimensions": [["x"]],
        "Areas": [["x"]],
        "Indicators": [["x"]],
    }
    assert any("cell A4: this field appears twice" in fault for fault in faults_of(write_workbook(sheets)))
    book = read_workbook(template_workbook(), name="t") | {
        "Other": [["place", "value"], ["/indicators/-1/name", '"z"']]
    }
    assert any("/indicators/-1/name is no place" in fault for fault in faults_of(write_workbook(book)))


def test_repeated_ids_and_circles_are_refused_by_name() -> None:
    document = small_document()
    document["indicators"].append(dict(document["indicators"][0]))
    assert any("GOV.1.1: this id appears 2 times" in fault for fault in faults_of(document))
    circle = [{"indicator": "GOV.1.2", "requires": "GOV.1.1", "at_level": 2},
              {"indicator": "GOV.1.1", "requires": "GOV.1.2", "at_level": 2}]  # fmt: skip
    assert any("circle" in fault for fault in faults_of(small_document(prerequisites=circle)))


def test_what_is_chosen_by_hand_is_read_as_such_or_refused() -> None:
    assert read(catalog(), kind="oscal-json").kind == "oscal-json"
    for kind in ("xlsx", "oscal-xml", "library", "oscal-json"):
        assert faults_of(small_document(), kind=kind)
    assert json.loads(as_bytes(catalog()))
