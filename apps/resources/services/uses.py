"""A member says that it used a resource and how useful it was; somebody reports what is wrong with one."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.core.saves import save_version
from apps.members.choices import Role
from apps.members.models import Member
from apps.members.policies import may_belong, site_day
from apps.resources import policies
from apps.resources.choices import ReportKind, Stars
from apps.resources.models import Resource, ResourceReport, ResourceUse


@transaction.atomic
def save_use(
    *, actor: User, member: Member, resource: str, used_on: date, stars: int, area: str = "", words: str = "",
    named: bool = False, version: int = 0,
) -> ResourceUse:  # fmt: skip
    """Say that the member used it, or change what was said (`version` above 0). Raises `Refused` and `Conflict`."""
    require(policies.may_contribute(actor, member))
    entry = _seen(actor, resource)
    if stars not in Stars.values:
        raise Refused(_("Give one to five stars."), field="stars")
    if used_on > site_day():
        raise Refused(_("Choose a day that has come."), field="used_on")
    if area and area not in entry.areas:
        raise Refused(_("Choose an area that the resource is for."), field="area")
    said = {"used_on": used_on, "stars": stars, "area": area, "words": words.strip(), "named": named}
    row = _change(actor, member, entry, version, said) if version else _add(actor, member, entry, said)
    audit.record(actor=actor, action="resource.used", on=row, chain=member.public_id, slug=entry.slug)
    return row


def _add(actor: User, member: Member, entry: Resource, said: dict[str, object]) -> ResourceUse:
    try:
        with transaction.atomic():
            return ResourceUse.objects.create(resource=entry, member=member, told_by=actor, **said)
    except IntegrityError:
        held = ResourceUse.objects.get(resource=entry, member=member)
        raise Conflict(
            _("A colleague has said it already for your organisation."), current=held, proposed=said
        ) from None


def _change(
    actor: User, member: Member, entry: Resource, version: int, said: dict[str, object]
) -> ResourceUse:
    row = ResourceUse.objects.filter(resource=entry, member=member).first()
    if row is None:
        raise Refused(_("A colleague took this back meanwhile. Say it anew."))
    return save_version(row, expected=version, changes={**said, "told_by": actor, "told_at": now()})


@transaction.atomic
def take_back_use(*, actor: User, member: Member, resource: str) -> None:
    """Delete what the member said about it; doing it twice is once."""
    require(policies.may_contribute(actor, member))
    entry = _seen(actor, resource)
    row = ResourceUse.objects.filter(resource=entry, member=member).first()
    if row is not None:
        audit.record(
            actor=actor, action="resource.use_taken_back", on=row, chain=member.public_id, slug=entry.slug
        )
        row.delete()


@transaction.atomic
def report_resource(
    *, actor: User, member: Member, resource: str, kind: str, words: str = ""
) -> ResourceReport:
    """Tell those who keep an entry what is wrong with it; the same said again while it is open changes nothing."""
    require(may_belong(actor, member))
    entry = _seen(actor, resource)
    if kind not in ReportKind.values:
        raise Refused(_("Choose what is wrong."), field="kind")
    row, made = ResourceReport.objects.get_or_create(
        resource=entry, member=member, kind=kind, settled_at=None,
        defaults={"words": words.strip(), "reported_by": actor},
    )  # fmt: skip
    if made:
        audit.record(
            actor=actor,
            action="resource.reported",
            on=row,
            chain=member.public_id,
            slug=entry.slug,
            kind=kind,
        )
        for keeper in _keepers(entry):
            notify(
                actor=actor, user=keeper, kind="resource_reported", key=f"report:{row.public_id}",
                url=reverse("resources:curate", kwargs={"resource": entry.slug}), title=entry.title,
            )  # fmt: skip
    return row


def _keepers(entry: Resource) -> list[User]:
    """Who keeps it: the leads of its member, the office of its programme, or the administrators."""
    if entry.member_id:
        found = User.objects.filter(memberships__member=entry.member_id, memberships__role=Role.LEAD)
    elif entry.programme_id:
        found = User.objects.filter(programmes=entry.programme_id)
    else:
        found = User.objects.filter(is_staff=True)
    return list(found.filter(is_active=True).distinct())


def _seen(actor: User, slug: str) -> Resource:
    row = Resource.objects.visible_to(actor).filter(slug=slug).first()
    if row is None:
        raise Http404(_("There is no such resource."))
    return row
