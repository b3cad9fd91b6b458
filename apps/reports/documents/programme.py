"""What a programme overview says: counts, and levels of those members only that share them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.assessments.selectors.yardstick import site_yardstick
from apps.core.plurals import plural_count
from apps.reports.documents.glossary import programme_words
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
from apps.reports.selectors import HelpSource, LearningSource, MemberSource, ProgrammeSource
from apps.reports.selectors.regional import RegionSource

FEWEST = 5


@dataclass(frozen=True, slots=True)
class MemberRow:
    name: str
    kind: str
    is_mentor: bool
    assessed_on: date | None
    shares: bool


@dataclass(frozen=True, slots=True)
class HeatCell:
    """`level` None is not assessed; `hidden` is not shared. `text` stands for a level where there is none to name."""

    level: int | None
    hidden: bool
    text: str = ""
    shade: int = 0


@dataclass(frozen=True, slots=True)
class HeatRow:
    name: str
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class SpreadRow:
    """How many sharing members stand at each step, from 0 up, in one area."""

    code: str
    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RoundRow:
    name: str
    opens_on: date
    closes_on: date
    state: str
    started: int
    submitted: int


@dataclass(frozen=True, slots=True)
class AskedRow:
    code: str
    name: str
    number: int


@dataclass(frozen=True, slots=True)
class CourseRow:
    """Counts as shown: "fewer than 5" where they would tell about single people."""

    title: str
    started: str
    completed: str


@dataclass(frozen=True, slots=True)
class ProgrammeDocument:
    """A whole programme overview. `spread` is empty when fewer than five members share levels; `spread_note` says so."""

    request: Request
    cover: Cover
    contents: tuple[Entry, ...]
    finding: str
    lead: str
    purpose: str
    facts: tuple[Fact, ...]
    members: tuple[MemberRow, ...]
    framework: str
    steps: tuple[str, ...]
    areas: tuple[tuple[str, str], ...]
    heat: tuple[HeatRow, ...]
    spread: tuple[SpreadRow, ...]
    spread_note: str
    rounds: tuple[RoundRow, ...]
    asked: tuple[AskedRow, ...]
    help: tuple[Fact, ...]
    learning: tuple[CourseRow, ...]
    words: tuple[Word, ...]
    framework_language: str
    region: RegionSource

    @property
    def framework_dir(self) -> str:
        """The direction of the framework's language: "ltr" or "rtl"."""
        return direction(self.framework_language)


def programme_document(source: ProgrammeSource, request: Request) -> ProgrammeDocument:
    """Put a programme in words, in the active language."""
    sharing = [member for member in source.members if member.levels is not None]
    assessed = sum(member.assessed_on is not None for member in source.members)
    facts = _facts(source, assessed, len(sharing))
    return ProgrammeDocument(
        request=request,
        cover=_cover(source, request, facts),
        contents=_contents(),
        finding=_finding(assessed, len(source.members)),
        lead=_lead(source),
        purpose=source.purpose,
        facts=facts,
        members=tuple(
            MemberRow(m.name, m.kind, m.is_mentor, m.assessed_on, m.shares) for m in source.members
        ),
        framework=source.framework,
        steps=source.steps,
        areas=tuple(source.areas.items()),
        heat=tuple(_heat_row(member, tuple(source.areas)) for member in source.members),
        spread=_spread(source, sharing) if len(sharing) >= FEWEST else (),
        spread_note=_spread_note(source, len(sharing)),
        rounds=tuple(
            RoundRow(r.name, r.opens_on, r.closes_on, r.state, r.started, r.submitted) for r in source.rounds
        ),
        asked=tuple(AskedRow(area, name, number) for (area, name), number in source.help.asked.items()),
        help=_help(source.help),
        learning=tuple(_course(course) for course in source.learning),
        words=programme_words(usual=source.steps == site_yardstick().steps),
        framework_language=source.language,
        region=source.region,
    )


def _finding(assessed: int, total: int) -> str:
    text = ngettext(
        "%(assessed)d of %(total)d member has assessed itself",
        "%(assessed)d of %(total)d members have assessed themselves",
        total,
    )
    return text % {"assessed": assessed, "total": total}


def _lead(source: ProgrammeSource) -> str:
    moved = (len(source.region.rose), len(source.region.fell))
    values = {"rose": moved[0], "fell": moved[1], "engagements": source.help.engagements}
    if any(moved):
        return (
            _(
                "Since the result before, %(rose)d rose and %(fell)d fell. Engagements so far: %(engagements)d."
            )
            % values
        )
    asked = {"asked": source.region.requests, "engagements": source.help.engagements}
    return _("Requests for help: %(asked)d. Engagements so far: %(engagements)d.") % asked


def _facts(source: ProgrammeSource, assessed: int, sharing: int) -> tuple[Fact, ...]:
    total = _("of %(number)d members") % {"number": len(source.members)}
    mentors = sum(member.is_mentor for member in source.members)
    return (
        Fact(_("Assessed"), str(assessed), total, "a"),
        Fact(_("Share their levels"), str(sharing), _("of %(number)d assessed") % {"number": assessed}),
        Fact(_("Mentor partners"), str(mentors), total),
        Fact(
            _("Requests"),
            str(source.region.requests),
            _("%(places)d places offered") % {"places": source.region.places},
            "key",
        ),
    )


def _cover(source: ProgrammeSource, request: Request, facts: tuple[Fact, ...]) -> Cover:
    return Cover(
        title=request.title,
        subject=source.name,
        facts=(
            Fact(_("Made on"), date_format(request.made_on, DAY)),
            Fact(_("Members"), str(len(source.members))),
            Fact(facts[0].label, facts[0].value),
            Fact(_("Reference"), request.reference),
        ),
        handling=handling(request.tlp, source.name),
        recipient=recipient(request),
        seed=source.name,
        route="",
    )


def _heat_row(member: MemberSource, areas: tuple[str, ...]) -> HeatRow:
    hidden = not member.shares
    levels = member.levels or {}
    marks = {area: ("", 0) if hidden else member.marks.get(area, ("", 0)) for area in areas}
    cells = (HeatCell(None if hidden else levels.get(area), hidden, *marks[area]) for area in areas)
    return HeatRow(member.name, tuple(cells))


def _spread_note(source: ProgrammeSource, sharing: int) -> str:
    """Why there is no spread of levels; empty where there is one."""
    if sharing < FEWEST:
        return _("Shown from five members that share their levels; fewer would tell too much about each.")
    return (
        "" if source.steps else _("This framework gives values, not levels, so there is no spread of levels.")
    )


def _spread(source: ProgrammeSource, sharing: list[MemberSource]) -> tuple[SpreadRow, ...]:
    """Counts per area; an area that fewer than five of them have a level in is left out."""
    rows = []
    for code, name in source.areas.items():
        levels = [level for m in sharing if m.levels and (level := m.levels.get(code)) is not None]
        if len(levels) >= FEWEST:
            rows.append(
                SpreadRow(code, name, tuple(levels.count(level) for level in range(len(source.steps))))
            )
    return tuple(rows)


def _help(source: HelpSource) -> tuple[Fact, ...]:
    return (
        Fact(_("Matching rounds"), str(source.rounds)),
        Fact(
            _("Proposals"),
            str(source.proposals),
            _("%(number)d accepted by both sides") % {"number": source.accepted},
        ),
        Fact(
            _("Engagements"), str(source.engagements), _("%(number)d active") % {"number": source.active}, "a"
        ),
        Fact(
            _("Sessions"),
            str(source.sessions),
            ngettext("%(hours)s hour", "%(hours)s hours", plural_count(source.hours))
            % {"hours": number_format(source.hours)},
        ),
    )


def _course(source: LearningSource) -> CourseRow:
    few = _("fewer than 5")
    started = few if source.started is None else str(source.started)
    return CourseRow(source.title, started, few if source.completed is None else str(source.completed))


def _contents() -> tuple[Entry, ...]:
    return (
        Entry("summary", _("The programme at a glance")),
        Entry("members", _("Members")),
        Entry("levels", _("Levels by area")),
        Entry("areas", _("Where help is needed most, and what is offered")),
        Entry("moved", _("Since the result before")),
        Entry("rounds", _("Assessment rounds")),
        Entry("help", _("Requests, proposals and engagements")),
        Entry("uplift", _("What mentoring changed")),
        Entry("learning", _("Learning")),
        Entry("words", _("Words used, and how to check this report")),
    )
