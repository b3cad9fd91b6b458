"""Files are judged by their bytes: what is taken, what is refused, and that the reason says why."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import zipfile

import pytest
from PIL import Image

from apps.core import intake
from apps.core.filecheck.archives import MOST_MEMBERS
from apps.core.intake import Verdict, clean_name, inspect
from tests.assessments.samples import (
    DOCX,
    ODS,
    ODT,
    OLE,
    XLSX,
    locked_docx,
    locked_zip,
    packed,
    pdf,
    picture,
    special,
)  # fmt: skip

LIMIT = 10 * 1024 * 1024
PDF, PNG, JPEG = pdf(), picture("PNG"), picture("JPEG")
OOXML = "application/vnd.openxmlformats-officedocument."
REMOTE = (
    b'<Relationships><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    b'attachedTemplate" Target="http://203.0.113.9/t.dotm" TargetMode="External"/></Relationships>'
)
LINK = REMOTE.replace(b"attachedTemplate", b"hyperlink")


def judged(data: bytes, name: str) -> Verdict:
    return inspect(data, name=name, limit=LIMIT)


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (PDF, "decree.pdf", "application/pdf"),
        (PNG, "photo.png", "image/png"),
        (JPEG, "photo.JPG", "image/jpeg"),
        (packed(DOCX), "plan.docx", OOXML + "wordprocessingml.document"),
        (
            packed({**DOCX, "word/_rels/document.xml.rels": LINK}),
            "plan.docx",
            OOXML + "wordprocessingml.document",
        ),
        (packed(XLSX), "list.xlsx", OOXML + "spreadsheetml.sheet"),
        (packed(ODT), "plan.odt", "application/vnd.oasis.opendocument.text"),
        (packed(ODS), "list.ods", "application/vnd.oasis.opendocument.spreadsheet"),
        ("Протокол\nمحضر\n".encode(), "minutes.txt", "text/plain"),
        (b"\xef\xbb\xbfa;b\n1;2\n", "list.csv", "text/csv"),
        (PDF, "no ending", "application/pdf"),
        (
            packed({"a/": b"", "a/minutes.txt": b"x", "b.pdf": PDF, "plan.docx": packed(DOCX)}),
            "all.zip",
            "application/zip",
        ),
        (packed({"inner.zip": packed({"a.txt": b"x"})}), "two.zip", "application/zip"),
    ],
)
def test_a_document_is_taken_for_what_it_is(data: bytes, name: str, kind: str) -> None:
    verdict = judged(data, name)
    assert (verdict.content_type, verdict.reason, verdict.locked) == (kind, "", False)


@pytest.mark.parametrize(
    ("data", "name", "word"),
    [
        (b"", "empty.pdf", "empty"),
        (b"x" * (LIMIT + 1), "long.txt", "at most"),
        (b"MZ\x90\x00" + b"\x00" * 60, "report.pdf", "program"),
        (b"\x7fELF\x02\x01", "photo.png", "program"),
        (b"#!/bin/sh\nrm -r /\n", "notes.txt", "program"),
        (b"L\x00\x00\x00\x01\x14\x02\x00" + b"\x00" * 60, "minutes.lnk", "program"),
        (b"\x00" * 0x8001 + b"CD001" + b"\x00" * 99, "disc.iso", "not taken"),
        (b"[InternetShortcut]\nURL=file://203.0.113.9/x\n", "minutes.url", "Rename"),
        (b"<?xml version='1.0'?><PCSettings/>", "a.settingcontent-ms", "Rename"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>",
            "a.svg",
            "Rename",
        ),
        (b"{\\rtf1 x}", "a.rtf", "not taken"),
        (b"\x1f\x8b" + b"\x00" * 99, "a.gz", "not taken"),
        (PDF, "report.docx", "Rename"),
        (b"<html><script>1</script></html>", "page.html", "Rename"),
        (b"@echo off\r\n", "start.bat", "Rename"),
        (PDF[:20], "cut.pdf", "damaged"),
        (b"%PDF-1.7\nnothing\n%%EOF\n", "hollow.pdf", "damaged"),
        (PNG[:20], "cut.png", "damaged"),
        (PNG[:40] + PNG[-12:], "cut.png", "damaged"),
        (b"\xff\xd8\xff\xe0 and then nothing", "cut.jpg", "damaged"),
        (b"\xff\xd8\xff\xe0" + b"x" * 50 + b"\xff\xd9", "not.jpg", "damaged"),
        (OLE + b"old", "old.doc", "Office"),
        (b"\x00\x01\x02\x03", "data.txt", "characters"),
        (b"caf\xe9", "latin.txt", "not taken"),
        (b"PK\x03\x04 and then nothing", "broken.docx", "damaged"),
        (packed({**DOCX, "word/tool.exe": b"x"}), "plan.docx", "program"),
        (packed({**DOCX, "word/media/image1.png": b"MZ\x90\x00"}), "plan.docx", "program"),
        (packed({**DOCX, "word/embeddings/oleObject1.bin": OLE}), "p.docx", "embedded"),
        (packed({**DOCX, "word/vbaProject.bin": b"x"}), "plan.docx", "macros"),
        (
            packed(
                {
                    **DOCX,
                    "[Content_Types].xml": b"<T>application/vnd.ms-word.document.macroEnabled.main+xml</T>",
                }
            ),
            "a.docx",
            "macros",
        ),
        (packed({**DOCX, "word/_rels/settings.xml.rels": REMOTE}), "plan.docx", "elsewhere"),
        (
            packed(
                {**XLSX, "xl/sharedStrings.xml": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a/>"}
            ),
            "a.xlsx",
            "elsewhere",
        ),
        (packed({**DOCX, "../../etc/passwd": b"x"}), "plan.docx", "outside"),
        (packed({**ODT, "Basic/Standard/Module1.xml": b"x"}), "plan.odt", "macros"),
        (packed({**DOCX, "word/big.xml": b"0" * 8_000_000}), "plan.docx", "unpack"),
        (packed(DOCX | {f"word/p{n}.xml": b"" for n in range(MOST_MEMBERS)}), "plan.docx", "parts"),
        (packed({"mimetype": b"application/epub+zip", "content.xml": b""}), "book.odt", "Packages"),
        (packed({"[Content_Types].xml": b"<Types/>", "ppt/presentation.xml": b""}), "a.pptx", "Packages"),
    ],
)
def test_anything_else_is_refused_in_words(data: bytes, name: str, word: str) -> None:
    verdict = judged(data, name)
    assert not verdict.accepted
    assert word in verdict.reason


# --- PDF (C3) -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        pdf(script=True),
        pdf(launch=True),
        pdf(attachment=True),
        pdf(script=True).replace(b"/JavaScript", b"/J#61vaScript"),
        PDF.replace(b"%%EOF", b"99 0 obj\n<</S/Launch/F(cmd.exe)>>\nendobj\n%%EOF"),
        packed({"a.pdf": pdf(script=True)}),
    ],
)
def test_a_pdf_that_acts_is_refused(data: bytes) -> None:
    assert "scripts" in judged(data, "").reason


def test_documents_with_a_password_cannot_be_scanned_and_are_told_apart() -> None:
    locked = ODT | {"META-INF/manifest.xml": b"<manifest:encryption-data/>"}
    for data, name in (
        (pdf(password="x"), "a.pdf"), (locked_zip(), "a.zip"), (locked_docx(), "a.docx"), (locked_docx(), "a.xlsx"),
        (packed(locked), "a.odt"), (packed({"a.pdf": pdf(password="x")}), "b.zip"),
    ):  # fmt: skip
        verdict = judged(data, name)
        assert verdict.accepted and verdict.locked, name


# --- packages (C8, C9) ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (packed({"../x.txt": b"x"}), "outside"),
        (packed({"/x.txt": b"x"}), "outside"),
        (packed({"C:\\x.txt": b"x"}), "outside"),
        (packed({"a\\..\\b.txt": b"x"}), "outside"),
        (packed({"a/\u202etxt.exe.pdf": b"x"}), "outside"),
        (packed({"n" * 300 + ".txt": b"x"}), "outside"),
        (special("a.txt", 0o120777), "links"),
        (special("a.txt", 0o020666), "links"),
        (special("a.txt", 0o060666), "links"),
        (packed({"a.txt": b"x", "A.TXT": b"y"}), "capital"),
        (packed({"é.txt": b"x", "e\u0301.txt": b"y"}), "capital"),
        (packed({"a.txt": b"x", "run.exe": b"y"}), "program"),
        (packed({"a.txt": b"MZ\x90\x00"}), "program"),
        (packed({"a.svg": b"<svg/>"}), "Rename"),
        (packed({"a.pdf": b"text"}), "Rename"),
        (packed({"a.doc": OLE + b"old"}), "Office"),
        (packed({"a.zip": packed({"b.zip": packed({"c.txt": b"x"})})}), "packages inside"),
        (packed({f"{n}.txt": b"" for n in range(MOST_MEMBERS + 1)}), "parts"),
        (packed({f"{n}.zip": packed({f"{m}.txt": b"" for m in range(60)}) for n in range(20)}), "parts"),
    ],
)
def test_one_fault_inside_refuses_the_whole_archive(data: bytes, word: str) -> None:
    verdict = judged(data, "bundle.zip")
    assert not verdict.accepted and word in verdict.reason


def test_the_same_name_twice_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("a.txt", b"one")
        archive.writestr("a.txt", b"two")
    assert "capital" in judged(out.getvalue(), "a.zip").reason


def test_a_bomb_is_refused_and_costs_this_process_nothing() -> None:
    bombs = [packed({"zeros.txt": b"0" * 200 * 1024 * 1024})]
    assert len(bombs[0]) < 300_000
    sheet = b"<worksheet><dimension ref='A1:XFD1048576'/></worksheet>"
    packed_sheet = packed({**XLSX, "xl/worksheets/sheet1.xml": sheet})
    deep = packed({"a.txt": b"x"})
    for _ in range(42):
        deep = packed({"a.zip": deep})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for data in (*bombs, deep):
        assert not judged(data, "bomb.zip").accepted
    assert judged(packed_sheet, "wide.xlsx").accepted  # it is kept, never opened here
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


def test_a_package_that_holds_more_than_it_says_is_refused() -> None:
    data = packed({**DOCX, "word/a.xml": b"a" * 5000})
    honest = (5000).to_bytes(4, "little")
    assert data.count(honest) >= 2
    assert not judged(data.replace(honest, (50).to_bytes(4, "little")), "plan.docx").accepted


@pytest.mark.parametrize("cut", range(0, 200, 14))
def test_no_broken_package_ends_in_a_fault(cut: int) -> None:
    data = packed(DOCX)
    verdict = judged(data[:cut] + data[cut + 5 :], "plan.docx")
    assert verdict.accepted or verdict.reason


# --- pictures -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_pictures_are_drawn_anew_without_what_hides_behind_the_pixels(kind: str) -> None:
    sent = picture(kind, secret="taken in the minister's office")
    assert b"minister" in sent
    verdict = judged(sent + (b"" if kind == "PNG" else b"PK\x03\x04 hidden archive \xff\xd9"), "photo")
    assert verdict.accepted and verdict.content is not None
    verdict.content.seek(0)
    kept = verdict.content.read()
    assert b"minister" not in kept and b"hidden archive" not in kept and len(kept) == verdict.size
    again = Image.open(io.BytesIO(kept))
    assert again.format == kind and again.size == (12, 8) and not dict(again.getexif())


def test_a_picture_of_more_than_forty_million_pixels_is_not_drawn() -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    assert "million pixels" in judged(out.getvalue(), "huge.png").reason


# --- names (C11) ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\minutes.txt", "minutes.txt"),
        ("a" * 300 + ".txt", "a" * 108 + ".txt"),
        ("\u202etxt.exe", "txt.exe"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
        ("\"; filename*=UTF-8''x", "\"; filename*=UTF-8''x"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("", ""),
        ("...", ""),
        ("🎉.txt", "🎉.txt"),
        ("محضر.pdf", "محضر.pdf"),
    ],
)
def test_names_are_shown_without_tricks(name: str, shown: str) -> None:
    assert clean_name(name) == shown


# --- the process apart ----------------------------------------------------------------------------


def in_child(body: str) -> str:
    """What a fresh process prints that limits itself as the judge does and then runs `body`."""
    code = f"import sys; from apps.core.filecheck.__main__ import limit; limit()\n{body}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_the_judge_cannot_take_the_memory_of_the_machine() -> None:
    assert "MemoryError" in in_child("bytearray(2 * 1024**3)")
    assert "too large" in in_child(
        "import signal, tempfile; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); f = tempfile.TemporaryFile(); f.truncate(300 * 1024**2)"
    )


def test_a_judge_that_takes_too_long_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "PATIENCE_SECONDS", 0.001)
    assert "took too long" in judged(PDF, "a.pdf").reason


def test_a_judge_that_dies_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake.sys, "executable", "/bin/false")
    assert "could not be checked" in judged(packed(DOCX), "a.docx").reason
