"""A framework, its versions, and the tree of a version: dimensions, areas, indicators, levels."""

from __future__ import annotations

import json
import zlib
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.frameworks.choices import Scope, VersionState
from apps.frameworks.querysets import FrameworkQuerySet, IndicatorQuerySet, VersionQuerySet


class Framework(PublicModel):
    """`programme` is whose it is: none for the site's own, which everybody may read."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    programme = models.ForeignKey(
        "members.Programme", models.PROTECT, null=True, blank=True, related_name="frameworks"
    )
    copied_from = models.ForeignKey(
        "FrameworkVersion", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = FrameworkQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class FrameworkVersion(PublicModel):
    """`document` is the whole validated file; the tree below is made from it and never edited apart from it.

    `revision` counts the saves of a draft: who saves says which one they had seen.
    """

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="versions")
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=10, default="en")
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.DRAFT)
    document = models.JSONField()
    document_hash = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(default=now)
    published_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(default=now)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["framework", "version"], name="one_framework_version")]
        ordering = [F("published_at").desc(nulls_last=True), "-pk"]

    def __str__(self) -> str:
        return f"{self.framework.name} {self.version}"


class DraftRevision(models.Model):
    """The document of a draft as one save left it, packed; the newest are kept so that a change can be undone."""

    version = models.ForeignKey(FrameworkVersion, models.CASCADE, related_name="revisions")
    revision = models.PositiveIntegerField()
    packed = models.BinaryField()
    what = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "revision"], name="one_draft_revision")]
        ordering = ["-revision"]

    @property
    def document(self) -> dict[str, Any]:
        """The whole document."""
        unpacked: dict[str, Any] = json.loads(zlib.decompress(bytes(self.packed)))
        return unpacked

    @staticmethod
    def pack(document: dict[str, Any]) -> bytes:
        """The document as `packed` holds it; its keys keep their order."""
        return zlib.compress(json.dumps(document, ensure_ascii=False).encode(), 6)


class Dimension(models.Model):
    version = models.ForeignKey(FrameworkVersion, models.CASCADE, related_name="dimensions")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="one_dimension_code")]
        ordering = ["position", "pk"]


class Area(models.Model):
    version = models.ForeignKey(FrameworkVersion, models.CASCADE, related_name="areas")
    dimension = models.ForeignKey(Dimension, models.CASCADE, related_name="areas")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="one_area_code")]
        ordering = ["position", "pk"]


class Indicator(models.Model):
    """`help` holds question, look_for, mistakes, words, crosswalk, scale, stage as in the framework file."""

    version = models.ForeignKey(FrameworkVersion, models.CASCADE, related_name="indicators")
    area = models.ForeignKey(Area, models.CASCADE, related_name="indicators")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    intent = models.TextField()
    scope = models.CharField(max_length=15, choices=Scope)
    key = models.BooleanField(default=False)
    effort = models.PositiveSmallIntegerField(default=2)
    weight = models.CharField(
        max_length=20, blank=True, default="", help_text="Exact; empty means by the method."
    )
    help = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField()

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="one_indicator_code")]
        ordering = ["position", "pk"]


class Level(models.Model):
    """The descriptor of one level of one indicator for one scope. A level without text shows the scale's meaning."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="levels")
    scope = models.CharField(max_length=15, choices=Scope)
    level = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    text = models.TextField()
    evidence = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["indicator", "scope", "level"], name="one_level_text")]
        ordering = ["level"]


class FrameworkUpload(PublicModel):
    """A file that somebody looks at before it is taken in: exactly what is then imported. Used for an hour, gone soon after."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="framework_uploads")
    programme = models.ForeignKey(
        "members.Programme", models.CASCADE, null=True, blank=True, related_name="framework_uploads"
    )
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    choices = models.JSONField(default=dict)
    made = models.ForeignKey(FrameworkVersion, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=now, db_index=True)
