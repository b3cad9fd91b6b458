"""What authors work on: named authors, drafts with their files and history, comments, uploads; folders of versions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.courses.choices import DraftState
from apps.courses.models.content import CourseVersion


class CourseAuthor(models.Model):
    """Somebody named by an administrator to write a course; the course may not be published yet, so by its name."""

    slug = models.SlugField(max_length=60)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="authorships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug", "user"], name="one_authorship")]
        ordering = ["slug", "pk"]


class VersionFolder(models.Model):
    """The folder that a version was published from, translations included, as a zip: drafts begin with it."""

    version = models.OneToOneField(CourseVersion, models.CASCADE, related_name="folder")
    packed = models.BinaryField()


class CourseDraft(PublicModel):
    """A course folder that is being written. `revision` counts saves; the names are copies out of course.yaml."""

    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=150)
    number = models.CharField(max_length=20)
    language = models.CharField(max_length=10, default="en")
    base = models.ForeignKey(CourseVersion, models.SET_NULL, null=True, blank=True, related_name="+")
    published = models.ForeignKey(CourseVersion, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=DraftState, default=DraftState.WRITING)
    revision = models.PositiveIntegerField(default=1)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    begun_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    checked = models.PositiveIntegerField(default=0, help_text="The revision that `faults` are about.")
    faults = models.JSONField(default=list, blank=True, help_text="Pairs of place and sentence.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slug"], name="one_open_draft_per_course", condition=~Q(state=DraftState.PUBLISHED)
            )
        ]
        ordering = ["-changed_at", "-pk"]


class DraftFile(PublicModel):
    """One file of a draft. Of a translation: the digest of the file it was made from, and whether it is finished."""

    draft = models.ForeignKey(CourseDraft, models.CASCADE, related_name="files")
    path = models.CharField(max_length=200)
    raw = models.BinaryField()
    version = models.PositiveIntegerField(default=1)
    made_from = models.CharField(max_length=64, blank=True, default="")
    done = models.BooleanField(default=False)
    changed_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "path"], name="one_draft_file")]
        ordering = ["path"]


class DraftSave(models.Model):
    """Every save: who, what, and what stood there before (nothing for a new file)."""

    draft = models.ForeignKey(CourseDraft, models.CASCADE, related_name="saves")
    revision = models.PositiveIntegerField()
    path = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, help_text="added, changed, removed or restored")
    before = models.BinaryField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-revision", "-pk"]


class DraftComment(PublicModel):
    """What a reviewer or an author says about one file of a draft, or about the whole (no path)."""

    draft = models.ForeignKey(CourseDraft, models.CASCADE, related_name="comments")
    path = models.CharField(max_length=200, blank=True, default="")
    text = models.TextField(max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    settled = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "pk"]


class CourseUpload(PublicModel):
    """A file that was looked at and not yet taken: only its owner sees it, and it is taken once."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    draft = models.ForeignKey(CourseDraft, models.CASCADE, null=True, blank=True, related_name="+")
    path = models.CharField(max_length=200, blank=True, default="")
    form = models.CharField(max_length=10, help_text="folder, gift, aiken or moodle")
    name = models.CharField(max_length=120)
    objective = models.CharField(max_length=20, blank=True, default="")
    raw = models.BinaryField()
    at = models.DateTimeField(default=now)
    taken = models.BooleanField(default=False)
