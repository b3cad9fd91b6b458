"""What is taught: courses, their published versions, modules, lessons and questions."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.courses.choices import Pool


class Course(PublicModel):
    slug = models.SlugField(max_length=60, unique=True)
    code = models.CharField(max_length=10, unique=True)


class CourseVersion(PublicModel):
    """A published version never changes; `document` is course.yaml as data, `document_hash` covers every file."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="versions")
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=10, default="en")
    title = models.CharField(max_length=150)
    summary = models.TextField()
    hours = models.DecimalField(max_digits=4, decimal_places=1)
    areas = models.JSONField(default=list)
    document = models.JSONField()
    document_hash = models.CharField(max_length=64)
    size = models.PositiveIntegerField(
        default=0, help_text="Bytes of all lessons and checks as sent over the line."
    )
    published_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "version", "language"], name="one_course_version")
        ]
        ordering = ["-published_at", "-pk"]


class Module(models.Model):
    version = models.ForeignKey(CourseVersion, models.CASCADE, related_name="modules")
    code = models.SlugField(max_length=20)
    title = models.CharField(max_length=150)
    summary = models.TextField(blank=True, default="")
    position = models.PositiveSmallIntegerField()
    planned = models.JSONField(
        default=list, blank=True, help_text="Titles of lessons that are not written yet."
    )
    draw = models.PositiveSmallIntegerField(default=8)
    pass_mark = models.PositiveSmallIntegerField(default=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="one_module_code")]
        ordering = ["position", "pk"]


class Lesson(models.Model):
    """`screens` are sanitised HTML, one a screen; `content` holds hook, objective, key points and the action at work."""

    version = models.ForeignKey(CourseVersion, models.CASCADE, related_name="lessons")
    module = models.ForeignKey(Module, models.CASCADE, related_name="lessons")
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=150)
    minutes = models.PositiveSmallIntegerField()
    screens = models.JSONField(default=list)
    content = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "slug"], name="one_lesson_slug")]
        ordering = ["position", "pk"]


class Question(models.Model):
    """`options` is a list of {id, text, correct, feedback}; `body` holds the parts of the other kinds.

    Questions of the final test and of the two forms belong to no module.
    """

    version = models.ForeignKey(CourseVersion, models.CASCADE, related_name="questions")
    module = models.ForeignKey(Module, models.CASCADE, null=True, blank=True, related_name="questions")
    lesson = models.ForeignKey(Lesson, models.CASCADE, null=True, blank=True, related_name="questions")
    code = models.CharField(max_length=40)
    pool = models.CharField(max_length=10, choices=Pool)
    kind = models.CharField(max_length=10)
    objective = models.CharField(max_length=20)
    text = models.TextField()
    options = models.JSONField(default=list)
    body = models.JSONField(default=dict)
    critical = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="one_question_code")]
        ordering = ["position", "pk"]
