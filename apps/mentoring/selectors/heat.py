"""Needs and strengths side by side, for members that share their levels with the programme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from apps.assessments.models import Result
from apps.assessments.selectors import on_shared
from apps.members.models import Participation, Programme
from apps.mentoring.selectors.figures import area_levels
from apps.mentoring.selectors.pairs import Supply


@dataclass(frozen=True, slots=True)
class Heat:
    """`rows` are made for the heat table component: name and cells with level, hidden, asks, gives (free places offered)."""

    columns: list[str]
    rows: list[dict[str, Any]]
    hidden: int


def heat_of(programme: Programme, supply: Supply) -> Heat:
    """Areas with a request or an offer × members that ask or offer. Two queries."""
    names = {n.area: n.area_name for n in supply.needs} | {o.area: o.area_name for o in supply.offers}
    codes = sorted(names)
    asks = {(n.member_id, n.area) for n in supply.needs}
    gives: dict[tuple[int, str], int] = {}
    for offer in supply.offers:
        key = offer.member_id, offer.area
        gives[key] = gives.get(key, 0) + supply.free.get(offer.pk, 0)
    taking_part = {n.member_id for n in supply.needs} | {o.member_id for o in supply.offers}
    found = Participation.objects.filter(programme=programme, member__in=taking_part).select_related("member")
    rows = list(found.order_by("member__name"))
    levels = latest_levels([p.member_id for p in rows if p.shares_levels])
    made = []
    for p in rows:
        own = levels.get(p.member_id, {})
        cells = [
            {
                "level": own.get(code),
                "hidden": not p.shares_levels,
                "asks": (p.member_id, code) in asks,
                "gives": gives.get((p.member_id, code)),
            }
            for code in codes
        ]
        made.append({"name": p.member.name, "cells": cells})
    return Heat([names[c] for c in codes], made, sum(not p.shares_levels for p in rows))


def latest_levels(member_ids: list[int]) -> dict[int, dict[str, int | None]]:
    """Evidenced level by area of the newest result of each member on the shared framework; the caller has checked that they are shared."""
    rows = on_shared(Result.objects.standing().filter(member__in=member_ids)).order_by("computed_at", "pk")
    return {
        member: area_levels(areas)
        for member, areas in rows.values_list("member", "document__evidenced__areas")
    }
