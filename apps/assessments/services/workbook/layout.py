"""The sheets and columns of a workbook: names for the machine in a hidden row, headings for people above the cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.assessments.choices import (
    COMMENT_LIMIT,
    DESCRIBED_KINDS,
    WHY_LIMIT,
    EvidenceKind,
    NotApplicableReason,
    ResponseKind,
)
from apps.assessments.models import Evidence

FORMAT = "belay-answers"
FORMAT_VERSION = 1
HEAD_SHEET = "Belay"
BLANK_PIECES = 100
HEADING_ROWS = 2
KINDS_TO_ADD = (EvidenceKind.LINK, *DESCRIBED_KINDS)


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is what the site reads; only open columns take input.

    One that is `told` is only there to be read: a workbook of an earlier release comes back without it.
    """

    name: str
    title: Promise
    width: int
    open: bool = False
    hidden: bool = False
    told: bool = False


ANSWERS: tuple[Column, ...] = (
    Column("code", _("Code"), 11),
    Column("base", _("Taken from the site"), 10, hidden=True),
    Column("area", _("Area"), 22),
    Column("question", _("Question"), 44),
    Column("before", _("Last time, not confirmed yet"), 30),
    Column("answer", _("Answer"), 34, open=True),
    Column("why", _("Why this level?"), 50, open=True),
    Column("comment", _("Comment for colleagues"), 40, open=True),
    Column("target", _("Target"), 10, told=True),
    Column("said", _("Discussion and remarks so far"), 44, told=True),
)
LEVEL_WIDTH = 36

PIECES: tuple[Column, ...] = (
    Column("piece", _("Piece"), 10, hidden=True),
    Column("base", _("Taken from the site"), 10, hidden=True),
    Column("supports", _("Supports (codes)"), 20, open=True),
    Column("kind", _("What is it?"), 26, open=True),
    Column("title", _("Title"), 36, open=True),
    Column("shows", _("What does it show?"), 36, open=True),
    Column("owner", _("Who holds it?"), 26, open=True),
    Column("place", _("Where is it kept?"), 26, open=True),
    Column("dated", _("Date of the document"), 18, open=True),
    Column("expires_on", _("Valid until"), 18, open=True),
    Column("url", _("Address of the link"), 40, open=True),
)
DAYS = ("dated", "expires_on")


def piece_limits() -> Mapping[str, int]:
    """The most characters of each text of a piece."""
    names = ("title", "shows", "owner", "place", "url")
    return {name: getattr(Evidence._meta.get_field(name), "max_length", 0) for name in names}


LIMITS = {"why": WHY_LIMIT, "comment": COMMENT_LIMIT}


def answer_labels() -> dict[str, tuple[str, str]]:
    """What stands in the drop-down beside the levels → (choice, reason)."""
    found = {str(ResponseKind.UNKNOWN.label): (ResponseKind.UNKNOWN.value, "")}
    for reason in NotApplicableReason:
        label = NOT_APPLICABLE % {"reason": reason.label}
        found[label] = (ResponseKind.NOT_APPLICABLE.value, reason.value)
    return found


NOT_APPLICABLE = _("Does not apply: %(reason)s")


def level_label(level: int, title: str) -> str:
    """How a level stands in the drop-down."""
    return f"{level} – {title}"


def kind_labels() -> dict[str, str]:
    """The words for each kind of evidence → the kind."""
    return {str(kind.label): kind.value for kind in EvidenceKind}


def folded(text: str) -> str:
    """A label without what people and programs change in passing: case and blanks."""
    return " ".join(text.split()).casefold()
