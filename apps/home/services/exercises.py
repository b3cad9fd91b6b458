"""Exercises of the demonstration: one that was played, with its log and findings, and one that is planned."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.utils.timezone import localdate

from apps.accounts.models import User
from apps.exercises.choices import Coming, EntryKind, InjectState, RunState
from apps.exercises.models import (
    Entry,
    Finding,
    Inject,
    Kit,
    Observation,
    Opening,
    Part,
    Player,
    Reflection,
    Run,
)
from apps.exercises.selectors.script import cues_of
from apps.home.services.chance import Chance
from apps.home.services.content import Content
from apps.home.services.people import Cast
from apps.members.models import Member
from apps.mentoring.models import Engagement

Row = dict[str, Any]


class Exercises:
    """Makes the runs that content/demo/exercises.yaml tells; leaves out what rests on a kit or engagement that is not there."""

    def __init__(self, content: Content, members: dict[str, Member], cast: Cast, chance: Chance) -> None:
        self.plans, self.cast, self.chance = content.exercises, cast, chance
        self.slugs = {member.pk: slug for slug, member in members.items()}
        self.people: dict[str, tuple[User, Member]] = {}
        self.players: dict[str, Player] = {}

    def make(self) -> int:
        """Make every run; return how many."""
        return sum(self._make(state, row) for state, row in self.plans.items())

    def _make(self, state: str, row: Row) -> bool:
        kit = Kit.objects.filter(slug=row["kit"]).order_by("-pk").first()
        own = self.chance.id("engagement", row["engagement"])
        engagement = (
            Engagement.objects.filter(public_id=own).select_related("member", "mentor").first()
            if kit
            else None
        )
        if kit is None or engagement is None:
            return False
        self._find_people(engagement)
        run = self._run(state, row, kit, engagement)
        self._cast(run, row)
        if state == RunState.CLOSED:
            self._play(run, row, kit)
            self._after(run, row)
        return True

    def _find_people(self, engagement: Engagement) -> None:
        for side, member in (("ours", engagement.member), ("theirs", engagement.mentor)):
            for role, people in self.cast.of[self.slugs[member.pk]].items():
                self.people[f"{side}.{role}"] = (people[0], member)

    def _run(self, state: str, row: Row, kit: Kit, engagement: Engagement) -> Run:
        lead, _member = self.people["ours.lead"]
        day = localdate() + timedelta(days=row.get("ahead", 0) - row.get("ago", 0))
        run = Run(
            public_id=self.chance.id("exercise", state), kit=kit, member=engagement.member, partner=engagement.mentor,
            engagement=engagement, facilitator=lead, held_on=day, state=state, made_by=lead,
        )  # fmt: skip
        run.made_at = datetime.combine(min(day, localdate()) - timedelta(days=20), time(9), UTC)
        if state == RunState.CLOSED:
            run.started_at = datetime.combine(day, time(row["starts_at"]), UTC)
            run.seconds = row["seconds"]
            run.ended_at = run.started_at + timedelta(seconds=row["seconds"])
            run.closed_at = run.ended_at + timedelta(minutes=40)
        run.save(force_insert=True)
        return run

    def _cast(self, run: Run, row: Row) -> None:
        self.players = {}
        for place, given in row["people"].items():
            user, member = self.people[place]
            self.players[place] = Player.objects.create(
                public_id=self.chance.id("player", run.state, place), run=run, user=user, member=member,
                observer=given.get("observer", False), named=given.get("named", False),
                coming=given.get("coming", Coming.COMES),
            )  # fmt: skip
            Part.objects.bulk_create(
                Part(run=run, role=role, player=self.players[place]) for role in given.get("roles", ())
            )

    def _at(self, run: Run, minute: int) -> datetime:
        assert run.started_at is not None
        return run.started_at + timedelta(minutes=minute)

    def _play(self, run: Run, row: Row, kit: Kit) -> None:
        """Every cue a little after its minute, in its order; then the log, in answer to what was given."""
        injects = [self._inject(run, row, cue) for cue in cues_of(kit.document)]
        injects += [
            Inject(
                public_id=self.chance.id("inject", f"X{n:02d}"), run=run, code=f"X{n:02d}", to=own["to"], sender=own["from"],
                channel=own["channel"], title=own["title"], text=own["text"], minute=own["minute"],
                at=self._at(run, own["minute"]),
            )
            for n, own in enumerate(row["own"], start=1)
        ]  # fmt: skip
        injects.sort(key=lambda each: each.minute)
        given = {each.code: each for each in Inject.objects.bulk_create(injects)}
        self._open(given)
        self._log(run, row, given)

    def _inject(self, run: Run, row: Row, cue: Any) -> Inject:
        reason = row["skipped"].get(cue.code, "")
        minute = cue.at + row["late"]
        return Inject(
            public_id=self.chance.id("inject", cue.code), run=run, code=cue.code, to=list(cue.to), sender=cue.sender,
            channel=cue.channel, story=cue.story, title="" if cue.asks else cue.title, text=cue.text, reason=reason,
            state=InjectState.SKIPPED if reason else InjectState.GIVEN, minute=minute, at=self._at(run, minute),
        )  # fmt: skip

    def _open(self, given: dict[str, Inject]) -> None:
        held = {part.role: player for player in self.players.values() for part in player.parts.all()}
        rows = {
            (inject.pk, held[code].pk): Opening(
                inject=inject, player=held[code], at=inject.at + timedelta(seconds=40)
            )
            for inject in given.values()
            for code in inject.to
            if code in held and inject.state == InjectState.GIVEN
        }
        Opening.objects.bulk_create(rows.values())

    def _log(self, run: Run, row: Row, given: dict[str, Inject]) -> None:
        told = [(EntryKind.DECISION, each) for each in row["log"]]
        told += [(EntryKind.QUESTION, each) for each in row["questions"]]
        told.sort(key=lambda pair: pair[1]["minute"])
        Entry.objects.bulk_create(
            Entry(
                public_id=self.chance.id("entry", number), run=run, kind=kind, player=self.players[each["by"]],
                roles=row["people"][each["by"]].get("roles", []), inject=given.get(each.get("to", "")), text=each["text"],
                why=each.get("why", ""), answer=each.get("answer", ""), minute=each["minute"],
                at=self._at(run, each["minute"]),
            )
            for number, (kind, each) in enumerate(told)
        )  # fmt: skip

    def _after(self, run: Run, row: Row) -> None:
        observer = next(player for player in self.players.values() if player.observer)
        Observation.objects.bulk_create(
            Observation(
                public_id=self.chance.id("observation", each["code"]), run=run, player=observer,
                saved_at=run.ended_at or run.made_at, **each,
            )
            for each in row["sheet"]
        )  # fmt: skip
        Reflection.objects.bulk_create(
            Reflection(
                public_id=self.chance.id("reflection", each["by"]), run=run, player=self.players[each["by"]],
                well=each["well"], change=each["change"], action=each["action"],
            )
            for each in row["said"]
        )  # fmt: skip
        self._findings(run, row)

    def _findings(self, run: Run, row: Row) -> None:
        lead, member = self.people["ours.lead"]
        owners = {place: user for place, (user, _member) in self.people.items()}
        Finding.objects.bulk_create(
            Finding(
                public_id=self.chance.id("exercise finding", number), run=run, member=member, made_by=lead,
                made_at=run.closed_at or run.made_at, indicator=each["indicator"], text=each["text"],
                change=each["change"], proof=each["proof"], owner=owners.get(each["owner"]),
                due_on=localdate() + timedelta(days=each["days"]),
            )
            for number, each in enumerate(row["findings"])
        )  # fmt: skip
