"""What a national report says: one edition of the nation's picture, with its own answers beside its organisations'.

Every figure of the organisations is the edition's; what the edition withholds is said in words and nowhere counted.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.insights.selectors.pictures import AreaLine, PicturePage
from apps.mentoring.selectors.plans import PlanPage
from apps.reports.documents.assessment import AssessmentDocument, annexes, assessment_document
from apps.reports.documents.glossary import assessment_words
from apps.reports.documents.parts import (
    DAY,
    Cover,
    Entry,
    Fact,
    Request,
    Word,
    direction,
    handling,
    recipient,
)
from apps.reports.documents.rows import AreaPart
from apps.reports.documents.worklist import WorkRow
from apps.reports.selectors.national import NationalSource, PictureDimension


@dataclass(frozen=True, slots=True)
class NationalChapter:
    """One dimension: the edition's lines, the nation's own answers under them, and what to do first."""

    number: int
    code: str
    name: str
    finding: str
    lines: tuple[AreaLine, ...]
    areas: tuple[AreaPart, ...]
    steps: tuple[WorkRow, ...]


@dataclass(frozen=True, slots=True)
class NationalDocument:
    """A whole national report. `own` is None where the nation has no result under the edition, or no longer has it."""

    request: Request
    cover: Cover
    contents: tuple[Entry, ...]
    finding: str
    lead: str
    facts: tuple[Fact, ...]
    page: PicturePage
    gaps: tuple[AreaLine, ...]
    withheld: tuple[AreaLine, ...]
    chapters: tuple[NationalChapter, ...]
    own: AssessmentDocument | None
    plan: PlanPage | None
    words: tuple[Word, ...]
    framework_language: str

    @property
    def framework_dir(self) -> str:
        """The direction of the framework's language: "ltr" or "rtl"."""
        return direction(self.framework_language)

    @property
    def own_is_void(self) -> bool:
        """Whether the edition has points of a result of the nation that stands no more."""
        return self.own is None and any(line.own is not None for line in self.page.areas)


def national_document(source: NationalSource, request: Request) -> NationalDocument:
    """Put an edition in words, in the active language."""
    page = source.page
    own = assessment_document(source.own, request) if source.own else None
    gaps = sorted((line for line in page.areas if line.flagged), key=lambda line: -abs(line.gap or 0))
    chapters = tuple(_chapter(number, part, own) for number, part in enumerate(source.dimensions, 1))
    return NationalDocument(
        request=request,
        cover=_cover(page, request, own),
        contents=_contents(chapters, own, source.plan),
        finding=page.finding,
        lead=_lead(page),
        facts=_facts(page),
        page=page,
        gaps=tuple(gaps),
        withheld=tuple(line for line in page.areas if line.withheld),
        chapters=chapters,
        own=own,
        plan=source.plan,
        words=(*assessment_words(usual=True), *_words()),
        framework_language=source.language,
    )


def _lead(page: PicturePage) -> str:
    shown = sum(line.points is not None for line in page.areas)
    text = ngettext(
        "Figures of the organisations are shown in %(shown)d of %(total)d area.",
        "Figures of the organisations are shown in %(shown)d of %(total)d areas.",
        len(page.areas),
    )
    return text % {"shown": shown, "total": len(page.areas)}


def _facts(page: PicturePage) -> tuple[Fact, ...]:
    """The trust figures: how much stands behind the edition."""
    designated = sum(sector.designated for sector in page.sectors)
    answered = sum(sector.answered for sector in page.sectors)
    counted = max((line.counted or 0 for line in page.areas), default=0)
    indicative = sum(sector.indicative for sector in page.sectors)
    of_sectors = _("of %(number)d sectors") % {"number": len(page.sectors)}
    return (
        Fact(
            _("Organisations counted"),
            str(counted) if counted else "–",
            _("in the area that most stand behind"),
            "a",
        ),
        Fact(
            _("Designated operators"),
            str(answered),
            _("of %(number)d have a result") % {"number": designated},
        ),
        Fact(_("Indicative sectors"), str(indicative), of_sectors, "key" if indicative else ""),
        Fact(_("Far apart"), str(page.apart), _("areas, by 20 points or more"), "key" if page.apart else ""),
    )


def _cover(page: PicturePage, request: Request, own: AssessmentDocument | None) -> Cover:
    made = date_format(localdate(page.made_at), DAY) if page.made_at else ""
    facts = (
        Fact(_("Edition"), _("%(number)s of %(day)s") % {"number": page.number, "day": made}),
        Fact(_("Made on"), date_format(request.made_on, DAY)),
        Fact(_("Framework"), page.framework),
        Fact(_("Reference"), request.reference),
    )
    route = own.cover if own else None
    return Cover(
        title=request.title, subject=page.nation.name, facts=facts, handling=handling(request.tlp, page.nation.name),
        recipient=recipient(request), seed=page.nation.public_id,
        route=route.route if route and route.route else _("Contour lines"), prev=route.prev if route else None,
        now=route.now if route else None, goal=route.goal if route else None,
    )  # fmt: skip


def _chapter(number: int, part: PictureDimension, own: AssessmentDocument | None) -> NationalChapter:
    mine = next((c for c in own.chapters if c.figures.code == part.code), None) if own else None
    return NationalChapter(
        number=number,
        code=part.code,
        name=part.name,
        finding=chapter_finding(part),
        lines=part.areas,
        areas=mine.areas if mine else (),
        steps=mine.steps if mine else (),
    )


def chapter_finding(part: PictureDimension) -> str:
    """What one dimension shows, as a sentence; only from figures that the edition shows."""
    shown = [line for line in part.areas if line.points is not None]
    if not shown:
        return _("Too few organisations stand behind any area of this dimension.")
    ahead = sum(bool(line.flagged and (line.gap or 0) > 0) for line in shown)
    behind = sum(bool(line.flagged and (line.gap or 0) < 0) for line in shown)
    found = []
    if ahead:
        text = ngettext(
            "In %(n)s area policy is well ahead of practice.",
            "In %(n)s areas policy is well ahead of practice.",
            ahead,
        )
        found.append(text % {"n": ahead})
    if behind:
        text = ngettext(
            "In %(n)s area practice is well ahead of policy.",
            "In %(n)s areas practice is well ahead of policy.",
            behind,
        )
        found.append(text % {"n": behind})
    weakest = min(shown, key=lambda line: line.points or 0)
    values = {"area": weakest.name, "points": weakest.points}
    found.append(_("The organisations are weakest in “%(area)s”: %(points)s points.") % values)
    return " ".join(found)


def _words() -> tuple[Word, ...]:
    return (
        Word(
            _("Designated operator"), _("An organisation that the nation has named as essential to society.")
        ),
        Word(_("Edition"), _("The picture of the nation as it was made once; it never changes.")),
        Word(
            _("Indicative"),
            # xgettext:no-python-format
            _("Fewer than 30 % of the designated operators of a sector have a result."),
        ),
        Word(_("Lower quartile"), _("A quarter of the organisations stays below this value.")),
        Word(
            _("Policy less practice"),
            _("The nation’s own answer less the figure of its organisations; marked from 20 points."),
        ),
    )


def _contents(
    chapters: tuple[NationalChapter, ...], own: AssessmentDocument | None, plan: PlanPage | None
) -> tuple[Entry, ...]:
    return (
        Entry("summary", _("The nation at a glance")),
        Entry("trust", _("How this was counted, and how far to trust it")),
        Entry("sectors", _("Where the sectors stand")),
        Entry("gaps", _("Where policy and practice are apart")),
        *(Entry(f"part-{chapter.code}", chapter.name) for chapter in chapters),
        *((Entry("first", _("What to do first")),) if own else ()),
        *((Entry("roadmap", _("The plan")),) if plan else ()),
        *(annexes(own.annex) if own else ()),
        Entry("method", _("How to check this report")),
        Entry("words", _("Words used")),
    )
