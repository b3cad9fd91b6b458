"""The peer benchmark: who may contribute, who agreed to, and what was released."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from apps.core.models import PublicModel
from apps.insights.choices import Income, Region
from apps.insights.querysets import BenchmarkReleaseQuerySet
from apps.members.choices import Sector


class BenchmarkPlace(PublicModel):
    """An organisation that staff approved, and where it stands; without one nobody counts, so sham members do not."""

    member = models.OneToOneField("members.Member", models.CASCADE, related_name="benchmark_place")
    region = models.CharField(_("region"), max_length=20, choices=Region)
    income = models.CharField(_("income group"), max_length=20, choices=Income)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(default=now)


class BenchmarkConsent(PublicModel):
    """An organisation lets its result count in the release with this cut-off, until which it can take that back."""

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="benchmark_consents")
    cut_off = models.DateField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "cut_off"], name="one_benchmark_consent_per_release")
        ]


class BenchmarkRelease(PublicModel):
    """One release; the database refuses every change of it, and its end unless it is a demonstration.

    `document` is all that anybody sees. `rests_on` names the results behind the figures that are new in this release,
    so that the next can be held against them: {area: {cut: {member's public id: result's public id}}}, never points.
    """

    number = models.PositiveIntegerField(unique=True)
    cut_off = models.DateField()
    version_of = models.ForeignKey("frameworks.FrameworkVersion", models.PROTECT, related_name="+")
    document = models.JSONField()
    rests_on = models.JSONField()
    content_hash = models.CharField(max_length=64)
    statement = models.JSONField()
    proof = models.JSONField()
    is_demo = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=now)

    objects = BenchmarkReleaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cut_off", "is_demo"], name="one_benchmark_release_per_cut_off")
        ]
        ordering = ["-number"]


class BenchmarkClearing(PublicModel):
    """Staff let the public see a release; the site signs that too."""

    release = models.OneToOneField(BenchmarkRelease, models.CASCADE, related_name="clearing")
    statement = models.JSONField()
    proof = models.JSONField()
    cleared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cleared_at = models.DateTimeField(default=now)
