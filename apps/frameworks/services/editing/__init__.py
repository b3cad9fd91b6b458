"""Editing a draft: the edits there are, saving them, and what is still wrong."""

from apps.frameworks.services.editing.edits import Edit, EditFaults
from apps.frameworks.services.editing.frame import AboutEdit, MethodEdit, ProfileEdit, ProfileRemoved
from apps.frameworks.services.editing.indicators import IndicatorEdit, needs_of
from apps.frameworks.services.editing.notes import Note, Notes, draft_notes
from apps.frameworks.services.editing.saving import (
    begin_version,
    copy_framework,
    delete_draft,
    next_number,
    restore_draft,
    save_draft,
)
from apps.frameworks.services.editing.tree import PartAdded, PartEdit, PartMoved, PartRemoved

__all__ = [
    "AboutEdit",
    "Edit",
    "EditFaults",
    "IndicatorEdit",
    "MethodEdit",
    "Note",
    "Notes",
    "PartAdded",
    "PartEdit",
    "PartMoved",
    "PartRemoved",
    "ProfileEdit",
    "ProfileRemoved",
    "begin_version",
    "copy_framework",
    "delete_draft",
    "draft_notes",
    "needs_of",
    "next_number",
    "restore_draft",
    "save_draft",
]
