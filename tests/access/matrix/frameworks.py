"""Who gets what from the framework browser and its API: everybody everything."""

from __future__ import annotations

from apps.frameworks.selectors import SHARED
from apps.frameworks.services import load_framework
from tests.frameworks.documents import as_text, small_document
from tests.people import Cast

EVERYBODY = (200,) * 9
READ_ONLY = (405,) * 9
ROWS = [
    ("GET", "frameworks:browse", EVERYBODY),
    ("GET", "frameworks:area", EVERYBODY),
    ("GET", "frameworks:indicator", EVERYBODY),
    ("POST", "frameworks:browse", READ_ONLY),
    ("GET", "api-frameworks", EVERYBODY),
    ("GET", "api-framework", EVERYBODY),
]


def prepare(cast: Cast) -> None:
    """The shared framework, published."""
    load_framework(actor=None, text=as_text(small_document(id=SHARED)))
    cast.ids.setdefault("framework", SHARED)
    cast.ids.setdefault("area", "GOV.1")
    cast.ids.setdefault("indicator", "GOV.1.1")
