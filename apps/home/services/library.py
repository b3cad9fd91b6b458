"""What members of the demonstration brought to the library, used and reported."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localdate, now

from apps.home.services.chance import Chance
from apps.home.services.content import Content
from apps.home.services.people import Cast
from apps.members.choices import Tlp
from apps.members.models import Member, Programme
from apps.resources.choices import ContributionState
from apps.resources.models import Contribution, Resource, ResourceReport, ResourceUse

AUDIENCES = {"everybody": Tlp.CLEAR, "programme": Tlp.GREEN, "member": Tlp.AMBER}
SAID = ("title", "kind", "publisher", "summary", "when", "language", "areas", "levels")
DECIDED_AFTER = timedelta(days=3)


class Library:
    """Makes entries of members, proposals in every state, uses and reports."""

    def __init__(
        self, content: Content, programme: Programme, members: dict[str, Member], cast: Cast, chance: Chance
    ) -> None:
        self.rows, self.programme, self.members = content.library, programme, members
        self.cast, self.chance = cast, chance

    def make(self) -> None:
        """Make all of it."""
        for row in self._known("entries"):
            self._entry(row)
        for row in self._known("waiting"):
            self._proposal(row, row.get("state", ContributionState.WAITING))
        held = {row.slug: row for row in Resource.objects.all()}
        ResourceUse.objects.bulk_create(
            self._use(row, held[row["resource"]]) for row in self._known("used") if row["resource"] in held
        )
        ResourceReport.objects.bulk_create(
            self._report(row, held[row["resource"]])
            for row in self._known("reported")
            if row["resource"] in held
        )

    def _known(self, name: str) -> list[dict[str, Any]]:
        """Rows about members that are there: a small region has fewer."""
        return [row for row in self.rows[name] if row["member"] in self.members]

    def _entry(self, row: dict[str, Any]) -> None:
        """An entry with the proposal that it came from."""
        tlp, member = AUDIENCES[row["audience"]], self.members[row["member"]]
        failing = row.get("failing", "")
        entry = Resource.objects.create(
            public_id=self.chance.id("resource", row["slug"]), slug=row["slug"], tlp=tlp, added_at=self._at(row),
            programme=self.programme if tlp == Tlp.GREEN else None, member=member if tlp == Tlp.AMBER else None,
            link_fault=failing, failures=2 if failing else 0,
            checked_at=now() - timedelta(days=2) if failing else None,
            answered_at=now() - timedelta(days=65) if failing else None, **self._said(row),
        )  # fmt: skip
        self._proposal(row, ContributionState.ACCEPTED, entry)

    def _proposal(self, row: dict[str, Any], state: str, entry: Resource | None = None) -> None:
        tlp = AUDIENCES[row["audience"]]
        decided = state != ContributionState.WAITING
        Contribution.objects.create(
            public_id=self.chance.id("contribution", row["title"]), member=self.members[row["member"]], tlp=tlp,
            programme=None if tlp == Tlp.AMBER else self.programme, why=row["why"], state=state,
            note=row.get("note", ""), proposed_by=self.cast.lead(row["member"]), proposed_at=self._at(row),
            decided_by=self.cast.tour["manager"] if decided and tlp != Tlp.AMBER else None,
            decided_at=self._at(row) + DECIDED_AFTER if decided else None, resource=entry, **self._said(row),
        )  # fmt: skip

    def _said(self, row: dict[str, Any]) -> dict[str, Any]:
        said = {name: row[name] for name in SAID}
        return {**said, "url": row.get("url", ""), "text": row.get("text", "").strip()}

    def _use(self, row: dict[str, Any], resource: Resource) -> ResourceUse:
        return ResourceUse(
            public_id=self.chance.id("use", row["resource"], row["member"]), resource=resource,
            member=self.members[row["member"]], area=row["area"], stars=row["stars"], words=row["words"],
            used_on=localdate() - timedelta(days=row["ago"]), named=row["named"], told_at=self._at(row),
            told_by=self.cast.lead(row["member"]),
        )  # fmt: skip

    def _report(self, row: dict[str, Any], resource: Resource) -> ResourceReport:
        return ResourceReport(
            public_id=self.chance.id("report", row["resource"], row["member"]), resource=resource,
            member=self.members[row["member"]], kind=row["kind"], words=row["words"],
            reported_by=self.cast.lead(row["member"]), reported_at=self._at(row),
        )  # fmt: skip

    def _at(self, row: dict[str, Any]) -> datetime:
        return now() - timedelta(days=row["ago"])
