"""A course that was loaded from a folder, and a draft of its next version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from apps.accounts.models import User
from apps.courses.models import CourseAuthor, CourseDraft, CourseVersion, DraftFile
from apps.courses.services import load_course
from apps.courses.services.authoring import drafts
from tests.courses.files import course_files, write_course


def loaded(root: Path, files: dict[str, Any] | None = None) -> CourseVersion:
    """The small course as published from its folder."""
    return load_course(actor=None, folder=write_course(root, files or course_files()))


def begun(actor: User, root: Path, files: dict[str, Any] | None = None) -> CourseDraft:
    """A draft of the next version of the small course, begun by `actor`."""
    version = loaded(root, files)
    return drafts.begin_draft(actor=actor, course=version.course.slug)


def name(user: User, slug: str = "c9-doors") -> User:
    """Let somebody write the small course."""
    CourseAuthor.objects.create(slug=slug, user=user)
    return user


def unit(draft: CourseDraft, path: str) -> DraftFile:
    return draft.files.get(path=path)


def written(draft: CourseDraft, path: str) -> str:
    return bytes(unit(draft, path).raw).decode()
