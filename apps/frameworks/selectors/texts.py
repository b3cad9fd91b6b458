"""What an indicator says in words: question, help, and the descriptor of every level."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.http import Http404
from django.utils.translation import gettext as _

from apps.frameworks.models import FrameworkVersion, Indicator, Level
from apps.frameworks.selectors.versions import ScaleLevel, scale_of


@dataclass(frozen=True, slots=True)
class Word:
    term: str
    meaning: str


@dataclass(frozen=True, slots=True)
class LevelText:
    """One level for one scope. `general` says that the scale speaks, for want of a descriptor."""

    level: int
    name: str
    title: str
    text: str
    evidence: tuple[str, ...]
    general: bool


@dataclass(frozen=True, slots=True)
class IndicatorText:
    """`scope` is the indicator's own (perhaps both); `levels` are those of the scope asked for."""

    code: str
    name: str
    area: str
    area_name: str
    dimension: str
    dimension_name: str
    scope: str
    key: bool
    effort: int
    intent: str
    question: str
    look_for: tuple[str, ...]
    mistakes: tuple[str, ...]
    words: tuple[Word, ...]
    crosswalk: tuple[tuple[str, tuple[str, ...]], ...]
    may_be_not_applicable: bool
    levels: tuple[LevelText, ...]


def indicator_texts(version: FrameworkVersion, scope: str) -> dict[str, IndicatorText]:
    """Every indicator that `scope` ("national" | "organisational") is asked, in the framework's order. 2 queries."""
    scale = scale_of(version)
    return {row.code: text_of(row, scope, scale) for row in _rows(version, scope).order_by("position")}


def indicator_text(version: FrameworkVersion, scope: str, code: str) -> IndicatorText:
    """One indicator as `scope` is asked it; Http404 when it is not. 2 queries."""
    row = _rows(version, scope).filter(code=code).first()
    if row is None:
        raise Http404(_("The framework has no such indicator."))
    return text_of(row, scope, scale_of(version))


def _rows(version: FrameworkVersion, scope: str) -> Any:
    levels = Prefetch("levels", Level.objects.filter(scope=scope), to_attr="texts_in_scope")
    return version.indicators.in_scope(scope).select_related("area__dimension").prefetch_related(levels)


def text_of(row: Indicator, scope: str, scale: tuple[ScaleLevel, ...]) -> IndicatorText:
    """Turn a row, with `texts_in_scope` and its area loaded, into what pages show."""
    given = row.help
    return IndicatorText(
        code=row.code,
        name=row.name,
        area=row.area.code,
        area_name=row.area.name,
        dimension=row.area.dimension.code,
        dimension_name=row.area.dimension.name,
        scope=row.scope,
        key=row.key,
        effort=row.effort,
        intent=row.intent,
        question=given.get("question") or row.name,
        look_for=tuple(given.get("look_for", ())),
        mistakes=tuple(given.get("mistakes", ())),
        words=tuple(Word(word["term"], word["meaning"]) for word in given.get("words", ())),
        crosswalk=tuple((name, tuple(items)) for name, items in given.get("crosswalk", {}).items()),
        may_be_not_applicable=not row.key and bool(given.get("not_applicable", True)),
        levels=level_texts((t for t in row.texts_in_scope if t.scope == scope), scale),  # type: ignore[attr-defined]
    )


def level_texts(rows: Iterable[Level], scale: tuple[ScaleLevel, ...]) -> tuple[LevelText, ...]:
    """A text for every level of the scale: the descriptor, or the scale's own meaning where there is none."""
    found = {row.level: row for row in rows}
    return tuple(
        LevelText(step.level, step.name, row.title, row.text, tuple(row.evidence), general=False)
        if (row := found.get(step.level))
        else LevelText(step.level, step.name, step.name, step.meaning, (), general=True)
        for step in scale
    )
