"""What a schema cannot say of a framework: names that must exist, gaps, circles. Takes schema-valid documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apps.frameworks.services.sense.history import change_faults
from apps.frameworks.services.sense.levels import method_faults, scale_faults
from apps.frameworks.services.sense.links import crosswalk_faults, prerequisite_faults, profile_faults
from apps.frameworks.services.sense.translated import translation_faults
from apps.frameworks.services.sense.tree import (
    CONTROL,
    NAMED,
    control_characters,
    indicator_faults,
    repeated,
    scopes_of,
    tree_faults,
)

__all__ = ["CONTROL", "NAMED", "scopes_of", "sense_faults"]


def sense_faults(document: dict[str, Any]) -> Iterator[str]:
    """Yield every fault, with its place."""
    yield from control_characters(document)
    yield from repeated(document)
    yield from scale_faults(document)
    yield from tree_faults(document)
    yield from indicator_faults(document)
    yield from method_faults(document)
    yield from prerequisite_faults(document)
    yield from profile_faults(document)
    yield from crosswalk_faults(document)
    yield from change_faults(document)
    yield from translation_faults(document)
