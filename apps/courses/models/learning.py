"""What a learner did: enrolment, progress, practice and tests."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.courses.models.content import CourseVersion, Lesson, Question


class Enrolment(PublicModel):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="enrolments")
    version_of = models.ForeignKey(CourseVersion, models.PROTECT, related_name="enrolments")
    enrolled_at = models.DateTimeField(default=now)
    last_lesson = models.ForeignKey(Lesson, models.SET_NULL, null=True, blank=True, related_name="+")
    last_screen = models.PositiveSmallIntegerField(default=0)
    completed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "version_of"], name="one_enrolment")]


class Progress(models.Model):
    """What was seen of a lesson; the highest screen wins. `commitment` is what the learner will do at work."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="progress")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="+")
    screen = models.PositiveSmallIntegerField(default=0)
    seen_at = models.DateTimeField(null=True, blank=True)
    commitment = models.TextField(blank=True, default="", max_length=1000)
    commitment_on = models.DateField(null=True, blank=True, help_text="The day it is planned for.")
    updated_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "lesson"], name="one_progress_per_lesson")
        ]


class PracticeAnswer(models.Model):
    """Every try at a practice question is kept."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="practice")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    chosen = models.JSONField()
    correct = models.BooleanField()
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["enrolment", "question"], name="practice_by_question")]


class Attempt(PublicModel):
    """A try at a test: drawn questions, answers saved one by one, handed in once.

    `place` is the code of a module, or one of `TestPlace` for tests of the whole course.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="attempts")
    place = models.CharField(max_length=20)
    pass_mark = models.PositiveSmallIntegerField(default=80)
    number = models.PositiveSmallIntegerField()
    questions = models.JSONField(help_text="Question codes in order, each with its options' order.")
    answers = models.JSONField(default=dict)
    started_at = models.DateTimeField(default=now)
    closes_at = models.DateTimeField(
        null=True, blank=True, help_text="Empty: no clock. Handed in by the server soon after."
    )
    heard_at = models.DateTimeField(null=True, blank=True, help_text="When an answer last arrived.")
    lost_seconds = models.PositiveSmallIntegerField(default=0, help_text="Given back after lost connections.")
    by_clock = models.BooleanField(default=False, help_text="Handed in because the time was over.")
    honoured_in = models.CharField(
        max_length=10, blank=True, default="", help_text="Language in which the learner gave their word."
    )
    handed_in_at = models.DateTimeField(null=True, blank=True)
    correct = models.PositiveSmallIntegerField(null=True, blank=True)
    percent = models.PositiveSmallIntegerField(null=True, blank=True)
    review = models.JSONField(default=list, help_text="Objectives to look at again.")
    passed = models.BooleanField(null=True, blank=True)
    waiting = models.PositiveSmallIntegerField(default=0, help_text="Texts that a person has to mark yet.")
    set_aside_at = models.DateTimeField(
        null=True, blank=True, help_text="A person decided that this try does not count."
    )
    set_aside_reason = models.CharField(max_length=300, blank=True, default="")
    sitting = models.ForeignKey(
        "courses.Sitting", models.SET_NULL, null=True, blank=True, related_name="attempts"
    )
    supervised_by = models.CharField(
        max_length=150, blank=True, default="", help_text="Who watched; empty for a try without supervision."
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "place", "number"], name="one_attempt_number"),
            models.UniqueConstraint(
                fields=["enrolment", "place"],
                name="one_open_attempt",
                condition=Q(handed_in_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(handed_in_at__isnull=True, passed__isnull=True)
                | Q(handed_in_at__isnull=False, passed__isnull=False),
                name="handed_in_attempt_is_marked",
            ),
        ]
