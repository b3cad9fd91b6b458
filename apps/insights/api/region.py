"""The region of a programme as data."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.access import SIGNED_IN
from apps.core.api_schema import speaks
from apps.core.resource import Resource
from apps.core.shapes import shape
from apps.insights import selectors
from apps.insights.selectors.regional import AreaLine
from apps.insights.selectors.regional.data import MemberData, RegionData

MemberShape = shape(
    "RegionMember", MemberData, "name kind sector state result_of overall levels moved asks offers", id="public_id"
)  # fmt: skip
AreaShape = shape("RegionArea", AreaLine, "code name level reached counted requests places")
RegionShape = shape("Region", RegionData, "framework steps sharing", members=MemberShape, areas=AreaShape)


class RegionOfProgramme(Resource):
    """What the office of a programme sees on its page of the region, whole."""

    access_rule = SIGNED_IN
    kind = "results"

    @speaks(RegionShape)
    def get(self, request: Request, programme: str) -> Response:
        """Return all members and areas. 404 for everybody but the office."""
        return self.row(selectors.region_data(self.user, programme), RegionShape)
