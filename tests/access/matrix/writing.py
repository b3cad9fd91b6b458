"""Who gets the pages for authors: the lead is a named author of the course, the staff may write every one."""

from __future__ import annotations

from typing import Any

import yaml
from django.db import transaction

from apps.courses.models import CourseAuthor
from apps.courses.services.authoring.drafts import make_draft
from apps.courses.services.authoring.exchange import keep_upload
from tests.courses.files import course_document, lesson_front
from tests.factories import UserFactory
from tests.people import Cast

AUTHORS = (302, 404, 404, 404, 200, 404, 404, 404, 200)
AUTHORS_GO_ON = (302, 404, 404, 404, 302, 404, 404, 404, 302)
REFUSED = (302, 404, 404, 404, 422, 404, 404, 404, 422)
AUTHORS_ONLY = (302, 403, 403, 403, 200, 403, 403, 403, 200)
STAFF_ONLY = (302,) + (403,) * 7 + (200,)
AUTHOR_PAGES = (
    "draft", "draft_about", "draft_part", "draft_checks", "draft_review", "draft_changes", "draft_download", "new_figure", "unit",
    "unit_text",
)  # fmt: skip


ROWS = [
    ("GET", "courses:writing", AUTHORS_ONLY),
    ("GET", "courses:new_course", STAFF_ONLY),
    ("POST", "courses:new_course", (302,) + (403,) * 7 + (422,)),
    ("POST", "courses:begin_draft", (302, 403, 403, 403, 302, 403, 403, 403, 302)),
    ("GET", "courses:authors", STAFF_ONLY),
    ("POST", "courses:authors", (302,) + (403,) * 7 + (422,)),
    *(("GET", f"courses:{page}", AUTHORS) for page in AUTHOR_PAGES),
    ("POST", "courses:draft_about", REFUSED),
    ("POST", "courses:draft_part", REFUSED, {"term.0": "door"}),
    ("POST", "courses:draft_arrange", AUTHORS_GO_ON),
    ("POST", "courses:draft_review", (302, 404, 404, 404, 409, 404, 404, 404, 409)),
    ("POST", "courses:draft_comment", AUTHORS_GO_ON, {"text": "Which door?"}),
    ("POST", "courses:draft_changes", AUTHORS_GO_ON),
    ("POST", "courses:draft_delete", AUTHORS_GO_ON),
    ("POST", "courses:new_figure", REFUSED),
    ("POST", "courses:unit", REFUSED),
    ("POST", "courses:unit_text", REFUSED),
    ("POST", "courses:unit_remove", (302, 404, 404, 404, 409, 404, 404, 404, 409)),
    # The file is a lesson; only files of questions have questions.
    ("GET", "courses:bring_folder", AUTHORS_ONLY),
    ("POST", "courses:bring_folder", (302, 403, 403, 403, 422, 403, 403, 403, 422)),
    # An upload is its owner's: the lead chose it.
    ("GET", "courses:upload", (302, 404, 404, 404, 200, 404, 404, 404, 404)),
    ("POST", "courses:upload", (302, 404, 404, 404, 302, 404, 404, 404, 404)),
    ("GET", "courses:bring_questions", (302,) + (404,) * 8),
    ("POST", "courses:bring_questions", (302,) + (404,) * 8),
    ("GET", "courses:take_questions", (302,) + (404,) * 8),
    ("GET", "courses:draft_into", AUTHORS),
    ("POST", "courses:draft_into", AUTHORS_GO_ON),
    ("GET", "courses:side_by_side", AUTHORS),
    ("POST", "courses:side_by_side", AUTHORS_GO_ON),
    ("GET", "courses:question", (302,) + (404,) * 8),
    ("POST", "courses:question", (302,) + (404,) * 8),
]


def prepare(cast: Cast) -> None:
    """A draft of the course that the rows of courses made."""
    if "course_draft" not in cast.ids:
        cast.ids |= _draft(cast)


def _draft(cast: Cast) -> dict[str, Any]:
    """A draft of the course with one lesson; begun by somebody who is not among those who ask."""
    author = UserFactory(is_staff=True)
    front = yaml.safe_dump(lesson_front("C9", 1, 1, "C9.O1"))
    files = {
        "course.yaml": yaml.safe_dump(course_document()).encode(),
        "lessons/1-l11.md": f"---\n{front}---\nOne.\n".encode(),
    }
    with transaction.atomic():
        draft = make_draft(author, "c9-doors", files)
    CourseAuthor.objects.create(slug="c9-doors", user=cast.lead)
    lesson = draft.files.get(path="lessons/1-l11.md")
    held = keep_upload(actor=cast.lead, raw=b"PK", name="c9-doors.zip", form="folder")
    return {
        "course_upload": held.public_id,
        "into": "fr",
        "course_part": "glossary",
        "course_draft": draft.public_id,
        "course_unit": lesson.public_id,
        "question_place": 1,
    }
