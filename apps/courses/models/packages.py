"""Packages that other tools made: kept as they came, played apart from the site, never the ground of a certificate."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.timezone import now

from apps.core.ids import new_public_id
from apps.core.models import PublicModel
from apps.courses.choices import PackageKind
from apps.members.models import Programme


class Package(PublicModel):
    """`programme` says for whose people it is; without one it is for everybody with an account."""

    title = models.CharField(max_length=150)
    summary = models.TextField(blank=True, default="", max_length=1000)
    language = models.CharField(max_length=10, default="en")
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, blank=True, related_name="learning_packages"
    )
    tells_name = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["title", "pk"]


class PackageVersion(PublicModel):
    """One file that was brought; it never changes. Its files are served under `label`, which nobody can guess."""

    package = models.ForeignKey(Package, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=10, choices=PackageKind)
    file = models.CharField(max_length=100)
    file_name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    unpacked = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    parts = models.JSONField(help_text="The table of contents; every part that can be played names its file.")
    notes = models.JSONField(default=list, help_text="What was found and what is not applied.")
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    brought_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["package", "number"], name="one_package_version_number")
        ]
        ordering = ["-number"]


class PackageFile(models.Model):
    """A vetted member of the zip: where its bytes lie, so that it is served without unpacking anything."""

    version = models.ForeignKey(PackageVersion, models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    offset = models.PositiveBigIntegerField()
    packed = models.PositiveBigIntegerField()
    size = models.PositiveBigIntegerField()
    crc = models.PositiveBigIntegerField()
    deflated = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "name"], name="one_package_file")]


class PackageAttempt(PublicModel):
    """What one part reported about one learner. `cmi` maps elements of the data model to text; nothing in it is proven.

    A save counts when its (`launch`, `seq`) is higher than the stored one.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="package_attempts")
    version = models.ForeignKey(PackageVersion, models.PROTECT, related_name="attempts")
    part = models.PositiveSmallIntegerField()
    cmi = models.JSONField(default=dict)
    seconds = models.PositiveIntegerField(default=0, help_text="Of the sessions before this one.")
    launch = models.PositiveIntegerField(default=0)
    seq = models.PositiveIntegerField(default=0)
    closed = models.BooleanField(default=False, help_text="Whether the last session said good-bye.")
    status = models.CharField(max_length=20, blank=True, default="", help_text="As the package says it.")
    score = models.CharField(max_length=40, blank=True, default="")
    score_of = models.CharField(max_length=40, blank=True, default="")
    completed = models.BooleanField(default=False)
    began_at = models.DateTimeField(default=now)
    saved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "version", "part"], name="one_package_attempt")
        ]
