"""What learners say at the end of a course."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now

from apps.courses.choices import Verdict
from apps.courses.models.learning import Enrolment


class Opinion(models.Model):
    """Two taps and a text; the learner may change them. Shown only for ten answers or more, without names."""

    enrolment = models.OneToOneField(Enrolment, models.CASCADE, related_name="opinion")
    useful = models.CharField(max_length=6, choices=Verdict)
    clear = models.CharField(max_length=6, choices=Verdict)
    text = models.TextField(max_length=1000, blank=True, default="")
    at = models.DateTimeField(default=now)
