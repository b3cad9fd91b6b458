"""The one door to WeasyPrint: HTML in, a tagged PDF out, nothing fetched but our own sheet and fonts."""

from __future__ import annotations

import hashlib
import logging
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.staticfiles import finders

from apps.core.pdfseals import sign_pdf
from apps.reports.fonts import fonts
from apps.reports.glyphs import name_glyphs
from apps.reports.templatetags.printing import text_dir

if TYPE_CHECKING:
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

STATIC = "belay-static:"
OUR_FILES = re.compile(r"(?:css/[a-z-]+\.css|fonts/[A-Za-z0-9-]+\.woff2)")
TYPES = {".css": "text/css", ".woff2": "font/woff2"}
SAFE_LINK = re.compile(r"(?:#|https?://|mailto:)", re.IGNORECASE)
ENDLESS = re.compile(r"[^ \t\r\n\f\u200b]{501,}")  # longer than any address that may be typed
SOFT_BREAK, BETWEEN_BREAKS = "\u200b", 20
MOST_HTML = 12_000_000
MOST_SECONDS = 180.0
Progress = Callable[[str, int], None]


class NotRenderable(Exception):
    """The document is too large or took too long; `str()` says which, in words for the log."""


@dataclass(frozen=True, slots=True)
class RenderedPdf:
    """`content` is the whole file, `pages` how many it has; `signed_by` and `certificate` (SHA-256) where it is signed."""

    content: bytes
    pages: int
    signed_by: str = ""
    certificate: str = ""


def render_pdf(
    html: str,
    *,
    language: str,
    title: str,
    progress: Progress | None = None,
    seconds: float = MOST_SECONDS,
) -> RenderedPdf:
    """Lay out `html` as PDF/UA-1 in `language` with the document title `title`.

    `progress(stage, page)` is called at each stage ("styles", "layout", "writing") and page, and may raise to stop.
    Where the site has a key for it, the file is signed as the last step. Raises `NotSigned` when that fails,
    `NotRenderable` above 12 million characters or after `seconds`.
    """
    if len(html) > MOST_HTML:
        raise NotRenderable(f"The document has {len(html)} characters, {MOST_HTML} are allowed.")
    from weasyprint import HTML

    page = HTML(string=html, base_url=STATIC, url_fetcher=_fetcher())
    _harden(page, language, title)
    _soften(page)
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    target = BytesIO()
    with _told(progress, seconds), fonts() as font_config:
        document = page.render(font_config=font_config, pdf_variant="pdf/ua-1", pdf_tags=True)
        document.write_pdf(
            target, finisher=name_glyphs, pdf_variant="pdf/ua-1", pdf_tags=True, pdf_identifier=identifier
        )
    signed = sign_pdf(target.getvalue())
    return RenderedPdf(signed.content, len(document.pages), signed.name, signed.fingerprint)


def _harden(page: HTML, language: str, title: str) -> None:
    """Set language and title, say the direction of typed texts, drop attachments and links that lead anywhere but the web."""
    root = page.etree_element
    root.set("lang", language)
    head = root.find("head")
    if head is not None:
        own = head.find("title")
        if own is None:
            own = head.makeelement("title", {})
            head.insert(0, own)
        own.text = title
    for element in root.iter():
        if _finds_direction(element):
            element.set("dir", text_dir("".join(_own_text(element))))
        if "attachment" in element.get("rel", "").lower():
            element.attrib.pop("rel")
        link = element.get("href")
        if element.tag in ("a", "area") and link is not None and not SAFE_LINK.match(link.strip()):
            element.attrib.pop("href")


def _soften(page: HTML) -> None:
    """Let words without end break often: for each line of one, the engine lays out all that is left of it."""
    for element in page.etree_element.iter():
        element.text = element.text and ENDLESS.sub(_with_breaks, element.text)
        element.tail = element.tail and ENDLESS.sub(_with_breaks, element.tail)


def _with_breaks(found: re.Match[str]) -> str:
    word = found[0]
    parts = (word[start : start + BETWEEN_BREAKS] for start in range(0, len(word), BETWEEN_BREAKS))
    return SOFT_BREAK.join(parts)


def _finds_direction(element: Any) -> bool:
    """Whether a browser would look at the text for its direction; the engine does not."""
    return bool(element.get("dir", "auto" if element.tag == "bdi" else "") == "auto")


def _own_text(element: Any) -> Iterator[str]:
    """The text that tells a direction: without parts that have one of their own."""
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag != "bdi" and not child.get("dir"):
            yield from _own_text(child)
        yield child.tail or ""


def _fetcher() -> URLFetcher:
    """A fetcher that knows `data:` and our own sheet and fonts; every other address is refused unread."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFilesOnly(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if not url.startswith(STATIC):
                return super().fetch(url, headers)
            name = url.removeprefix(STATIC).split("?")[0].split("#")[0]
            content, content_type = _own_file(name)
            return URLFetcherResponse(url, content, {"Content-Type": content_type})

    return OwnFilesOnly(allowed_protocols={"data"}, allow_redirects=False)


def _own_file(name: str) -> tuple[bytes, str]:
    """The bytes of one of our static files. A sheet's relative addresses are made ours, so that they resolve here."""
    found = finders.find(name) if OUR_FILES.fullmatch(name) else None
    if not found:
        raise ValueError(f"{name!r} is not one of our sheets and fonts")
    path = Path(found)
    content = path.read_bytes()
    if path.suffix == ".css":
        content = content.replace(b"../", STATIC.encode())
    return content, TYPES[path.suffix]


class _Teller(logging.Handler):
    """Turns the engine's progress lines of this thread into calls; what the call raises stops the engine."""

    def __init__(self, progress: Progress | None, seconds: float) -> None:
        super().__init__(logging.INFO)
        self.progress, self.seconds = progress, seconds
        self.thread, self.until = threading.get_ident(), time.monotonic() + seconds

    def emit(self, record: logging.LogRecord) -> None:
        if threading.get_ident() != self.thread:
            return
        if time.monotonic() > self.until:
            raise NotRenderable(f"The document took longer than {self.seconds:g} seconds.")
        stage = _stage(str(record.msg))
        if self.progress and stage:
            page = record.args[0] if isinstance(record.args, tuple) and record.args else 0
            self.progress(stage, page if isinstance(page, int) else 0)


def _stage(line: str) -> str:
    if line.startswith(("Step 5 - Creating layout - Page", "Step 5 - Repaginating")):
        return "layout"
    return {"Step 3": "styles", "Step 4": "layout", "Step 6": "writing"}.get(line[:6], "")


@contextmanager
def _told(progress: Progress | None, seconds: float) -> Iterator[None]:
    from weasyprint.logger import PROGRESS_LOGGER

    teller = _Teller(progress, seconds)
    PROGRESS_LOGGER.setLevel(logging.INFO)
    PROGRESS_LOGGER.propagate = False
    PROGRESS_LOGGER.addHandler(teller)
    try:
        yield
    finally:
        PROGRESS_LOGGER.removeHandler(teller)
