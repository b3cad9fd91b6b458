"""Open and change cohorts, join, leave, remove, remind who is behind."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.core.saves import save_version
from apps.courses.choices import NUDGE_AGAIN, CohortRole
from apps.courses.models import Cohort, CohortInvitation, CohortPerson, Nudge
from apps.courses.policies import may_change_cohort, may_hold_cohorts, may_learn, may_run_cohort
from apps.courses.selectors.places import version_for
from apps.courses.selectors.standing import behind
from apps.courses.services.learning import enrol
from apps.members.models import Member, Programme
from apps.members.policies import site_day

LONGEST_COHORT = 730
CHANGEABLE = ("name", "note", "starts_on", "ends_on")


def chain_of(cohort: Cohort) -> str:
    """The record that acts on this cohort belong to: the member's own, or the operator's for a programme."""
    return cohort.member.public_id if cohort.member else audit.OPERATOR_CHAIN


@transaction.atomic
def open_cohort(
    *,
    actor: User,
    course: str,
    name: str,
    starts_on: date,
    ends_on: date,
    note: str = "",
    programme: Programme | None = None,
    member: Member | None = None,
) -> Cohort:
    """Open a cohort of a course, held by a programme or a member. Raises Refused naming the field."""
    require(may_hold_cohorts(actor, programme, member))
    row = Cohort(
        course=version_for(actor, course).course, name=_name(name), note=note.strip(), starts_on=starts_on,
        ends_on=ends_on, programme=programme, member=member, created_by=actor,
    )  # fmt: skip
    _refuse_days(starts_on, ends_on)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(_("A cohort of this name exists already."), field="name") from None
    audit.record(actor=actor, action="cohort.opened", on=row, chain=chain_of(row), course=row.course.code)
    return row


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > 120 or "\x00" in name:
        raise Refused(_("Give the cohort a name of at most 120 characters."), field="name")
    return name


def _refuse_days(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise Refused(_("The last day cannot come before the first."), field="ends_on")
    if (ends_on - starts_on).days > LONGEST_COHORT:
        raise Refused(_("A cohort lasts at most two years."), field="ends_on")


@transaction.atomic
def change_cohort(*, actor: User, cohort: Cohort, version: int, **changes: Any) -> Cohort:
    """Change name, note or days. Raises Conflict when somebody changed it meanwhile, Refused naming the field."""
    require(may_change_cohort(actor, cohort))
    allowed: dict[str, Any] = {key: changes[key] for key in CHANGEABLE if key in changes}
    if "name" in allowed:
        allowed["name"] = _name(allowed["name"])
    _refuse_days(allowed.get("starts_on", cohort.starts_on), allowed.get("ends_on", cohort.ends_on))
    try:
        with transaction.atomic():
            row = save_version(cohort, expected=version, changes=allowed)
    except IntegrityError:
        raise Refused(_("A cohort of this name exists already."), field="name") from None
    audit.record(actor=actor, action="cohort.changed", on=row, chain=chain_of(row), fields=sorted(allowed))
    return row


@transaction.atomic
def join_cohort(*, actor: User, invitation: str) -> Cohort:
    """Accept an invitation sent to the actor's own address; a learner starts the course too.

    Accepting again changes nothing. Raises Http404 for an unknown one, Refused for another address or an ended one.
    """
    require(may_learn(actor))
    rows = CohortInvitation.objects.select_for_update(of=("self",)).select_related(
        "cohort__course", "cohort__member"
    )
    row = rows.filter(public_id=invitation).first()
    if row is None:
        raise Http404
    if row.email != actor.email.lower():
        raise Refused(_("This invitation was sent to another address. Sign in with that address."))
    if row.accepted_at:
        return row.cohort
    if row.withdrawn_at or row.expires_at <= now():
        raise Refused(_("This invitation has ended. Ask the person who sent it for a new one."))
    row.accepted_at = now()
    row.save(update_fields=["accepted_at"])
    place, _made = CohortPerson.objects.update_or_create(
        cohort=row.cohort, user=actor,
        defaults={"role": row.role, "person_id": row.person_id, "organisation": row.organisation, "left_at": None},
    )  # fmt: skip
    if row.role == CohortRole.LEARNER:
        enrol(actor=actor, course=row.cohort.course.slug)
    audit.record(actor=actor, action="cohort.joined", on=place, chain=chain_of(row.cohort), role=row.role)
    return row.cohort


@transaction.atomic
def leave_cohort(*, actor: User, cohort: Cohort) -> None:
    """Leave: trainers and managers see nothing of the actor from now on; the course itself goes on."""
    place = _place(cohort, Q(user=actor))
    _end(actor, cohort, place, "cohort.left")


@transaction.atomic
def remove_from_cohort(*, actor: User, cohort: Cohort, person: str) -> None:
    """Take somebody out of the cohort; their course and certificates stay theirs."""
    require(may_change_cohort(actor, cohort))
    _end(actor, cohort, _place(cohort, Q(public_id=person)), "cohort.removed")


def _place(cohort: Cohort, who: Q) -> CohortPerson:
    rows = CohortPerson.objects.select_for_update(of=("self",)).select_related("user")
    row = rows.filter(who, cohort=cohort, left_at__isnull=True).first()
    if row is None:
        raise Http404
    return row


def _end(actor: User, cohort: Cohort, place: CohortPerson, action: str) -> None:
    place.left_at = now()
    place.save(update_fields=["left_at"])
    audit.record(actor=actor, action=action, on=place, chain=chain_of(cohort), user=place.user.public_id)


@transaction.atomic
def nudge_behind(*, actor: User, cohort: Cohort, day: date | None = None) -> int:
    """Remind every learner who is behind and was not reminded in the last seven days; return how many were."""
    require(may_run_cohort(actor, cohort))
    Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    at = now()
    late = behind(cohort, day or site_day())
    due = [row for row in late if row.nudged_at is None or row.nudged_at <= at - NUDGE_AGAIN]
    for row in due:
        Nudge.objects.create(person=row, sent_by=actor, at=at)
        notify(
            actor=actor, user=row.user, kind="cohort_nudge", key=f"nudge:{row.public_id}:{at.date().isoformat()}",
            url=reverse("courses:cohort", kwargs={"cohort": cohort.public_id}), who=str(actor), cohort=cohort.name,
            until=cohort.ends_on.isoformat(),
        )  # fmt: skip
    CohortPerson.objects.filter(pk__in=[row.pk for row in due]).update(nudged_at=at)
    if due:
        audit.record(actor=actor, action="cohort.nudged", on=cohort, chain=chain_of(cohort), people=len(due))
    return len(due)
