"""What goes when a member leaves, in the order that the database takes, and what stays and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext_noop as _

from apps.accounts.models import Notification
from apps.assessments import models as a
from apps.courses import models as c
from apps.exercises import models as x
from apps.insights import models as i
from apps.members import models as m
from apps.members.choices import Criticality, Sector
from apps.mentoring import models as w
from apps.mentoring.choices import EngagementState, OfferState, Side
from apps.reports import models as r
from apps.reports.services.whole.tables import TABLES
from apps.resources import models as s

CHUNK = 500
# table of an export → why rows of it may stay; all others are empty afterwards
STAYS: Mapping[str, str] = {
    "member": _(
        "An empty row keeps the id, so that pages of others name a member that left; it has no name and no facts."
    ),
    "offers": _("An offer that work of another member began from stays without its words."),
    "invitations_to_work": _("The invitation that work of another member began from belongs to that work."),
    "engagements": _("Work in which this member helped another belongs to the member that was helped."),
    "agreement_signatures": _(
        "A signature under the agreement of another member's work belongs to that work."
    ),
    "meetings": _("Meetings of another member's work belong to that work."),
    "sessions": _("Notes of sessions of another member's work belong to that work."),
    "tasks": _("Tasks of another member's work belong to that work."),
    "threads": _("Discussions of another member's work belong to that work."),
    "thread_words": _("Discussions of another member's work belong to that work."),
    "thread_words_before": _("Discussions of another member's work belong to that work."),
    "resources_handed_over": _("What was handed over in another member's work belongs to that work."),
    "pauses": _("Pauses of another member's work belong to that work."),
    "feedback_shown": _("Feedback that another member gave belongs to that member."),
    "exercises": _("A joint exercise of another member belongs to that member."),
    "exercise_injects": _("A joint exercise of another member belongs to that member."),
}
KEPT: tuple[tuple[str, str], ...] = (
    (_("The record of acts"), _("It holds ids, counts and hashes, no contents and no names; nothing may be taken out of it unseen.")),
    (_("Figures over many members"), _("Releases of the benchmark and editions of a national picture name nobody and never change.")),
    (_("Accounts of people, their courses and certificates"), _("They belong to the people, not to the member.")),
    (_("Agreements of another member's work"), _("What both sides signed keeps the names that it was signed with.")),
    (_("What others wrote about their own work"), _("Reviews that people of this member signed are the other member's.")),
    (_("Entries of a programme's library"), _("What a programme took into its library from this member is the programme's.")),
    (_("This receipt"), _("It names the member for those who asked, who confirmed, and the administrators.")),
)  # fmt: skip


def rows_of_each(member: m.Member) -> dict[str, list[int]]:
    """The keys of the member's rows in each table now."""
    keys = {}
    for table in TABLES:
        chosen = table.model._default_manager.filter(table.rows(member)).order_by("pk").distinct()  # type: ignore[attr-defined]
        keys[table.name] = list(chosen.values_list("pk", flat=True))
    return keys


def still_there(keys: Mapping[str, list[int]]) -> dict[str, int]:
    """How many of these rows each table still has."""
    left = {}
    for table in TABLES:
        mine, rows = keys[table.name], table.model._default_manager  # type: ignore[attr-defined]
        parts = (mine[place : place + CHUNK] for place in range(0, len(mine), CHUNK))
        left[table.name] = sum(rows.filter(pk__in=part).count() for part in parts)
    return left


def files_of(member: m.Member) -> list[str]:
    """The stored files that go: evidence, what both sides shared in its own work, reports, archives."""
    own: tuple[QuerySet[Any], ...] = (
        a.Evidence.objects.filter(member=member),
        w.SharedFile.objects.filter(Q(member=member) | Q(engagement__member=member)),
        r.Report.objects.filter(member=member),
        r.MemberExport.objects.filter(member=member),
    )
    return sorted({name for rows in own for name in rows.values_list("file", flat=True) if name})


def erase_rows(member: m.Member) -> None:
    """Delete everything that is the member's, and empty what stays; inside the caller's transaction."""
    for rows in _in_order(member):
        rows.delete()
    _let_go(member)


def _in_order(member: m.Member) -> Iterator[QuerySet[Any]]:
    """What goes; a row that others point to comes after them."""
    of = {"member": member}
    yield r.Report.objects.filter(**of)
    yield from _of(member, r.BatchItem, r.ReportSchedule, r.MemberExport)
    yield x.Run.objects.filter(**of)
    yield from _of(member, x.Player, x.Finding)
    yield w.Engagement.objects.filter(**of)
    yield from _as_mentor(member)
    alone = w.Proposal.objects.filter(Q(need__member=member) | Q(offer__member=member))
    yield alone.filter(engagement__isnull=True)
    yield w.Need.objects.filter(**of)
    yield w.Offer.objects.filter(**of, proposals__isnull=True)
    yield w.Exclusion.objects.filter(Q(member=member) | Q(other=member))
    yield from _of(member, w.Standing, w.ActionPlan, w.Roadmap)
    yield from _of(member, a.PeerReview, a.ReviewRequest, a.TargetSet, a.Result, a.Assessment, a.RoundMember)
    yield from _of(
        member, c.WorkOffer, c.Cohort, c.RoleNeed, s.Resource, s.Contribution, s.ResourceUse, s.ResourceReport
    )
    yield i.NationalPicture.objects.filter(nation=member)
    yield from _of(
        member, i.BenchmarkPlace, i.BenchmarkConsent, m.Grant, m.Invitation, m.Participation, m.Membership
    )
    yield Notification.objects.filter(url__contains=f"/{member.public_id}/")


def _of(member: m.Member, *models: type[Any]) -> Iterator[QuerySet[Any]]:
    """The rows of these models that name the member, one model after the other."""
    for model in models:
        yield model._default_manager.filter(member=member)


def _as_mentor(member: m.Member) -> Iterator[QuerySet[Any]]:
    """What this side kept to itself in the work of others."""
    yield w.SharedFile.objects.filter(member=member)
    side = {"engagement__mentor": member, "side": Side.MENTOR}
    yield w.Feedback.objects.filter(**side)
    yield w.Leaving.objects.filter(**side)
    yield w.CallNote.objects.filter(shortlisted__offer__member=member, side=Side.MENTOR)


def _let_go(member: m.Member) -> None:
    """End what others still have with the member, and leave an empty row in its place."""
    moment = now()
    open_work = w.Engagement.objects.filter(mentor=member).exclude(state=EngagementState.CLOSED)
    grants = list(open_work.exclude(grant=None).values_list("grant", flat=True))
    m.Grant.objects.filter(Q(pk__in=grants) | Q(to_member=member), withdrawn_at=None).update(
        withdrawn_at=moment
    )
    open_work.update(state=EngagementState.CLOSED, ends_on=moment.date())
    w.Offer.objects.filter(member=member).update(
        state=OfferState.WITHDRAWN, track_record="", likes_why="", likes=[]
    )
    w.Need.objects.filter(wished=member).update(wished=None, wished_why="")
    m.Member.objects.filter(pk=member.pk).update(
        name=f"A member that left ({member.public_id[:8]})", region="", legal_tradition="", languages=[],
        sector=Sector.GOVERNMENT, criticality=Criticality.OTHER, is_mentor=False, in_picture=False, is_designated=False,
        leaves_at=None, left_at=moment,
    )  # fmt: skip
