"""Opening a zip that a stranger sent: everything about it is checked before anything in it is read."""

from __future__ import annotations

import io
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, cast

from django.utils.translation import gettext as _

from apps.core.errors import Refused

LARGEST_FILE = 5_000_000
LARGEST_TOTAL = 40_000_000
MOST_MEMBERS = 1_000
LARGEST_RATIO = 100
RATIO_FROM = 1_000_000
LONGEST_NAME = 255
ONE_ENTRY = 512  # bytes of the directory for one member; a directory beyond that is not even read
CHUNK = 65_536
# Control characters, and those that turn the direction of what follows: a name with them is not what it seems.
_DECEIVING = re.compile("[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NESTED = (".zip", ".xlsx", ".xlsm", ".docx", ".pptx", ".jar", ".gz", ".7z", ".rar", ".tar")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a zip of one kind may hold; bytes. `nested`: whether archives may lie inside it."""

    file: int = LARGEST_FILE
    total: int = LARGEST_TOTAL
    members: int = MOST_MEMBERS
    nested: bool = False


WORKBOOK = Limits()


@dataclass(frozen=True)
class Archive:
    """The members of a vetted zip by their names, read one at a time and never written to a disk."""

    _zip: zipfile.ZipFile
    names: frozenset[str]

    @property
    def members(self) -> list[zipfile.ZipInfo]:
        """What the directory says of each member, folders left out."""
        return [info for info in self._zip.infolist() if not info.is_dir()]

    def measure(self, member: str) -> int:
        """Read `member` to its end, keep nothing, and return its size. Raises `Refused` when it is damaged."""
        return sum(len(piece) for piece in _streamed(self._zip, self._zip.getinfo(member)))

    def read(self, member: str, *, at_most: int = LARGEST_TOTAL) -> bytes:
        """Return the content of `member`. Raises `Refused` when more comes out than was declared or allowed."""
        info = self._zip.getinfo(member)
        limit = min(at_most, info.file_size)
        found = bytearray()
        for piece in _streamed(self._zip, info):
            found += piece
            if len(found) > limit:
                raise Refused(_("%(name)s: it holds more than it declares.") % {"name": member[:80]})
        return bytes(found)


def open_archive(content: bytes | IO[bytes], *, name: str, limits: Limits = WORKBOOK) -> Archive:
    """Vet the zip in `content` and return it; `name` begins every message.

    Raises `Refused` for no zip and for what is over the limits (for workbooks: 5 MB, 1,000 members, 40 MB unpacked), a
    member packed over 100 to 1, names that leave the folder or deceive, the same name twice (also but for case), links,
    devices, encryption, members that share bytes, and archives inside unless the limits allow them. All of that is
    told from the directory alone, of which no more is read than so many members can need. What a member really
    holds is checked again while it is read.
    """
    source = io.BytesIO(content) if isinstance(content, bytes) else content
    size = source.seek(0, io.SEEK_END)
    if size > limits.file:
        raise Refused(
            _("%(name)s: larger than %(size)s MB.") % {"name": name, "size": limits.file // 1_000_000}
        )
    guarded = _Directory(source, limits.members * ONE_ENTRY)
    try:
        archive = zipfile.ZipFile(cast(IO[bytes], guarded))
        members = archive.infolist()
    except _TooMuch as error:
        raise Refused(f"{name}: {_too_many(limits)}") from error
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        ValueError,
        OverflowError,
        UnicodeError,
        OSError,
    ) as error:
        raise Refused(
            _("%(name)s: it cannot be opened; it is damaged or not a file of this kind.") % {"name": name}
        ) from error
    guarded.left = None
    for sentence in _archive_faults(members, limits, size):
        raise Refused(f"{name}: {sentence}")
    return Archive(archive, frozenset(info.filename for info in members))


class _TooMuch(Exception):
    """The directory asks for more bytes than its members can need."""


class _Directory:
    """A file that gives out at most `left` bytes until `left` is None: a directory is bounded before it is parsed."""

    def __init__(self, source: IO[bytes], most: int) -> None:
        self.source = source
        self.left: int | None = most + 2 * CHUNK  # the search for the directory's end reads up to 64 KB twice

    def read(self, size: int = -1, /) -> bytes:
        if self.left is None:
            return self.source.read(size)
        if size > self.left:
            raise _TooMuch
        found = self.source.read(size if size >= 0 else self.left)
        self.left -= len(found)
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self.source, name)


def _too_many(limits: Limits) -> str:
    return _("it holds more than %(count)s files.") % {"count": limits.members}


def _archive_faults(members: list[zipfile.ZipInfo], limits: Limits, size: int) -> Iterator[str]:
    if len(members) > limits.members:
        yield _too_many(limits)
    seen: set[str] = set()
    total = packed = 0
    for info in members:
        yield from _member_faults(info, limits)
        plain = unicodedata.normalize("NFC", info.filename).casefold()
        if plain in seen:
            yield _("it holds %(member)s twice.") % {"member": _shown(info.filename)}
        seen.add(plain)
        total, packed = total + info.file_size, packed + info.compress_size
        if packed > size:
            yield _("%(member)s shares its bytes with another file.") % {"member": _shown(info.filename)}
    if total > limits.total:
        yield _("unpacked it is larger than %(size)s MB.") % {"size": limits.total // 1_000_000}


def _member_faults(info: zipfile.ZipInfo, limits: Limits) -> Iterator[str]:
    place = {"member": _shown(info.filename)}
    if not _is_plain_name(info):
        yield _("%(member)s is not a name that may stand in it.") % place
    if info.flag_bits & 0x1:
        yield _("it is protected by a password; save it without one.")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        yield _("%(member)s is a link or a device, not a file.") % place
    if info.file_size > RATIO_FROM and info.file_size > LARGEST_RATIO * max(info.compress_size, 1):
        yield _("%(member)s is packed more than %(ratio)s to 1.") % {**place, "ratio": LARGEST_RATIO}
    if not limits.nested and info.filename.lower().endswith(_NESTED):
        yield _("%(member)s is an archive inside it; leave it out.") % place


def _is_plain_name(info: zipfile.ZipInfo) -> bool:
    """`orig_filename` is what the zip says; Python has already cut `filename` at a NUL."""
    name = info.orig_filename
    parts = name.removesuffix("/").split("/")
    return (
        len(name.encode("utf-8", "replace")) <= LONGEST_NAME
        and not _DECEIVING.search(name)
        and not {"\\", ":"} & set(name)
        and not {"", ".", ".."} & set(parts)
    )


def _streamed(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(info) as member:
            while piece := member.read(CHUNK):
                yield piece
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, OSError) as error:
        raise Refused(_("%(name)s: it is damaged.") % {"name": _shown(info.filename)}) from error


def _shown(name: str) -> str:
    return _DECEIVING.sub("?", name)[:80] or "?"
