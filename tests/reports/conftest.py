"""A stand-in for the engine of PDFs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from apps.reports import services
from apps.reports.pdf import RenderedPdf


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for the engine where the test is about the flow: it tells its stages and gives a small file."""

    def engine(html: str, *, language: str, title: str, progress: Callable[[str, int], None]) -> RenderedPdf:
        progress("layout", 1)
        return RenderedPdf(b"%PDF-1.7 " + title.encode(), 3)

    monkeypatch.setattr(services.rendering, "render_pdf", engine)
