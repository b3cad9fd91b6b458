"""Files outside evidence that lie under a member's key: who keeps some says here how they get its newest version."""

from __future__ import annotations

from collections.abc import Callable

Handler = Callable[[str, str], int]
_HANDLERS: list[Handler] = []


def rewraps(handler: Handler) -> Handler:
    """Register what wraps the file keys of an owner (public id) and purpose again and returns how many it changed."""
    if handler not in _HANDLERS:
        _HANDLERS.append(handler)
    return handler


def rewrap_elsewhere(owner: str, purpose: str) -> int:
    """Let every app wrap the keys of its files under the owner's newest key; return how many files changed."""
    return sum(handler(owner, purpose) for handler in _HANDLERS)
