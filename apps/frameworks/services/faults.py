"""What is wrong with a framework file, all of it, each with its place."""

from __future__ import annotations

from collections.abc import Iterable

from apps.core.errors import Refused

SHOWN = 50


class FrameworkFaults(Refused):
    """`faults` holds one sentence each, such as `areas.GOV.1.dimension: 'XYZ' is not a dimension …`."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        shown = list(self.faults[:SHOWN])
        if len(self.faults) > SHOWN:
            shown.append(f"… and {len(self.faults) - SHOWN} more")
        super().__init__("\n".join(shown))
