"""The fonts of our papers, unpacked once for each process and thread.

The engine unpacks and registers them anew for every document unless it is given a configuration to keep: 0.8 s of the
processor each time, and a third of a megabyte that never came back (measured over 120 reports of one page).
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from weasyprint.text.fonts import FontConfiguration

PREFIX = "belay-fonts-"
OLD = 24 * 3600  # seconds after which the folder of a process that is gone may be deleted
_own = threading.local()


@contextmanager
def fonts() -> Iterator[FontConfiguration]:
    """The configuration that this thread keeps. A fault while it is used, or a file of it that is gone, begins a new one."""
    kept = _taken()
    yield kept
    _own.kept, _own.process, _own.files = kept, os.getpid(), _files(kept)


def _taken() -> FontConfiguration:
    """What is kept, taken out so that nobody else finds it; a new one where there is none that is whole."""
    kept, process = getattr(_own, "kept", None), getattr(_own, "process", 0)
    _own.kept = None
    if kept is not None and process == os.getpid() and _own.files <= _files(kept):
        return kept
    return _new()


def _new() -> FontConfiguration:
    from weasyprint.text.fonts import FontConfiguration

    _sweep()
    made = FontConfiguration()
    made._folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    return made


def _files(kept: FontConfiguration) -> frozenset[str]:
    """The files of a configuration; a cleaner of temporary files may take them."""
    try:
        return frozenset(path.name for path in kept._folder.iterdir())
    except OSError:
        return frozenset()


def _sweep() -> None:
    """Delete what processes left that were killed: a folder of theirs, a day old."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            os.kill(int(folder.name.removeprefix(PREFIX).split("-")[0]), 0)
        except ProcessLookupError:
            if time.time() - folder.lstat().st_mtime > OLD:
                rmtree(folder, ignore_errors=True)
        except (OSError, ValueError):
            continue
