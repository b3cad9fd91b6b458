"""Who gets what from the framework browser and its API: everybody everything."""

from __future__ import annotations

from apps.frameworks.selectors import SHARED
from apps.frameworks.services import importing, load_framework
from tests.frameworks.documents import as_text, small_document
from tests.people import Cast

EVERYBODY = (200,) * 9
READ_ONLY = (405,) * 9
BRINGING = (302, 403, 403, 403, 403, 403, 403, 200, 200)
OWN_UPLOAD = (302, 404, 404, 404, 404, 404, 404, 200, 404)
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
    ("GET", "frameworks:download", EVERYBODY),
    ("POST", "frameworks:download", READ_ONLY),
    ("GET", "frameworks:import", BRINGING),
    ("POST", "frameworks:import", (302, 403, 403, 403, 403, 403, 403, 422, 422)),
    ("GET", "frameworks:import_template", BRINGING),
    ("GET", "frameworks:import_look", OWN_UPLOAD),
    ("POST", "frameworks:import_look", (302, 404, 404, 404, 404, 404, 404, 302, 404)),
    ("GET", "api-frameworks", EVERYBODY),
    ("GET", "api-framework", EVERYBODY),
    ("GET", "api-framework-versions", EVERYBODY),
    ("GET", "api-framework-version", EVERYBODY),
    ("GET", "api-framework-search", EVERYBODY),
    ("GET", "api-framework-crosswalk", EVERYBODY),
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
    cast.ids.setdefault("kind", "json")
    upload = importing.keep_upload(
        actor=cast.manager,
        content=as_text(small_document(id="brought")).encode(),
        name="brought.json",
        choices=importing.Choices(),
        programme=cast.programme,
    )
    cast.ids["upload"] = upload.public_id
