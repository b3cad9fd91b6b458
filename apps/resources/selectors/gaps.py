"""Which resources help at a gap."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import get_language

from apps.resources.selectors.lines import NO_FIGURES, Figures, ResourceLine, figures_of, lines

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from apps.accounts.models import User

Levels = Mapping[str, "int | float | Decimal | None"]
FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class ResourceLink:
    """A resource named beside an area; `url` is its page here, `kind` a translated word.

    `other_language` names the language where it is not the one that the page is in.
    """

    title: str
    url: str
    kind: str
    language: str = ""
    other_language: str = ""


def for_areas(
    user: User | AnonymousUser,
    codes: Collection[str],
    *,
    levels: Levels | None = None,
    languages: Sequence[str] = (),
    most: int | None = None,
) -> dict[str, list[ResourceLink]]:
    """For each area code that has any, its resources, the most helpful first, at most `most`. 2 queries.

    First come those that lead on from the reader's level there (`levels`, by code), then the language of the page, those
    in `languages`, English; then texts of the site's own, and what members found useful.
    """
    wanted = [line for line in lines(user) if any(code in codes for code in line.areas)]
    figures = figures_of([line.pk for line in wanted])
    spoken = _spoken(languages)
    found: dict[str, list[ResourceLink]] = {}
    for code in sorted({code for line in wanted for code in line.areas if code in codes}):
        level = (levels or {}).get(code)
        here = [line for line in wanted if code in line.areas]
        here.sort(key=lambda line: _order(line, level, spoken, figures.get(line.pk, NO_FIGURES)))
        found[code] = [_link(line, spoken[0]) for line in here[:most]]
    return found


def _spoken(languages: Sequence[str]) -> list[str]:
    """The page's language, then those of the reader, then English; each once."""
    own = (get_language() or FALLBACK).partition("-")[0]
    return list(dict.fromkeys([own, *(code.partition("-")[0] for code in languages), FALLBACK]))


def _order(
    line: ResourceLine, level: int | float | Decimal | None, spoken: Sequence[str], figures: Figures
) -> tuple[int, int, int, bool, Decimal, str]:
    """The smaller, the earlier. What failed its last check comes after all that answers."""
    tongue = line.language.partition("-")[0]
    rank = spoken.index(tongue) if tongue in spoken else len(spoken)
    mean = figures.mean if figures.mean is not None else Decimal(3)
    return int(line.failing), _away(line, level), rank, not line.own, -mean, line.title


def _away(line: ResourceLine, level: int | float | Decimal | None) -> int:
    """How many levels the resource begins above the reader, or ends below; 0 where it leads on, or no level is known."""
    if level is None:
        return 0
    now = int(level)
    return line.low - now if now < line.low else max(0, now - line.high + 1)


def _link(line: ResourceLine, own: str) -> ResourceLink:
    url = reverse("resources:resource", kwargs={"resource": line.slug})
    other = "" if line.language.partition("-")[0] == own else line.language_name
    return ResourceLink(line.title, url, line.kind_name, line.language, other)
