"""The allow-list: which kinds are taken, how their bytes begin and end, and which endings fit them."""

from __future__ import annotations

import codecs
import os
import re
import unicodedata
from typing import IO

from apps.core.filecheck.faults import Fault, Found

ODF = "application/vnd.oasis.opendocument."
OOXML = "application/vnd.openxmlformats-officedocument."
ODT, ODS = ODF + "text", ODF + "spreadsheet"
DOCX, XLSX = OOXML + "wordprocessingml.document", OOXML + "spreadsheetml.sheet"
PDF, PNG, JPEG, ZIP = "application/pdf", "image/png", "image/jpeg", "application/zip"
TEXT, CSV = "text/plain", "text/csv"
EXTENSIONS = {
    PDF: ("pdf",),
    PNG: ("png",),
    JPEG: ("jpg", "jpeg", "jpe"),
    ODT: ("odt",),
    ODS: ("ods",),
    DOCX: ("docx",),
    XLSX: ("xlsx",),
    ZIP: ("zip",),
    CSV: ("csv",),
    TEXT: ("txt", "text", "log", "md"),
}
PACKAGES = (ODT, ODS, DOCX, XLSX, ZIP)
PROGRAMS = (
    b"MZ", b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe", b"#!", b"dex\n", b"L\x00\x00\x00\x01\x14\x02\x00", b"\x00asm",
)  # fmt: skip
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHERS = (
    b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"BZh", b"MSCF", b"{\\rtf", b"II*\x00", b"MM\x00*", b"GIF8", b"RIFF",
)  # fmt: skip
PROGRAM_NAMES = re.compile(
    r"\.(exe|dll|com|scr|pif|msi|msp|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|jar|lnk|url|sh|py|apk|app|reg|so|dylib|iso|img"
    r"|vhdx?|cpl|chm|one|xll|sys|settingcontent-ms|library-ms|search-ms|appref-ms|scf|inf)$",
    re.IGNORECASE,
)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
DECEIVING = re.compile("[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$", re.IGNORECASE)
CHUNK = 256 * 1024
LONGEST_NAME = 120


def clean_name(name: str) -> str:
    """The last part of a name without characters that hide what it is; "" when nothing is left."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = DECEIVING.sub("", last).strip().strip(".").strip()
    if len(shown) > LONGEST_NAME:
        stem, dot, ending = shown.rpartition(".")
        shown = f"{stem[: LONGEST_NAME - 12]}.{ending[:10]}" if dot else shown[:LONGEST_NAME]
    return f"_{shown}" if RESERVED.fullmatch(shown) else shown


def identify(source: IO[bytes], size: int, name: str) -> Found:
    """The kind of a file by its bytes alone. Raises `Fault`. `name` only tells CSV from other text."""
    source.seek(0)
    head = source.read(64)
    if not size:
        raise Fault("empty")
    if head.startswith(PROGRAMS):
        raise Fault("program")
    if head.startswith(b"%PDF-"):
        return _ends(source, size, b"%%EOF", 2048, Found(PDF), "PDF")
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _ends(source, size, b"IEND\xaeB`\x82", 64, Found(PNG), "PNG")
    if head.startswith(b"\xff\xd8\xff"):
        return _ends(source, size, b"\xff\xd9", 65536, Found(JPEG), "JPEG")
    if head.startswith(b"PK\x03\x04"):
        return Found(ZIP)
    if head.startswith(OLE):
        return _old_office(source, name)
    if head.startswith(OTHERS) or _is_disc(source):
        raise Fault("not_taken")
    return _text(source, name)


def _ends(source: IO[bytes], size: int, end: bytes, within: int, found: Found, kind: str) -> Found:
    source.seek(max(0, size - within))
    if end not in source.read(within):
        raise Fault("damaged", kind=kind)
    return found


def _is_disc(source: IO[bytes]) -> bool:
    source.seek(0x8001)
    return source.read(5) == b"CD001"


def _old_office(source: IO[bytes], name: str) -> Found:
    """Old Office files may hold macros; a locked new one lies in the same kind of box and is told by its parts."""
    source.seek(0)
    wanted, kept = "EncryptedPackage".encode("utf-16-le"), b""
    while chunk := source.read(CHUNK):
        if wanted in kept + chunk:
            return Found(XLSX if ending_of(name) == "xlsx" else DOCX, locked=True)
        kept = chunk[-64:]
    raise Fault("old_office")


def _text(source: IO[bytes], name: str) -> Found:
    source.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        while chunk := source.read(CHUNK):
            if CONTROL.search(decoder.decode(chunk)):
                raise Fault("not_text")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as fault:
        raise Fault("not_taken") from fault
    return Found(CSV if ending_of(name) == "csv" else TEXT)


def ending_of(name: str) -> str:
    """The ending of a name in lower case, or ""."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def check_ending(content_type: str, name: str) -> None:
    """Raise `Fault` for a name that promises something else: nobody should be surprised on opening it."""
    ending = ending_of(name)
    if ending and ending not in EXTENSIONS[content_type]:
        raise Fault("ending", ending=f".{ending}"[:20], fits=f".{EXTENSIONS[content_type][0]}")


def size_of(source: IO[bytes]) -> int:
    """Length in bytes; the place of reading is at the end afterwards."""
    return source.seek(0, os.SEEK_END)
