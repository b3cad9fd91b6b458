"""Bringing a framework of one's own: our YAML and JSON, OSCAL, CISO Assistant libraries, workbooks."""

from apps.frameworks.services.importing.preview import Preview, preview_of
from apps.frameworks.services.importing.reading import Prepared, read_any_framework, read_import
from apps.frameworks.services.importing.settings import KINDS, METHODS, Choices
from apps.frameworks.services.importing.uploads import (
    as_text,
    import_upload,
    keep_upload,
    look_at_upload,
    purge_uploads,
    shown_name,
)

__all__ = [
    "KINDS",
    "METHODS",
    "Choices",
    "Prepared",
    "Preview",
    "as_text",
    "import_upload",
    "keep_upload",
    "look_at_upload",
    "preview_of",
    "purge_uploads",
    "read_any_framework",
    "read_import",
    "shown_name",
]
