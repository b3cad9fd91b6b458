"""The library of resources."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.members.choices import Tlp
from apps.members.models import Member, Programme
from apps.resources.choices import LinkFault, ResourceKind
from apps.resources.querysets import ResourceQuerySet


class Described(PublicModel):
    """What an entry and a proposed entry both say. `areas` are codes of areas; `levels` is [from, to]: whom it helps."""

    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=ResourceKind)
    publisher = models.CharField(max_length=120)
    summary = models.TextField()
    when = models.TextField(blank=True, default="", help_text="When to use it; empty where the summary says.")
    url = models.URLField(max_length=500, blank=True, default="")
    text = models.TextField(blank=True, default="", help_text="Our own one-page template, as Markdown.")
    language = models.CharField(max_length=10, default="en")
    areas = models.JSONField(default=list)
    levels = models.JSONField(default=list)
    tlp = models.CharField(max_length=20, choices=Tlp, default=Tlp.CLEAR)

    class Meta:
        abstract = True


class Resource(Described):
    """An entry. With a `programme` it is for its members and its office's to keep; with a `member` for that one only."""

    slug = models.SlugField(max_length=80, unique=True)
    programme = models.ForeignKey(Programme, models.CASCADE, null=True, blank=True, related_name="+")
    member = models.ForeignKey(Member, models.CASCADE, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField(default=now)
    mended_at = models.DateTimeField(
        null=True, blank=True, help_text="Changed on the site: files leave it alone."
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    link_fault = models.CharField(max_length=8, choices=LinkFault, blank=True, default="")
    failures = models.PositiveSmallIntegerField(default=0, help_text="Checks in a row that failed.")
    version = models.PositiveIntegerField(default=1)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title
