"""A member's own page of the library: what it proposed, keeps and used; and what its forms start with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.addresses import same_place
from apps.core.decisions import require
from apps.core.markdown import render_markdown
from apps.frameworks.selectors import area_names
from apps.members.choices import Tlp
from apps.members.models import Member, Programme
from apps.members.policies import may_belong, site_day
from apps.members.selectors import get_member
from apps.resources import policies
from apps.resources.choices import Audience, ContributionState, ResourceKind, language_name
from apps.resources.models import Contribution, Resource, ResourceUse

STATE_KINDS = {
    ContributionState.WAITING: "going",
    ContributionState.ASKED: "you",
    ContributionState.ACCEPTED: "ok",
    ContributionState.DECLINED: "none",
    ContributionState.WITHDRAWN: "none",
}
SAID = (
    "title", "kind", "publisher", "summary", "when", "url", "text", "language", "areas", "why", "tlp", "version",
)  # fmt: skip
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ContributionRow:
    public_id: str
    title: str
    language: str
    state: str
    state_label: str
    state_kind: str
    by: str
    at: datetime
    note: str
    slug: str


@dataclass(frozen=True, slots=True)
class KeptRow:
    """An entry that only this member sees."""

    slug: str
    title: str
    language: str
    kind_name: str


@dataclass(frozen=True, slots=True)
class UseRow:
    slug: str
    title: str
    language: str
    area: str
    used_on: date
    stars: int
    words: str
    named: bool


@dataclass(frozen=True, slots=True)
class OursPage:
    member: Member
    proposed: tuple[ContributionRow, ...]
    kept: tuple[KeptRow, ...]
    used: tuple[UseRow, ...]
    waiting: int
    asked: int
    may: bool


@dataclass(frozen=True, slots=True)
class ContributionDraft:
    """What the form of a proposal starts with."""

    member: Member
    areas: Pairs
    programmes: Pairs
    initial: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ContributionPage:
    """A proposal as its member sees it; `draft` is there while it can be changed."""

    member: Member
    row: ContributionRow
    facts: tuple[tuple[str, str], ...]
    url: str
    text: SafeString
    summary: str
    when: str
    why: str
    programme: str
    decided_by: str
    decided_at: datetime | None
    can_change: bool
    draft: ContributionDraft


@dataclass(frozen=True, slots=True)
class UseDraft:
    """`version` is 0 while the member has said nothing."""

    member: Member
    slug: str
    title: str
    language: str
    areas: Pairs
    initial: dict[str, Any]
    version: int


@dataclass(frozen=True, slots=True)
class ReportDraft:
    member: Member
    slug: str
    title: str
    language: str


def ours_page(user: User, member_id: str) -> OursPage:
    """What the member proposed, keeps for itself and used. Raises Http404."""
    member = get_member(user, member_id)
    rows = Contribution.objects.of(user).filter(member=member).select_related("proposed_by", "resource")
    proposed = tuple(contribution_row(row) for row in rows)
    kept = Resource.objects.visible_to(user).filter(member=member, tlp=Tlp.AMBER)
    shown = Resource.objects.visible_to(user).values("pk")
    used = ResourceUse.objects.filter(member=member, resource__in=shown).select_related("resource")
    return OursPage(
        member=member,
        proposed=proposed,
        kept=tuple(
            KeptRow(row.slug, row.title, row.language, str(ResourceKind(row.kind).label)) for row in kept
        ),
        used=tuple(
            UseRow(u.resource.slug, u.resource.title, u.resource.language, u.area, u.used_on, u.stars, u.words, u.named)
            for u in used
        ),
        waiting=sum(row.state == ContributionState.WAITING for row in proposed),
        asked=sum(row.state == ContributionState.ASKED for row in proposed),
        may=bool(policies.may_contribute(user, member)),
    )  # fmt: skip


def contribution_row(row: Contribution) -> ContributionRow:
    """A proposal in a list."""
    state = ContributionState(row.state)
    there = row.resource if row.resource and row.resource.retired_at is None else None
    return ContributionRow(
        row.public_id, row.title, row.language, row.state, str(state.label), STATE_KINDS[state],
        str(row.proposed_by), row.proposed_at, row.note, there.slug if there else "",
    )  # fmt: skip


def new_contribution(user: User, member_id: str) -> ContributionDraft:
    """The form of a new proposal."""
    member = get_member(user, member_id)
    require(policies.may_contribute(user, member))
    initial: dict[str, Any] = {"language": "en", "low": 0, "high": 3, "tlp": Audience.CLEAR}
    return ContributionDraft(member, area_pairs(user), _programmes(member), initial)


def contribution_page(user: User, member_id: str, public_id: str) -> ContributionPage:
    """One proposal of a member the user is in. Raises Http404."""
    member = get_member(user, member_id)
    found = Contribution.objects.of(user).select_related("proposed_by", "decided_by", "resource", "programme")
    row = found.filter(member=member, public_id=public_id).first()
    if row is None:
        raise Http404
    is_open = row.state in (ContributionState.WAITING, ContributionState.ASKED)
    areas = area_pairs(user)
    return ContributionPage(
        member=member,
        row=contribution_row(row),
        facts=facts_of(row, areas),
        url=row.url,
        text=render_markdown(row.text),
        summary=row.summary,
        when=row.when,
        why=row.why,
        programme=row.programme.name if row.programme else "",
        decided_by=str(row.decided_by) if row.decided_by else "",
        decided_at=row.decided_at,
        can_change=is_open and bool(policies.may_contribute(user, member)),
        draft=ContributionDraft(member, areas, [], initial_of(row)),
    )


def facts_of(row: Contribution | Resource, areas: Pairs) -> tuple[tuple[str, str], ...]:
    """(label, value) of what is said about it, for a list of pairs."""
    names = dict(areas)
    low, high = row.levels
    return (
        (_("Kind"), str(ResourceKind(row.kind).label)),
        (_("Publisher"), row.publisher),
        (_("Language"), language_name(row.language)),
        (_("Areas"), "; ".join(names.get(code, code) for code in row.areas)),
        (_("Levels"), _("from level %(low)s to %(high)s") % {"low": low, "high": high}),
        (_("For whom"), str(Audience(row.tlp).label) if row.tlp in Audience.values else row.tlp),
    )


def initial_of(row: Contribution | Resource) -> dict[str, Any]:
    """What the form about a row starts with."""
    kept = {name: getattr(row, name) for name in SAID if hasattr(row, name)}
    low, high = row.levels if len(row.levels) == 2 else (0, 5)
    return {**kept, "low": low, "high": high}


def area_pairs(user: User) -> Pairs:
    """(code, code and name) of the areas of the shared framework. 2 queries."""
    return [(code, f"{code} {name}") for code, name in area_names(user).items()]


def _programmes(member: Member) -> Pairs:
    rows = Programme.objects.filter(participations__member=member).order_by("name")
    return list(rows.values_list("public_id", "name"))


def same_address(user: User, url: str, *, but: str = "") -> tuple[str, str] | None:
    """(title, path) of what this person may see under the same address: an entry, or a proposal of an own member.

    `but` is the public id of the proposal that is asking.
    """
    place = same_place(url)
    if not place:
        return None
    entries = Resource.objects.visible_to(user).exclude(url="").values_list("url", "title", "slug")
    for held, title, slug in entries:
        if same_place(held) == place:
            return title, reverse("resources:resource", kwargs={"resource": slug})
    waiting = Contribution.objects.waiting().of(user).exclude(url="").exclude(public_id=but)
    for held, title, member, public_id in waiting.values_list(
        "url", "title", "member__public_id", "public_id"
    ):
        if same_place(held) == place:
            return title, reverse("resources:contribution", args=[member, public_id])
    return None


def use_draft(user: User, member_id: str, slug: str) -> UseDraft:
    """The form about using an entry. Raises Http404."""
    member = get_member(user, member_id)
    require(policies.may_contribute(user, member))
    row = _entry(user, slug)
    names = dict(area_pairs(user))
    use = ResourceUse.objects.filter(resource=row, member=member).first()
    fields = ("used_on", "area", "stars", "words", "named", "version")
    initial = {name: getattr(use, name) for name in fields} if use else {"used_on": site_day()}
    areas = [(code, names.get(code, code)) for code in row.areas]
    return UseDraft(member, row.slug, row.title, row.language, areas, initial, use.version if use else 0)


def report_draft(user: User, member_id: str, slug: str) -> ReportDraft:
    """The form about what is wrong with an entry. Raises Http404."""
    member = get_member(user, member_id)
    require(may_belong(user, member))
    row = _entry(user, slug)
    return ReportDraft(member, row.slug, row.title, row.language)


def _entry(user: User, slug: str) -> Resource:
    row = Resource.objects.visible_to(user).filter(slug=slug).first()
    if row is None:
        raise Http404(_("There is no such resource."))
    return row
