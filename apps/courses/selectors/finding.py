"""Find a course: search, filters kept in the address, and what fits this learner next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext as _

from apps.core.folding import has_words
from apps.courses.models import CourseVersion
from apps.courses.selectors.catalogue import CourseCard, list_courses
from apps.courses.selectors.places import Visitor, language_name
from apps.courses.selectors.roles import role_name

MOST_WORDS = 100
MOST_RECOMMENDED = 3
LENGTHS = {
    "short": (Decimal(0), Decimal(3)),
    "medium": (Decimal(3), Decimal(6)),
    "long": (Decimal(6), Decimal(999)),
}
STAGES = ("ready", "preparation")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asked for; empty where they did not say."""

    q: str = ""
    area: str = ""
    role: str = ""
    language: str = ""
    length: str = ""
    stage: str = ""

    @property
    def anything(self) -> bool:
        return any((self.q, self.area, self.role, self.language, self.length, self.stage))


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A course in the list; `languages` are all it can be taken in, `why` says why it is recommended."""

    card: CourseCard
    languages: tuple[str, ...]
    roles: tuple[str, ...]
    in_preparation: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Courses that fit what was asked; recommendations only while nothing is asked."""

    wanted: Wanted
    courses: tuple[Found, ...]
    recommended: tuple[Found, ...]
    total: int
    areas: tuple[Option, ...]
    roles: tuple[Option, ...]
    languages: tuple[Option, ...]
    lengths: tuple[Option, ...]
    stages: tuple[Option, ...]


def read_wanted(given: Mapping[str, str]) -> Wanted:
    """The filters in an address; what nobody offers is left out."""
    text = " ".join(given.get("q", "").replace("\x00", "").split())[:MOST_WORDS]
    length, stage = given.get("length", ""), given.get("stage", "")
    return Wanted(
        q=text,
        area=given.get("area", "")[:20],
        role=given.get("role", "")[:20],
        language=given.get("language", "")[:10],
        length=length if length in LENGTHS else "",
        stage=stage if stage in STAGES else "",
    )


def catalogue(user: Visitor, wanted: Wanted) -> Catalogue:
    """The courses on offer to this reader, filtered. Five queries for a person, however many courses."""
    cards = list_courses(user)
    every = _versions()
    rows = [_found(card, every[card.code]) for card in cards]
    fit = tuple(row for row in rows if _fits(row, every[row.card.code], wanted))
    codes = {code: name for card in cards for code, name in zip(card.areas, card.area_names, strict=True)}
    return Catalogue(
        wanted=wanted, courses=fit, recommended=() if wanted.anything else recommended(rows), total=len(rows),
        areas=_options([(code, f"{code} {name}".strip()) for code, name in sorted(codes.items())], wanted.area),
        roles=_options(_roles(rows), wanted.role),
        languages=_options(_languages(every), wanted.language),
        lengths=_options(
            [("short", _("up to 3 hours")), ("medium", _("3 to 6 hours")), ("long", _("more than 6 hours"))], wanted.length
        ),
        stages=_options([("ready", _("complete")), ("preparation", _("in preparation"))], wanted.stage),
    )  # fmt: skip


def _roles(rows: Sequence[Found]) -> list[tuple[str, str]]:
    """Work roles of the courses by name, each with the code that the framework gives it."""
    codes = {role for row in rows for role in row.roles}
    named = ((role, f"{role_name(role)} ({role})" if role_name(role) != role else role) for role in codes)
    return sorted(named, key=lambda pair: pair[1])


def _versions() -> dict[str, list[dict[str, Any]]]:
    """Course code → what its versions say of themselves, the newest of each language."""
    keys = {"stated": "status", "roles": "nice_roles", "aims": "objectives", "readers": "audience"}
    rows = CourseVersion.objects.annotate(
        **{name: KeyTransform(key, "document") for name, key in keys.items()}
    )
    found: dict[str, dict[str, dict[str, Any]]] = {}
    fields = ("course__code", "language", "title", "summary", *keys)
    for row in rows.order_by("-published_at", "-pk").values(*fields):
        found.setdefault(row["course__code"], {}).setdefault(row["language"], row)
    return {code: list(by_language.values()) for code, by_language in found.items()}


def _languages(every: Mapping[str, Sequence[dict[str, Any]]]) -> list[tuple[str, str]]:
    codes = {row["language"] for rows in every.values() for row in rows}
    return sorted(((code, language_name(code)) for code in codes), key=lambda pair: pair[1])


def _options(pairs: Sequence[tuple[str, str]], chosen: str) -> tuple[Option, ...]:
    return tuple(Option(value, name, value == chosen) for value, name in pairs)


def _found(card: CourseCard, versions: Sequence[dict[str, Any]]) -> Found:
    shown = next((row for row in versions if row["language"] == card.language), versions[0])
    return Found(
        card=card,
        languages=tuple(language_name(row["language"]) for row in versions),
        roles=tuple(shown["roles"] or ()),
        in_preparation=shown["stated"] == "preparation",
    )


def _fits(row: Found, versions: Sequence[dict[str, Any]], wanted: Wanted) -> bool:
    low, high = LENGTHS.get(wanted.length, (Decimal(0), Decimal(999)))
    return (
        (not wanted.area or wanted.area in row.card.areas)
        and (not wanted.role or wanted.role in row.roles)
        and (not wanted.language or wanted.language in {one["language"] for one in versions})
        and (not wanted.length or low < row.card.hours <= high)
        and (not wanted.stage or row.in_preparation == (wanted.stage == "preparation"))
        and (not wanted.q or has_words(_words(row, versions), wanted.q))
    )


def _words(row: Found, versions: Sequence[dict[str, Any]]) -> str:
    """What search looks through: the course in each of its languages, and its areas and roles."""
    said = [row.card.code, *row.card.areas, *row.card.area_names, *row.roles]
    said += [role_name(role) for role in row.roles]
    for one in versions:
        said += [one["title"], one["summary"], one["readers"] or ""]
        said += [aim["text"] for aim in one["aims"] or ()]
    return "\n".join(said)


def recommended(rows: Sequence[Found]) -> tuple[Found, ...]:
    """What to take next: first what was interrupted, then what shares most with the courses that are finished."""
    begun = [replace(row, why=_("You began this one.")) for row in rows if row.card.state == "begun"]
    done = [row for row in rows if row.card.state == "done"]
    shared = Counter(key for row in done for key in (*row.card.areas, *row.roles))
    new = [row for row in rows if not row.card.state and not row.in_preparation]
    near = sorted(new, key=lambda row: -sum(shared[key] for key in (*row.card.areas, *row.roles)))
    next_to = [
        replace(row, why=_("It goes on from “%(course)s”.") % {"course": _nearest(row, done).card.title})
        for row in near
        if any(shared[key] for key in (*row.card.areas, *row.roles))
    ]
    return tuple([*begun, *next_to][:MOST_RECOMMENDED])


def _nearest(row: Found, done: Sequence[Found]) -> Found:
    mine = {*row.card.areas, *row.roles}
    return max(done, key=lambda other: len(mine & {*other.card.areas, *other.roles}))
