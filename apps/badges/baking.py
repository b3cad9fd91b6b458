"""Credentials inside images, by Open Badges 3.0: an iTXt chunk of a PNG, an element of an SVG."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from apps.badges.strict import LARGEST
from apps.badges.words import BadCredential, Why

PNG = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
LARGEST_IMAGE = 1024 * 1024
DEEPEST = 40
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def bake_png(image: bytes, credential: str) -> bytes:
    """The PNG with the credential in it; one that was there is replaced. Raises BadCredential for a damaged image."""
    text = KEYWORD + b"\x00\x00\x00\x00\x00" + credential.encode()
    made = [PNG]
    for kind, body in _chunks(image):
        if kind == b"iTXt" and _keyword(body) == KEYWORD:
            continue
        made.append(_chunk(kind, body))
        if kind == b"IHDR":
            made.append(_chunk(b"iTXt", text))
    return b"".join(made)


def bake_svg(image: str, credential: str) -> str:
    """The SVG with the credential as its first element. `image` is our own drawing, with no credential in it."""
    head = re.match(r"\s*(?:<\?xml[^>]*\?>\s*)?<svg\b[^>]*>", image)
    if head is None:
        raise BadCredential(Why.NOT_AN_IMAGE)
    inside = f"<openbadges:credential xmlns:openbadges={quoteattr(NAMESPACE)}>{escape(credential)}</openbadges:credential>"
    return image[: head.end()] + inside + image[head.end() :]


def unbake(image: bytes) -> bytes:
    """The credential in a PNG or SVG of at most 1 MB. Raises BadCredential unless there is exactly one."""
    if len(image) > LARGEST_IMAGE:
        raise BadCredential(Why.TOO_LARGE)
    if image.startswith(PNG):
        found = [
            _text(body) for kind, body in _chunks(image) if kind == b"iTXt" and _keyword(body) == KEYWORD
        ]
    elif image.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        found = _elements(image)
    else:
        raise BadCredential(Why.NOT_AN_IMAGE)
    if len(found) != 1:
        raise BadCredential(Why.TWO_INSIDE if found else Why.NOTHING_INSIDE)
    if len(found[0]) > LARGEST:
        raise BadCredential(Why.TOO_LARGE)
    return found[0]


def _chunks(image: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG, each with its check sum proven, up to its end."""
    if not image.startswith(PNG):
        raise BadCredential(Why.NOT_AN_IMAGE)
    at, first = len(PNG), True
    while True:
        head = image[at : at + 8]
        if len(head) < 8:
            raise BadCredential(Why.BROKEN_IMAGE)
        size, kind = struct.unpack(">I4s", head)
        body, check = image[at + 8 : at + 8 + size], image[at + 8 + size : at + 12 + size]
        if len(body) < size or len(check) < 4 or zlib.crc32(kind + body) != int.from_bytes(check):
            raise BadCredential(Why.BROKEN_IMAGE)
        if first is not (kind == b"IHDR"):
            raise BadCredential(Why.BROKEN_IMAGE)
        yield kind, body
        at, first = at + 12 + size, False
        if kind == b"IEND":
            return


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _keyword(body: bytes) -> bytes:
    return body.partition(b"\x00")[0]


def _text(body: bytes) -> bytes:
    """The text of an iTXt chunk; a packed one is unpacked to at most the largest credential."""
    rest = body[len(_keyword(body)) + 1 :]
    parts = rest[2:].split(b"\x00", 2)
    if len(rest) < 2 or len(parts) != 3 or rest[0] not in (0, 1):
        raise BadCredential(Why.BROKEN_IMAGE)
    if rest[0] == 0:
        return parts[2]
    try:
        return zlib.decompressobj().decompress(parts[2], LARGEST + 1)
    except zlib.error as fault:
        raise BadCredential(Why.BROKEN_IMAGE) from fault


class _Reader:
    """Collects the text, or the attribute `verify`, of credential elements; nothing of the XML is resolved or run."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.depth, self.inside = 0, False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise BadCredential(Why.TOO_DEEP)
        if self.depth == 1 and name.rpartition(" ")[2] != "svg":
            raise BadCredential(Why.NOT_AN_IMAGE)
        if name == f"{NAMESPACE} credential":
            self.inside = True
            self.found.append(attributes.get("verify", ""))

    def text(self, data: str) -> None:
        if self.inside:
            self.found[-1] += data

    def end(self, name: str) -> None:
        self.depth -= 1
        if name == f"{NAMESPACE} credential":
            self.inside = False


def _elements(image: bytes) -> list[bytes]:
    """Document types and entities are refused before anything is read, so that nothing can grow or be fetched."""
    if _FORBIDDEN.search(image) or b"\x00" in image:
        raise BadCredential(Why.FORBIDDEN_XML)
    reader = _Reader()
    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.CharacterDataHandler = reader.text
    parser.EndElementHandler = reader.end
    try:
        parser.Parse(image, True)
    except expat.ExpatError as fault:
        raise BadCredential(Why.BROKEN_IMAGE) from fault
    return [text.strip().encode() for text in reader.found]
