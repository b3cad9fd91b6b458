"""A course that is being written in the demonstration: one draft, begun by the mentor, with a comment on it."""

from __future__ import annotations

from apps.courses.models import CourseDraft, CourseVersion
from apps.courses.services.authoring.drafts import begin_draft, name_author, save_files
from apps.courses.services.authoring.publishing import add_comment
from apps.courses.services.authoring.units import bytes_of, text_of
from apps.home.services.people import Cast

COURSE = "c2-secure-operations"


def make_draft(cast: Cast) -> None:
    """Begin the next version of a course whose folder is kept here; a draft that is open stays as it is."""
    kept = CourseVersion.objects.filter(course__slug=COURSE, folder__isnull=False)
    if not kept.exists():
        return
    author, administrator = cast.tour["mentor"], cast.tour["administrator"]
    name_author(actor=administrator, slug=COURSE, email=author.email)
    if CourseDraft.objects.filter(slug=COURSE).exclude(state="published").exists():
        return
    draft = begin_draft(actor=author, course=COURSE)
    lesson = draft.files.filter(path__startswith="lessons/").order_by("path").first()
    if lesson is None:
        return
    text = (
        text_of(lesson.raw).rstrip("\n")
        + "\n\n> Try this on one machine first, and write down what you did.\n"
    )
    save_files(
        actor=author,
        draft=draft,
        files={lesson.path: bytes_of(text)},
        expected={lesson.path: lesson.version},
    )
    said = "Good. Say also who keeps that list, and where."
    add_comment(actor=administrator, draft=draft, path=lesson.path, text=said)
