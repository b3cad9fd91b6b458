"""What action sheets say: for each person what to do, until when, what done looks like, and whom to ask."""

from __future__ import annotations

from dataclasses import dataclass

from apps.reports.documents.parts import Request, handling, recipient
from apps.reports.selectors.sheets import PersonSheet, SheetsSource


@dataclass(frozen=True, slots=True)
class ActionsDocument:
    """The sheets of a plan, each person's on pages of their own."""

    request: Request
    subject: str
    plan: str
    source: SheetsSource
    handling: str
    recipient: str

    @property
    def sheets(self) -> tuple[PersonSheet, ...]:
        return self.source.sheets


def actions_document(source: SheetsSource, request: Request) -> ActionsDocument:
    """Put the sheets of a plan in words, in the active language."""
    return ActionsDocument(
        request=request,
        subject=source.member,
        plan=source.plan,
        source=source,
        handling=handling(request.tlp, source.member),
        recipient=recipient(request),
    )
