"""Pages for authors of courses."""

from apps.courses.views.authoring.drafts import (
    arrange,
    authors,
    begin,
    checks,
    delete,
    draft,
    new_course,
    take,
    writing,
)
from apps.courses.views.authoring.exchange import bring_folder, bring_questions, take_questions, upload
from apps.courses.views.authoring.files import about, figure, remove, text, unit
from apps.courses.views.authoring.parts import part
from apps.courses.views.authoring.questions import question
from apps.courses.views.authoring.review import changes, comment, review
from apps.courses.views.authoring.translating import into, side_by_side

__all__ = [
    "about",
    "arrange",
    "authors",
    "begin",
    "bring_folder",
    "bring_questions",
    "changes",
    "checks",
    "comment",
    "delete",
    "draft",
    "figure",
    "into",
    "new_course",
    "part",
    "question",
    "remove",
    "review",
    "side_by_side",
    "take",
    "take_questions",
    "text",
    "unit",
    "upload",
    "writing",
]  # fmt: skip
