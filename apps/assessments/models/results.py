"""Stored results, and the levels that a member wants to reach."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from apps.assessments.models.answers import Assessment
from apps.assessments.querysets import ResultQuerySet, TargetSetQuerySet
from apps.core.models import PublicModel
from apps.members.choices import Tlp


class Result(PublicModel):
    """The stored snapshot of a score. `document` is what `apps.scoring` printed; no figure is computed elsewhere."""

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="results")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="results")
    method = models.CharField(max_length=40)
    method_version = models.PositiveSmallIntegerField()
    input_hash = models.CharField(max_length=64)
    inputs = models.JSONField(help_text="The answers file that `manage.py score` takes.")
    document = models.JSONField()
    evidence = models.JSONField(default=list, help_text="What supported the answers on submission.")
    given = models.JSONField(
        default=list, help_text="Every answer as it was given, with its reasons; empty in older results."
    )
    statement = models.JSONField(
        default=dict, help_text="What the lead signed; empty before there were signatures."
    )
    tlp = models.CharField(max_length=20, choices=Tlp, default=Tlp.AMBER_STRICT)
    computed_at = models.DateTimeField(default=now)
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    void_reason = models.CharField(max_length=500, blank=True, default="")

    objects = ResultQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["member", "-computed_at"], name="result_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "assessment"],
                name="one_standing_result",
                condition=Q(voided_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, voided_by__isnull=True, void_reason="")
                | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")),
                name="void_says_who_and_why",
            ),
        ]

    @property
    def on(self) -> str:
        """The day of scoring, as ISO text."""
        return str(self.document.get("on", ""))


class ResultFigures(models.Model):
    """Where the whole and the areas of a result stand, in short, for pages about many members.

    Derived from the result's document, which alone counts, when the result is stored. `areas` is JSON text that is read
    only where areas are shown; `apps.assessments.selectors.figures` says what stands in it.
    """

    result = models.OneToOneField(Result, models.CASCADE, primary_key=True, related_name="figures")
    overall = models.JSONField()
    areas = models.TextField()

    class Meta:
        verbose_name_plural = "result figures"


class TargetSet(PublicModel):
    """Levels that a member wants to reach, under a name. `levels` is {indicator code: level}."""

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="target_sets")
    framework = models.ForeignKey("frameworks.FrameworkVersion", models.PROTECT, related_name="+")
    scope = models.CharField(max_length=15)
    result = models.ForeignKey(
        Result, models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="The result on which the levels were tried last.",
    )  # fmt: skip
    name = models.CharField(max_length=80)
    levels = models.JSONField(default=dict)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    objects = TargetSetQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "name"], name="one_target_set_name")]
        ordering = ["name", "pk"]


class TargetRevision(models.Model):
    """Every version of a target set that was ever saved."""

    target_set = models.ForeignKey(TargetSet, models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    levels = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["target_set", "version"], name="one_target_revision_per_version")
        ]
        ordering = ["-version"]
