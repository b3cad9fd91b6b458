"""The national picture of the demonstration: one nation whose organisations all take part."""

from __future__ import annotations

from apps.core.errors import Refused
from apps.home.services.people import Cast
from apps.insights.services import make_picture
from apps.members.models import Member


def make_national_picture(cast: Cast, members: dict[str, Member]) -> None:
    """Veldara's organisations count and are designated; its coordinator makes the first edition.

    A region that is too small for one goes without.
    """
    nation = members["veldara"]
    nation.organisations.update(in_picture=True, is_designated=True)
    try:
        make_picture(actor=cast.tour["coordinator"], nation=nation)
    except Refused:
        return
