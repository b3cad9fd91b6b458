"""What a printed questionnaire says: questions with room to write, blank or with the answers so far."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.assessments.selectors.sheet import Sheet
from apps.members.choices import Tlp
from apps.reports.documents.parts import Request, handling, recipient


@dataclass(frozen=True, slots=True)
class SheetDocument:
    """A questionnaire on paper. `notice` stands on every page, `ways` says how to fill it in."""

    request: Request
    sheet: Sheet
    notice: str
    handling: str
    recipient: str
    ways: tuple[str, ...]

    @property
    def subject(self) -> str:
        return self.sheet.assessment.member.name


def label_of(sheet: Sheet) -> str:
    """The strictest label of what is on the sheet: that of the site's papers, or of a piece of evidence that is red."""
    pieces = (piece for area in sheet.areas for question in area.questions for piece in question.pieces)
    red = any(Tlp.RED.label.endswith(piece.tlp) for piece in pieces)
    return Tlp.RED if red else Tlp.AMBER_STRICT


def sheet_document(sheet: Sheet, request: Request) -> SheetDocument:
    """Put a questionnaire in words, in the active language."""
    return SheetDocument(
        request=request,
        sheet=sheet,
        notice=_("Not signed, for internal co-ordination"),
        handling=handling(request.tlp, sheet.assessment.member.name),
        recipient=recipient(request),
        ways=(
            _("Tick one box for each question. Choose the level that fully describes you today; between two, the lower one."),
            _("Write why, and which evidence shows it: what it is, who holds it, of which day."),
            _("Nothing on this paper counts before somebody has typed it in on the site."),
        ),
    )  # fmt: skip
