"""What overview pages and the shell show. Joins what the apps below offer; owns no rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from apps.accounts.models import User
from apps.accounts.selectors import NotificationRow, list_notifications, unread_count
from apps.assessments import selectors as assessments
from apps.assessments.models import Assessment, Result
from apps.courses import selectors as courses
from apps.exercises import selectors as exercises
from apps.frameworks import selectors as frameworks
from apps.frameworks.models import Indicator
from apps.insights.selectors import Peers, Region, peers_beside, region
from apps.members.selectors import SharedRow, Workspace, get_member, shared_with, workspaces
from apps.mentoring import selectors as mentoring
from apps.mentoring.selectors.ladder import rungs_of
from apps.resources import selectors as resources

MOST_RESOURCES = 3  # named at a gap


class WorkspaceLink(NamedTuple):
    label: str
    url: str
    current: bool


class Tab(NamedTuple):
    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Shell:
    signed_in: bool = False
    user_name: str = ""
    initials: str = ""
    workspaces: list[WorkspaceLink] = field(default_factory=list)
    workspace_label: str = ""
    tabs: list[Tab] = field(default_factory=list)
    unread: int = 0
    my_list: str = ""
    gaps: str = ""
    demo: bool = False
    theme: str = ""
    languages: list[tuple[str, str, str, bool]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ShellFacts:
    workspaces: list[Workspace]
    current: Workspace | None
    unread: int


def shell_facts(user: User, *, member: str, programme: str, last: str = "") -> ShellFacts:
    """Workspaces, the open one (None: my learning) and the number of unread notifications, in three queries.

    Where the address names no workspace of this person, the one visited `last` (a public id) stays open.
    """
    found = {w.public_id: w for w in workspaces(user)}
    current = found.get(member or programme) or found.get(last)
    return ShellFacts(list(found.values()), current, unread_count(user))


def area_choices(names: dict[str, str]) -> list[tuple[str, str]]:
    """(code, label) of areas, from code → name; an area that no version has any more is named by its code."""
    return [(code, f"{code} {name}".strip()) for code, name in names.items()]


@dataclass(frozen=True, slots=True)
class WaitingItem:
    text: str
    url: str
    note: str
    kind: str


def waiting(user: User, member: str = "") -> list[WaitingItem]:
    """What waits for this person, from every app; of one member's assessments only when `member` is given."""
    items = [
        WaitingItem(w.text, w.url, w.note, w.kind)
        for w in assessments.waiting_for(user)
        if member in ("", w.member)
    ]
    items += [
        WaitingItem(w.text, w.url, "", w.kind)
        for w in mentoring.waiting_for(user)
        if not w.member or member in ("", w.member)
    ]
    items += [
        WaitingItem(w.text, w.url, "", "exercise")
        for w in exercises.waiting_for(user)
        if member in ("", w.member)
    ]
    return items + [WaitingItem(w.text, w.url, "", "course") for w in courses.waiting_for(user)]


def library_waiting(user: User) -> list[WaitingItem]:
    """What waits for those who keep the library. 2 queries."""
    return [WaitingItem(w.text, w.url, "", w.kind) for w in resources.waiting_for(user)]


@dataclass(frozen=True, slots=True)
class MemberHome:
    """The overview of a member: the running assessment, what waits, the latest result, help, learning, news."""

    overview: assessments.Overview
    waiting: list[WaitingItem]
    result: assessments.ResultPage | None
    engagements: Sequence[Any]
    learning: Any
    news: list[NotificationRow]
    shared: list[SharedRow]
    rungs: Sequence[Any] = ()

    @property
    def is_new(self) -> bool:
        return self.overview.running is None and self.overview.latest is None


def member_home(user: User, member: str) -> MemberHome:
    """Everything on the overview of a member the user is in. Raises Http404."""
    overview = assessments.overview(user, member)
    latest = overview.latest
    page = assessments.result_page(user, member, latest.assessment.public_id) if latest else None
    return MemberHome(
        overview=overview,
        waiting=waiting(user, member),
        result=page,
        engagements=mentoring.engagements_of(user, overview.member),
        learning=courses.my_learning(user),
        news=list_notifications(user, limit=4),
        shared=shared_with(user) if overview.member.is_mentor else [],
        rungs=rungs_of(overview.member),
    )


@dataclass(frozen=True, slots=True)
class StepLinks:
    """One of the next steps with what helps: courses and resources for its area."""

    work: Any
    courses: Sequence[Any]
    resources: Sequence[Any]


@dataclass(frozen=True, slots=True)
class ResultHome:
    """A result with the links that its work lists lead to."""

    page: assessments.ResultPage
    steps: list[StepLinks]
    others: list[Result]
    strengths: list[Any]
    code: str
    peers: Peers | None = None


def result_home(user: User, member: str, assessment: str) -> ResultHome:
    """The result page. Raises Http404 while the assessment is not submitted, and for other people."""
    page = assessments.result_page(user, member, assessment)
    first = page.lists.first_three
    # Courses and resources speak of the shared framework's areas; the same code elsewhere is another thing.
    codes = {row.area for row in first} if page.on_shared else set()
    taught = courses.for_areas(user, codes)
    levels = {row.code: row.now for row in page.areas}
    library = resources.for_areas(
        user, codes, levels=levels, languages=page.member.languages, most=MOST_RESOURCES
    )
    steps = [StepLinks(row, taught.get(row.area, [])[:2], library.get(row.area, [])) for row in first]
    strengths = [row for row in page.areas if page.on_shared and (row.now or 0) >= 4]
    others = assessments.results_of(user, member)
    signed = any(row.public_id == page.public_id and row.statement for row in others)
    code = assessments.result_code(page.public_id) if signed else ""
    peers = peers_beside(page.result)
    if peers and peers.spans:
        beside = tuple(replace(row, peers=peers.spans.get(row.code)) for row in page.areas)
        page = replace(page, areas=beside)
    return ResultHome(page, steps, others, strengths, code, peers)


@dataclass(frozen=True, slots=True)
class OfferPlace:
    """A question of a running assessment to which course work can be offered."""

    member: str
    member_name: str
    assessment: str
    title: str
    area: str
    indicator: str
    name: str

    @property
    def value(self) -> str:
        return f"{self.assessment}:{self.indicator}"

    @property
    def keywords(self) -> dict[str, str]:
        """What names the question to services."""
        return {
            "member": self.member,
            "assessment": self.assessment,
            "area": self.area,
            "indicator": self.indicator,
        }


def offer_places(user: User, codes: Sequence[str]) -> list[OfferPlace]:
    """Questions with these codes in running assessments, on the shared framework, of the user's members. Two queries."""
    running = Assessment.objects.visible_to(user).running().select_related("member")
    found = list(running.filter(version_of__framework__slug=frameworks.SHARED).order_by("pk"))
    versions = {row.version_of_id for row in found}
    asked = list(
        Indicator.objects.filter(version__in=versions, code__in=codes).select_related("area").order_by("code")
    )
    return [
        OfferPlace(
            row.member.public_id, row.member.name, row.public_id, row.title, one.area.code, one.code, one.name
        )
        for row in found
        for one in asked
        if one.version_id == row.version_of_id and one.scope in (row.scope, "both")
    ]


@dataclass(frozen=True, slots=True)
class Gap:
    """An area where indicators are under their target, with the courses and resources that help there."""

    code: str
    name: str
    under: int
    courses: Sequence[Any]
    resources: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class GapsPage:
    """What a member's latest result on the shared framework asks its people to learn; `title` is empty without one."""

    member: str
    member_id: str
    title: str
    assessment: str
    gaps: tuple[Gap, ...]

    @property
    def helped(self) -> list[Gap]:
        return [gap for gap in self.gaps if gap.courses]


def gaps_page(user: User, member: str) -> GapsPage:
    """Courses for the areas under target of the member's latest result. Raises Http404 for people of other members."""
    row = get_member(user, member)
    result = assessments.latest_result(user, row)
    if result is None or result.assessment.version_of.framework.slug != frameworks.SHARED:
        return GapsPage(row.name, member, "", "", ())
    levels = assessments.levels_of(user, member, result.assessment.public_id)
    below = [given for given in levels.rows.values() if given.applies and not given.at_target]
    under = Counter(given.area for given in below)
    lowest = {code: min(given.level or 0 for given in below if given.area == code) for code in under}
    taught, names = courses.for_areas(user, under), courses.area_names(under)
    library = resources.for_areas(user, under, levels=lowest, languages=row.languages, most=MOST_RESOURCES)
    gaps = (
        Gap(code, names.get(code, ""), count, taught.get(code, ()), library.get(code, ()))
        for code, count in under.most_common()
    )
    return GapsPage(row.name, member, levels.title, levels.assessment, tuple(gaps))


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One result in the list of a member; `says` is where it stands, `value` its figure with the unit."""

    assessment: str
    title: str
    framework: str
    submitted_at: datetime | None
    says: str
    value: str
    provisional: bool
    tlp: str


def result_rows(user: User, member: str) -> list[ResultLine]:
    """All results of a member the user is in, newest first."""
    rows = []
    for row in assessments.results_of(user, member):
        overall = row.document["evidenced"]["overall"]
        yardstick = assessments.yardstick_of(row.document, row.assessment.version_of)
        rows.append(
            ResultLine(
                row.assessment.public_id, row.assessment.title, str(row.assessment.version_of), row.assessment.submitted_at,
                assessments.summary(row.document, yardstick), yardstick.value(overall["value"]), overall["provisional"],
                row.tlp,
            )
        )  # fmt: skip
    return rows


@dataclass(frozen=True, slots=True)
class ProgrammeHome:
    """The overview of a programme's office."""

    region: Region
    matching: Any
    learners: Any
    at_work: Any
    waiting: list[WaitingItem]
    shared: list[SharedRow]


def programme_home(user: User, programme: str) -> ProgrammeHome:
    """Everything on the overview of a programme. Raises Http404 for others."""
    found = region(user, programme)
    return ProgrammeHome(
        found,
        mentoring.programme_matching_overview(user, programme),
        courses.learners_overview(user, found.programme),
        courses.work_counts(user, found.programme),
        [*waiting(user), *library_waiting(user)],
        shared_with(user),
    )
