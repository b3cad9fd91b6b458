"""The work between two members: goals, sessions with notes, what the mentor may read and did read."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from apps.assessments.models import Result
from apps.home.services.afterwards import tell_after
from apps.home.services.agreements import make_agreement
from apps.home.services.chance import Chance
from apps.home.services.content import Content
from apps.home.services.people import Cast
from apps.home.services.workspace import make_workspace
from apps.members.choices import Tlp
from apps.members.models import Grant, GrantReading, Programme
from apps.mentoring.choices import EngagementState, GoalState, NeedState
from apps.mentoring.models import Engagement, Goal, Proposal, Session
from apps.mentoring.selectors.figures import HIGHEST_LEVEL

STILL_DAYS = 75


class Engaging:
    """Begins engagements from accepted proposals and tells what happened in them."""

    def __init__(
        self, content: Content, programme: Programme, cast: Cast, slugs: dict[int, str], chance: Chance
    ) -> None:
        self.content, self.programme, self.cast = content, programme, cast
        self.slugs, self.chance = slugs, chance
        self.count = 0

    def begin(self, key: str, row: Proposal, story: dict[str, Any]) -> None:
        """Make the engagement of an accepted proposal, with all that its story tells."""
        starts, ends = days_of(story)
        closed = story["state"] == EngagementState.CLOSED
        engagement = Engagement.objects.create(
            public_id=self.chance.id("engagement", key), member=row.need.member, mentor=row.offer.member,
            programme=self.programme, proposal=row, grant=self._grant(key, row, starts, ends, closed),
            area=row.need.area, area_name=row.need.area_name, purpose=row.need.note, baseline_id=row.need.result_id,
            state=story["state"], starts_on=starts, ends_on=ends, planned_sessions=story["planned"],
            closing_note=story.get("closing", ""), version=2 if closed else 1,
        )  # fmt: skip
        self._goals(key, engagement, row, closed)
        make_agreement(
            key, engagement, self.cast.lead(self.slugs[row.need.member_id]),
            self.cast.mentor(self.slugs[row.offer.member_id]), noon(starts), self.chance, next_version=bool(story.get("revised")),
        )  # fmt: skip
        if story["state"] == EngagementState.ACTIVE:
            asking, giving = self.slugs[row.need.member_id], self.slugs[row.offer.member_id]
            team = (self.cast.lead(asking), self.cast.respondent(asking), self.cast.mentor(giving))
            make_workspace(key, engagement, *team, self.chance)
        self._sessions(key, engagement, row, story["sessions"])
        lead, mentor = (
            self.cast.lead(self.slugs[row.need.member_id]),
            self.cast.mentor(self.slugs[row.offer.member_id]),
        )
        tell_after(engagement, story, {"member": lead, "mentor": mentor})
        row.need.state, row.need.version = NeedState.DONE if closed else NeedState.MATCHED, 2
        row.need.save(update_fields=["state", "version"])
        self.count += 1

    def _grant(self, key: str, row: Proposal, starts: date, ends: date, closed: bool) -> Grant:
        """The member lets the mentor read this area while the work goes on; the mentor did."""
        lead = self.cast.lead(self.slugs[row.need.member_id])
        grant = Grant.objects.create(
            public_id=self.chance.id("grant", key), member=row.need.member, to_member=row.offer.member,
            purpose=_("Mentoring in %(area)s") % {"area": row.need.area_name}, areas=[row.need.area],
            tlp=Tlp.AMBER_STRICT, given_by=lead, given_at=noon(starts), ends_on=ends,
            withdrawn_at=noon(ends) if closed else None,
        )  # fmt: skip
        mentor = self.cast.mentor(self.slugs[row.offer.member_id])
        last = ends if closed else localdate() - timedelta(days=3)
        dice = self.chance.at("readings", key)
        days = sorted(
            dice.randint(2, max(3, (last - starts).days - 2)) for _time in range(dice.randint(2, 5))
        )
        GrantReading.objects.bulk_create(
            GrantReading(
                grant=grant, user=mentor, what="Spring 2024 (1)", at=noon(starts + timedelta(days=day))
            )
            for day in days
        )
        return grant

    def _goals(self, key: str, engagement: Engagement, row: Proposal, closed: bool) -> None:
        """One goal an indicator, a level up; reached when the member's next result shows it."""
        shown = self._shown_later(row)
        rows = []
        for item in row.need.indicators:
            if item["level"] >= HIGHEST_LEVEL:
                continue
            reached = shown.get(item["code"], 0) > item["level"]
            missed = GoalState.DROPPED if closed else GoalState.OPEN
            rows.append(
                Goal(
                    public_id=self.chance.id("goal", key, item["code"]), engagement=engagement,
                    indicator=item["code"], indicator_name=item["name"], from_level=item["level"],
                    to_level=item["level"] + 1, state=GoalState.REACHED if reached else missed,
                    version=2 if reached or closed else 1,
                )
            )  # fmt: skip
        Goal.objects.bulk_create(rows)

    def _shown_later(self, row: Proposal) -> dict[str, int]:
        """Evidenced level by indicator in the newest result after the one that the request rests on."""
        newer = Result.objects.filter(
            member=row.need.member, computed_at__gt=row.need.result.computed_at
        ).order_by("-computed_at")
        result = newer.first()
        if result is None:
            return {}
        return {row["code"]: row["evidenced"] or 0 for row in result.document["indicators"]}

    def _sessions(self, key: str, engagement: Engagement, row: Proposal, told: list[dict[str, Any]]) -> None:
        asking, giving = self.slugs[row.need.member_id], self.slugs[row.offer.member_id]
        lead, colleague = self.cast.lead(asking), self.cast.respondent(asking)
        mentor = self.cast.mentor(giving)
        names = {"lead": lead.full_name, "colleague": colleague.full_name, "mentor": mentor.full_name}
        present = ", ".join(dict.fromkeys(names.values()))
        days = [_day(session) for session in told] + [None]
        rows = []
        for place, session in enumerate(told):
            day = _day(session)
            soon = localdate() + timedelta(days=session["next_in"]) if "next_in" in session else None
            rows.append(
                Session(
                    public_id=self.chance.id("session", key, place), engagement=engagement, held_on=day,
                    hours=str(session["hours"]), present=present, notes=session["notes"].format(**names),
                    next_steps=session["next"].format(**names), next_on=soon or days[place + 1],
                    written_by=colleague if place % 3 == 1 else mentor, written_at=noon(day) + timedelta(hours=5),
                )
            )  # fmt: skip
        Session.objects.bulk_create(rows)


def days_of(story: dict[str, Any]) -> tuple[date, date]:
    """The first and the last day: dates, or days before today."""
    starts = story["starts"] if "starts" in story else localdate() - timedelta(days=story["began"])
    if story.get("extended"):
        # What goes on today goes on for some weeks more, whenever the demonstration is loaded.
        return starts, localdate() + timedelta(days=STILL_DAYS)
    return starts, story["ends"] if "ends" in story else localdate() - timedelta(days=story["ended"])


def _day(session: dict[str, Any]) -> date:
    """The day a session was held: a date, or days before today."""
    held: date = session["at"] if "at" in session else localdate() - timedelta(days=session["ago"])
    return held


def noon(day: date) -> datetime:
    """Noon of a day, for rows that keep a moment."""
    return datetime.combine(day, time(12), UTC)
