"""What a learner writes down beside a lesson; nobody else sees it."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now

from apps.courses.models.content import Lesson
from apps.courses.models.learning import Enrolment


class Note(models.Model):
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="notes")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="+")
    text = models.TextField(max_length=4000)
    updated_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "lesson"], name="one_note_per_lesson")]
