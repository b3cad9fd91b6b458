"""Requests, offers, a round that is over and one that waits for the manager; pairs are found by the engine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.timezone import now

from apps.accounts.models import User
from apps.assessments.models import Result
from apps.core.errors import Refused
from apps.home.services import calls
from apps.home.services.chance import Chance
from apps.home.services.content import Content
from apps.home.services.engagements import Engaging
from apps.home.services.people import Cast
from apps.members.models import Member, Programme
from apps.mentoring.choices import Decision, DeclineReason, NeedState, Readiness, Reply, RoundState
from apps.mentoring.models import Exclusion, MatchingRound, Need, Offer, Proposal, Urgency
from apps.mentoring.selectors import pairs
from apps.mentoring.selectors.figures import HIGHEST_LEVEL, AreaFigures, areas_of
from apps.mentoring.services.needs import MOST_INDICATORS
from apps.mentoring.services.offers import check_strength
from apps.mentoring.services.problem import Draft, draft, settled
from apps.mentoring.services.recruiting import recruits

# The first round is over, and so is a small one of which the work ended early; a small one in two stages has sent an
# invitation that waits for answers; the last waits for the manager. The numbers name the rows of the file.
FIRST, EARLIER, SMALL, LAST = 2024, 2023, 2025, 2026
NAMES = {
    FIRST: "Matching 2024",
    EARLIER: "Places left over, spring",
    SMALL: "Places left over, 2026",
    LAST: "Matching 2026",
}
# Pairs are scored by the clocks of one day in each round, so that a figure does not depend on summer time today.
CLOCKS = {
    FIRST: datetime(2024, 9, 16, 9, tzinfo=UTC),
    EARLIER: datetime(2026, 4, 20, 9, tzinfo=UTC),
    SMALL: datetime(2026, 9, 14, 9, tzinfo=UTC),
    LAST: datetime(2026, 9, 14, 9, tzinfo=UTC),
}
FIRST_PUBLISHED = datetime(2024, 9, 19, 14, tzinfo=UTC)
ASKED_BEFORE, SOLVED_BEFORE = timedelta(days=26), timedelta(days=1)
BEGAN_BEFORE = timedelta(days=170)
INVITED_BEFORE, REPLY_WITHIN = timedelta(days=6), timedelta(days=20)


class Mentoring:
    """Makes what members ask for and give, round by round."""

    def __init__(
        self, content: Content, programme: Programme, members: dict[str, Member], cast: Cast, chance: Chance
    ) -> None:
        self.content, self.programme, self.members = content, programme, members
        self.cast, self.chance = cast, chance
        self.slugs = {member.pk: slug for slug, member in members.items()}
        self.figures: dict[tuple[str, int], tuple[Result, dict[str, AreaFigures]] | None] = {}

    def make(self) -> int:
        """Make all rounds; return how many engagements there are."""
        story = self.content.mentoring
        Exclusion.objects.bulk_create(
            Exclusion(
                member=self.members[row["member"]],
                other=self.members[row["other"]],
                made_by=self.cast.lead(row["member"]),
            )
            for row in story["apart"]
        )
        needs = self._collect(FIRST, FIRST_PUBLISHED - timedelta(days=30))
        first = self._round(FIRST, FIRST_PUBLISHED - timedelta(days=17))
        self._solve(first, FIRST)
        engaged = self._finish(first, needs, FIRST_PUBLISHED)
        engaged += self._earlier()
        self._invite()
        self._mark_urgent(self._collect(LAST, now() - ASKED_BEFORE))
        self._solve(self._round(LAST, now() - ASKED_BEFORE / 2), LAST)
        return engaged

    # --- what is asked and given

    def _collect(self, year: int, at: datetime) -> dict[str, Need]:
        """Offers and requests of a year; return the requests by key."""
        story = self.content.mentoring
        Offer.objects.bulk_create(
            made for row in story["offers"] if row["year"] == year for made in self._offer(row, at)
        )
        needs = {
            row["key"]: made for row in story["needs"] if row["year"] == year for made in self._need(row, at)
        }
        Need.objects.bulk_create(needs.values())
        return needs

    def _area(self, slug: str, year: int, area: str) -> tuple[Result, AreaFigures] | None:
        """The member's result of that year and what it says of the area; None when there is no such figure."""
        if (slug, year) not in self.figures:
            rows = Result.objects.filter(
                member=self.members.get(slug), assessment__round__opens_on__year=year
            ).select_related("assessment")
            found = rows.first()
            self.figures[slug, year] = (found, {a.code: a for a in areas_of(found)}) if found else None
        held = self.figures[slug, year]
        return (held[0], held[1][area]) if held and area in held[1] else None

    def _offer(self, row: dict[str, Any], at: datetime) -> Iterator[Offer]:
        """The offer, unless the result is too weak for it."""
        held = self._area(row["member"], row.get("result", row["year"]), row["area"])
        if held is None:
            return
        try:
            check_strength(held[1], row["record"])
        except Refused:
            return
        member = self.members[row["member"]]
        yield Offer(
            public_id=self.chance.id("offer", row["member"], row["area"]), member=member, programme=self.programme,
            area=row["area"], area_name=held[1].name, level=held[1].level, track_record=row["record"],
            languages=row.get("languages", member.languages), places=row["places"], hours_per_month=row["hours"],
            period_months=row.get("period", 0),
            made_by=self.cast.mentor(row["member"]), made_at=at,
        )  # fmt: skip

    def _need(self, row: dict[str, Any], at: datetime) -> Iterator[Need]:
        """The request, unless the result leaves nothing to ask for."""
        held = self._area(row["member"], row.get("result", row["year"]), row["area"])
        if held is None or not held[1].gaps or held[1].level >= HIGHEST_LEVEL:
            return
        result, figures = held
        member, lead = self.members[row["member"]], self.cast.lead(row["member"])
        days = self.chance.at("asked", row["key"]).uniform(0, 10)
        yield Need(
            public_id=self.chance.id("need", row["key"]), member=member, programme=self.programme, result=result,
            area=row["area"], area_name=figures.name, now_level=figures.level, priority=figures.priority,
            wanted_level=min(HIGHEST_LEVEL, figures.level + row["rise"]), note=row["note"], mode=row["mode"],
            indicators=[
                {"code": g.code, "name": g.name, "level": g.level} for g in figures.gaps[:MOST_INDICATORS]
            ],
            languages=row.get("languages", member.languages), readiness=self._readiness(row),
            asked_by=lead, asked_at=at + timedelta(days=days),
        )  # fmt: skip

    def _readiness(self, row: dict[str, Any]) -> dict[str, Any]:
        """Everything is in place but what the story says is missing."""
        sponsors = self.content.mentoring["sponsors"]
        ready: dict[str, Any] = {
            Readiness.SPONSOR.value: self.chance.pick(sponsors, "sponsor", row["key"]),
            Readiness.COUNTERPART.value: self.cast.respondent(row["member"]).full_name,
            Readiness.STAFF_TIME.value: True,
            Readiness.LEGAL_BASIS.value: True,
        }
        for name in row.get("missing", ()):
            ready[name] = "" if isinstance(ready[name], str) else False
        return ready

    # --- the rounds

    def _round(self, year: int, at: datetime) -> MatchingRound:
        return MatchingRound.objects.create(
            public_id=self.chance.id("matching", year), programme=self.programme, name=NAMES[year],
            opened_at=at,
        )  # fmt: skip

    def _solve(self, round_: MatchingRound, year: int) -> None:
        """Solve with the engine and keep its answer, as `solve_round` does."""
        made = draft(round_, at=CLOCKS[year])
        if not made.document["members"]:
            return
        round_.problem, found = settled(made)
        answer: dict[str, Any] = dict(found.as_document())
        round_.answer = answer
        round_.recruits = recruits(made, round_.problem, found, at=CLOCKS[year])
        round_.state, round_.version = RoundState.PROPOSED, 2
        solved = {
            FIRST: CLOCKS[FIRST],
            EARLIER: now() - BEGAN_BEFORE - SOLVED_BEFORE,
            SMALL: now() - INVITED_BEFORE - SOLVED_BEFORE,
        }
        round_.solved_at = solved.get(year, now() - SOLVED_BEFORE)
        round_.save()
        wanted = sorted((row["member"], row["mentor"]) for row in answer["pairs"])
        Proposal.objects.bulk_create(self._proposal(round_, made, key, CLOCKS[year]) for key in wanted)

    def _proposal(self, round_: MatchingRound, made: Draft, key: tuple[str, str], at: datetime) -> Proposal:
        need, offer = made.row_of(*key)
        found = made.scores[key]
        return Proposal(
            public_id=self.chance.id("proposal", round_.public_id, *key), round=round_, need=need, offer=offer,
            score=found.score, reasons=pairs.reasons(need, offer, found, at=at),
        )  # fmt: skip

    def _earlier(self) -> int:
        """A small round half a year ago, in which one pair began to work; return how many."""
        needs = self._collect(EARLIER, now() - timedelta(days=210))
        round_ = self._round(EARLIER, now() - timedelta(days=195))
        self._solve(round_, EARLIER)
        return self._finish(round_, needs, now() - BEGAN_BEFORE)

    def _finish(self, round_: MatchingRound, needs: dict[str, Need], published: datetime) -> int:
        """Publish a round and close it: every pair with a story begins to work, others were declined."""
        keys = {need.public_id: key for key, need in needs.items()}
        engaging = Engaging(self.content, self.programme, self.cast, self.slugs, self.chance)
        for row in round_.proposals.select_related("need__member", "offer__member").order_by("public_id"):
            story = self.content.mentoring["engagements"].get(keys[row.need.public_id])
            self._reply(row, story, published)
            if story:
                engaging.begin(keys[row.need.public_id], row, story)
        paired = round_.proposals.filter(engagement__isnull=False).values("need")
        Need.objects.filter(pk__in=[need.pk for need in needs.values()]).exclude(pk__in=paired).update(
            state=NeedState.WITHDRAWN, version=2
        )
        round_.state, round_.published_at, round_.version = RoundState.CLOSED, published, 4
        round_.save()
        return engaging.count

    def _invite(self) -> None:
        """A small round in two stages: calls were held, invitations were sent some days ago; nobody has answered yet."""
        self._collect(SMALL, now() - timedelta(days=40))
        round_ = self._round(SMALL, now() - timedelta(days=30))
        calls.hold_calls(round_, self.content.mentoring["calls"], self._people, at=CLOCKS[SMALL])
        self._solve(round_, SMALL)
        rows = round_.proposals.all()
        rows.update(
            decision=Decision.ACCEPTED, version=2, reply_by=(now() - INVITED_BEFORE + REPLY_WITHIN).date()
        )
        Need.objects.filter(proposals__in=rows).update(state=NeedState.PROPOSED, version=2)
        round_.state, round_.published_at, round_.version = RoundState.CLOSED, now() - INVITED_BEFORE, 4
        round_.save()

    def _people(self, member: Member, role: str) -> User:
        """Who speaks for a member: its lead, or its mentor."""
        slug = self.slugs[member.pk]
        return self.cast.mentor(slug) if role == "mentor" else self.cast.lead(slug)

    def _mark_urgent(self, needs: dict[str, Need]) -> None:
        """Requests that their lead says cannot wait; the office has not answered."""
        for row in self.content.mentoring["urgent"]:
            if need := needs.get(row["need"]):
                Urgency.objects.create(
                    need=need, reason=row["reason"], note=row["note"], asked_by=need.asked_by,
                    asked_at=now() - timedelta(days=1),
                )  # fmt: skip

    def _reply(self, row: Proposal, story: dict[str, Any] | None, published: datetime) -> None:
        row.decision, row.version = Decision.ACCEPTED, 3
        row.reply_by = published.date() + timedelta(days=14)
        row.member_reply = Reply.ACCEPTED
        row.member_replied_by = self.cast.lead(self.slugs[row.need.member_id])
        row.mentor_reply = Reply.ACCEPTED if story else Reply.DECLINED
        row.mentor_replied_by = self.cast.mentor(self.slugs[row.offer.member_id])
        row.declined_because = "" if story else DeclineReason.NO_TIME
        row.save()
