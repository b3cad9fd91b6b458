"""Reports of the demonstration that a worker makes when the site starts: asked for as people ask for them."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.assessments.models import Assessment
from apps.home.services.people import DOMAIN
from apps.home.services.reporting import CHOICES, results_of
from apps.members.models import Grant, Member, Programme
from apps.members.services import withdraw_grant
from apps.reports.models import ReportBatch
from apps.reports.selectors.national import editions_of
from apps.reports.services import (
    request_brief,
    request_national_report,
    request_programme_report,
    request_questionnaire,
)
from apps.reports.services.batches import request_batch

WITHDRAWS = "Ilmara Telecom"


@transaction.atomic
def ask_for_reports(*, actor: None = None) -> bool:
    """Have libraries filled: ready reports, one that is stale at once, and a batch. Once; say whether it was done now."""
    programme = Programme.objects.filter(is_demo=True).first()
    if programme is None or ReportBatch.objects.filter(programme=programme).exists():
        return False
    _for_the_agency(_who("lead"))
    _for_the_nation(_who("coordinator"))
    _for_the_office(_who("manager"), programme)
    return True


def _who(key: str) -> User:
    return User.objects.get(email=f"{key}@{DOMAIN}")


def _for_the_agency(lead: User) -> None:
    """One page, and a questionnaire with answers, which is stale as soon as somebody answers on."""
    member = Member.objects.get(memberships__user=lead, memberships__role="lead")
    about: dict[str, Any] = {"actor": lead, "member": member.public_id}
    for result in results_of(member)[-1:]:
        request_brief(**about, result=result.public_id, **CHOICES)
    for row in Assessment.objects.visible_to(lead).running().filter(member=member).order_by("-pk")[:1]:
        areas = list(row.assignments.order_by("area__position").values_list("area__code", flat=True)[:1])
        request_questionnaire(
            **about, assessment=row.public_id, areas=areas, person="", filled=True, language="en"
        )


def _for_the_nation(lead: User) -> None:
    """The national report, and one page about a result that a newer one has followed."""
    member = Member.objects.get(memberships__user=lead, memberships__role="lead")
    about: dict[str, Any] = {"actor": lead, "member": member.public_id}
    for result in results_of(member)[-2:-1]:
        request_brief(**about, result=result.public_id, **CHOICES)
    for edition, *_rest in editions_of(lead, member)[:1]:
        request_national_report(**about, edition=edition, **CHOICES)


def _for_the_office(manager: User, programme: Programme) -> None:
    """The overview, and one report for each member that shares; one of them thinks better of it while it waits."""
    request_programme_report(actor=manager, programme=programme.public_id, **CHOICES)
    given = Grant.objects.filter(to_programme=programme, areas=[], withdrawn_at=None)
    if not given.exists():
        return
    request_batch(actor=manager, programme=programme.public_id, **CHOICES)
    for grant in given.filter(member__name=WITHDRAWS).select_related("member", "given_by"):
        withdraw_grant(actor=grant.given_by, member=grant.member, public_id=grant.public_id)
