"""Reads of frameworks. A published version is open to everybody; drafts are seen by administrators only."""

from apps.frameworks.selectors.browse import (
    AreaPage,
    Dimension,
    FrameworkTree,
    IndicatorPage,
    area_page,
    framework_tree,
    indicator_page,
)
from apps.frameworks.selectors.public import FrameworkRow, framework_document, list_frameworks
from apps.frameworks.selectors.texts import IndicatorText, LevelText, Word, indicator_text, indicator_texts
from apps.frameworks.selectors.versions import (
    SHARED,
    ProfileText,
    ScaleLevel,
    area_names,
    framework_spec,
    profiles_of,
    published_version,
    scale_of,
)

__all__ = [
    "SHARED",
    "AreaPage",
    "Dimension",
    "FrameworkRow",
    "FrameworkTree",
    "IndicatorPage",
    "IndicatorText",
    "LevelText",
    "ProfileText",
    "ScaleLevel",
    "Word",
    "area_names",
    "area_page",
    "framework_document",
    "framework_spec",
    "framework_tree",
    "indicator_page",
    "indicator_text",
    "indicator_texts",
    "list_frameworks",
    "profiles_of",
    "published_version",
    "scale_of",
]
