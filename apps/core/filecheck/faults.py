"""Why a file is refused: a code, and the values its sentence needs. Words are the site's."""

from __future__ import annotations

from dataclasses import dataclass, field


class Fault(Exception):
    """The file is refused."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.code, self.values = code, values


@dataclass(slots=True)
class Found:
    """What a file is: its content type, and whether a password keeps its content from being looked at."""

    content_type: str
    locked: bool = False
    rewritten: bool = field(default=False)
