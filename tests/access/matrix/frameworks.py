"""Who gets what from the framework browser and its API: everybody everything."""

from __future__ import annotations

from apps.frameworks.selectors import SHARED, published_version
from apps.frameworks.services import editing, importing, load_framework
from apps.frameworks.services.publishing import publish_draft
from tests.frameworks.documents import as_text, small_document
from tests.people import Cast

EVERYBODY = (200,) * 9
READ_ONLY = (405,) * 9
BRINGING = (302, 403, 403, 403, 403, 403, 403, 200, 200)
OWN_UPLOAD = (302, 404, 404, 404, 404, 404, 404, 200, 404)
OFFICE = (302, 404, 404, 404, 404, 404, 404, 200, 200)
OFFICE_DOES = (302, 404, 404, 404, 404, 404, 404, 302, 302)
OFFICE_FAULT = (302, 404, 404, 404, 404, 404, 404, 422, 422)
EDITOR = (
    "frameworks",
    "copy",
    "draft",
    "about",
    "method",
    "add",
    "part",
    "indicator",
    "preview",
    "add_profile",
    "profile",
    "trial",
    "publish",
    "delete",
)
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
    *(("GET", f"frameworks:edit_{name}", OFFICE) for name in EDITOR),
    ("POST", "frameworks:edit_copy", OFFICE_FAULT, {"source": "nothing", "name": ""}),
    ("POST", "frameworks:edit_next", OFFICE_DOES),
    ("POST", "frameworks:edit_about", OFFICE_FAULT, {"name": "", "revision": "1"}),
    ("POST", "frameworks:edit_method", OFFICE_DOES, {"method": "shared-mean", "tiers": "", "revision": "1"}),
    (
        "POST",
        "frameworks:edit_add",
        OFFICE_DOES,
        {"code": "GOV.7", "name": "Audit", "inside": "GOV", "revision": "1"},
    ),
    ("POST", "frameworks:edit_part", OFFICE_DOES, {"name": "Direction", "dimension": "RES", "revision": "1"}),
    (
        "POST",
        "frameworks:edit_indicator",
        OFFICE_DOES,
        {
            "name": "Strategy",
            "intent": "A strategy is in force.",
            "area": "GOV.1",
            "scope": "both",
            "key": "on",
            "effort": "2",
            "weight": "3/2",
            "look_for": "A date.",
            "words": "date: a day",
            "needs": "GOV.2.1 2",
            "revision": "1",
        },
    ),
    (
        "POST",
        "frameworks:edit_add_profile",
        OFFICE_DOES,
        {"name": "All", "scope": "national", "default": "2", "revision": "1"},
    ),
    (
        "POST",
        "frameworks:edit_profile",
        OFFICE_DOES,
        {"name": "Base", "scope": "organisational", "default": "2", "target_GOV.1.1": "4", "revision": "1"},
    ),
    ("POST", "frameworks:edit_move", OFFICE_DOES, {"move": "areas down GOV.1", "revision": "1"}),
    (
        "POST",
        "frameworks:edit_remove",
        OFFICE_DOES,
        {"kind": "indicators", "code": "GOV.1.1", "revision": "1"},
    ),
    ("POST", "frameworks:edit_restore", OFFICE_DOES, {"wanted": "1", "revision": "1"}),
    ("POST", "frameworks:edit_publish", OFFICE_DOES, {"number": "1.0", "confirmed": "on", "revision": "1"}),
    ("POST", "frameworks:edit_delete", OFFICE_DOES),
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
    _own_frameworks(cast)


def _own_frameworks(cast: Cast) -> None:
    """A published framework of the programme, and a draft."""
    shared = published_version(cast.manager)
    source, draft = (
        editing.copy_framework(actor=cast.manager, programme=cast.programme, source=shared, name=name)
        for name in ("Ours in force", "Ours under way")
    )
    publish_draft(actor=cast.manager, draft=source, expected=1, number="1.0")
    cast.ids |= {"source": source.public_id, "draft": draft.public_id}
    cast.ids |= {"part_kind": "areas", "part": "GOV.1", "profile": "baseline"}
