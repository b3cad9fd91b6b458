"""Faults in what was handed in: each with its place, all reported at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

MOST_FAULTS = 1000
SHOWN_IN_MESSAGE = 50
LONGEST_VALUE_SHOWN = 60
BITS_OF_A_PLAIN_NUMBER = 64


class InputFaults(ValueError):
    """Input that cannot be scored. `faults` holds one sentence each, such as `targets.GOV.1.1: …`."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults: tuple[str, ...] = tuple(faults)
        shown = list(self.faults[:SHOWN_IN_MESSAGE])
        if len(self.faults) > SHOWN_IN_MESSAGE:
            shown.append(f"… and {len(self.faults) - SHOWN_IN_MESSAGE} more")
        super().__init__("\n".join(shown))


class FaultList:
    """Collects faults while reading goes on, so that one pass reports them all."""

    def __init__(self) -> None:
        self._faults: list[str] = []

    def add(self, place: str, sentence: str) -> None:
        """Keep one fault; `place` is a dotted path, empty for the document as a whole.

        Raises `InputFaults` at the thousandth, so that a hostile file cannot fill the memory with sentences.
        """
        self.extend([f"{place}: {sentence}" if place else sentence])

    def extend(self, faults: Iterable[str]) -> None:
        """Keep faults that already carry their place."""
        for fault in faults:
            self._faults.append(fault)
            if len(self._faults) == MOST_FAULTS:
                raise InputFaults([*self._faults, "reading stopped here: there may be more"])

    def __bool__(self) -> bool:
        return bool(self._faults)

    def __iter__(self) -> Iterator[str]:
        return iter(self._faults)

    def raise_if_any(self) -> None:
        """Raise `InputFaults` with everything collected, or do nothing."""
        if self._faults:
            raise InputFaults(self._faults)


def shown(value: object) -> str:
    """Return `value` short enough for a message, whatever it is; never raises, never prints a huge number."""
    if isinstance(value, int) and value.bit_length() > BITS_OF_A_PLAIN_NUMBER:
        return "a number of that size"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple | set):
        return "a list"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= LONGEST_VALUE_SHOWN else text[: LONGEST_VALUE_SHOWN - 1] + "…"
