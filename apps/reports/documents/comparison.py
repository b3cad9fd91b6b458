"""What a comparison of two results says: what rose and what fell, by area and with the reasons."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.assessments.selectors.side_by_side import Head, SideBySide
from apps.reports.documents.parts import DAY, Cover, Entry, Fact, Request, direction, handling, recipient
from apps.reports.selectors.comparison import AreaMoves, ComparisonSource


@dataclass(frozen=True, slots=True)
class ComparisonDocument:
    """Two results of one member. `finding` is the sentence of the page; `areas` is empty where nothing may be compared."""

    request: Request
    cover: Cover
    contents: tuple[Entry, ...]
    finding: str
    share: str
    facts: tuple[Fact, ...]
    page: SideBySide
    areas: tuple[AreaMoves, ...]
    left_out: tuple[tuple[str, str], ...]
    hashes: tuple[str, str]
    framework_language: str

    @property
    def framework_dir(self) -> str:
        """The direction of the framework's language: "ltr" or "rtl"."""
        return direction(self.framework_language)

    @property
    def heads(self) -> tuple[Head, ...]:
        """The two results, the earlier first."""
        return tuple(head for head in (self.page.then, self.page.now) if head)

    @property
    def slope_text(self) -> str:
        """What the drawing says, for those who do not see it."""
        rows = (f"{row.name}: {row.then_says}, {row.now_says}" for row in self.page.slopes)
        return "; ".join(rows)

    @property
    def moved(self) -> tuple[AreaMoves, ...]:
        """The areas in which something rose or fell."""
        return tuple(area for area in self.areas if area.moves)


def comparison_document(source: ComparisonSource, request: Request) -> ComparisonDocument:
    """Put two results side by side in words, in the active language."""
    page = source.page
    return ComparisonDocument(
        request=request,
        cover=_cover(source, request),
        contents=_contents(source),
        finding=page.title,
        share=_share(source),
        facts=_facts(source),
        page=page,
        areas=source.areas,
        left_out=source.left_out,
        hashes=source.hashes,
        framework_language=source.language,
    )


def _day(head: Head | None) -> str:
    return date_format(localdate(head.submitted_at), DAY) if head and head.submitted_at else "–"


def _share(source: ComparisonSource) -> str:
    """How much of the newer result has something to be compared with."""
    text = ngettext(
        "%(compared)d of %(total)d indicator is compared.",
        "%(compared)d of %(total)d indicators are compared.",
        source.total,
    )
    return text % {"compared": source.compared, "total": source.total}


def _facts(source: ComparisonSource) -> tuple[Fact, ...]:
    page = source.page
    total = _("of %(number)d indicators") % {"number": source.total}
    rose = Fact(_("Rose"), str(len(page.rose)), _("indicators"), "a")
    fell = Fact(_("Fell"), str(len(page.fell)), _("indicators"), "key" if page.fell else "")
    found = [rose, fell, Fact(_("Compared"), str(source.compared), total)]
    if page.overall:
        before = _("before: %(value)s") % {"value": page.overall.then_says or "–"}
        found.insert(0, Fact(_("The whole"), page.overall.now_says or "–", before, "a"))
    return tuple(found)


def _cover(source: ComparisonSource, request: Request) -> Cover:
    page = source.page
    facts = (
        Fact(_("Earlier"), _day(page.then)),
        Fact(_("Later"), _day(page.now)),
        Fact(_("Made on"), date_format(request.made_on, DAY)),
        Fact(_("Reference"), request.reference),
    )
    return Cover(
        title=request.title, subject=page.member.name, facts=facts, handling=handling(request.tlp, page.member.name),
        recipient=recipient(request), seed=page.member.public_id, route="",
    )  # fmt: skip


def _contents(source: ComparisonSource) -> tuple[Entry, ...]:
    compared = (
        (Entry("areas", _("Area by area")), Entry("moves", _("What rose and what fell, and why")))
        if source.areas
        else ()
    )
    left = (Entry("left", _("What is not compared")),) if source.left_out else ()
    return (
        Entry("summary", _("The change at a glance")),
        *compared,
        *left,
        Entry("method", _("How to check this report")),
    )
