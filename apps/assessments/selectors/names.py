"""The names of a framework version's parts, for pages about results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.frameworks.models import Area, Dimension, Indicator

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Names:
    """Names of a framework version by code."""

    dimensions: Mapping[str, str]
    areas: Mapping[str, str]
    indicators: Mapping[str, str]

    def __getitem__(self, code: str) -> str:
        if code == "overall":
            return _("Overall")
        return self.areas.get(code) or self.dimensions.get(code) or self.indicators.get(code) or code


def names_of(version: int) -> Names:
    """The names of dimensions, areas and indicators of a version, in three queries."""
    return Names(
        dict(Dimension.objects.filter(version=version).values_list("code", "name")),
        dict(Area.objects.filter(version=version).values_list("code", "name")),
        dict(Indicator.objects.filter(version=version).values_list("code", "name")),
    )
