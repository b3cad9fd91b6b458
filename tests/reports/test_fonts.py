"""Fonts are unpacked once for a process, and never the reason that a paper looks otherwise."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from weasyprint.text import fonts as engine

from apps.reports import fonts
from apps.reports.pdf import render_pdf
from tests.reports import papers


@pytest.fixture(autouse=True)
def own_thread_begins_anew() -> Iterator[None]:
    fonts._own.kept = None
    yield
    fonts._own.kept = None


@pytest.fixture
def unpacked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each font that was unpacked."""
    found: list[int] = []
    real = engine.woff2.decompress

    def count(source: Any, target: Any) -> None:
        found.append(1)
        real(source, target)

    monkeypatch.setattr(engine.woff2, "decompress", count)
    return found


def paper(language: str) -> bytes:
    html = papers.html_of(papers.KINDS["brief"], language)
    return render_pdf(html, language=language, title="One page").content


def test_second_paper_finds_the_fonts_of_the_first_and_has_the_same_bytes(unpacked: list[int]) -> None:
    alone = paper("ar")
    first = len(unpacked)
    assert first > 1
    paper("en")
    assert paper("ar") == alone
    assert len(unpacked) == first


def test_fonts_that_a_cleaner_took_are_unpacked_again(unpacked: list[int]) -> None:
    alone = paper("en")
    first = len(unpacked)
    for path in fonts._own.kept._folder.iterdir():
        path.unlink()
        break
    assert paper("en") == alone
    assert len(unpacked) == 2 * first
    shutil.rmtree(fonts._own.kept._folder)
    assert paper("en") == alone


def test_a_fault_while_a_paper_is_made_begins_anew(unpacked: list[int]) -> None:
    alone = paper("en")
    first = len(unpacked)

    def stop(stage: str, page: int) -> None:
        if stage == "layout":
            raise RuntimeError("cancelled")

    with pytest.raises(RuntimeError):
        render_pdf(papers.html_of(papers.KINDS["brief"], "en"), language="en", title="x", progress=stop)
    assert paper("en") == alone
    assert len(unpacked) == 2 * first


def test_another_thread_has_fonts_of_its_own(unpacked: list[int]) -> None:
    alone = paper("en")
    first = len(unpacked)
    made: list[bytes] = []
    other = threading.Thread(target=lambda: made.append(paper("en")))
    other.start()
    other.join()
    assert made == [alone]
    assert len(unpacked) == 2 * first


def test_folder_of_a_process_that_was_killed_goes_after_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    gone = subprocess.Popen([sys.executable, "-c", ""])  # noqa: S603 - this interpreter
    gone.wait()
    names = (f"{gone.pid}-old", f"{gone.pid}-new", f"{os.getpid()}-old", "x-old")
    for name in names:
        folder = tmp_path / f"{fonts.PREFIX}{name}"
        folder.mkdir()
        (folder / "font").write_text("x")
        if name.endswith("old"):
            os.utime(folder, (1, 1))
    paper("en")
    left = {path.name.removeprefix(fonts.PREFIX) for path in tmp_path.glob(f"{fonts.PREFIX}*")}
    assert set(names) - left == {names[0]}
