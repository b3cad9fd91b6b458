"""The one door to the PDF engine: nothing is read or connected, limits hold, and the file is tagged."""

from __future__ import annotations

import io
import socket
import threading
from pathlib import Path

import pikepdf
import pytest

from apps.reports.pdf import NotRenderable, render_pdf
from tests.reports import reading

CANARY = "canary-7f3a-in-a-file"


@pytest.fixture
def trap() -> object:
    """A server that counts who connects to it and answers with a redirect to a file."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.1)
    seen: list[object] = []
    stop = threading.Event()

    def listen() -> None:
        while not stop.is_set():
            try:
                link, address = server.accept()
            except TimeoutError:
                continue
            seen.append(address)
            link.sendall(b"HTTP/1.1 302 Found\r\nLocation: file:///etc/hostname\r\nContent-Length: 0\r\n\r\n")
            link.close()

    thread = threading.Thread(target=listen)
    thread.start()
    yield server.getsockname()[1], seen
    stop.set()
    thread.join()
    server.close()


FORMS = [
    '<img src="{url}" alt="x">',
    '<img srcset="{url} 1x" alt="x">',
    '<link rel="stylesheet" href="{url}">',
    '<link rel="attachment" href="{url}">',
    '<a rel="attachment" href="{url}">take</a>',
    '<object data="{url}">x</object>',
    '<embed src="{url}">',
    '<iframe src="{url}"></iframe>',
    '<style>@import url("{url}");</style>',
    '<style>@font-face {{ font-family: X; src: url("{url}") }} p {{ font-family: X }}</style><p>x</p>',
    '<p style="background: url({url})">x</p>',
    '<p style="list-style-image: url({url}); display: list-item">x</p>',
    '<style>p::before {{ content: url("{url}") }}</style><p>x</p>',
    '<svg width="10" height="10"><use href="{url}#a"/><title>x</title></svg>',
    '<svg width="10" height="10"><image href="{url}" width="9" height="9"/><title>x</title></svg>',
    '<svg width="10" height="10" xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="{url}"/><title>x</title></svg>',
    '<base href="{url}"><img src="x.png" alt="x">',
    '<input type="image" src="{url}" alt="x">',
    '<video poster="{url}"></video>',
    '<img src="data:image/svg+xml,&lt;svg xmlns=%22http://www.w3.org/2000/svg%22&gt;&lt;image href=%22{url}%22/&gt;&lt;/svg&gt;" alt="x">',
]


@pytest.mark.parametrize("form", FORMS)
def test_hostile_document_reads_no_file_and_connects_to_nobody(
    form: str, tmp_path: Path, trap: tuple[int, list[object]]
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY)
    port, seen = trap
    urls = [
        secret.as_uri(),
        "file:///etc/hostname",
        f"http://127.0.0.1:{port}/a.png",
        f"FILE://{secret}",
        str(secret),
        "belay-static:../../etc/hostname",
    ]
    body = "".join(form.format(url=url) for url in urls)
    made = render_pdf(
        f"<html><head><title>x</title></head><body>{body}</body></html>", language="en", title="x"
    )
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        assert len(pdf.attachments) == 0
        streams = b"".join(
            item.read_bytes()
            for item in pdf.objects
            if isinstance(item, pikepdf.Stream) and "/Subtype" not in item
        )
    assert CANARY.encode() not in streams
    assert CANARY.encode() not in made.content
    assert seen == []


def test_links_lead_to_the_web_only() -> None:
    body = "".join(
        f'<p><a href="{link}">x</a></p>'
        for link in ("javascript:alert(1)", "file:///etc/passwd", "https://example.org/a")
    )
    made = render_pdf(f"<html><head></head><body>{body}</body></html>", language="en", title="x")
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        links = [
            str(a.A.URI) for page in pdf.pages for a in page.get("/Annots", []) if "/A" in a and "/URI" in a.A
        ]
    assert links == ["https://example.org/a"]


def test_our_own_sheet_and_fonts_are_found() -> None:
    html = '<html><head><link rel="stylesheet" href="belay-static:css/report.css"></head><body><p>One</p></body></html>'
    made = render_pdf(html, language="en", title="x")
    assert any("Noto-Sans" in name or "NotoSans" in name for name in reading.font_names(made.content))


def test_language_title_and_tags_are_set_whatever_the_document_says() -> None:
    made = render_pdf(
        "<html><head><title>other</title></head><body><h1>A</h1></body></html>",
        language="ar",
        title="التقرير",
    )
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        assert str(pdf.Root.Lang) == "ar"
        assert str(pdf.docinfo["/Title"]) == "التقرير"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)


def test_too_large_a_document_is_refused_before_it_is_laid_out() -> None:
    with pytest.raises(NotRenderable, match="characters"):
        render_pdf("<p>" + "x" * 12_000_001, language="en", title="x")


def test_too_slow_a_document_is_stopped() -> None:
    with pytest.raises(NotRenderable, match="longer"):
        render_pdf(
            "<html><head></head><body>" + "<p>x</p>" * 50 + "</body></html>",
            language="en",
            title="x",
            seconds=0,
        )


def test_what_watches_the_progress_may_stop_it() -> None:
    class Enough(Exception):
        pass

    def stop(stage: str, page: int) -> None:
        if page == 2:
            raise Enough

    body = "<p style='break-before: page'>x</p>" * 6
    with pytest.raises(Enough):
        render_pdf(f"<html><head></head><body>{body}</body></html>", language="en", title="x", progress=stop)


def test_same_document_gives_the_same_file() -> None:
    html = (
        "<html><head><meta name='dcterms.created' content='2026-05-06'></head><body><p>One</p></body></html>"
    )
    assert (
        render_pdf(html, language="en", title="x").content
        == render_pdf(html, language="en", title="x").content
    )
