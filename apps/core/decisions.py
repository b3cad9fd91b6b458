"""The answer of a policy: allowed, or denied with a reason fit for the person asking."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied


@dataclass(frozen=True, slots=True)
class Decision:
    """`bool(decision)` says whether; `reason` says why not, in a sentence."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Decision(True)


def denied(reason: str) -> Decision:
    """A refusal; `reason` is shown to the person."""
    return Decision(False, str(reason))


def require(decision: Decision) -> None:
    """Raise `PermissionDenied` with the decision's sentence unless it allows."""
    if not decision:
        raise PermissionDenied(decision.reason)
