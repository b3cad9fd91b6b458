"""What a service raises when a person must be told something; the interface turns it into 400 or 409."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """The request makes no sense now (400 or a message on the form). `message` is a translated sentence.

    `codes` names the things it is about, for programs.
    """

    status = 400
    code = "refused"

    def __init__(self, message: str, *, field: str = "", codes: tuple[str, ...] = ()) -> None:
        super().__init__(str(message))
        self.message = str(message)
        self.field = field
        self.codes = codes


class Conflict(Exception):
    """Someone else changed the row first (409). `current` is what is stored, `proposed` what was sent."""

    def __init__(self, message: str, *, current: Any = None, proposed: Any = None) -> None:
        super().__init__(str(message))
        self.message = str(message)
        self.current = current
        self.proposed = proposed


class Stale(Conflict):
    """The version that was sent is not the stored one: the API says 412 where a page says 409."""
