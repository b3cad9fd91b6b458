"""The packages' own host: answered before sessions and sign-in, by nothing but vetted files and the player around them."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from http import HTTPStatus
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.html import escape
from django.utils.translation import gettext as _

from apps.courses.models import PackageFile
from apps.courses.selectors import content_host
from apps.courses.selectors.packages import is_played, packaged_file

PATH = re.compile(r"/([a-z2-7]{20})/(player|files)/(.*)", re.DOTALL)
PLAYER_FILES = {
    "api.js": "text/javascript",
    "shim.js": "text/javascript",
    "shim.css": "text/css",
    "model.json": "application/json",
}
CHUNK = 65_536
PAGE_TYPES = {"html": "text/html", "htm": "text/html", "xhtml": "application/xhtml+xml"}
# What browsers are told a file is; anything else is bytes to be saved.
TYPES = PAGE_TYPES | {
    "css": "text/css", "js": "text/javascript", "mjs": "text/javascript", "json": "application/json", "xml": "text/xml",
    "txt": "text/plain", "vtt": "text/vtt", "csv": "text/csv", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg",
    "gif": "image/gif", "webp": "image/webp", "avif": "image/avif", "svg": "image/svg+xml", "ico": "image/x-icon",
    "bmp": "image/bmp", "mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "oga": "audio/ogg", "wav": "audio/wav",
    "mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm", "ogv": "video/ogg", "woff": "font/woff",
    "woff2": "font/woff2", "ttf": "font/ttf", "otf": "font/otf", "eot": "application/vnd.ms-fontobject",
    "pdf": "application/pdf", "wasm": "application/wasm",
}  # fmt: skip
TEXT = re.compile(r"text/(?!html|xml)|application/json")
SANDBOX = "allow-scripts allow-same-origin allow-forms allow-popups allow-modals"
OFF = (
    "accelerometer", "bluetooth", "camera", "clipboard-read", "display-capture", "geolocation", "gyroscope", "hid",
    "idle-detection", "magnetometer", "microphone", "midi", "payment", "publickey-credentials-get", "screen-wake-lock",
    "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
GetResponse = Callable[[HttpRequest], HttpResponseBase]


class PackagesHostMiddleware:
    """Stands before everything that knows people: on the packages' host there are no cookies, no sessions and no pages of ours."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        label = content_host.label_at(request.META.get("HTTP_HOST", ""))
        if label is None:
            return self.get_response(request)
        return _guarded(_answer(request, label))


def _guarded(response: HttpResponseBase) -> HttpResponseBase:
    """No network but this host, no frame but ours, nothing that a device could tell; also when opened alone."""
    response["Content-Security-Policy"] = (
        "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; base-uri 'self'; form-action 'self'; "
        f"frame-ancestors 'self' {content_host.site_origin()}; sandbox {SANDBOX}"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    response["X-DNS-Prefetch-Control"] = "off"
    response["Permissions-Policy"] = ", ".join(f"{name}=()" for name in OFF)
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def _answer(request: HttpRequest, served: str) -> HttpResponseBase:
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "GET, HEAD"})
    if request.path_info == "/" and not served:
        return HttpResponse(status=HTTPStatus.FOUND, headers={"Location": settings.SITE_URL})
    found = PATH.fullmatch(request.path_info)
    if found is None or (served and served != found[1]):
        return _nothing()
    label, kind, rest = found.groups()
    response = _player(label, rest) if kind == "player" else _file(request, label, rest)
    return response or _nothing()


def _nothing() -> HttpResponse:
    """The same for a wrong label, a wrong name and a package that was withdrawn."""
    text = escape(_("There is nothing here. Packages are opened from their page on the site."))
    return HttpResponse(f"<!DOCTYPE html><title>404</title><p>{text}</p>", status=HTTPStatus.NOT_FOUND)


@lru_cache
def _own(name: str) -> bytes:
    return bytes((settings.BASE_DIR / "static" / "packages" / name).read_bytes())


def _player(label: str, name: str) -> HttpResponse | None:
    if not is_played(label):
        return None
    if name in PLAYER_FILES:
        return HttpResponse(_own(name), content_type=f"{PLAYER_FILES[name]}; charset=utf-8")
    if name:
        return None
    site = escape(content_host.site_origin())
    return HttpResponse(
        f'<!DOCTYPE html><html lang="en" data-site="{site}"><head><meta charset="utf-8"><title>Belay</title>'
        '<link rel="stylesheet" href="shim.css"><script type="module" src="shim.js"></script></head><body></body></html>'
    )


def type_of(name: str) -> str:
    """The content type of a file in a package, by our own list. Text is UTF-8; pages say themselves what they are."""
    kind = TYPES.get(PurePosixPath(name).suffix.lower().lstrip("."), "application/octet-stream")
    return f"{kind}; charset=utf-8" if TEXT.match(kind) and kind != "text/css" else kind


def _file(request: HttpRequest, label: str, name: str) -> HttpResponseBase | None:
    row = packaged_file(label, name)
    if row is None or not default_storage.exists(row.version.file):
        return None
    packed = row.deflated and "gzip" in request.headers.get("Accept-Encoding", "")
    parts = _gzipped(row) if packed else _plain(row)
    response = StreamingHttpResponse(parts, content_type=type_of(row.name))
    response["Content-Length"] = str(row.packed + 18 if packed else row.size)
    response["Cache-Control"] = "private, max-age=86400"
    response["Vary"] = "Accept-Encoding"
    if packed:
        response["Content-Encoding"] = "gzip"
    if response["Content-Type"] == "application/octet-stream":
        response["Content-Disposition"] = "attachment"
    return response


def _raw(row: PackageFile) -> Iterator[bytes]:
    """The bytes of a member as they lie in the zip."""
    with default_storage.open(row.version.file) as stored:
        stored.seek(row.offset)
        left = row.packed
        while left and (piece := stored.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece


def _gzipped(row: PackageFile) -> Iterator[bytes]:
    """A deflated member is sent as it lies there: what gzip adds is a head and the checksum that the zip already has."""
    yield b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
    yield from _raw(row)
    yield struct.pack("<LL", row.crc, row.size & 0xFFFFFFFF)


def _plain(row: PackageFile) -> Iterator[bytes]:
    if not row.deflated:
        yield from _raw(row)
        return
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in _raw(row):
        while piece:
            yield inflater.decompress(piece, CHUNK)
            piece = inflater.unconsumed_tail
    yield inflater.flush()
