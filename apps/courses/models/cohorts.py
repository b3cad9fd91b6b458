"""People who take a course together: cohorts, who is in them, who is invited, and reminders sent."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from apps.core.models import PublicModel
from apps.courses.choices import CohortRole
from apps.courses.models.content import Course
from apps.members.models import Member, Programme


class Cohort(PublicModel):
    """A group that takes one course between two days, held by a programme or a member."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="cohorts")
    programme = models.ForeignKey(Programme, models.CASCADE, null=True, blank=True, related_name="cohorts")
    member = models.ForeignKey(Member, models.CASCADE, null=True, blank=True, related_name="cohorts")
    name = models.CharField(_("name"), max_length=120)
    note = models.TextField(_("what learners should know"), max_length=500, blank=True, default="")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(programme__isnull=False, member__isnull=True)
                | Q(programme__isnull=True, member__isnull=False),
                name="cohort_has_one_holder",
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="cohort_ends_after_start"),
            models.UniqueConstraint(fields=["programme", "name"], name="one_cohort_name_per_programme"),
            models.UniqueConstraint(fields=["member", "name"], name="one_cohort_name_per_member"),
        ]
        ordering = ["-starts_on", "name"]

    def __str__(self) -> str:
        return self.name


class CohortPerson(PublicModel):
    """A learner or trainer of a cohort; who left keeps the row, so that joining again is the same person."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="people")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="cohort_places")
    role = models.CharField(max_length=10, choices=CohortRole)
    person_id = models.CharField(max_length=60, blank=True, default="")
    organisation = models.CharField(max_length=120, blank=True, default="")
    joined_at = models.DateTimeField(default=now)
    left_at = models.DateTimeField(null=True, blank=True)
    nudged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "user"], name="one_cohort_place")]


class CohortInvitation(PublicModel):
    """An invitation to one address; only whoever signs in with that address can accept it, once."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=CohortRole)
    person_id = models.CharField(max_length=60, blank=True, default="")
    name = models.CharField(max_length=150, blank=True, default="")
    language = models.CharField(max_length=10, blank=True, default="")
    organisation = models.CharField(max_length=120, blank=True, default="")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "email"], name="one_open_cohort_invitation",
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
            )
        ]  # fmt: skip
        ordering = ["created_at", "pk"]


class Nudge(models.Model):
    """A reminder that somebody sent to a learner who is behind."""

    person = models.ForeignKey(CohortPerson, models.CASCADE, related_name="nudges")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-at", "-pk"]
