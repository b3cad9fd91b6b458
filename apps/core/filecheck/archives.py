"""Walking a package: every name, every size and every part is looked at, and one fault refuses the whole."""

from __future__ import annotations

import re
import stat
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from apps.core.filecheck import kinds
from apps.core.filecheck.faults import Fault, Found

MOST_MEMBERS = 1000
MOST_RATIO = 100
MOST_UNPACKED = 500 * 1024 * 1024
MOST_DEPTH = 2
CHUNK = 256 * 1024
LONGEST_MEMBER_NAME = 255
Look = Callable[[IO[bytes], Found], None]
BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError, KeyError,
)  # fmt: skip
OUTSIDE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
REMOTE = re.compile(
    rb"(?:attachedTemplate|/oleObject|/frame|/subDocument|/externalLinkPath)\"[^>]*TargetMode=\"External\""
    rb"|TargetMode=\"External\"[^>]*(?:attachedTemplate|/oleObject|/frame|/subDocument|/externalLinkPath)\"",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Budget:
    """What is left for one upload, packages inside packages included."""

    members: int = MOST_MEMBERS
    unpacked: int = MOST_UNPACKED

    def spend(self, size: int) -> None:
        """Raise `Fault` once more was unpacked than is allowed."""
        self.unpacked -= size
        if self.unpacked < 0:
            raise Fault("bomb")


def walk(source: IO[bytes], size: int, *, look: Look, budget: Budget | None = None, depth: int = 1) -> Found:
    """What package this is. `look` judges PDFs and pictures inside. Raises `Fault` for anything not allowed."""
    if depth > MOST_DEPTH:
        raise Fault("deep", most=MOST_DEPTH)
    budget = budget or Budget()
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
            _listing(members, size, budget)
            found = _kind(archive)
            locked = any(member.flag_bits & 0x1 for member in members)
            if locked and found.content_type != kinds.ZIP:
                raise Fault("damaged", kind="Office")
            found.locked = found.locked or locked
            for member in members:
                if not member.is_dir() and not member.flag_bits & 0x1:
                    _member(archive, member, found, budget, depth, look)
            return found
    except BROKEN as fault:
        raise Fault("broken_package") from fault


def _listing(members: list[zipfile.ZipInfo], packed: int, budget: Budget) -> None:
    """What the table of contents says, before anything is unpacked."""
    budget.members -= len(members)
    if budget.members < 0:
        raise Fault("parts", most=MOST_MEMBERS)
    unpacked = sum(member.file_size for member in members)
    if unpacked > budget.unpacked or unpacked > MOST_RATIO * packed:
        raise Fault("bomb")
    seen = set()
    for member in members:
        _name(member)
        key = unicodedata.normalize("NFC", member.filename).casefold().rstrip("/")
        if key in seen:
            raise Fault("twins")
        seen.add(key)


def _name(member: zipfile.ZipInfo) -> None:
    # What the archive says, not what the library made of it: it cuts names at a NUL and turns separators.
    name = member.orig_filename
    path = name.replace("\\", "/")
    if (
        not path.strip("/")
        or path.startswith("/")
        or re.match("[A-Za-z]:", path)
        or any(part in ("..", ".") for part in path.split("/"))
        or kinds.DECEIVING.search(name)
        or len(name) > LONGEST_MEMBER_NAME
    ):
        raise Fault("outside")
    mode = member.external_attr >> 16
    if member.create_system == 3 and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Fault("link")
    if kinds.PROGRAM_NAMES.search(path):
        raise Fault("program_inside")
    if path.lower().endswith("vbaproject.bin") or path.lower().startswith(("basic/", "scripts/")):
        raise Fault("macros")


def _kind(archive: zipfile.ZipFile) -> Found:
    names = set(archive.namelist())
    if "mimetype" in names:
        declared = _begin(archive, "mimetype").decode("ascii", "replace").strip()
        if declared in (kinds.ODT, kinds.ODS) and "content.xml" in names:
            manifest = "META-INF/manifest.xml"
            locked = manifest in names and b"encryption-data" in _begin(archive, manifest, 1_000_000)
            return Found(declared, locked=locked)
        if declared.startswith("application/"):
            raise Fault("other_package")
    if "[Content_Types].xml" in names:
        if b"macroenabled" in _begin(archive, "[Content_Types].xml", 1_000_000).lower():
            raise Fault("macros")
        if "word/document.xml" in names:
            return Found(kinds.DOCX)
        if "xl/workbook.xml" in names:
            return Found(kinds.XLSX)
        raise Fault("other_package")
    return Found(kinds.ZIP)


def _begin(archive: zipfile.ZipFile, name: str, size: int = 100) -> bytes:
    with archive.open(name) as part:
        return part.read(size)


def _member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, holder: Found, budget: Budget, depth: int, look: Look
) -> None:
    """Unpack one part, counting: sizes in the table may lie, checksums then fail."""
    with archive.open(member) as part, tempfile.SpooledTemporaryFile(max_size=4 * CHUNK) as copy:
        while chunk := part.read(CHUNK):
            budget.spend(len(chunk))
            copy.write(chunk)
        if holder.content_type == kinds.ZIP:
            _bundled(copy, member.filename, holder, budget, depth, look)
        else:
            _of_document(copy, member.filename, budget, depth, look)


def _bundled(copy: IO[bytes], name: str, holder: Found, budget: Budget, depth: int, look: Look) -> None:
    """A file in an archive has to be one that would be taken on its own."""
    size = kinds.size_of(copy)
    if not size:
        return
    found = kinds.identify(copy, size, name)
    if found.content_type == kinds.ZIP:
        found = walk(copy, size, look=look, budget=budget, depth=depth + 1)
    else:
        look(copy, found)
    kinds.check_ending(found.content_type, name)
    holder.locked = holder.locked or found.locked


def _of_document(copy: IO[bytes], name: str, budget: Budget, depth: int, look: Look) -> None:
    """A part of an office document: no programs, no embedded objects, no templates from elsewhere, no entities."""
    copy.seek(0)
    head = copy.read(64)
    if head.startswith((*kinds.PROGRAMS, kinds.OLE)):
        raise Fault("embedded")
    if head.startswith(b"PK\x03\x04"):
        walk(copy, kinds.size_of(copy), look=look, budget=budget, depth=depth + 1)
    elif name.lower().endswith((".xml", ".rels", ".rdf")):
        copy.seek(0)
        kept = b""
        while chunk := copy.read(CHUNK):
            text = (kept + chunk).replace(b"\x00", b"")
            if OUTSIDE.search(text) or REMOTE.search(text):
                raise Fault("remote")
            kept = chunk[-2048:]
