"""Workbooks and CSV: exact values in and out, and every hostile file refused in words, at once."""

from __future__ import annotations

import io
import resource
import time
import zipfile
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest

from apps.core.archives import open_archive
from apps.core.errors import Refused
from apps.core.workbooks import (
    Cell,
    Look,
    WorkbookFaults,
    read_csv,
    read_workbook,
    write_csv,
    write_workbook,
)
from apps.core.xml import read_xml
from tests.effort import calls_at_most

TRICKY = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\n=1",
    "\r=1",
    "|calc",
    "%0",
    "＝1",
    " =1",
    "'=1",
    '"=1',
    "\ufeff=1",
    "_x000D_",
    "-",
    "مرحبا",
    "a\r\nb",
    "#REF!",
    "TRUE",
    "1.10",
    " both ends ",
]


def book_of(*, sheet: str, extra: dict[str, str] | None = None, name: str = "S") -> bytes:
    """A workbook whose one sheet is the given XML inside `<worksheet>`."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook {space} xmlns:r="{links}"><sheets><sheet name="{name}" r:id="a"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<R><Relationship Id="a" Type="{links}/worksheet" Target="worksheets/s.xml"/></R>',
        "xl/worksheets/s.xml": f"<worksheet {space}>{sheet}</worksheet>",
        **(extra or {}),
    }
    return zipped(parts)


def zipped(parts: dict[str, str] | list[tuple[str, str]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, text in parts.items() if isinstance(parts, dict) else parts:
            archive.writestr(member, text)
    return out.getvalue()


def refusal(content: bytes, *, calls: int = 3_000_000) -> str:
    with calls_at_most(calls), pytest.raises(Refused) as caught:
        read_workbook(content, name="book.xlsx")
    return caught.value.message


def test_a_workbook_comes_back_as_it_was_written() -> None:
    rows: list[list[Cell]] = [
        ["text", "number", "day"],
        ["a\nb", 3, date(2026, 2, 28)],
        [None, Decimal("89.17"), True],
        [],
        ["end", -7],
    ]
    assert read_workbook(write_workbook({"One": rows, "Two": [["x"]]}), name="b") == {
        "One": rows,
        "Two": [["x"]],
    }


def test_text_is_never_a_formula_in_a_workbook() -> None:
    content = write_workbook({"S": [["heading"], *[[text] for text in TRICKY]]})
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert {cell.data_type for cell in sheet["A"]} <= {"s", "inlineStr"}
    assert [row[0] for row in read_workbook(content, name="b")["S"]][1:] == TRICKY


def test_characters_a_workbook_cannot_hold_are_left_out() -> None:
    content = write_workbook({"S": [["a\x00b\x0bc\ufffe"], ["x" * 40_000]]})
    rows = read_workbook(content, name="b")["S"]
    assert rows[0] == ["abc"]
    assert len(str(rows[1][0])) == 32_767


def test_the_same_rows_make_the_same_bytes() -> None:
    first = write_workbook({"S": [["a", 1]]}, choices={"S": {0: ["a", "b"]}})
    time.sleep(1.1)
    assert write_workbook({"S": [["a", 1]]}, choices={"S": {0: ["a", "b"]}}) == first


def test_drop_downs_stand_on_a_hidden_sheet_that_is_not_read_back() -> None:
    content = write_workbook({"S": [["scope"], ["both"]]}, choices={"S": {0: ["national", "both"]}})
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book["Lists"].sheet_state == "hidden"
    assert book["S"].data_validations.dataValidation[0].formula1 == "'Lists'!$A$2:$A$3"
    assert book["S"].freeze_panes == "A2"
    assert list(read_workbook(content, name="b")) == ["S"]


def test_numbers_are_read_without_the_noise_of_binary_fractions() -> None:
    cells = ["0.30000000000000004", "89.170000000000002", "1.5", "2.0", "-3", "1E-3", "12345678901234567"]
    row = "".join(f"<c><v>{value}</v></c>" for value in cells)
    read = read_workbook(book_of(sheet=f"<sheetData><row>{row}</row></sheetData>"), name="b")["S"][0]
    assert read == [
        Decimal("0.3"),
        Decimal("89.17"),
        Decimal("1.5"),
        2,
        -3,
        Decimal("0.001"),
        12345678901234567,
    ]


def test_a_workbook_made_by_others_is_read() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["when", datetime(2026, 5, 1, 13, 30), 0.1 + 0.2, False])
    sheet["C5"] = "far"
    out = io.BytesIO()
    book.save(out)
    assert read_workbook(out.getvalue(), name="b") == {
        "Sheet": [["when", date(2026, 5, 1), Decimal("0.3"), False], [], [], [], [None, None, "far"]]
    }


def test_formulas_and_errors_are_named_by_their_cells() -> None:
    sheet = (
        '<sheetData><row r="7"><c r="C7"><f>SUM(A1)</f><v>3</v></c><c r="D7" t="e"><v>#REF!</v></c>'
        '<c r="E7" t="s"><v>9</v></c><c r="F7"><v>1E+99</v></c></row></sheetData>'
    )
    with pytest.raises(WorkbookFaults) as caught:
        read_workbook(book_of(sheet=sheet, name="Levels"), name="b")
    assert caught.value.faults[0] == "sheet Levels, cell C7: a formula; type the value"
    assert [fault.split(":")[0][-2:] for fault in caught.value.faults] == ["C7", "D7", "E7", "F7"]


def test_a_sheet_that_declares_a_billion_cells_is_refused_at_once() -> None:
    assert "100000 rows" in refusal(book_of(sheet='<dimension ref="A1:XFD1048576"/><sheetData/>'))
    assert "100000 rows" in refusal(
        book_of(sheet='<sheetData><row r="1048576"><c><v>1</v></c></row></sheetData>')
    )
    assert "500 columns" in refusal(
        book_of(sheet='<sheetData><row><c r="XFD1"><v>1</v></c></row></sheetData>')
    )


def test_a_workbook_of_zeros_is_refused_before_it_is_unpacked() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    zeros = "\0" * 100_000_000
    content = zipped({"[Content_Types].xml": "", "xl/workbook.xml": zeros})
    del zeros
    assert len(content) < 5_000_000
    assert "to 1" in refusal(content)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000


def test_a_member_that_holds_more_than_it_declares_is_refused() -> None:
    content = bytearray(book_of(sheet="<sheetData>" + "<row/>" * 5000 + "</sheetData>"))
    place = content.rfind(b"xl/worksheets/s.xml") - 46
    content[place + 24 : place + 28] = (500).to_bytes(4, "little")
    assert refusal(bytes(content))


def test_a_bomb_of_shared_texts_is_refused() -> None:
    texts = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{"y" * 900_000}</t></si></sst>'
    row = "<row>{}</row>".format('<c t="s"><v>0</v></c>' * 400)
    content = book_of(sheet=f"<sheetData>{row * 20}</sheetData>", extra={"xl/sharedStrings.xml": texts})
    assert refusal(content)
    many = (
        f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{"<si/>" * 7_000_000}</sst>'
    )
    assert refusal(book_of(sheet="<sheetData/>", extra={"xl/sharedStrings.xml": many}))


def test_entities_and_document_types_are_refused() -> None:
    for prolog in ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>', "<!DOCTYPE a>"):
        with pytest.raises(Refused, match="line 1: a document type"):
            read_xml(f"{prolog}<a/>".encode(), name="x.xml")
        assert "document type" in refusal(
            book_of(sheet="<sheetData/>", extra={"xl/sharedStrings.xml": f"{prolog}<sst/>"})
        )


def test_xml_in_disguise_too_deep_or_broken_is_refused_with_its_place() -> None:
    cases = {
        '<?xml version="1.0" encoding="UTF-7"?><a/>': "not written in UTF-8",
        "<a>" * 150 + "</a>" * 150: "deeper than 100",
        "<a>\n<b></a>": "line 2 column",
        "<a>" + "<b/>" * 300_001 + "</a>": "more than 300000 elements",
    }
    for text, words in cases.items():
        with pytest.raises(Refused, match=words):
            read_xml(text.encode(), name="x.xml")
    with pytest.raises(Refused, match="UTF-8"):
        read_xml("<a/>".encode("utf-16"), name="x.xml")
    with pytest.raises(Refused, match="larger than 5 MB"):
        read_xml(b" " * 5_000_001, name="x.xml")


@pytest.mark.parametrize(
    "member",
    ["../x", "/x", "C:\\x", "a\\..\\b", "a/./b", "x\u202exslx", "n" * 300, "a/b.zip", "xl/embeddings/c.xlsx"],
)
def test_names_that_leave_the_archive_or_deceive_are_refused(member: str) -> None:
    assert refusal(zipped({"[Content_Types].xml": "", "xl/workbook.xml": "", member: "x"}))


def test_other_broken_archives_are_refused() -> None:
    assert "twice" in refusal(zipped([("A", "1"), ("a", "2")]))
    assert "more than 1000" in refusal(zipped({str(number): "" for number in range(1001)}))
    assert "damaged" in refusal(b"PK\x03\x04 not really")
    assert "damaged" in refusal(b"")
    assert "larger than 5 MB" in refusal(b"x" * 5_000_001)
    assert "not an XLSX" in refusal(zipped({"a.txt": "x"}))
    assert "macros" in refusal(book_of(sheet="<sheetData/>", extra={"xl/vbaProject.bin": "x"}))
    assert "workbook" in refusal(zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<html/>"}))
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "link" in refusal(out.getvalue())
    locked = bytearray(zipped({"a": "x"}))
    locked[locked.rfind(b"PK\x01\x02") + 8] |= 1
    assert "password" in refusal(bytes(locked))


def test_a_damaged_member_is_refused() -> None:
    content = bytearray(zipped({"a": "hello world, this is some text" * 10}))
    content[40] ^= 0xFF
    with pytest.raises(Refused, match="damaged"):
        open_archive(bytes(content), name="z").read("a")


def test_rows_and_cells_with_wrong_addresses_are_refused() -> None:
    for sheet in (
        '<row r="2"/><row r="2"/>',
        '<row r="x"/>',
        '<row r="1"><c r="B1"/><c r="A1"/></row>',
        '<row r="1"><c r="A2"/></row>',
    ):
        assert "wrong" in refusal(book_of(sheet=f"<sheetData>{sheet}</sheetData>"))


def test_more_cells_than_allowed_are_refused_in_time() -> None:
    rows = "".join(f'<row r="{row}">{"<c/>" * 450}<c><v>{row * 7919}</v></c></row>' for row in range(1, 901))
    stored = io.BytesIO(book_of(sheet=f"<sheetData>{rows}</sheetData>"))
    plain = io.BytesIO()
    with zipfile.ZipFile(stored) as packed, zipfile.ZipFile(plain, "w") as archive:
        for member in packed.namelist():
            archive.writestr(member, packed.read(member))
    assert "300000 cells" in refusal(plain.getvalue())


def test_rubbish_between_the_cells_is_refused_before_it_fills_the_memory() -> None:
    rubbish = "".join(f'<z a="{number * 7919 % 100_000}"/>' for number in range(1_500_000))
    cells = rubbish.replace("<z", "<c")
    assert "200000 elements" in refusal(book_of(sheet=rubbish))
    assert "300000 cells" in refusal(book_of(sheet=f"<sheetData><row>{cells}</row></sheetData>"))


def test_more_rows_than_the_reader_asked_for_are_refused_before_they_are_read() -> None:
    rows = "".join(f"<row><c><v>{number}</v></c></row>" for number in range(1, 12))
    content = book_of(sheet=f"<sheetData>{rows}</sheetData>")
    assert len(read_workbook(content, name="b", most_rows=11)["S"]) == 11
    with pytest.raises(Refused, match="more than 10 rows"):
        read_workbook(content, name="b", most_rows=10)


@pytest.mark.parametrize(
    "cell", ['<c t="inlineStr"><is><t>a_xD800_b</t></is></c>', '<c t="str"><v>_xDFFF_</v></c>']
)
def test_an_escape_that_is_half_a_character_is_refused(cell: str) -> None:
    sheet = f"<sheetData><row>{cell}</row></sheetData>"
    assert "_xD800_ is not a whole character" in refusal(book_of(sheet=sheet))


def test_csv_comes_back_as_it_was_and_is_safe_in_a_spreadsheet() -> None:
    heading: list[Cell] = ["heading", -5, Decimal("-1.50"), None, True]
    text = write_csv([heading, *[[text, 1] for text in TRICKY]])
    lines = text.split("\r\n")
    assert lines[0] == "heading,-5,-1.50,,true"
    assert lines[1] == "'=1+1,1"
    rows = read_csv(text.encode(), name="a.csv")
    assert [row[0] for row in rows[1:]] == TRICKY


def test_csv_of_other_makers_is_read() -> None:
    assert read_csv('\ufeffa;"b;c"\n1,5;\n;\n'.encode(), name="a.csv") == [["a", "b;c"], ["1,5", None]]
    assert read_csv(b"a\tb\r\n1\t2", name="a.csv") == [["a", "b"], ["1", "2"]]


def test_broken_csv_is_refused_in_words() -> None:
    for content, words in (
        (b'a,"b', "not valid CSV"),
        (b"a\0b", "NUL"),
        (b"\xff\xfe", "not UTF-8 at byte 0"),
        (b"a," * 501, "500 columns"),
        (b"a\n" * 100_001, "100000 rows"),
        (b"x" * 5_000_001, "larger than 5 MB"),
        (b"x" * 200_000, "not valid CSV"),
    ):
        with pytest.raises(Refused, match=words):
            read_csv(content, name="a.csv")


def test_a_sheet_to_fill_in_takes_input_in_its_fields_only() -> None:
    look = Look(
        widths={1: 40},
        headings=(0, 1),
        top=2,
        side=1,
        fields=[(row, column) for row in (2, 3) for column in (1, 2, 3)],
        lists={(2, 1): ["yes", "no"], (3, 1): ["yes", "no"]},
        days=(2,),
        limits={3: 10},
        hidden_rows=(0,),
        hidden_columns=(0,),
        right_to_left=True,
    )
    rows: list[list[Cell]] = [
        ["key", "answer", "day"],
        ["key", "جواب", "يوم"],
        ["a", "yes", date(2026, 5, 1)],
    ]
    content = write_workbook({"S": rows, "Data": [["x"]]}, looks={"S": look, "Data": Look(hidden=True)})
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["S"]
    assert sheet.protection.sheet and book.security.lockStructure and not sheet.protection.password
    open_cells = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert open_cells == {"B3", "C3", "D3", "B4", "C4", "D4"}
    assert sheet.sheet_view.rightToLeft and sheet.freeze_panes == "B3"
    assert sheet.row_dimensions[1].hidden and sheet.column_dimensions["A"].hidden
    assert sheet.column_dimensions["B"].width == 40 and book["Data"].sheet_state == "hidden"
    rules = {str(rule.sqref): rule.type for rule in sheet.data_validations.dataValidation}
    assert {frozenset(where.split()): kind for where, kind in rules.items()} == {
        frozenset({"B3", "B4"}): "list",
        frozenset({"C3:C4"}): "date",
        frozenset({"D3:D4"}): "textLength",
    }
    assert read_workbook(content, name="b") == {"S": rows, "Data": [["x"]]}
    time.sleep(1.1)
    assert (
        write_workbook({"S": rows, "Data": [["x"]]}, looks={"S": look, "Data": Look(hidden=True)}) == content
    )
