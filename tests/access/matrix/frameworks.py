"""Who gets what from the framework browser and its API: everybody everything."""

from __future__ import annotations

from apps.frameworks.selectors import SHARED
from apps.frameworks.services import load_framework
from tests.frameworks.documents import as_text, small_document
from tests.people import Cast

EVERYBODY = (200,) * 9
READ_ONLY = (405,) * 9
PAGES = (
    "browse",
    "area",
    "indicator",
    "search",
    "terms",
    "profiles",
    "crosswalks",
    "crosswalk",
    "print",
)
ROWS = [
    ("GET", "frameworks:list", EVERYBODY),
    *(
        (method, f"frameworks:{name}", given)
        for name in PAGES
        for method, given in (("GET", EVERYBODY), ("POST", READ_ONLY))
    ),
    *(("GET", f"frameworks:edition_{name}", EVERYBODY) for name in PAGES),
    ("GET", "api-frameworks", EVERYBODY),
    ("GET", "api-framework", EVERYBODY),
]


def prepare(cast: Cast) -> None:
    """The shared framework, published."""
    document = small_document(id=SHARED)
    document["indicators"][0]["crosswalk"] = {"CSF": ["GV.RM-01"]}
    load_framework(actor=None, text=as_text(document))
    cast.ids.setdefault("framework", SHARED)
    cast.ids.setdefault("version", "1.0")
    cast.ids.setdefault("system", "CSF")
    cast.ids.setdefault("area", "GOV.1")
    cast.ids.setdefault("indicator", "GOV.1.1")
