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
from apps.courses.views.authoring.files import about, figure, remove, text, unit
from apps.courses.views.authoring.questions import question
from apps.courses.views.authoring.review import changes, comment, review

__all__ = [
    "about", "arrange", "authors", "begin", "changes", "checks", "comment", "delete", "draft", "figure", "new_course",
    "question",
    "remove", "review", "take", "text", "unit", "writing",
]  # fmt: skip
