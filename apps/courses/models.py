"""Courses with their lessons and questions; enrolments, progress, attempts and certificates."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.courses.choices import CertificateKind, Pool


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
        ordering = ["position"]


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
        ordering = ["position"]


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
        ordering = ["position"]


class Enrolment(PublicModel):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="enrolments")
    version_of = models.ForeignKey(CourseVersion, models.PROTECT, related_name="enrolments")
    enrolled_at = models.DateTimeField(default=now)
    last_lesson = models.ForeignKey(Lesson, models.SET_NULL, null=True, blank=True, related_name="+")
    last_screen = models.PositiveSmallIntegerField(default=0)
    completed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "version_of"], name="one_enrolment")]


class Progress(models.Model):
    """What was seen of a lesson; the highest screen wins. `commitment` is what the learner will do at work."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="progress")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="+")
    screen = models.PositiveSmallIntegerField(default=0)
    seen_at = models.DateTimeField(null=True, blank=True)
    commitment = models.TextField(blank=True, default="", max_length=1000)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "lesson"], name="one_progress_per_lesson")
        ]


class PracticeAnswer(models.Model):
    """Every try at a practice question is kept."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="practice")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    chosen = models.JSONField()
    correct = models.BooleanField()
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["enrolment", "question"], name="practice_by_question")]


class Attempt(PublicModel):
    """A try at a test: drawn questions, answers saved one by one, handed in once.

    `place` is the code of a module, or one of `TestPlace` for tests of the whole course.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="attempts")
    place = models.CharField(max_length=20)
    pass_mark = models.PositiveSmallIntegerField(default=80)
    number = models.PositiveSmallIntegerField()
    questions = models.JSONField(help_text="Question codes in order, each with its options' order.")
    answers = models.JSONField(default=dict)
    started_at = models.DateTimeField(default=now)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    correct = models.PositiveSmallIntegerField(null=True, blank=True)
    percent = models.PositiveSmallIntegerField(null=True, blank=True)
    review = models.JSONField(default=list, help_text="Objectives to look at again.")
    passed = models.BooleanField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "place", "number"], name="one_attempt_number"),
            models.UniqueConstraint(
                fields=["enrolment", "place"],
                name="one_open_attempt",
                condition=Q(handed_in_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(handed_in_at__isnull=True, passed__isnull=True)
                | Q(handed_in_at__isnull=False, passed__isnull=False),
                name="handed_in_attempt_is_marked",
            ),
        ]


class Certificate(PublicModel):
    """The statement issued; frozen: what it says and by which rules never change."""

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="certificate")
    code = models.CharField(max_length=20, unique=True, help_text="Short code with a check character.")
    kind = models.CharField(max_length=15, choices=CertificateKind)
    holder = models.CharField(max_length=150)
    statement = models.JSONField()
    issued_on = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=200, blank=True, default="")
    superseded_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
