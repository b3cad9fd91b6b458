"""The sheets of a framework workbook and their columns: the template, the export and the import are all made from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "code", "list", "codes", "number", "whole", "flag"]


@dataclass(frozen=True)
class Column:
    """`name` heads the column and is the field of the document; `choices` makes a drop-down."""

    name: str
    kind: Kind = "text"
    needed: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    name: str
    columns: tuple[Column, ...]


def _sheet(name: str, *columns: Column) -> Sheet:
    return Sheet(name, columns)


YES_NO = ("yes", "no")
ONE_SCOPE = ("national", "organisational")
SCOPES = (*ONE_SCOPE, "both")
METHODS = ("shared-mean", "mean-of-means", "weighted-sum", "cumulative", "threshold-profile", "points-ratio")
CHANGES = ("equal", "changed", "split", "merged", "new", "gone")
KEY, VALUE = "field", "value"

# The first sheet: a field a row. The path is where the value stands in the document.
HEAD: tuple[tuple[Column, tuple[str, ...]], ...] = (
    (Column("id", "code", True), ("id",)),
    (Column("version", "code", True), ("version",)),
    (Column("language", "code", True), ("language",)),
    (Column("name", needed=True), ("name",)),
    (Column("description"), ("description",)),
    (Column("method", "code", True), ("method", "name")),
    (Column("method version", "whole", True), ("method", "version")),
    (Column("implemented at", "whole"), ("method", "parameters", "implemented_at")),
    (Column("threshold profiles", "codes"), ("method", "parameters", "profiles")),
    (Column("source title"), ("source", "title")),
    (Column("source publisher"), ("source", "publisher")),
    (Column("source licence"), ("source", "licence")),
    (Column("source address"), ("source", "address")),
    (Column("source note"), ("source", "note")),
    (Column("changes since", "code"), ("changes", "since")),
)
FRAMEWORK = Sheet("Framework", (Column(KEY), Column(VALUE)))
SCALE = _sheet(
    "Scale",
    Column("scale", "code"),
    Column("level", "whole", True),
    Column("name", needed=True),
    Column("meaning", needed=True),
    Column("value", "number"),
)
DIMENSIONS = _sheet("Dimensions", Column("id", "code", True), Column("name", needed=True), Column("intent"))
AREAS = _sheet(
    "Areas",
    Column("id", "code", True),
    Column("dimension", "code", True),
    Column("name", needed=True),
    Column("intent"),
)
INDICATORS = _sheet(
    "Indicators",
    Column("id", "code", True),
    Column("area", "code", True),
    Column("scope", "code", True, SCOPES),
    Column("key", "flag", True, YES_NO),
    Column("effort", "whole", True, ("1", "2", "3")),
    Column("weight", "number"),
    Column("scale", "code"),
    Column("stage", "whole"),
    Column("not_applicable", "flag", choices=YES_NO),
    Column("name", needed=True),
    Column("intent", needed=True),
    Column("question"),
    Column("look_for", "list"),
    Column("mistakes", "list"),
)
LEVELS = _sheet(
    "Levels",
    Column("indicator", "code", True),
    Column("scope", "code", True, SCOPES),
    Column("level", "whole", True),
    Column("title", needed=True),
    Column("text", needed=True),
    Column("evidence", "list"),
)
WORDS = _sheet(
    "Words", Column("indicator", "code", True), Column("term", needed=True), Column("meaning", needed=True)
)
PREREQUISITES = _sheet(
    "Prerequisites",
    Column("indicator", "code", True),
    Column("requires", "code", True),
    Column("at_level", "whole", True),
)
PROFILES = _sheet(
    "Profiles",
    Column("id", "code", True),
    Column("name", needed=True),
    Column("scope", "code", True, ONE_SCOPE),
    Column("default", "whole", True),
    Column("description"),
)
TARGETS = _sheet(
    "Targets",
    Column("profile", "code", True),
    Column("indicator", "code", True),
    Column("level", "whole", True),
)
CROSSWALK = _sheet(
    "Crosswalk",
    Column("indicator", "code", True),
    Column("system", "code", True),
    Column("item", "code", True),
)
SYSTEMS = _sheet(
    "Systems",
    Column("id", "code", True),
    Column("name", needed=True),
    Column("version", "code"),
    Column("note"),
)
ITEMS = _sheet(
    "Items", Column("system", "code", True), Column("item", "code", True), Column("title", needed=True)
)
STAGES = _sheet("Stages", Column("stage", "whole", True), Column("name", needed=True))
TIERS = _sheet(
    "Tiers", Column("id", "code", True), Column("name", needed=True), Column("at_least", "number", True)
)
CHANGED = _sheet(
    "Changes",
    Column("kind", "code", True, CHANGES),
    Column("from", "codes"),
    Column("to", "codes"),
    Column("comparable", "flag", choices=YES_NO),
    Column("note"),
)
# What the sheets above have no column for: translations, empty lists. `place` is a JSON Pointer, `value` is JSON.
OTHER = _sheet("Other", Column("place", "code", True), Column("value", "code", True))

SHEETS = (
    FRAMEWORK, SCALE, DIMENSIONS, AREAS, INDICATORS, LEVELS, WORDS, PREREQUISITES, PROFILES, TARGETS, CROSSWALK, SYSTEMS,
    ITEMS, STAGES, TIERS, CHANGED, OTHER,
)  # fmt: skip
IN_TEMPLATE = (
    FRAMEWORK, SCALE, DIMENSIONS, AREAS, INDICATORS, LEVELS, WORDS, PREREQUISITES, PROFILES, TARGETS, CROSSWALK, SYSTEMS,
    STAGES, TIERS,
)  # fmt: skip
NEEDED = (FRAMEWORK, SCALE, DIMENSIONS, AREAS, INDICATORS)

# Inside a cell a list has one item a line; a line break inside an item is written with this sign.
LINE_BREAK = "⏎"
EMPTY = "[]"
