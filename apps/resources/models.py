"""The library of resources."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.members.choices import Tlp
from apps.resources.choices import ResourceKind
from apps.resources.querysets import ResourceQuerySet


class Resource(PublicModel):
    """`areas` are framework area codes; `levels` is [from, to]: whom it helps to climb."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=ResourceKind)
    publisher = models.CharField(max_length=120)
    summary = models.TextField()
    url = models.URLField(max_length=500, blank=True, default="")
    text = models.TextField(blank=True, default="", help_text="Our own one-page template, as Markdown.")
    language = models.CharField(max_length=10, default="en")
    areas = models.JSONField(default=list)
    levels = models.JSONField(default=list)
    tlp = models.CharField(max_length=20, choices=Tlp, default=Tlp.CLEAR)
    added_at = models.DateTimeField(default=now)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title
