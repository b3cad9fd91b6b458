"""Whom a round asks, who of them is behind, and the levels that it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.assessments.choices import CLOSED_STATES
from apps.assessments.models import Round
from apps.frameworks.models import FrameworkVersion, Indicator
from apps.frameworks.selectors import profiles_of
from apps.members.choices import MemberKind
from apps.members.models import Member

SCOPE_OF_KIND = {MemberKind.NATION: "national", MemberKind.ORGANISATION: "organisational"}
SCOPES = tuple(SCOPE_OF_KIND.values())


def asked_members(row: Round) -> QuerySet[Member]:
    """The members that the round asks, by name; those that declined are among them."""
    rows = Member.objects.filter(participations__programme=row.programme_id).order_by("name", "pk")
    if row.scope:
        rows = rows.filter(kind__in=[kind for kind, scope in SCOPE_OF_KIND.items() if scope == row.scope])
    if not row.everyone:
        rows = rows.filter(pk__in=row.asked.filter(named=True).values("member"))
    return rows


def members_behind(row: Round) -> QuerySet[Member]:
    """Asked members that have neither submitted nor declined."""
    done = row.assessments.filter(state__in=CLOSED_STATES).values("member")
    declined = row.asked.filter(declined_at__isnull=False).values("member")
    return asked_members(row).exclude(pk__in=done).exclude(pk__in=declined)


@dataclass(frozen=True, slots=True)
class AskedTargets:
    """What a round asks one scope to aim for. `base` is None when each member chooses; `levels` stand above it."""

    base: dict[str, int] | None
    levels: dict[str, int]
    words: str

    def over(self, chosen: Mapping[str, int]) -> dict[str, int]:
        """The targets of an assessment in the round; `chosen` is what the member would have without it."""
        return {**(chosen if self.base is None else self.base), **self.levels}


def asked_targets(row: Round, version: FrameworkVersion, scope: str) -> AskedTargets:
    """The targets that the round gives to members of this scope."""
    asked: dict[str, Any] = row.targets.get(scope, {})
    base, words = None, ""
    if "default" in asked:
        base = {"default": int(asked["default"])}
        words = _("level %(level)d for every question") % {"level": base["default"]}
    profile = next((p for p in profiles_of(version, scope) if p.id == asked.get("profile")), None)
    if profile:
        base, words = {"default": profile.default, **profile.targets}, profile.name
    return AskedTargets(base, _levels_of(row, version, scope), words)


def _levels_of(row: Round, version: FrameworkVersion, scope: str) -> dict[str, int]:
    """Wanted levels by indicator: a level of an area holds for its indicators that have none of their own."""
    wanted: dict[str, int] = row.targets.get("levels", {})
    if not wanted:
        return {}
    rows = Indicator.objects.in_scope(scope).filter(version=version).values_list("code", "area__code")
    found = {code: wanted.get(code, wanted.get(area)) for code, area in rows}
    return {code: level for code, level in found.items() if level is not None}
