"""What a person finds in the library of resources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from operator import itemgetter
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.http import Http404
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.core.folding import fold
from apps.core.markdown import render_markdown
from apps.frameworks.selectors import area_names
from apps.members.choices import Role
from apps.resources import policies
from apps.resources.choices import Audience, LinkFault, ResourceKind
from apps.resources.models import Resource, ResourceUse
from apps.resources.selectors.lines import (
    FEWEST,
    NO_FIGURES,
    Figures,
    ResourceLine,
    figures_of,
    line_of,
    lines,
    mean_of,
    slim,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from apps.accounts.models import User

PAGE_SIZE = 20
LONGEST_QUERY = 100
MOST_WORDS = 20  # sentences of members on the page of an entry


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for; what the library does not know filters nothing."""

    q: str = ""
    area: str = ""
    kind: str = ""
    level: str = ""
    language: str = ""
    tlp: str = ""

    @property
    def anything(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What is asked, as an address keeps it."""
        every = ((field.name, getattr(self, field.name)) for field in fields(self))
        return [(name, value) for name, value in every if value]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter; `count` is how many resources it would leave."""

    value: str
    name: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class ResourceList:
    page: Page[ResourceLine]
    total: int
    asked: Asked
    areas: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    levels: tuple[Choice, ...]
    languages: tuple[Choice, ...]
    labels: tuple[Choice, ...]
    members: tuple[tuple[str, str], ...]
    curates: bool


@dataclass(frozen=True, slots=True)
class AreaName:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Said:
    """A member's sentence; `member` is empty where it did not want to be named."""

    member: str
    stars: int
    words: str


@dataclass(frozen=True, slots=True)
class OwnUse:
    """A member of the reader, and what it said about the entry: `used_on` is None when it said nothing."""

    public_id: str
    name: str
    may: bool
    used_on: date | None = None
    area: str = ""
    stars: int = 0


@dataclass(frozen=True, slots=True)
class ResourcePage:
    """`text` is our own template as safe HTML; empty for a resource that stands elsewhere at `url`."""

    line: ResourceLine
    url: str
    text: SafeString
    areas: tuple[AreaName, ...]
    said: tuple[Said, ...]
    own: tuple[OwnUse, ...]
    checked_at: datetime | None
    answered_at: datetime | None
    fault: str
    keeps: bool


Test = Callable[[ResourceLine], bool]


def list_resources(
    user: User | AnonymousUser, asked: Asked | None = None, *, page: str | int = 1
) -> ResourceList:
    """One page of the library, filtered and searched. 4 queries, 6 for who is signed in."""
    every = lines(user)
    names = area_names(user)
    asked = _known(asked or Asked(), every)
    tests = _tests(asked, every)

    def left(name: str) -> list[ResourceLine]:
        """What fits all filters but this one."""
        return [line for line in every if all(test(line) for key, test in tests.items() if key != name)]

    shown = Paginator(left(""), PAGE_SIZE).get_page(page)
    figures = figures_of([line.pk for line in shown.object_list])
    shown.object_list = [
        replace(line, figures=figures.get(line.pk, NO_FIGURES)) for line in shown.object_list
    ]
    return ResourceList(
        shown,
        len(every),
        asked,
        areas=tuple(_area_choices(left("area"), names, asked.area)),
        kinds=_choices(ResourceKind.choices, left("kind"), lambda line: [line.kind], asked.kind),
        levels=_choices(
            [(str(level), str(level)) for level in range(5)],
            left("level"),
            lambda line: [str(level) for level in range(line.low, line.high)],
            asked.level,
        ),
        languages=_choices(
            sorted({line.language: line.language_name for line in every}.items(), key=itemgetter(1)),
            left("language"), lambda line: [line.language], asked.language,
        ),
        labels=_choices(Audience.choices, left("tlp"), lambda line: [line.tlp], asked.tlp),
        members=_contributes(user),
        curates=user.is_authenticated and bool(policies.may_curate(user)),
    )  # fmt: skip


def _contributes(user: User | AnonymousUser) -> tuple[tuple[str, str], ...]:
    """Members for which this person may propose, by name."""
    if not user.is_authenticated:
        return ()
    held = user.memberships.filter(role__in=policies.CONTRIBUTING).order_by("member__name")
    return tuple(held.values_list("member__public_id", "member__name"))


def _known(asked: Asked, every: Sequence[ResourceLine]) -> Asked:
    """Only what can be found; the search words as they were typed, cut to their longest."""
    return Asked(
        q=" ".join(asked.q.replace("\0", " ").split())[:LONGEST_QUERY],
        area=asked.area if any(asked.area in line.areas for line in every) else "",
        kind=asked.kind if asked.kind in ResourceKind.values else "",
        level=asked.level if asked.level in ("0", "1", "2", "3", "4") else "",
        language=asked.language if any(asked.language == line.language for line in every) else "",
        tlp=asked.tlp if asked.tlp in Audience.values else "",
    )


def _tests(asked: Asked, every: Sequence[ResourceLine]) -> dict[str, Test]:
    """One test for each filter that is set."""
    words = fold(asked.q).split()
    texts = {line.pk: _text(line) for line in every} if words else {}
    level = int(asked.level or 0)
    possible: dict[str, Test] = {
        "q": lambda line: all(word in texts[line.pk] for word in words),
        "area": lambda line: asked.area in line.areas,
        "kind": lambda line: asked.kind == line.kind,
        "level": lambda line: line.low <= level < line.high,
        "language": lambda line: asked.language == line.language,
        "tlp": lambda line: asked.tlp == line.tlp,
    }
    return {name: test for name, test in possible.items() if getattr(asked, name)}


def _text(line: ResourceLine) -> str:
    """What a search looks through."""
    return fold(" ".join((line.title, line.summary, line.when, line.publisher, line.kind_name, *line.areas)))


def _choices(
    values: Sequence[tuple[str, object]],
    left: list[ResourceLine],
    of: Callable[[ResourceLine], list[str]],
    chosen: str,
) -> tuple[Choice, ...]:
    return tuple(
        Choice(value, str(name), sum(value in of(line) for line in left), value == chosen)
        for value, name in values
    )


def _area_choices(left: list[ResourceLine], names: dict[str, str], chosen: str) -> list[Choice]:
    """Areas in the framework's order; those it does not know come last, by code."""
    used = {code for line in left for code in line.areas} | ({chosen} if chosen else set())
    order = [code for code in names if code in used] + sorted(used - set(names))
    return [
        Choice(code, names.get(code, ""), sum(code in line.areas for line in left), code == chosen)
        for code in order
    ]


def resource_rows(user: User | AnonymousUser, asked: Asked) -> list[ResourceLine]:
    """All entries that fit, by title, with their figures. 2 queries."""
    every = lines(user)
    tests = _tests(asked, every).values()
    found = [line for line in every if all(test(line) for test in tests)]
    figures = figures_of([line.pk for line in found])
    return [replace(line, figures=figures.get(line.pk, NO_FIGURES)) for line in found]


def resource_page(user: User | AnonymousUser, slug: str) -> ResourcePage:
    """One resource; Http404 when there is none that this person may see. 4 queries, up to 7 for who is signed in."""
    row = _visible(user, slug)
    names = area_names(user)
    uses = list(ResourceUse.objects.filter(resource=row).select_related("member"))
    line = replace(line_of(slim(row)), figures=_figures(uses))
    return ResourcePage(
        line=line,
        url=row.url,
        text=render_markdown(row.text),
        areas=tuple(AreaName(code, names.get(code, "")) for code in line.areas),
        said=tuple(_said(uses)) if user.is_authenticated else (),
        own=tuple(_own(user, uses)) if user.is_authenticated else (),
        checked_at=row.checked_at,
        answered_at=row.answered_at,
        fault=str(LinkFault(row.link_fault).label) if row.link_fault else "",
        keeps=user.is_authenticated and bool(policies.may_keep(user, row)),
    )


def markdown_file(user: User | AnonymousUser, slug: str) -> str:
    """The text of our own template as Markdown, with its title. Raises Http404 for what stands elsewhere."""
    row = _visible(user, slug)
    if not row.text:
        raise Http404(_("There is no such resource."))
    return f"# {row.title}\n\n{row.text}\n"


def _visible(user: User | AnonymousUser, slug: str) -> Resource:
    row = Resource.objects.visible_to(user).filter(slug=slug).first()
    if row is None:
        raise Http404(_("There is no such resource."))
    return row


def _figures(uses: Sequence[ResourceUse]) -> Figures:
    if len(uses) < FEWEST:
        return NO_FIGURES
    return Figures(len(uses), mean_of(sum(use.stars for use in uses), len(uses)))


def _said(uses: Sequence[ResourceUse]) -> list[Said]:
    """Sentences, newest first: with a name where the member ticked it, else without and from three members on."""
    found = [use for use in uses if use.words and (use.named or len(uses) >= FEWEST)]
    return [Said(use.member.name if use.named else "", use.stars, use.words) for use in found[:MOST_WORDS]]


def _own(user: User, uses: Sequence[ResourceUse]) -> list[OwnUse]:
    """The reader's members, by name, each with what it said."""
    held = {use.member_id: use for use in uses}
    found = []
    for row in user.memberships.select_related("member").order_by("member__name"):
        use = held.get(row.member_id)
        may = Role(row.role) in policies.CONTRIBUTING
        said = (use.used_on, use.area, use.stars) if use else (None, "", 0)
        found.append(OwnUse(row.member.public_id, row.member.name, may, *said))
    return found
