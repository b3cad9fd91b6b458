"""Needs, offers, exclusions, rounds, proposals, engagements, goals, sessions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.mentoring.choices import (
    ActionState,
    Decision,
    DeclineReason,
    EngagementState,
    GoalState,
    Mode,
    NeedState,
    OfferState,
    Readiness,
    Reply,
    RoadmapState,
    RoundState,
)
from apps.mentoring.querysets import (
    ActionPlanQuerySet,
    ActionQuerySet,
    EngagementQuerySet,
    NeedQuerySet,
    OfferQuerySet,
    ProposalQuerySet,
    RoadmapQuerySet,
)


class Need(PublicModel):
    """What a member asks for in an area.

    `indicators` holds [{"code", "name", "level"}]; `languages` codes, most wanted first; `readiness` holds
    "sponsor" and "counterpart" as names, "staff_time" and "legal_basis" as true or false. `priority` is the sum
    of the priorities of the area's indicators in the result.
    """

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="needs")
    programme = models.ForeignKey("members.Programme", models.CASCADE, related_name="+")
    result = models.ForeignKey("assessments.Result", models.PROTECT, related_name="+")
    area = models.CharField(max_length=20)
    area_name = models.CharField(max_length=150)
    indicators = models.JSONField(default=list)
    now_level = models.PositiveSmallIntegerField()
    wanted_level = models.PositiveSmallIntegerField()
    priority = models.DecimalField(max_digits=9, decimal_places=2)
    note = models.TextField(blank=True, default="", max_length=2000)
    languages = models.JSONField(default=list)
    mode = models.CharField(max_length=6, choices=Mode, default=Mode.EITHER)
    readiness = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=NeedState, default=NeedState.SENT)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    objects = NeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "programme", "area"], name="one_open_need_per_area",
                condition=~Q(state__in=[NeedState.WITHDRAWN, NeedState.DONE]),
            )
        ]  # fmt: skip
        ordering = ["-priority", "area", "pk"]

    @property
    def missing(self) -> tuple[str, ...]:
        """The readiness questions that are not answered with yes, in the order of the form."""
        return tuple(name for name in Readiness.values if not self.readiness.get(name))


class Offer(PublicModel):
    """What a mentor partner can give in an area; `places` in the programme's rolling period."""

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="offers")
    programme = models.ForeignKey("members.Programme", models.CASCADE, related_name="+")
    area = models.CharField(max_length=20)
    area_name = models.CharField(max_length=150)
    level = models.PositiveSmallIntegerField()
    track_record = models.CharField(max_length=500, blank=True, default="")
    languages = models.JSONField(default=list)
    mode = models.CharField(max_length=6, choices=Mode, default=Mode.EITHER)
    places = models.PositiveSmallIntegerField(default=1)
    hours_per_month = models.PositiveSmallIntegerField(default=8)
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.OPEN)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "programme", "area"], name="one_open_offer_per_area",
                condition=Q(state=OfferState.OPEN),
            )
        ]  # fmt: skip
        ordering = ["area", "pk"]


class Exclusion(models.Model):
    """A private wish never to be paired; no page, count or explanation reveals it."""

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="exclusions")
    other = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "other"], name="one_exclusion"),
            models.CheckConstraint(condition=~Q(member=F("other")), name="nobody_excludes_itself"),
        ]


class MatchingRound(PublicModel):
    """One run of matching; `problem` and `answer` are kept whole so that it can be replayed."""

    programme = models.ForeignKey("members.Programme", models.CASCADE, related_name="matching_rounds")
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=RoundState, default=RoundState.COLLECTING)
    problem = models.JSONField(null=True, blank=True)
    answer = models.JSONField(null=True, blank=True)
    opened_at = models.DateTimeField(default=now)
    solved_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "name"], name="one_matching_round_name")]
        ordering = ["-opened_at"]


class Proposal(PublicModel):
    """One suggested pair; `reasons` are factors [{"name", "contribution", "value"}] that sum to the score."""

    round = models.ForeignKey(MatchingRound, models.CASCADE, related_name="proposals")
    need = models.ForeignKey(Need, models.PROTECT, related_name="proposals")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="proposals")
    score = models.DecimalField(max_digits=6, decimal_places=2)
    reasons = models.JSONField(default=list)
    pinned = models.BooleanField(default=False)
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.OPEN)
    member_reply = models.CharField(max_length=10, choices=Reply, default=Reply.WAITING)
    member_replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    mentor_reply = models.CharField(max_length=10, choices=Reply, default=Reply.WAITING)
    mentor_replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    declined_because = models.CharField(max_length=10, choices=DeclineReason, blank=True, default="")
    reply_by = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "need", "offer"], name="one_proposal_per_pair")
        ]


class Engagement(PublicModel):
    """The accepted work between two members."""

    member = models.ForeignKey("members.Member", models.PROTECT, related_name="engagements")
    mentor = models.ForeignKey("members.Member", models.PROTECT, related_name="mentored_engagements")
    programme = models.ForeignKey("members.Programme", models.PROTECT, related_name="engagements")
    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="engagement")
    grant = models.ForeignKey("members.Grant", models.PROTECT, null=True, blank=True, related_name="+")
    area = models.CharField(max_length=20)
    area_name = models.CharField(max_length=150)
    purpose = models.TextField(blank=True, default="", max_length=2000)
    baseline = models.ForeignKey("assessments.Result", models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=EngagementState, default=EngagementState.ACTIVE)
    starts_on = models.DateField()
    ends_on = models.DateField()
    planned_sessions = models.PositiveSmallIntegerField(default=6)
    closing_note = models.TextField(blank=True, default="", max_length=2000)
    version = models.PositiveIntegerField(default=1)

    objects = EngagementQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]


class Goal(PublicModel):
    """An expected result, tied to an indicator."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="goals")
    indicator = models.CharField(max_length=30)
    indicator_name = models.CharField(max_length=200)
    from_level = models.PositiveSmallIntegerField()
    to_level = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=GoalState, default=GoalState.OPEN)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "indicator"], name="one_goal_per_indicator")
        ]
        ordering = ["indicator"]


class Session(PublicModel):
    """One meeting: when, who, what was done, what comes next."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="sessions")
    held_on = models.DateField()
    hours = models.DecimalField(max_digits=4, decimal_places=1)
    present = models.CharField(max_length=300, blank=True, default="")
    notes = models.TextField(max_length=5000)
    next_steps = models.TextField(blank=True, default="", max_length=2000)
    next_on = models.DateField(null=True, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["held_on", "pk"]


class Roadmap(PublicModel):
    """Which improvements first: what was asked about a result, and what `apps.planning` answered.

    `question` holds what `RoadmapQuestion` says; `answer` the documents of the plan, the frontier, the cheapest next
    label and the next thing that more budget buys. No figure of it is computed elsewhere.
    """

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="roadmaps")
    result = models.ForeignKey("assessments.Result", models.PROTECT, related_name="+")
    question = models.JSONField()
    state = models.CharField(max_length=10, choices=RoadmapState, default=RoadmapState.QUEUED)
    percent = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(default=dict)
    tries = models.PositiveSmallIntegerField(default=1)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=now)
    ready_at = models.DateTimeField(null=True, blank=True)

    objects = RoadmapQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]


class ActionPlan(PublicModel):
    """A roadmap that the member works on: its steps as actions with owners and dates."""

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="action_plans")
    roadmap = models.ForeignKey(Roadmap, models.PROTECT, related_name="plans")
    name = models.CharField(max_length=120)
    unit = models.CharField(max_length=20)
    starts_on = models.DateField()
    ends_on = models.DateField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ActionPlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "name"], name="one_action_plan_name"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="plan_ends_after_it_starts"
            ),
        ]
        ordering = ["closed_at", "-made_at", "-pk"]


class Action(PublicModel):
    """One step of a plan: an indicator one level up. `after` holds the places of the steps it waits for."""

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    plan = models.ForeignKey(ActionPlan, models.CASCADE, related_name="actions")
    place = models.PositiveSmallIntegerField()
    indicator = models.CharField(max_length=40)
    area = models.CharField(max_length=40)
    from_level = models.PositiveSmallIntegerField()
    to_level = models.PositiveSmallIntegerField()
    work = models.CharField(max_length=8)
    cost = models.DecimalField(max_digits=14, decimal_places=4)
    gain = models.CharField(max_length=200, help_text="Points, exactly: numerator/denominator.")
    after = models.JSONField(default=list)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="actions"
    )
    starts_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=ActionState, default=ActionState.PLANNED)
    reason = models.CharField(max_length=500, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    objects = ActionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "place"], name="one_action_a_place"),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("starts_on")), name="action_is_due_after_its_start"
            ),
            models.CheckConstraint(
                condition=~Q(state=ActionState.DROPPED) | ~Q(reason=""), name="dropped_action_has_a_reason"
            ),
        ]
        ordering = ["place"]
        indexes = [models.Index(fields=["state", "due_on"], name="actions_due")]


class ActionChange(models.Model):
    """What was changed in an action, and what was noted. `changes` is {field: [before, after]}."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="history")
    version = models.PositiveIntegerField()
    changes = models.JSONField(default=dict)
    note = models.TextField(max_length=2000, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["action", "version"], name="one_change_per_version")]
        ordering = ["-version"]
