"""Who read what a member shares, as its own people see it: counted truly, by pages, for one reader or one area."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.members.models import Grant, GrantReading, Member
from apps.members.selectors.people import ReadingRow, get_member

ROWS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class ReadingsPart:
    """Some readings, the newest first, of `count` in all."""

    count: int
    rows: tuple[ReadingRow, ...]


@dataclass(frozen=True, slots=True)
class ReadingsPage:
    """`page` pages over the readings; `people` are (public id, name) of all who ever read, `areas` the codes agreed on."""

    member: Member
    rows: tuple[ReadingRow, ...]
    page: Page[Any]
    count: int
    total: int
    newest: datetime | None
    people: tuple[tuple[str, str], ...]
    areas: tuple[str, ...]
    person: str
    area: str


def readings_page(
    user: User,
    public_id: str,
    *,
    number: str = "",
    person: str = "",
    area: str = "",
    rows: int = ROWS_A_PAGE,
) -> ReadingsPage:
    """The readings under the agreements of a member that the user is in. Raises Http404. 7 queries.

    `person` is a public id and `area` a code: readings under agreements that cover it. What is none of those that
    there are gives an empty list; a page number that is none gives the nearest page.
    """
    member = get_member(user, public_id)
    everything, found = _readings(member, "", ""), _readings(member, person, area)
    page = Paginator(found, rows).get_page(number or 1)
    readers = User.objects.filter(pk__in=everything.order_by().values("user")).order_by("full_name", "pk")
    agreed = Grant.objects.filter(member=member).values_list("areas", flat=True)
    return ReadingsPage(
        member=member,
        rows=tuple(_row(row) for row in page.object_list),
        page=page,
        count=page.paginator.count,
        total=everything.count(),
        newest=everything.values_list("at", flat=True).first(),
        people=tuple((one.public_id, str(one)) for one in readers),
        areas=tuple(sorted({code for codes in agreed for code in codes})),
        person=person,
        area=area,
    )


def readings_part(
    user: User, public_id: str, *, start: int, many: int, person: str = "", area: str = ""
) -> ReadingsPart:
    """The readings from `start` on, `many` at the most, with the number of all. Raises Http404."""
    found = _readings(get_member(user, public_id), person, area)
    return ReadingsPart(found.count(), tuple(_row(row) for row in found[start : start + many]))


def _readings(member: Member, person: str, area: str) -> QuerySet[GrantReading]:
    rows = GrantReading.objects.filter(grant__member=member).order_by("-at", "-pk")
    if person:
        rows = rows.filter(user__public_id=person)
    if area:
        given = Grant.objects.filter(member=member).values_list("pk", "areas")
        rows = rows.filter(grant__in=[pk for pk, codes in given if not codes or area in codes])
    return rows.select_related("user", "grant__to_member", "grant__to_programme")


def _row(row: GrantReading) -> ReadingRow:
    return ReadingRow(str(row.user), row.what, row.at, str(row.grant.to_member or row.grant.to_programme))
