"""What waits for those who keep the library, and what their forms start with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.core.decisions import require
from apps.core.markdown import render_markdown
from apps.resources import policies
from apps.resources.choices import Audience, ContributionState, LinkFault, ReportKind
from apps.resources.models import Contribution, Resource, ResourceReport
from apps.resources.selectors.ours import Pairs, area_pairs, facts_of, initial_of, same_address

OFTEN = 2  # checks in a row that failed, before somebody has to look
MOST_RETIRED = 20


@dataclass(frozen=True, slots=True)
class ProposedRow:
    public_id: str
    title: str
    language: str
    member: str
    audience: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FaultRow:
    """An entry with what is wrong with it, one sentence each."""

    slug: str
    title: str
    language: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueuePage:
    proposed: tuple[ProposedRow, ...]
    faults: tuple[FaultRow, ...]
    retired: tuple[tuple[str, str, str], ...]

    @property
    def waiting(self) -> int:
        return len(self.proposed) + len(self.faults)


@dataclass(frozen=True, slots=True)
class DecideDraft:
    """A proposal before those who decide; `refusal` says why this person may not, `double` what has its address."""

    public_id: str
    title: str
    language: str
    member: str
    by: str
    at: datetime
    why: str
    summary: str
    when: str
    url: str
    text: SafeString
    facts: tuple[tuple[str, str], ...]
    double: tuple[str, str] | None
    refusal: str
    state_label: str
    waits: bool
    areas: Pairs
    initial: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CurateDraft:
    """An entry before those who keep it."""

    slug: str
    title: str
    language: str
    url: str
    own: bool
    retired: bool
    faults: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    areas: Pairs
    initial: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    text: str
    url: str
    kind: str = "library"


def queue_page(user: User) -> QueuePage:
    """Proposals, reported and failing entries, and what was taken out, as far as this person keeps them. 3 queries."""
    require(policies.may_curate(user))
    proposed = Contribution.objects.waiting().decided_by_office(user).select_related("member")
    kept = Resource.objects.curated_by(user)
    return QueuePage(
        proposed=tuple(
            ProposedRow(r.public_id, r.title, r.language, r.member.name, str(Audience(r.tlp).label), r.proposed_at)
            for r in proposed.order_by("proposed_at", "pk")
        ),
        faults=tuple(
            FaultRow(row.slug, row.title, row.language, faults_of(row))
            for row in _at_fault(user).prefetch_related("reports__member")
        ),
        retired=tuple(
            kept.filter(retired_at__isnull=False).order_by("-retired_at").values_list("slug", "title", "language")[:MOST_RETIRED]
        ),
    )  # fmt: skip


def _at_fault(user: User) -> Any:
    """Entries with an open report, or an address that failed more than once."""
    reported = Exists(ResourceReport.objects.filter(resource=OuterRef("pk"), settled_at__isnull=True))
    rows = Resource.objects.curated_by(user).filter(retired_at__isnull=True)
    return rows.filter(Q(reported) | Q(failures__gte=OFTEN)).order_by("title", "pk")


def faults_of(row: Resource) -> tuple[str, ...]:
    """What is wrong with an entry; its reports and their members are read already."""
    found = []
    if row.failures >= OFTEN and row.link_fault:
        said = {"why": LinkFault(row.link_fault).label, "n": row.failures}
        found.append(
            ngettext("Asked %(n)s time: %(why)s.", "Asked %(n)s times in a row: %(why)s.", row.failures)
            % said
        )
    for report in row.reports.all():
        if report.settled_at is None:
            what = {
                "member": report.member.name,
                "what": ReportKind(report.kind).label,
                "words": report.words,
            }
            found.append(
                _("%(member)s: %(what)s. “%(words)s”") % what
                if report.words
                else _("%(member)s: %(what)s.") % what
            )
    return tuple(found)


def waiting_for(user: User) -> list[Waiting]:
    """What waits in the library for this person, in one line; nothing for who only leads a member. 2 queries."""
    proposed = Contribution.objects.waiting().decided_by_office(user).exclude(proposed_by=user).count()
    number = proposed + _at_fault(user).count()
    if not number:
        return []
    text = ngettext(
        "%(n)s thing in the library waits for you", "%(n)s things in the library wait for you", number
    )
    return [Waiting(text % {"n": number}, reverse("resources:queue"))]


def decide_draft(user: User, public_id: str) -> DecideDraft:
    """A proposal with the form to decide it. Raises Http404 for others than those who decide."""
    found = Contribution.objects.decided_by_office(user).select_related("member", "proposed_by", "programme")
    row = found.filter(public_id=public_id).first()
    if row is None:
        raise Http404
    areas = area_pairs(user)
    return DecideDraft(
        public_id=row.public_id,
        title=row.title,
        language=row.language,
        member=row.member.name,
        by=str(row.proposed_by),
        at=row.proposed_at,
        why=row.why,
        summary=row.summary,
        when=row.when,
        url=row.url,
        text=render_markdown(row.text),
        facts=facts_of(row, areas),
        double=same_address(user, row.url, but=row.public_id),
        refusal=policies.may_decide(user, row).reason,
        state_label=str(ContributionState(row.state).label),
        waits=row.state == ContributionState.WAITING,
        areas=areas,
        initial=initial_of(row),
    )


def curate_draft(user: User, slug: str) -> CurateDraft:
    """An entry with the forms to keep it. Raises Http404 for others than those who keep it."""
    found = Resource.objects.curated_by(user).prefetch_related("reports__member")
    row = found.filter(slug=slug).first()
    if row is None:
        raise Http404(_("There is no such resource."))
    areas = area_pairs(user)
    return CurateDraft(
        slug=row.slug,
        title=row.title,
        language=row.language,
        url=row.url,
        own=not row.url,
        retired=row.retired_at is not None,
        faults=faults_of(row),
        facts=facts_of(row, areas),
        areas=areas,
        initial=initial_of(row),
    )
