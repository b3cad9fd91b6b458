"""Who gets what from the library of resources: everybody everything that is CLEAR."""

from __future__ import annotations

from apps.resources.models import Resource
from tests.people import Cast

EVERYBODY = (200,) * 9
ROWS = [
    ("GET", "resources:list", EVERYBODY),
    ("GET", "resources:resource", EVERYBODY),
    ("POST", "resources:resource", (405,) * 9),
]


def prepare(cast: Cast) -> None:
    """One resource that anybody may read."""
    row, _new = Resource.objects.get_or_create(
        slug="matrix-guide",
        defaults={
            "title": "A guide", "kind": "guide", "publisher": "Someone", "summary": "It helps.",
            "url": "https://example.org/", "areas": ["GOV.1"], "levels": [0, 3],
        },
    )  # fmt: skip
    cast.ids.setdefault("resource", row.slug)
