"""What may be taken in as an evidence file: judged by its bytes, never by its name. Plain functions."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

MOST_MEMBERS = 1000
MOST_RATIO = 100
MOST_UNPACKED = 200 * 1024 * 1024
CHUNK = 256 * 1024

PROGRAMS = (
    b"MZ", b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe", b"#!", b"dex\n", b"L\x00\x00\x00\x01\x14\x02\x00", b"\x00asm",
)  # fmt: skip
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PROGRAM_NAMES = re.compile(
    r"\.(exe|dll|com|scr|msi|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|jar|lnk|sh|py|apk|app|reg|so|dylib)$",
    re.IGNORECASE,
)
ODF = "application/vnd.oasis.opendocument."
OOXML = "application/vnd.openxmlformats-officedocument."
ODT, ODS = ODF + "text", ODF + "spreadsheet"
DOCX, XLSX = OOXML + "wordprocessingml.document", OOXML + "spreadsheetml.sheet"
EXTENSIONS = {
    "application/pdf": ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg", "jpe"),
    ODT: ("odt",),
    ODS: ("ods",),
    DOCX: ("docx",),
    XLSX: ("xlsx",),
    "text/csv": ("csv",),
    "text/plain": ("txt", "text", "log", "md"),
}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`content_type` of an accepted file; `reason` in words for a refused one."""

    content_type: str = ""
    reason: str = ""

    @property
    def accepted(self) -> bool:
        return bool(self.content_type)

    @property
    def extension(self) -> str:
        """The ending that fits the content."""
        return EXTENSIONS[self.content_type][0]


def refused(reason: str) -> Verdict:
    """A verdict against."""
    return Verdict(reason=str(reason))


def inspect(data: bytes, *, name: str, limit: int) -> Verdict:
    """Judge a file of at most `limit` bytes. `name` is only asked whether it fits what the bytes are."""
    if not data:
        return refused(_("The file is empty."))
    if len(data) > limit:
        values = {"size": filesizeformat(len(data)), "limit": filesizeformat(limit)}
        return refused(_("The file has %(size)s; at most %(limit)s can be kept.") % values)
    if data.startswith(PROGRAMS):
        return refused(_("This is a program, whatever its name says. Programs are not evidence."))
    verdict = _by_content(data, name)
    return _fits_name(verdict, name) if verdict.accepted else verdict


def _by_content(data: bytes, name: str) -> Verdict:
    if data.startswith(b"%PDF-"):
        return Verdict("application/pdf") if b"%%EOF" in data[-2048:] else _broken("PDF")
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Verdict("image/png") if data.endswith(b"IEND\xaeB`\x82") else _broken("PNG")
    if data.startswith(b"\xff\xd8\xff"):
        return Verdict("image/jpeg") if b"\xff\xd9" in data[-65536:] else _broken("JPEG")
    if data.startswith(b"PK\x03\x04"):
        return _inspect_zip(data)
    if data.startswith(OLE):
        return refused(_("Old Office files may hold programs. Save it as DOCX, XLSX, ODT, ODS or PDF."))
    return _inspect_text(data, name)


def _broken(kind: str) -> Verdict:
    return refused(_("The file begins like a %(kind)s but is damaged or cut off.") % {"kind": kind})


def _fits_name(verdict: Verdict, name: str) -> Verdict:
    """A name that promises something else is refused: nobody should be surprised on opening it."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if not ending or ending in EXTENSIONS[verdict.content_type]:
        return verdict
    values = {"ending": f".{ending}"[:20], "fits": f".{verdict.extension}"}
    return refused(
        _("The name ends in %(ending)s but the content is that of a %(fits)s file. Rename it.") % values
    )


def _inspect_zip(data: bytes) -> Verdict:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _listing(archive, len(data)) or _contents(archive) or _office_kind(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
        KeyError,
    ):
        return refused(
            _("The file is damaged, locked by a password or packed in a way that cannot be checked.")
        )


def _listing(archive: zipfile.ZipFile, packed: int) -> Verdict | None:
    """What the table of contents says, before anything is unpacked."""
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        return refused(_("The file is a package of more than %(most)s parts.") % {"most": MOST_MEMBERS})
    unpacked = sum(member.file_size for member in members)
    if unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * packed:
        return refused(_("The file would unpack to far more than it should. It was not opened."))
    for member in members:
        path = member.filename.replace("\\", "/")
        if path.startswith("/") or ".." in path.split("/") or member.flag_bits & 0x1:
            return refused(_("The file is locked by a password or names parts outside itself."))
        if PROGRAM_NAMES.search(path):
            return refused(_("There is a program inside this file. Programs are not evidence."))
        if path.lower().endswith("vbaproject.bin") or path.startswith("Basic/"):
            return refused(_("The file holds macros. Save it without them, or as PDF."))
    return None


def _contents(archive: zipfile.ZipFile) -> Verdict | None:
    """Unpack every part, counting: sizes in the table may lie, checksums then fail."""
    left = MOST_UNPACKED
    for member in archive.infolist():
        with archive.open(member) as part:
            begin = part.read(CHUNK)
            if begin.startswith(PROGRAMS) or begin.startswith(OLE):
                return refused(_("There is a program or an embedded object inside this file."))
            left -= len(begin)
            while chunk := part.read(CHUNK):
                left -= len(chunk)
                if left < 0:
                    return refused(_("The file would unpack to far more than it should. It was not opened."))
    return None


def _office_kind(archive: zipfile.ZipFile) -> Verdict:
    names = set(archive.namelist())
    if "mimetype" in names:
        declared = archive.read("mimetype")[:100].decode("ascii", "replace").strip()
        if declared in (ODT, ODS) and "content.xml" in names:
            return Verdict(declared)
    if "[Content_Types].xml" in names:
        if "word/document.xml" in names:
            return Verdict(DOCX)
        if "xl/workbook.xml" in names:
            return Verdict(XLSX)
    return refused(_("Packages are not taken, except DOCX, XLSX, ODT and ODS documents."))


def _inspect_text(data: bytes, name: str) -> Verdict:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return refused(
            _(
                "This kind of file is not taken. Use PDF, PNG, JPEG, ODT, DOCX, ODS, XLSX, or text in UTF-8 (TXT, CSV)."
            )
        )
    if CONTROL.search(text):
        return refused(_("This looks like text but holds characters that text does not have."))
    return Verdict("text/csv" if name.lower().endswith(".csv") else "text/plain")
