"""Parts that every report has: the request it answers, its cover, its figures, its words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from apps.core.charts.marks import HIGHEST
from apps.members.choices import Tlp

DAY, MONTH = "j F Y", "F Y"  # months in words, day first, in every language


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for: the printed `reference`, label, paper ("a4" or "letter"), the reader and the day.

    `head` is the end of the record on that day, as `audit.head_line` writes it.
    """

    reference: str
    title: str
    tlp: str
    paper: str
    reader: str
    made_on: date
    head: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with its label; `kind` marks it: "a" accent, "key" rope, "" plain."""

    label: str
    value: str
    note: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Cover:
    """The first page. `prev`, `now` and `goal` are the levels of the route drawn over the contours."""

    title: str
    subject: str
    facts: tuple[Fact, ...]
    handling: str
    recipient: str
    seed: str
    route: str
    prev: int | None = None
    now: int | None = None
    goal: int | None = None
    highest: int = HIGHEST


@dataclass(frozen=True, slots=True)
class DotRow:
    """One row of the dot table: steps of the yardstick, None for not assessed.

    Where it has none, `says` is the value and `share` its percent of the `most` that is possible.
    """

    code: str
    name: str
    prev: int | None
    now: int | None
    goal: int | None
    says: str = ""
    most: str = ""
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Word:
    word: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents list; `anchor` is the id that the page number is looked up by, `depth` 1 or 2."""

    anchor: str
    text: str
    depth: int = 1


def handling(tlp: str, source: str) -> str:
    """What a reader may do with a document under this label, in one or two sentences."""
    sentences = {
        Tlp.RED: _("For the named recipient only. Do not pass it on to anyone. Source: %(source)s."),
        Tlp.AMBER_STRICT: _(
            "Share only inside your own organisation, and only with people who need it to act. "
            "To share more widely, ask the source: %(source)s."
        ),
        Tlp.AMBER: _(
            "Share only inside your organisation and with its clients, and only with people who need it to act. "
            "To share more widely, ask the source: %(source)s."
        ),
        Tlp.GREEN: _("Share inside the community, not in public. Source: %(source)s."),
        Tlp.CLEAR: _("This document may be shared without limits. Source: %(source)s."),
    }
    return sentences[Tlp(tlp)] % {"source": source}


def recipient(request: Request) -> str:
    """For TLP:RED, the line that names the reader and the copy on each page; empty otherwise."""
    if request.tlp != Tlp.RED:
        return ""
    return _("For %(reader)s, copy %(reference)s") % {
        "reader": request.reader,
        "reference": request.reference,
    }


def direction(language: str) -> str:
    """ "ltr" or "rtl". The engine knows no `dir="auto"`, so that it is said for each text of a known language."""
    return "rtl" if language.split("-")[0] in ("ar", "fa", "he", "ps", "ur") else "ltr"


def titled(svg: SafeString, title: str) -> SafeString:
    """The engine takes alternative text from a <title> child only."""
    head, sep, rest = svg.partition(">")
    return mark_safe(f"{head}{sep}<title>{escape(title)}</title>{rest}")  # noqa: S308  our own drawing, title escaped
