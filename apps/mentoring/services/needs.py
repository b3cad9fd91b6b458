"""Ask for help, change a request, withdraw it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.core.saves import once, save_version
from apps.members.models import Member, Programme
from apps.mentoring import policies
from apps.mentoring.choices import NeedState
from apps.mentoring.models import Need
from apps.mentoring.selectors.figures import HIGHEST_LEVEL, AreaFigures, areas_of, latest_result
from apps.mentoring.services.invitations import release
from apps.mentoring.services.people import managers_of

MOST_INDICATORS = 8


@transaction.atomic
def send_need(
    *,
    actor: User,
    member: Member,
    programme: str,
    area: str,
    wanted_level: int,
    idempotency: str = "",
    **wishes: Any,
) -> Need:
    """Send a request for help in one area of the latest result to a programme of the member.

    `wishes`: note, languages (most wanted first), mode, readiness. Raises `Refused` without a result, for an area
    that needs nothing, or when the member already asked.
    """
    require(policies.may_ask(actor, member))
    done = once(
        owner=actor.public_id,
        scope="need.send",
        key=idempotency,
        act=lambda: {"need": _send(actor, member, programme, area, wanted_level, wishes).public_id},
        content=(member.public_id, programme, area, wanted_level, sorted(wishes.items())),
    )
    return Need.objects.get(public_id=done["need"])


def _send(
    actor: User, member: Member, programme: str, area: str, wanted: int, wishes: dict[str, Any]
) -> Need:
    office = _programme(member, programme)
    result = latest_result(actor, member)
    if result is None:
        raise Refused(_("Submit an assessment first: requests grow from its result."))
    figures = next((a for a in areas_of(result) if a.code == area), None)
    if figures is None:
        raise Refused(_("The latest result has no level for this area."), field="area")
    _check_wanted(wanted, figures.level)
    wishes = _with_wish(member, wishes)
    if Need.objects.open().filter(member=member, programme=office, area=area).exists():
        raise Refused(_("You already ask for help in this area."), field="area")
    need = Need.objects.create(
        member=member,
        programme=office,
        result=result,
        area=area,
        area_name=figures.name,
        indicators=_indicators(figures),
        now_level=figures.level,
        wanted_level=wanted,
        priority=figures.priority,
        asked_by=actor,
        **wishes,
    )
    audit.record(
        actor=actor, action="need.sent", on=need, chain=member.public_id, area=area, input=result.input_hash
    )
    for manager in managers_of(office):
        notify(
            actor=actor, user=manager, kind="need_sent", key=f"need:{need.public_id}", member=member.name,
            url=reverse("mentoring:rounds", args=[office.public_id]), area=figures.name,
        )  # fmt: skip
    return need


def _indicators(figures: AreaFigures) -> list[dict[str, Any]]:
    first = figures.gaps[:MOST_INDICATORS]
    return [{"code": g.code, "name": g.name, "level": g.level} for g in first]


def _programme(member: Member, public_id: str) -> Programme:
    found: Programme | None = Programme.objects.filter(
        public_id=public_id, participations__member=member
    ).first()
    if found is None:
        raise Refused(_("Choose a programme that your organisation takes part in."), field="programme")
    return found


def _with_wish(member: Member, wishes: dict[str, Any]) -> dict[str, Any]:
    """The wished partner as a row. Raises `Refused` for anything but a mentor partner of a shared programme."""
    if "wished" not in wishes:
        return wishes
    if not wishes["wished"]:
        return {**wishes, "wished": None, "wished_why": ""}
    rows = Member.objects.filter(is_mentor=True, programmes__in=member.programmes.all()).exclude(pk=member.pk)
    found = rows.filter(public_id=wishes["wished"]).first()
    if found is None:
        raise Refused(_("Choose one of the mentor partners."), field="wished")
    return {**wishes, "wished": found}


def _check_wanted(wanted: int, now: int) -> None:
    if not now < wanted <= HIGHEST_LEVEL:
        raise Refused(_("Ask for a level above the one you have now, up to 5."), field="wanted_level")


@transaction.atomic
def change_need(*, actor: User, member: Member, public_id: str, version: int, **changes: Any) -> Need:
    """Change the wishes of a request that waits. Raises `Conflict` if a colleague saved first."""
    require(policies.may_ask(actor, member))
    need = _waiting(member, public_id)
    _check_wanted(changes.get("wanted_level", need.wanted_level), need.now_level)
    changes = _with_wish(member, changes)
    save_version(need, expected=version, changes=changes)
    audit.record(actor=actor, action="need.changed", on=need, chain=member.public_id, fields=sorted(changes))
    return need


@transaction.atomic
def withdraw_need(*, actor: User, member: Member, public_id: str, version: int) -> Need:
    """Take a request back before anyone was invited; open proposals for it go with it."""
    require(policies.may_ask(actor, member))
    need = _waiting(member, public_id)
    save_version(need, expected=version, changes={"state": NeedState.WITHDRAWN})
    need.proposals.exclude(pk__in=need.proposals.invited().values("pk")).delete()
    audit.record(actor=actor, action="need.withdrawn", on=need, chain=member.public_id)
    return need


def _waiting(member: Member, public_id: str) -> Need:
    need = Need.objects.select_for_update().filter(member=member, public_id=public_id).first()
    if need is None:
        raise Http404
    if need.state == NeedState.PROPOSED:
        release(need)
        need.refresh_from_db()
    if need.state != NeedState.SENT:
        raise Refused(_("This request is no longer waiting, so it cannot be changed."))
    return need
