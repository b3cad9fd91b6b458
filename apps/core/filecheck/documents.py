"""PDF files: what runs, starts other programs or carries other files is refused."""

from __future__ import annotations

import logging
import re
from typing import IO, Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from apps.core.filecheck.faults import Fault

MOST_OBJECTS = 200_000
ACTIVE_KEYS = {
    "/JS",
    "/JavaScript",
    "/EmbeddedFiles",
    "/EF",
    "/XFA",
    "/RichMediaContent",
    "/RichMediaSettings",
}
ACTIVE_NAMES = {
    "/JavaScript", "/Launch", "/ImportData", "/GoToE", "/Rendition", "/RichMediaExecute", "/RichMedia",
    "/FileAttachment", "/EmbeddedFile",
}  # fmt: skip
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def _spelled(word: str) -> bytes:
    """A name as it may be spelled: each letter as itself or as its number."""
    return b"".join(rb"(?:%b|#%02x|#%02X)" % (letter.encode(), ord(letter), ord(letter)) for letter in word)


# Objects that no table lists are still found by viewers that rebuild a broken file.
LOOSE = re.compile(
    b"|".join(rb"/" + _spelled(word) + rb"\b" for word in ("JavaScript", "Launch", "EmbeddedFile"))
)


def check_pdf(source: IO[bytes]) -> bool:
    """Raise `Fault` for an active or damaged PDF; return whether a password locks it."""
    source.seek(0)
    kept = b""
    while chunk := source.read(1024 * 1024):
        if LOOSE.search(kept + chunk):
            raise Fault("active_pdf")
        kept = chunk[-64:]
    source.seek(0)
    try:
        reader = PdfReader(source, strict=False)
        if reader.is_encrypted:
            return True
        _walk(reader)
        len(reader.pages)
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        RecursionError,
        OSError,
    ) as fault:
        raise Fault("damaged", kind="PDF") from fault
    return False


def _walk(reader: PdfReader) -> None:
    ids = [(n, generation) for generation, table in reader.xref.items() for n in table]
    ids += [(n, 0) for n in reader.xref_objStm]
    if len(ids) > MOST_OBJECTS:
        raise Fault("damaged", kind="PDF")
    _look(reader.trailer)
    for number, generation in ids:
        try:
            found = reader.get_object(IndirectObject(number, generation, reader))
        except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError):
            continue  # a hole in the table: what cannot be read here is caught by the search for loose names
        _look(found)


def _look(start: Any) -> None:
    """Raise `Fault` for an active key or name; other objects are not followed, they are looked at by themselves."""
    waiting = [start]
    while waiting:
        found = waiting.pop()
        if isinstance(found, DictionaryObject):
            if ACTIVE_KEYS & found.keys():
                raise Fault("active_pdf")
            waiting.extend(dict.values(found))
        elif isinstance(found, ArrayObject):
            waiting.extend(list.__iter__(found))
        elif isinstance(found, str) and found in ACTIVE_NAMES:
            raise Fault("active_pdf")
