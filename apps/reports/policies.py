"""Who may ask for, follow and take a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.core.decisions import ALLOWED, Decision, denied
from apps.members.choices import Role
from apps.members.policies import may_belong, may_lead, may_manage, site_day

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.members.models import Member, Programme
    from apps.reports.models import MemberLeaving, Report


def report_visible_to(user: User) -> Q:
    """Reports about a result stay inside the member; reports about a programme inside its office.

    One of a batch is read by the office too, as long as the member shares its whole result with the programme.
    """
    if not user.is_authenticated:
        return Q(pk__in=[])
    offices = user.programmes.values("pk")
    return (
        Q(member__in=user.memberships.values("member"))
        | Q(programme__in=offices)
        | shared_in_batch() & Q(batch__programme__in=offices)
    )


def shared_in_batch() -> Q:
    """Reports of batches whose member shares all of its result today, and has not reopened it."""
    return Q(
        batch__isnull=False, grant__withdrawn_at__isnull=True, grant__ends_on__gte=site_day(), grant__areas=[],
        result__voided_at__isnull=True,
    )  # fmt: skip


def batch_visible_to(user: User) -> Q:
    """Batches of the programmes whose office the user belongs to."""
    return Q(programme__in=user.programmes.values("pk")) if user.is_authenticated else Q(pk__in=[])


def schedule_visible_to(user: User) -> Q:
    """Schedules of the user's members, and of the programmes whose office they belong to."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    return Q(member__in=user.memberships.values("member")) | Q(programme__in=user.programmes.values("pk"))


def may_ask_about(user: User, subject: Member | Programme) -> Decision:
    """Ask for, stop and repeat a report: everybody in the member; the managers of the programme."""
    from apps.members.models import Member

    return may_belong(user, subject) if isinstance(subject, Member) else may_manage(user, subject)


def may_ask_for_sheets(user: User, member: Member, person: str) -> Decision:
    """Action sheets: everybody in the member for their own (`person` is a public id), its lead for those of others."""
    return may_belong(user, member) if person == user.public_id else may_lead(user, member)


def may_change_report(user: User, report: Report) -> Decision:
    """Stop, repeat and delete it: whoever may ask for it; one of a batch is the office's."""
    if report.batch is not None:
        return may_manage(user, report.batch.programme)
    return may_ask_about(user, report.member or report.programme)  # type: ignore[arg-type]


def may_schedule(user: User, subject: Member | Programme) -> Decision:
    """Have reports made by the calendar: a lead of the member; the managers of the programme."""
    from apps.members.models import Member

    return may_lead(user, subject) if isinstance(subject, Member) else may_manage(user, subject)


def export_visible_to(user: User) -> Q:
    """Archives of whole members: seen by their leads alone, since they hold what a respondent may not open."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    return Q(member__in=user.memberships.filter(role=Role.LEAD).values("member"))


def leaving_visible_to(user: User) -> Q:
    """Deletions of members: for their leads, for who asked or confirmed, and for administrators, who may be the second person."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    if user.is_staff:
        return Q()
    led = user.memberships.filter(role=Role.LEAD).values("member")
    return Q(member__in=led) | Q(asked_by=user) | Q(confirmed_by=user)


def may_confirm_leaving(user: User, leaving: MemberLeaving) -> Decision:
    """Another lead of the member, or an administrator; never the person who asked."""
    if leaving.asked_by_id == user.pk:
        return denied(_("Whoever asked for the deletion cannot confirm it: somebody else has to."))
    if leaving.state != "asked":
        return denied(_("There is nothing to confirm."))
    return ALLOWED if user.is_staff else may_lead(user, leaving.member)


def may_cancel_leaving(user: User, leaving: MemberLeaving) -> Decision:
    """Any lead of the member; an administrator may not, since the member decides on itself."""
    return may_lead(user, leaving.member)
