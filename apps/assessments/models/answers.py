"""Rounds, assessments, responses with their history, drafts and talk, evidence."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from apps.assessments.choices import (
    CLOSED_STATES,
    AssessmentState,
    NotApplicableReason,
    RemarkKind,
    ResponseKind,
    RoundState,
)
from apps.assessments.querysets import (
    AssessmentQuerySet,
    DraftQuerySet,
    RoundQuerySet,
    TalkQuerySet,
)
from apps.core.models import PublicModel


class Round(PublicModel):
    """A programme asks its members to assess themselves in a window.

    Without `everyone` only the members named by a `RoundMember` are asked; `scope` "" asks nations and organisations.
    `targets` is {scope: {"profile": id, "name": …} or {"default": level}, "levels": {area or indicator code: level}}, all optional.
    `used_at` is when a report first counted the closed round: from then on it stays closed.
    """

    programme = models.ForeignKey("members.Programme", models.CASCADE, related_name="rounds")
    version = models.ForeignKey("frameworks.FrameworkVersion", models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    opens_on = models.DateField()
    closes_on = models.DateField()
    state = models.CharField(max_length=8, choices=RoundState, default=RoundState.OPEN)
    everyone = models.BooleanField(default=True)
    scope = models.CharField(max_length=15, blank=True, default="")
    targets = models.JSONField(default=dict)
    note = models.CharField(max_length=500, blank=True, default="", help_text="Why it was extended last.")
    closed_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "name"], name="one_round_name"),
            models.CheckConstraint(
                condition=Q(closes_on__gte=models.F("opens_on")), name="round_closes_after_it_opens"
            ),
        ]
        ordering = ["-opens_on", "-pk"]


class RoundMember(models.Model):
    """What stands between a round and one member: that it is named, that it declined and why, when it was reminded."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="asked")
    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    named = models.BooleanField(default=False)
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=500, blank=True, default="")
    reminded_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "member"], name="one_row_a_round_and_member")]


class Assessment(PublicModel):
    """One member's act on one version. `targets` is {indicator code: level}, with "default" for the others."""

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="assessments")
    version_of = models.ForeignKey("frameworks.FrameworkVersion", models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, models.SET_NULL, null=True, blank=True, related_name="assessments")
    title = models.CharField(max_length=80)
    scope = models.CharField(max_length=15)
    state = models.CharField(max_length=12, choices=AssessmentState, default=AssessmentState.IN_PROGRESS)
    targets = models.JSONField(default=dict)
    review_on = models.DateField(null=True, blank=True)
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "title"], name="one_assessment_title"),
            models.UniqueConstraint(fields=["member", "round"], name="one_assessment_a_round"),
        ]
        ordering = ["-opened_at", "-pk"]

    @property
    def is_closed(self) -> bool:
        """Submitted: nobody can change the answers."""
        return self.state in CLOSED_STATES


class Assignment(models.Model):
    """An area of an assessment given to a colleague, and who reviews it."""

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="assignments")
    area = models.ForeignKey("frameworks.Area", models.PROTECT, related_name="+")
    respondent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    sent_to_review_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "assessment", "area"], name="one_assignment")
        ]


class Response(PublicModel):
    """The answer for one indicator. No row means unanswered."""

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="responses")
    indicator = models.ForeignKey("frameworks.Indicator", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=15, choices=ResponseKind)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=15, choices=NotApplicableReason, blank=True, default="")
    why = models.TextField(blank=True, default="", max_length=5000)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(default=now)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "assessment", "indicator"], name="one_response"),
            models.CheckConstraint(
                condition=Q(kind=ResponseKind.LEVEL, level__isnull=False, level__lte=10)
                | (~Q(kind=ResponseKind.LEVEL) & Q(level__isnull=True)),
                name="only_a_level_answer_has_a_level",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ResponseKind.NOT_APPLICABLE) | ~Q(reason=""),
                name="not_applicable_has_a_reason",
            ),
        ]


class ResponseRevision(models.Model):
    """Every answer that was ever saved; nothing is overwritten without a trace."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=15, choices=ResponseKind)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=15, blank=True, default="")
    why = models.TextField(blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "version"], name="one_revision_per_version")
        ]
        ordering = ["-version"]


class Remark(PublicModel):
    """What a reviewer asks about an answer, open until it is saved again or agreed; or a change that the reviewer requests.

    A request for change stays open until the answer is another one, or the reviewer agrees to it as it is.
    """

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    response = models.ForeignKey(Response, models.CASCADE, related_name="remarks")
    version = models.PositiveIntegerField(help_text="The version of the answer that the reviewer saw.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    kind = models.CharField(max_length=8, choices=RemarkKind, default=RemarkKind.QUESTION)
    text = models.TextField(max_length=2000)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]


class Talk(PublicModel):
    """A thread about one question, seen inside the member only; with `asked` it is a question to that colleague.

    `answered_at` is when the colleague first wrote in it. A settled one can be opened again.
    """

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="talks")
    indicator = models.ForeignKey("frameworks.Indicator", models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=now)
    asked = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = TalkQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        indexes = [
            models.Index(fields=["assessment", "indicator", "settled_at"], name="talks_of_question"),
            models.Index(fields=["asked", "answered_at"], name="talks_asked_of"),
        ]


class Comment(PublicModel):
    """What a person of the member wrote in a thread. `version` rises when its author mends it."""

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    talk = models.ForeignKey(Talk, models.CASCADE, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    text = models.TextField(max_length=2000)
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["at", "pk"]


class CommentRevision(models.Model):
    """The words that a mended comment had before."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    text = models.TextField()
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "version"], name="one_wording_per_version")]
        ordering = ["version"]


class Draft(models.Model):
    """What one person is writing on one question; nobody else sees it, unless they ask the reviewer to decide."""

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="drafts")
    indicator = models.ForeignKey("frameworks.Indicator", models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    content = models.JSONField(default=dict)
    base_version = models.PositiveIntegerField(default=0)
    for_review = models.BooleanField(default=False, help_text="The person asked the reviewer to decide.")
    saved_at = models.DateTimeField(default=now)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "assessment", "indicator", "user"], name="one_draft_per_person"
            )
        ]


class CarriedAnswer(models.Model):
    """An answer of an earlier assessment, offered again. It counts for nothing until somebody says that it is still true.

    Confirming it, or answering otherwise, makes an ordinary response; the row stays as what that response began from.
    """

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="carried")
    indicator = models.ForeignKey("frameworks.Indicator", models.PROTECT, related_name="+")
    came_from = models.ForeignKey(Assessment, models.CASCADE, related_name="+")
    codes = models.JSONField(default=list, help_text="The questions that were answered then.")
    kind = models.CharField(max_length=15, choices=ResponseKind)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=15, choices=NotApplicableReason, blank=True, default="")
    why = models.TextField(blank=True, default="", max_length=5000)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()
    carried_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "assessment", "indicator"], name="one_carried_answer")
        ]


class Merge(PublicModel):
    """One open assessment (`source`) was merged into another. The source is closed and kept as it was.

    `journal` says what became of each question, with the versions before and after, so that the merge can be undone as
    long as nothing else was changed. `was_state` is the state that the source had.
    """

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    into = models.ForeignKey(Assessment, models.CASCADE, related_name="merges")
    source = models.ForeignKey(Assessment, models.CASCADE, related_name="merged")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    was_state = models.CharField(max_length=12, choices=AssessmentState)
    journal = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "source"], condition=Q(undone_at__isnull=True), name="merged_into_one"
            )
        ]
        ordering = ["-at", "-pk"]


class Branch(models.Model):
    """A parallel copy of an open assessment, to work on apart. `base` is what both had: answers by code of the question."""

    assessment = models.OneToOneField(Assessment, models.CASCADE, related_name="branch")
    origin = models.ForeignKey(Assessment, models.CASCADE, related_name="branches")
    base = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
