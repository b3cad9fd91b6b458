"""Hours given and received over a rolling year, places offered and taken: a ledger, never a ranking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.members.models import Member, Programme
from apps.members.policies import site_day
from apps.members.selectors import get_member, get_programme
from apps.mentoring.choices import EngagementState, OfferState
from apps.mentoring.models import Engagement, Offer, Session

WINDOW = timedelta(days=365)
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One member: hours in the rolling year, places now. `over` when this month's hours pass what is offered."""

    member: str
    given: Decimal
    received: Decimal
    places: int
    taken: int
    this_month: Decimal
    offered_month: int

    @property
    def over(self) -> bool:
        """Whether more hours were given this month than all open offers promise for the places taken."""
        return self.offered_month > 0 and self.this_month > self.offered_month


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """Hours with one other member in one area; `given` says in which direction."""

    other: str
    area_name: str
    given: bool
    sessions: int
    hours: Decimal
    last_on: date


@dataclass(frozen=True, slots=True)
class LedgerPage:
    member: Member
    since: date
    row: LedgerRow
    lines: list[LedgerLine]


@dataclass(frozen=True, slots=True)
class ProgrammeLedger:
    """All members of a programme by name, with what was given and received inside the programme."""

    programme: Programme
    since: date
    rows: list[LedgerRow]
    hours: Decimal
    over: int


def ledger_page(user: User, member_id: str) -> LedgerPage:
    """The ledger of a member the user is in, over all its programmes. Three queries beside the member."""
    member = get_member(user, member_id)
    held = _held(Session.objects.filter(Q(engagement__member=member) | Q(engagement__mentor=member)))
    offers, taken = (
        _offers(Offer.objects.filter(member=member)),
        _taken(Engagement.objects.filter(mentor=member)),
    )
    row = _row(member.pk, member.name, held, offers[member.pk], taken[member.pk])
    return LedgerPage(member, _since(), row, _lines(member, held))


def programme_ledger(user: User, programme_id: str) -> ProgrammeLedger:
    """The ledger of a programme, for its office: members by name, never by hours. Four queries beside the programme."""
    programme = get_programme(user, programme_id)
    held = _held(Session.objects.filter(engagement__programme=programme))
    offers = _offers(Offer.objects.filter(programme=programme))
    taken = _taken(Engagement.objects.filter(programme=programme))
    members = programme.members.order_by("name").values_list("pk", "name")
    rows = [_row(pk, name, held, offers[pk], taken[pk]) for pk, name in members]
    hours = sum((h["hours"] for h in held), NOTHING)
    return ProgrammeLedger(programme, _since(), rows, hours, sum(row.over for row in rows))


def _since() -> date:
    return site_day() - WINDOW


def _held(rows: QuerySet[Session]) -> list[dict[str, Any]]:
    """Sessions of the rolling year, the newest first."""
    found = rows.filter(held_on__gte=_since(), held_on__lte=site_day()).order_by("-held_on", "-pk")
    return [
        dict(row)
        for row in found.values(
            "held_on", "hours", "engagement", "engagement__area_name", "engagement__member", "engagement__mentor",
            "engagement__member__name", "engagement__mentor__name",
        )
    ]  # fmt: skip


def _offers(rows: QuerySet[Offer]) -> dict[int, dict[int, tuple[int, int]]]:
    """(places, hours a month for each member) of open offers, by partner and offer."""
    found: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    for offer in rows.filter(state=OfferState.OPEN):
        found[offer.member_id][offer.pk] = (offer.places, offer.hours_per_month)
    return found


def _taken(rows: QuerySet[Engagement]) -> dict[int, list[tuple[int, int]]]:
    """(offer, hours a month) of engagements that go on, by partner: also of offers that were withdrawn since."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    going = rows.exclude(state=EngagementState.CLOSED)
    for mentor, offer, hours in going.values_list(
        "mentor", "proposal__offer", "proposal__offer__hours_per_month"
    ):
        found[mentor].append((offer, hours))
    return found


def _row(
    pk: int,
    name: str,
    held: Iterable[dict[str, Any]],
    offers: dict[int, tuple[int, int]],
    taken: list[tuple[int, int]],
) -> LedgerRow:
    month = site_day().replace(day=1)
    given = [h for h in held if h["engagement__mentor"] == pk]
    return LedgerRow(
        member=name,
        given=sum((h["hours"] for h in given), NOTHING),
        received=sum((h["hours"] for h in held if h["engagement__member"] == pk), NOTHING),
        places=sum(places for places, _hours in offers.values()),
        taken=len(taken),
        this_month=sum((h["hours"] for h in given if h["held_on"] >= month), NOTHING),
        offered_month=sum(hours for _offer, hours in taken),
    )


def _lines(member: Member, held: Iterable[dict[str, Any]]) -> list[LedgerLine]:
    groups: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for h in held:
        groups[h["engagement"]].append(h)
    found = []
    for rows in groups.values():
        first = rows[0]
        given = first["engagement__mentor"] == member.pk
        other = first["engagement__member__name"] if given else first["engagement__mentor__name"]
        hours = sum((r["hours"] for r in rows), NOTHING)
        found.append(
            LedgerLine(other, first["engagement__area_name"], given, len(rows), hours, first["held_on"])
        )
    return sorted(found, key=lambda line: (line.other, line.area_name))
