"""Trying a draft before it is published: an indicator as respondents see it, a trial score, and what will have changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.frameworks.choices import Scope
from apps.frameworks.models import FrameworkVersion
from apps.frameworks.selectors.comparing import Change, comparison, indicators_of, proposed_changes
from apps.frameworks.selectors.editing import Head, draft_for, head_of
from apps.scoring import Grade, InputFaults, Rated, parse_framework, score

Document = Mapping[str, Any]
SCOPES = (Scope.NATIONAL, Scope.ORGANISATIONAL)


@dataclass(frozen=True, slots=True)
class PreviewLevel:
    level: int
    title: str
    text: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """One indicator as a member of `scope` will be asked it; `scopes` are those it can be looked at in."""

    head: Head
    row: Document
    area_name: str
    scope: str
    scopes: tuple[tuple[str, str], ...]
    levels: tuple[PreviewLevel, ...]
    may_not_apply: bool
    previous: str
    following: str

    @property
    def question(self) -> str:
        return str(self.row.get("question") or self.row["name"])


def preview_page(user: User, programme: str, draft: str, indicator: str, *, scope: str = "") -> PreviewPage:
    """Raises Http404. 1 query."""
    found = draft_for(user, programme, draft)
    rows = indicators_of(found.document)
    row = rows.get(indicator)
    if row is None:
        raise Http404
    scopes = SCOPES if row["scope"] == Scope.BOTH else (Scope(row["scope"]),)
    chosen = scope if scope in scopes else scopes[0].value
    codes = list(rows)
    place = codes.index(indicator)
    return PreviewPage(
        head=head_of(found),
        row=row,
        area_name=next(area["name"] for area in found.document["areas"] if area["id"] == row["area"]),
        scope=chosen,
        scopes=tuple((each.value, str(each.label)) for each in scopes),
        levels=_levels(found.document, row, chosen),
        may_not_apply=not row["key"] and row.get("not_applicable", True),
        previous=codes[place - 1] if place else "",
        following=codes[place + 1] if place + 1 < len(codes) else "",
    )


def _levels(document: Document, row: Document, scope: str) -> tuple[PreviewLevel, ...]:
    own = row.get("levels", {}).get(scope)
    if own:
        return tuple(
            PreviewLevel(
                step["level"], step.get("title", ""), step.get("text", ""), tuple(step.get("evidence", ()))
            )
            for step in own
        )
    return tuple(PreviewLevel(s["level"], s["name"], s["meaning"], ()) for s in _scale(document, row))


def _scale(document: Document, row: Document) -> list[Document]:
    own = next((s["levels"] for s in document.get("scales", []) if s["id"] == row.get("scale")), None)
    levels: list[Document] = own or document["scale"]["levels"]
    return levels


@dataclass(frozen=True, slots=True)
class TrialQuestion:
    """`given` is the level chosen for it alone, None where there is none."""

    code: str
    name: str
    levels: tuple[tuple[int, str], ...]
    given: int | None


@dataclass(frozen=True, slots=True)
class TrialArea:
    code: str
    name: str
    questions: tuple[TrialQuestion, ...]


@dataclass(frozen=True, slots=True)
class TrialPart:
    """A score as the method makes it; `depth` 0 is the whole, 1 a dimension, 2 an area."""

    code: str
    name: str
    depth: int
    value: str
    level: int | None
    level_name: str


@dataclass(frozen=True, slots=True)
class TrialPage:
    """A form of levels and the score they make. `faults` say why there is none."""

    head: Head
    scope: str
    scopes: tuple[tuple[str, str], ...]
    areas: tuple[TrialArea, ...]
    parts: tuple[TrialPart, ...]
    tier: str
    faults: tuple[str, ...]
    rest: int | None
    highest: int


def trial_page(user: User, programme: str, draft: str, given: Mapping[str, str]) -> TrialPage:
    """Score levels as `given` by `level.CODE`; `all` is that of every indicator without its own. Raises Http404. 1 query."""
    found = draft_for(user, programme, draft)
    document = found.document
    asked = {scope: _asked(document, scope) for scope in SCOPES}
    scopes = tuple(scope for scope in SCOPES if asked[scope]) or SCOPES[:1]
    scope = next((each for each in scopes if each.value == given.get("scope")), scopes[0])
    own = {
        row["id"]: _level(given.get(f"level.{row['id']}", ""), _top(document, row)) for row in asked[scope]
    }
    highest = len(document["scale"]["levels"]) - 1
    rest = _level(given.get("all", ""), highest)
    levels = {
        row["id"]: _rest(rest, _top(document, row)) if own[row["id"]] is None else own[row["id"]]
        for row in asked[scope]
    }
    parts, tier, faults = _scored(document, scope.value, levels)
    return TrialPage(
        head=head_of(found),
        scope=scope.value,
        scopes=tuple((each.value, str(each.label)) for each in scopes),
        areas=_areas(document, asked[scope], own),
        parts=parts,
        tier=tier,
        faults=faults,
        rest=rest,
        highest=highest,
    )


def _asked(document: Document, scope: Scope) -> list[Document]:
    return [row for row in document["indicators"] if row["scope"] in (scope, Scope.BOTH)]


def _top(document: Document, row: Document) -> int:
    return len(_scale(document, row)) - 1


def _level(text: str, highest: int) -> int | None:
    """A level of a scale; anything else is no level."""
    known = text.isascii() and text.isdecimal() and len(text) < 3 and int(text) <= highest
    return int(text) if known else None


def _rest(level: int | None, highest: int) -> int | None:
    """The level of those left open, at most the highest of an indicator's own scale."""
    return None if level is None else min(level, highest)


def _areas(
    document: Document, rows: list[Document], levels: Mapping[str, int | None]
) -> tuple[TrialArea, ...]:
    by_area: dict[str, list[TrialQuestion]] = {}
    for row in rows:
        steps = tuple((step["level"], step["name"]) for step in _scale(document, row))
        question = TrialQuestion(row["id"], row["name"], steps, levels[row["id"]])
        by_area.setdefault(row["area"], []).append(question)
    return tuple(
        TrialArea(area["id"], area["name"], tuple(by_area[area["id"]]))
        for area in document["areas"]
        if area["id"] in by_area
    )


def _scored(
    document: Document, scope: str, levels: Mapping[str, int | None]
) -> tuple[tuple[TrialPart, ...], str, tuple[str, ...]]:
    """The parts, the tier, and the faults that forbid a score."""
    answers = {
        code: Rated(level, Grade.E3, localdate()) for code, level in levels.items() if level is not None
    }
    if not answers:
        return (), "", ()
    try:
        spec = parse_framework(document, scope=scope)  # type: ignore[arg-type]
        scored = score(spec, answers, on=localdate()).as_document()["claimed"]
    except InputFaults as error:
        return (), "", tuple(error.faults[:10])
    names = {row["id"]: row["name"] for kind in ("dimensions", "areas") for row in document[kind]}
    parts = [_part(scored["overall"], _("The whole"), 0)]
    above = {area["id"]: area["dimension"] for area in document["areas"]}
    for dimension in scored["dimensions"]:
        parts.append(_part(dimension, names[dimension["code"]], 1))
        inside = [area for area in scored["areas"] if above[area["code"]] == dimension["code"]]
        parts += [_part(area, names[area["code"]], 2) for area in inside]
    tier = scored["overall"].get("tier") or scored.get("tier") or {}
    return tuple(parts), str(tier.get("name", "")), ()


def _part(row: Document, name: str, depth: int) -> TrialPart:
    label, value = row.get("label") or {}, row.get("value") or {}
    return TrialPart(
        row["code"], name, depth, value.get("display", ""), label.get("level"), str(label.get("name", ""))
    )


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One proposal for the author: what became of indicators, with the names on either side."""

    change: Change
    kind: str
    names: str


@dataclass(frozen=True, slots=True)
class PublishPage:
    """What is asked before a draft is published. `since` is the version before, "" for a first one."""

    head: Head
    draft: FrameworkVersion
    since: str
    number: str
    rows: tuple[ChangeRow, ...]
    same: int


def publish_page(user: User, programme: str, draft: str) -> PublishPage:
    """The proposals, from what the draft says already or else from its codes and texts. Raises Http404. 2 queries."""
    found = draft_for(user, programme, draft)
    rows = FrameworkVersion.objects.filter(framework=found.framework_id).published()
    before = rows.order_by("-published_at", "-pk").first()
    if before is None:
        return PublishPage(head_of(found), found, "", _first_number(found.version), (), 0)
    changes = changes_to_confirm(before.document, found.document)
    listed = tuple(_row(change, before.document, found.document) for change in changes if not plain(change))
    return PublishPage(head_of(found), found, before.version, found.version, listed, sum(map(plain, changes)))


def _first_number(version: str) -> str:
    return "1.0" if version.startswith("0.") else version


def changes_to_confirm(old: Document, new: Document) -> tuple[Change, ...]:
    """What the draft states of the version before; proposals where it states nothing yet."""
    stated = new.get("changes", {})
    if stated.get("since") == old["version"] and stated.get("indicators"):
        return comparison(old, new).changes
    return proposed_changes(old, new)


def plain(change: Change) -> bool:
    """The same indicator under the same code."""
    return change.kind == "equal" and change.before == change.after


def _row(change: Change, old: Document, new: Document) -> ChangeRow:
    kinds = {
        "equal": _("The same"),
        "changed": _("Changed"),
        "split": _("Split"),
        "merged": _("Merged"),
        "new": _("New"),
        "gone": _("Gone"),
    }
    before = [indicators_of(old)[code]["name"] for code in change.before]
    after = [indicators_of(new)[code]["name"] for code in change.after]
    names = " → ".join("; ".join(side) for side in (before, after) if side) if before != after else before[0]
    return ChangeRow(change, str(kinds[change.kind]), names)
