"""Files are judged by their bytes: what is taken, what is refused, and that the reason says why."""

from __future__ import annotations

import io
import zipfile

import pytest

from apps.assessments.services.intake import MOST_MEMBERS, inspect

LIMIT = 10 * 1024 * 1024
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20 + b"\x00\x00\x00\x00IEND\xaeB`\x82"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"
DOCX = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}
XLSX = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
ODT = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<office/>"}
ODS = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<office/>"}


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A package of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (PDF, "decree.pdf", "application/pdf"),
        (PNG, "photo.png", "image/png"),
        (b"\xff\xd8\xff\xe0" + b"x" * 50 + b"\xff\xd9", "photo.JPG", "image/jpeg"),
        (
            packed(DOCX),
            "plan.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (packed(XLSX), "list.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (packed(ODT), "plan.odt", "application/vnd.oasis.opendocument.text"),
        (packed(ODS), "list.ods", "application/vnd.oasis.opendocument.spreadsheet"),
        ("Протокол\nمحضر\n".encode(), "minutes.txt", "text/plain"),
        (b"\xef\xbb\xbfa;b\n1;2\n", "list.csv", "text/csv"),
        (PDF, "no ending", "application/pdf"),
    ],
)
def test_a_document_is_taken_for_what_it_is(data: bytes, name: str, kind: str) -> None:
    verdict = inspect(data, name=name, limit=LIMIT)
    assert (verdict.content_type, verdict.reason) == (kind, "")


@pytest.mark.parametrize(
    ("data", "name", "word"),
    [
        (b"", "empty.pdf", "empty"),
        (b"x" * (LIMIT + 1), "long.txt", "at most"),
        (b"MZ\x90\x00" + b"\x00" * 60, "report.pdf", "program"),
        (b"\x7fELF\x02\x01", "photo.png", "program"),
        (b"#!/bin/sh\nrm -r /\n", "notes.txt", "program"),
        (PDF, "report.docx", "Rename"),
        (b"<html><script>1</script></html>", "page.html", "Rename"),
        (b"@echo off\r\n", "start.bat", "Rename"),
        (PDF[:20], "cut.pdf", "damaged"),
        (PNG[:20], "cut.png", "damaged"),
        (b"\xff\xd8\xff\xe0 and then nothing", "cut.jpg", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "old.doc", "Office"),
        (b"\x00\x01\x02\x03", "data.txt", "characters"),
        (b"caf\xe9", "latin.txt", "not taken"),
        (b"PK\x03\x04 and then nothing", "broken.docx", "damaged"),
        (packed({"a.txt": b"x"}), "bundle.zip", "Packages"),
        (packed({**DOCX, "word/tool.exe": b"x"}), "plan.docx", "program"),
        (packed({**DOCX, "word/media/image1.png": b"MZ\x90\x00"}), "plan.docx", "program"),
        (
            packed({**DOCX, "word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}),
            "p.docx",
            "embedded",
        ),
        (packed({**DOCX, "word/vbaProject.bin": b"x"}), "plan.docx", "macros"),
        (packed({**DOCX, "../../etc/passwd": b"x"}), "plan.docx", "outside"),
        (packed({**ODT, "Basic/Standard/Module1.xml": b"x"}), "plan.odt", "macros"),
        (packed({**DOCX, "word/big.xml": b"0" * 8_000_000}), "plan.docx", "unpack"),
        (packed(DOCX | {f"word/p{n}.xml": b"" for n in range(MOST_MEMBERS)}), "plan.docx", "parts"),
        (packed({"mimetype": b"application/epub+zip", "content.xml": b""}), "book.odt", "Packages"),
    ],
)
def test_anything_else_is_refused_in_words(data: bytes, name: str, word: str) -> None:
    verdict = inspect(data, name=name, limit=LIMIT)
    assert not verdict.accepted
    assert word in verdict.reason


def test_a_package_that_lies_about_its_sizes_is_refused() -> None:
    data = packed({**DOCX, "word/a.xml": b"a" * 5000})
    honest = (5000).to_bytes(4, "little")
    assert data.count(honest) >= 2
    verdict = inspect(data.replace(honest, (50).to_bytes(4, "little")), name="plan.docx", limit=LIMIT)
    assert not verdict.accepted


def test_a_package_with_a_password_is_refused() -> None:
    data = bytearray(packed(DOCX))
    central = data.index(b"PK\x01\x02")
    data[central + 8] |= 1
    assert "password" in inspect(bytes(data), name="plan.docx", limit=LIMIT).reason


@pytest.mark.parametrize("cut", range(0, 200, 7))
def test_no_broken_package_ends_in_a_fault(cut: int) -> None:
    data = packed(DOCX)
    assert not inspect(data[:cut] + data[cut + 5 :], name="plan.docx", limit=LIMIT).reason.startswith(
        "Traceback"
    )
