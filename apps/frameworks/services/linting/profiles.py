"""Target profiles: for whom, lowest first, and never wanting what their own targets would block."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from apps.frameworks.services.linting.finding import Finding, Severity
from apps.frameworks.services.sense import scopes_of


def profile_findings(document: dict[str, Any]) -> Iterator[Finding]:
    """Yield what is wrong with the target profiles of a framework."""
    by_scope: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for profile in document.get("profiles", []):
        by_scope[profile["scope"]].append(profile)
        yield from _description(profile)
        yield from _blocked(document, profile)
    for scope, profiles in by_scope.items():
        for lower, higher in pairwise(profiles):
            yield from _order(document, scope, lower, higher)


def targets_of(document: dict[str, Any], profile: dict[str, Any]) -> dict[str, int]:
    """The wanted level of every indicator that the scope of the profile is asked."""
    own, default = profile["targets"].get("indicators", {}), profile["targets"]["default"]
    asked = [row["id"] for row in document["indicators"] if profile["scope"] in scopes_of(row)]
    return {code: own.get(code, default) for code in asked}


def _description(profile: dict[str, Any]) -> Iterator[Finding]:
    if not profile.get("description", "").startswith("For "):
        yield Finding(
            f"profiles.{profile['id']}.description",
            "profile-description",
            "it begins with for whom: “For a …”",
        )


def _blocked(document: dict[str, Any], profile: dict[str, Any]) -> Iterator[Finding]:
    """Work on an indicator is held back until what it requires is reached, so that must be wanted as well."""
    targets = targets_of(document, profile)
    for row in document.get("prerequisites", []):
        wanted, ground = targets.get(row["indicator"], 0), targets.get(row["requires"])
        if wanted and ground is not None and ground < row["at_level"]:
            yield Finding(
                f"profiles.{profile['id']}.targets.indicators.{row['indicator']}",
                "profile-prerequisite",
                f"level {wanted} is wanted, but it requires {row['requires']} at {row['at_level']} and only {ground} is wanted there",
                Severity.FAULT,
            )


def _order(
    document: dict[str, Any], scope: str, lower: dict[str, Any], higher: dict[str, Any]
) -> Iterator[Finding]:
    """Profiles of one scope stand lowest first: the next never wants less of anything."""
    below, above = targets_of(document, lower), targets_of(document, higher)
    for code in below:
        if above[code] < below[code]:
            yield Finding(
                f"profiles.{higher['id']}.targets.indicators.{code}",
                "profile-order",
                f"it wants less than {lower['id']}, which stands before it in the scope {scope}",
            )
