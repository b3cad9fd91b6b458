"""Faults that the kinds share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator


def doubles(place: str, values: Iterable[str]) -> Iterator[tuple[str, str]]:
    """A fault for each value that stands more than once."""
    for value, count in Counter(values).items():
        if count > 1:
            yield place, f"“{value}” stands here {count} times."
