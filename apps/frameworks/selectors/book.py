"""A published version as one whole in the reader's language: what the pages of the browser are cut from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.core.charts.marks import shade_of
from apps.frameworks.choices import Scope
from apps.frameworks.models import FrameworkVersion
from apps.frameworks.selectors.versions import SHARED
from apps.frameworks.selectors.voice import Said, Voice

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from apps.accounts.models import User

SCOPES = (Scope.NATIONAL, Scope.ORGANISATIONAL)
BOOKS_KEPT = 12


@dataclass(frozen=True, slots=True)
class Edition:
    """The version that a page speaks of. `pinned` says that its address names it, so links stay inside it."""

    slug: str
    name: Said
    version: str
    language: str
    description: Said
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One level of a scale; `shade` (0 to 5) picks its colour."""

    level: int
    name: Said
    meaning: Said
    shade: int


@dataclass(frozen=True, slots=True)
class Rung:
    """One level of an indicator for one scope. `general` says that the scale speaks, for want of a descriptor."""

    level: int
    shade: int
    name: Said
    title: Said
    text: Said
    evidence: tuple[Said, ...]
    general: bool


@dataclass(frozen=True, slots=True)
class Ladder:
    """The levels of one scope; `general` when the scale speaks for all of them."""

    scope: str
    levels: tuple[Rung, ...]

    @property
    def general(self) -> bool:
        return all(rung.general for rung in self.levels)

    @property
    def scope_name(self) -> str:
        return str(Scope(self.scope).label)


@dataclass(frozen=True, slots=True)
class Word:
    term: Said
    meaning: Said


@dataclass(frozen=True, slots=True)
class Entry:
    """One indicator, whole. `crosswalk` maps the id of an outside system to the related items there."""

    code: str
    name: Said
    intent: Said
    question: Said
    area: str
    scope: str
    key: bool
    effort: int
    stage: int | None
    scale: str
    look_for: tuple[Said, ...]
    mistakes: tuple[Said, ...]
    words: tuple[Word, ...]
    crosswalk: Mapping[str, tuple[str, ...]]
    ladders: tuple[Ladder, ...]

    @property
    def scope_name(self) -> str:
        return str(Scope(self.scope).label)

    def asks(self, scope: str) -> bool:
        """Whether members of `scope` answer it; "" is everybody."""
        return not scope or self.scope in (scope, Scope.BOTH)


@dataclass(frozen=True, slots=True)
class Area:
    code: str
    name: Said
    intent: Said
    dimension: str
    indicators: tuple[Entry, ...]

    @property
    def keys(self) -> int:
        return sum(entry.key for entry in self.indicators)


@dataclass(frozen=True, slots=True)
class Dimension:
    code: str
    name: Said
    intent: Said
    areas: tuple[Area, ...]

    @property
    def count(self) -> int:
        return sum(len(area.indicators) for area in self.areas)


@dataclass(frozen=True, slots=True)
class Profile:
    """A named set of targets: `default` for every indicator that `targets` (code → level) does not name."""

    id: str
    name: Said
    description: Said
    scope: str
    default: int
    targets: Mapping[str, int]

    def target(self, code: str) -> int:
        return self.targets.get(code, self.default)


@dataclass(frozen=True, slots=True)
class System:
    """An outside framework that indicators point to. `items` are titles by id, perhaps all that it has, or none."""

    id: str
    name: str
    version: str
    note: str
    items: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Book:
    """A version, whole. `scales` has the main scale under "". `needs` are (indicator, requires, level)."""

    edition: Edition
    method: str
    scales: Mapping[str, tuple[Step, ...]]
    dimensions: tuple[Dimension, ...]
    needs: tuple[tuple[str, str, int], ...]
    profiles: tuple[Profile, ...]
    systems: tuple[System, ...]
    source: Mapping[str, str]
    entries: Mapping[str, Entry]
    areas: Mapping[str, Area]

    @property
    def scale(self) -> tuple[Step, ...]:
        return self.scales[""]

    def step(self, entry: Entry, level: int) -> Step:
        """The level of the scale that the indicator is measured on."""
        steps = self.scales[entry.scale]
        return steps[min(level, len(steps) - 1)]


def edition_at(user: User | AnonymousUser, slug: str = SHARED, number: str = "") -> FrameworkVersion:
    """A published version that the user may see: the one named, else the newest. Raises Http404. 1 query."""
    rows = FrameworkVersion.objects.published().visible_to(user).filter(framework__slug=slug)
    if number:
        rows = rows.filter(version=number)
    rows = rows.select_related("framework").defer("document")
    version = rows.order_by("-published_at", "-pk").first()
    if version is None:
        raise Http404(_("No version of this framework is published."))
    return version


def book_at(user: User | AnonymousUser, slug: str = SHARED, number: str = "") -> Book:
    """The whole of a version that the user may see, in the reader's language. Raises Http404. 1 query once read."""
    return book_of(edition_at(user, slug, number))


def book_of(version: FrameworkVersion) -> Book:
    """The whole of a version in the language of the page; read once per document and language, then kept."""
    return _read(version.document_hash, get_language() or "en", version)


@lru_cache(maxsize=BOOKS_KEPT)
def _read(document_hash: str, language: str, version: FrameworkVersion) -> Book:
    return read_book(version.document, language)


def read_book(document: dict[str, Any], language: str) -> Book:
    """A validated document as a reader of `language` sees it: its translation where it has one, else the original."""
    voice = Voice.of(document, language)
    scales = _scales(document, voice)
    entries = {row["id"]: _entry(row, scales, voice) for row in document["indicators"]}
    areas = {row["id"]: _area(row, entries.values(), voice) for row in document["areas"]}
    return Book(
        edition=Edition(
            slug=document["id"],
            name=voice.text(document["name"], "name"),
            version=document["version"],
            language=document["language"],
            description=voice.text(document.get("description", ""), "description"),
        ),
        method=document["method"]["name"],
        scales=scales,
        dimensions=tuple(_dimension(row, areas.values(), voice) for row in document["dimensions"]),
        needs=tuple(
            (r["indicator"], r["requires"], r["at_level"]) for r in document.get("prerequisites", [])
        ),
        profiles=tuple(_profile(row, voice) for row in document.get("profiles", [])),
        systems=_systems(document),
        source=document.get("source", {}),
        entries=entries,
        areas=areas,
    )


def _scales(document: dict[str, Any], voice: Voice) -> dict[str, tuple[Step, ...]]:
    scales = {"": _steps(document["scale"]["levels"], voice, ("scale",))}
    for row in document.get("scales", []):
        scales[row["id"]] = _steps(row["levels"], voice, ("scales", row["id"]))
    return scales


def _steps(rows: Sequence[Mapping[str, Any]], voice: Voice, place: tuple[str, ...]) -> tuple[Step, ...]:
    top = rows[-1]["level"]
    return tuple(
        Step(
            row["level"],
            voice.text(row["name"], *place, number, "name"),
            voice.text(row["meaning"], *place, number, "meaning"),
            shade_of(row["level"], top),
        )
        for number, row in enumerate(rows)
    )


def _entry(row: dict[str, Any], scales: Mapping[str, tuple[Step, ...]], voice: Voice) -> Entry:
    place = ("indicators", row["id"])
    scope, scale = row["scope"], row.get("scale", "")
    return Entry(
        code=row["id"],
        name=voice.text(row["name"], *place, "name"),
        intent=voice.text(row["intent"], *place, "intent"),
        question=voice.text(row["question"], *place, "question")
        if row.get("question")
        else voice.text(row["name"], *place, "name"),
        area=row["area"],
        scope=scope,
        key=row["key"],
        effort=row["effort"],
        stage=row.get("stage"),
        scale=scale,
        look_for=voice.lines(row.get("look_for", ()), *place, "look_for"),
        mistakes=voice.lines(row.get("mistakes", ()), *place, "mistakes"),
        words=_words(row, voice),
        crosswalk={name: tuple(items) for name, items in row.get("crosswalk", {}).items()},
        ladders=tuple(
            _ladder(row, one, scales[scale], voice)
            for one in (SCOPES if scope == Scope.BOTH else (Scope(scope),))
        ),
    )


def _words(row: dict[str, Any], voice: Voice) -> tuple[Word, ...]:
    """The words of an indicator; a translation stands for all of them or for none, since terms have no ids."""
    given = voice.at("indicators", row["id"], "words")
    if isinstance(given, list) and given:
        return tuple(Word(voice.said(w["term"]), voice.said(w["meaning"])) for w in given)
    return tuple(Word(voice.original(w["term"]), voice.original(w["meaning"])) for w in row.get("words", ()))


def _ladder(row: dict[str, Any], scope: Scope, steps: tuple[Step, ...], voice: Voice) -> Ladder:
    own = {level["level"]: level for level in row.get("levels", {}).get(scope.value, ())}
    given = voice.at("indicators", row["id"], "levels", scope.value)
    told = {level.get("level"): level for level in given} if isinstance(given, list) else {}
    return Ladder(
        scope.value, tuple(_rung(step, own.get(step.level), told.get(step.level), voice) for step in steps)
    )


def _rung(step: Step, own: Mapping[str, Any] | None, told: Mapping[str, Any] | None, voice: Voice) -> Rung:
    if own is None:
        return Rung(step.level, step.shade, step.name, step.name, step.meaning, (), general=True)
    told = told or {}
    return Rung(
        step.level,
        step.shade,
        step.name,
        voice.either(own["title"], told.get("title")),
        voice.either(own["text"], told.get("text")),
        voice.each(own.get("evidence", ()), told.get("evidence")),
        general=False,
    )


def _area(row: dict[str, Any], entries: Iterable[Entry], voice: Voice) -> Area:
    place = ("areas", row["id"])
    return Area(
        row["id"],
        voice.text(row["name"], *place, "name"),
        voice.text(row.get("intent", ""), *place, "intent"),
        row["dimension"],
        tuple(entry for entry in entries if entry.area == row["id"]),
    )


def _dimension(row: dict[str, Any], areas: Iterable[Area], voice: Voice) -> Dimension:
    place = ("dimensions", row["id"])
    return Dimension(
        row["id"],
        voice.text(row["name"], *place, "name"),
        voice.text(row.get("intent", ""), *place, "intent"),
        tuple(area for area in areas if area.dimension == row["id"]),
    )


def _profile(row: dict[str, Any], voice: Voice) -> Profile:
    place = ("profiles", row["id"])
    return Profile(
        row["id"],
        voice.text(row["name"], *place, "name"),
        voice.text(row.get("description", ""), *place, "description"),
        row["scope"],
        row["targets"]["default"],
        row["targets"].get("indicators", {}),
    )


def _systems(document: dict[str, Any]) -> tuple[System, ...]:
    """The systems that the document describes, then those that indicators name without a description."""
    rows = {row["id"]: row for row in document.get("crosswalks", [])}
    named = {name: {"id": name} for row in document["indicators"] for name in row.get("crosswalk", {})}
    return tuple(
        System(
            id=row["id"],
            name=row.get("name", row["id"]),
            version=row.get("version", ""),
            note=row.get("note", ""),
            items=row.get("items", {}),
        )
        for row in {**rows, **{name: row for name, row in named.items() if name not in rows}}.values()
    )
