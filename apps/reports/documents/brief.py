"""What the one page for those who decide says: the finding, how far to trust it, the weakest areas, three first steps."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from apps.reports.documents.assessment import AssessmentDocument, assessment_document
from apps.reports.documents.parts import DotRow, Fact, Request, direction, handling
from apps.reports.documents.worklist import WorkRow
from apps.reports.selectors import ResultSource

SHORT, NAME, TEXT, LONG = 36, 45, 110, 180  # characters that fit, also in the widest of our letters
ROWS, STEPS = 4, 3


@dataclass(frozen=True, slots=True)
class BriefDocument:
    """One page; every text on it is cut at a length that fits, with an ellipsis. `whole` is the full report's document."""

    request: Request
    subject: str
    title: str
    finding: str
    lead: str
    handling: str
    recipient: str
    facts: tuple[Fact, ...]
    strongest: tuple[DotRow, ...]
    weakest: tuple[DotRow, ...]
    steps: tuple[WorkRow, ...]
    held: str
    whole: AssessmentDocument
    framework_language: str

    @property
    def framework_dir(self) -> str:
        """The direction of the framework's language: "ltr" or "rtl"."""
        return direction(self.framework_language)


def clip(text: str, most: int) -> str:
    """At most `most` characters: cut at a word where there is one near, with an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    word = cut.rpartition(" ")[0]
    return f"{word if len(word) > most // 2 else cut}…"


def brief_document(source: ResultSource, request: Request) -> BriefDocument:
    """Put one result on one page, in the active language."""
    whole = assessment_document(source, request)
    ranked = sorted((row for row in whole.dots if _place(row) is not None), key=lambda row: _place(row) or 0)
    rows = [replace(row, name=clip(row.name, NAME)) for row in ranked]
    half = min(ROWS, len(rows) // 2)
    held = next((row.sentence for row in whole.held_back if row.code == "overall"), "")
    return BriefDocument(
        request=request,
        subject=clip(source.subject, NAME),
        title=clip(source.title, NAME),
        finding=clip(whole.finding, TEXT),
        lead=clip(_lead(whole), LONG),
        handling=handling(request.tlp, clip(source.subject, NAME)).replace("….", "…"),
        recipient=clip(whole.cover.recipient, TEXT),
        facts=tuple(
            replace(f, value=clip(f.value, SHORT), note=clip(f.note, SHORT)) for f in whole.trust[:4]
        ),
        strongest=tuple(reversed(rows[len(rows) - half :])),
        weakest=tuple(rows[: max(half, min(ROWS, len(rows) - half))]),
        steps=tuple(_step(row) for row in _first(whole)),
        held=clip(held, LONG),
        whole=whole,
        framework_language=whole.framework_language,
    )


def _place(row: DotRow) -> float | None:
    return row.share if row.share is not None else row.now


def _lead(whole: AssessmentDocument) -> str:
    said = _("This result is provisional: answers are missing.") if whole.provisional else ""
    return " ".join(filter(None, (whole.lead, said, whole.comparison)))


def _first(whole: AssessmentDocument) -> list[WorkRow]:
    """What is ready first; where nothing is, what to find out."""
    rows = [row for work in whole.work for row in work.rows]
    return rows[:STEPS]


def _step(row: WorkRow) -> WorkRow:
    return replace(
        row,
        name=clip(row.name, NAME),
        area=clip(row.area, NAME),
        text=clip(row.text, LONG),
        act=clip(row.act, TEXT),
        first="",
    )
