"""The kits that runs are played from."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now

from apps.core.models import PublicModel


class Kit(PublicModel):
    """One version of a table-top kit, frozen when it was loaded. `document` is the whole kit, `areas` its codes."""

    slug = models.SlugField(max_length=80)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=12)
    title = models.CharField(max_length=160)
    summary = models.TextField()
    minutes = models.PositiveSmallIntegerField()
    players_from = models.PositiveSmallIntegerField()
    players_to = models.PositiveSmallIntegerField()
    areas = models.JSONField(default=list)
    document = models.JSONField()
    document_hash = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug", "version"], name="one_kit_per_version")]
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title
