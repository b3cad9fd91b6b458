"""What may be taken in as an evidence file: judged by its bytes in a process of its own. Plain functions."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.core.filecheck.faults import Fault, Found
from apps.core.filecheck.kinds import CHUNK, EXTENSIONS, check_ending, clean_name, identify, size_of

PLAIN = ("text/plain", "text/csv")
PICTURES = ("image/png", "image/jpeg")
PATIENCE_SECONDS = 45
REASONS = {
    "empty": gettext_noop("The file is empty."),
    "size": gettext_noop("The file has %(size)s; at most %(limit)s can be kept."),
    "program": gettext_noop("This is a program, whatever its name says. Programs are not evidence."),
    "damaged": gettext_noop("The file begins like a %(kind)s but is damaged or cut off."),
    "old_office": gettext_noop("Old Office files may hold programs. Save it as DOCX, XLSX, ODT, ODS or PDF."),
    "not_taken": gettext_noop(
        "This kind of file is not taken. Use PDF, PNG, JPEG, ODT, DOCX, ODS, XLSX, ZIP, or text in UTF-8 (TXT, CSV)."
    ),
    "not_text": gettext_noop("This looks like text but holds characters that text does not have."),
    "ending": gettext_noop(
        "The name ends in %(ending)s but the content is that of a %(fits)s file. Rename it."
    ),
    "parts": gettext_noop("The file is a package of more than %(most)s parts."),
    "bomb": gettext_noop("The file would unpack to far more than it should. It was not opened."),
    "deep": gettext_noop("The file is a package with packages inside packages. At most %(most)s levels are opened."),
    "twins": gettext_noop("Two parts of this package have names that differ only in capital letters, or not at all."),
    "outside": gettext_noop("The package names parts outside itself, or hides what their names are."),
    "link": gettext_noop("The package holds links or devices instead of files."),
    "program_inside": gettext_noop("There is a program inside this file. Programs are not evidence."),
    "embedded": gettext_noop("There is a program or an embedded object inside this file."),
    "macros": gettext_noop("The file holds macros. Save it without them, or as PDF."),
    "remote": gettext_noop("The document loads parts from elsewhere when it is opened. Save it as PDF."),
    "other_package": gettext_noop("Packages are not taken, except DOCX, XLSX, ODT and ODS documents and ZIP."),
    "broken_package": gettext_noop("The file is damaged or packed in a way that cannot be checked."),
    "active_pdf": gettext_noop(
        "The PDF holds scripts, commands or attached files. Print it to a new PDF and add that one."
    ),
    "pixels": gettext_noop("The picture has more than %(most)s million pixels. Make it smaller."),
    "unchecked": gettext_noop("The file could not be checked: reading it took too long or too much memory."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """`content_type` of an accepted file; `reason` in words for a refused one; `locked` when a password hides it.

    `content` is what to keep: the file itself, or a picture drawn anew; read it from its beginning, then `close`.
    """

    content_type: str = ""
    reason: str = ""
    locked: bool = False
    size: int = 0
    content: IO[bytes] | None = None
    too_large: bool = False

    @property
    def accepted(self) -> bool:
        return bool(self.content_type)

    def close(self) -> None:
        """Let go of the content; what was only ever in a temporary file is gone then."""
        if self.content:
            self.content.close()

    __del__ = close

    @property
    def extension(self) -> str:
        """The ending that fits the content."""
        return EXTENSIONS[self.content_type][0]


def inspect(source: IO[bytes] | bytes, *, name: str, limit: int) -> Verdict:
    """Judge a file of at most `limit` bytes. `name` is only asked whether it fits what the bytes are."""
    file = _as_file(source)
    try:
        size, shown = size_of(file), clean_name(name)
        if size > limit:
            file.close()
            values = {"size": filesizeformat(size), "limit": filesizeformat(limit)}
            return Verdict(reason=_(REASONS["size"]) % values, too_large=True)
        found, content = _judged(file, size, shown)
    except Fault as fault:
        file.close()
        return Verdict(reason=_(REASONS[fault.code]) % fault.values)
    if content is not file:
        file.close()
    return Verdict(found.content_type, locked=found.locked, size=size_of(content), content=content)


def _as_file(source: IO[bytes] | bytes) -> IO[bytes]:
    """A file of our own with a descriptor that a child process can be given."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the verdict that carries it
    if isinstance(source, bytes):
        file.write(source)
    else:
        source.seek(0)
        shutil.copyfileobj(source, file, CHUNK)
    file.flush()
    return file


def _judged(file: IO[bytes], size: int, name: str) -> tuple[Found, IO[bytes]]:
    """What the file is and what to keep of it. Raises `Fault`."""
    found = identify(file, size, name)
    if found.content_type in PLAIN or found.locked:
        check_ending(found.content_type, name)
        return found, file
    if found.content_type not in PICTURES:
        return _in_child(file, name), file
    drawn = tempfile.TemporaryFile()  # noqa: SIM115 - as above
    try:
        return _in_child(file, name, drawn), drawn
    except Fault:
        drawn.close()
        raise


def _in_child(file: IO[bytes], name: str, drawn: IO[bytes] | None = None) -> Found:
    """Let the child judge; whatever ends it early is a refusal, and never this process's trouble."""
    file.seek(0)
    command = [sys.executable, "-E", "-s", "-m", "apps.core.filecheck", name]
    passed = [drawn.fileno()] if drawn else []
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            [*command, *map(str, passed)], stdin=file.fileno(), capture_output=True, pass_fds=passed,
            cwd=settings.BASE_DIR, timeout=PATIENCE_SECONDS, check=False, env={"PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        said = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as fault:
        raise Fault("unchecked") from fault
    if "refused" in said:
        raise Fault(said["refused"], **said["values"])
    return Found(said["type"], locked=said["locked"], rewritten=said["rewritten"])
