"""The library as data."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.access import PUBLIC
from apps.core.api_schema import speaks
from apps.core.resource import Resource
from apps.core.shapes import listed, shape
from apps.resources import selectors
from apps.resources.selectors.lines import Figures

FiguresShape = shape("ResourceFigures", Figures, "members mean")
EntryShape = shape(
    "LibraryEntry",
    selectors.ResourceLine,
    "slug title kind publisher summary when url language areas tlp",
    from_level="low",
    to_level="high",
    figures=FiguresShape,
)


class Library(Resource):
    """Entries of the library that the caller may see; figures about fewer than three members are null."""

    access_rule = PUBLIC
    kind = "resources"
    filters = {
        "q": None,
        "area": None,
        "kind": ("guide", "template", "tool", "fund", "expert"),
        "level": ("0", "1", "2", "3", "4"),
        "language": None,
        "tlp": ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER"),
    }
    paged = True

    @speaks(listed(EntryShape))
    def get(self, request: Request) -> Response:
        """List them by title. Without a token, those that are for everybody."""
        asked = selectors.Asked(**self.query.filters)
        return self.rows(selectors.resource_rows(self.user, asked), EntryShape)


class LibraryEntry(Resource):
    """One entry of the library."""

    access_rule = PUBLIC
    kind = "resources"

    @speaks(EntryShape)
    def get(self, request: Request, resource: str) -> Response:
        """Return one entry. 404 for one that the caller may not see."""
        return self.row(selectors.resource_page(self.user, resource).line, EntryShape)
