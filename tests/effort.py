"""What a piece of work costs, counted instead of timed: a slow machine is no fault of the code."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


class TooMuch(AssertionError):
    """The work takes more than it may."""


@contextmanager
def calls_at_most(most: int) -> Iterator[None]:
    """Stops work that makes more than `most` calls (of Python and of C functions), so that nothing runs without end."""
    done = 0

    def count(_frame: FrameType, event: str, _arg: Any) -> None:
        nonlocal done
        done += event in ("call", "c_call")
        if done > most:
            sys.setprofile(None)
            raise TooMuch(f"more than {most} calls")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(before)


@contextmanager
def memory_at_most(most: int) -> Iterator[None]:
    """Holds work to `most` bytes at its highest, beyond what was there before."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        yield
        used = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    if used > most:
        raise TooMuch(f"{used} bytes, {most} are allowed")
