"""A CISO Assistant library (YAML) to a framework: requirement nodes to dimensions, areas, indicators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.frameworks.services.importing.found import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    Faults,
    Found,
    cut,
    one_line,
    paragraph,
)
from apps.frameworks.services.importing.settings import METHOD, SCOPE, Choices, frame, maturity_scale, slug_of
from apps.frameworks.services.importing.tree import Part, Tree, build_tree

MOST_NODES = 5_000
MOST_LEVELS = 11
GROUP_SHARE = 60
UNUSED = ("threats", "reference_controls", "questions", "question")
_LOCALE = re.compile(r"^(\w{1,40})\[([a-z]{2,3}(?:-[A-Za-z0-9]{2,6})?)\]$")
_TAG = re.compile("^[a-z]{2,3}(-[A-Za-z0-9]{2,6})?$")
NODES = "objects.framework.requirement_nodes"


@dataclass
class _Reading:
    faults: Faults = field(default_factory=Faults)
    unused: dict[str, int] = field(default_factory=dict)


def is_library(document: dict[str, Any]) -> bool:
    """Whether a document looks like a library that holds a framework."""
    objects = document.get("objects")
    return isinstance(objects, dict) and ("framework" in objects or "frameworks" in objects)


def read_library(document: dict[str, Any], *, choices: Choices) -> Found:
    """Return the framework in a library. Raises `FrameworkFaults` listing every node that cannot be read."""
    reading = _Reading()
    frameworks = _frameworks(document, reading)
    framework = frameworks[0]
    parts = _tree(framework, reading)
    reading.faults.raise_if_any()
    title = one_line(framework.get("name")) or one_line(document.get("name")) or _("Imported framework")
    head, notes = frame(
        title=title, version=document.get("version"), language=document.get("locale"),
        description=framework.get("description") or document.get("description"), source=_source(document, title),
    )  # fmt: skip
    tree = build_tree(parts, title=title, scope=choices.scope or SCOPE)
    levels, languages, scale_notes = _scale(framework, reading)
    reading.faults.raise_if_any()
    result: dict[str, Any] = {
        **head, "scale": {"levels": levels}, "method": {"name": METHOD, "version": 1},
        "dimensions": tree.dimensions, "areas": tree.areas, "indicators": tree.indicators,
    }  # fmt: skip
    profiles = list(_profiles(framework, tree, len(levels) - 1, choices.scope or SCOPE))
    if profiles:
        result["profiles"] = profiles
        scale_notes.append(
            _(
                "Implementation groups became target profiles: level %(level)s for what is in the group, 0 for the rest."
            )
            % {"level": _group_level(len(levels) - 1)}
        )
    translations = _translations(framework, tree, languages, head["language"])
    if translations:
        result["translations"] = translations
    more = [_("Only the first framework of the file was read.")] if len(frameworks) > 1 else []
    return Found(
        "library",
        result,
        [*notes, *more, *scale_notes, *tree.notes, *_unused(document, reading)],
        tree.places,
    )


def _frameworks(document: dict[str, Any], reading: _Reading) -> list[dict[str, Any]]:
    objects = document.get("objects")
    found = objects.get("framework") or objects.get("frameworks") if isinstance(objects, dict) else None
    rows = [row for row in (found if isinstance(found, list) else [found]) if isinstance(row, dict)]
    if not rows:
        reading.faults.add("objects.framework", _("missing; the library holds no framework"))
        reading.faults.raise_if_any()
    return rows


def _tree(framework: dict[str, Any], reading: _Reading) -> list[Part]:
    """Hang every node on its parent: the one it names, else the last one before it that is less deep."""
    nodes = framework.get("requirement_nodes")
    if not isinstance(nodes, list) or not nodes:
        reading.faults.add(NODES, _("it is not a list of requirements"))
        return []
    if len(nodes) > MOST_NODES:
        reading.faults.add(NODES, _("more than %(count)s requirements") % {"count": MOST_NODES})
        return []
    roots: list[Part] = []
    by_urn: dict[str, Part] = {}
    open_parts: list[tuple[int, Part]] = []
    for number, node in enumerate(nodes):
        place = f"{NODES}[{number}]"
        part = _part(node, place, reading)
        if part is None:
            continue
        depth = node["depth"]
        open_parts = [(level, row) for level, row in open_parts if level < depth]
        above = _parent(node, by_urn, open_parts, place, reading)
        (above.children if above else roots).append(part)
        open_parts.append((depth, part))
        urn = node.get("urn")
        if isinstance(urn, str) and urn:
            if urn.lower() in by_urn:
                reading.faults.add(f"{place}.urn", _("%(urn)s appears twice") % {"urn": cut(urn, 120)})
            by_urn[urn.lower()] = part
    return roots


def _parent(
    node: dict[str, Any],
    by_urn: dict[str, Part],
    open_parts: list[tuple[int, Part]],
    place: str,
    reading: _Reading,
) -> Part | None:
    urn = node.get("parent_urn")
    if isinstance(urn, str) and urn:
        if urn.lower() not in by_urn:
            reading.faults.add(
                f"{place}.parent_urn", _("%(urn)s does not stand before it") % {"urn": cut(urn, 120)}
            )
        return by_urn.get(urn.lower())
    return open_parts[-1][1] if open_parts else None


def _part(node: object, place: str, reading: _Reading) -> Part | None:
    if not isinstance(node, dict):
        reading.faults.add(place, _("it is not a mapping of names to values"))
        return None
    wrong = [
        name
        for name, kinds in (("assessable", bool), ("depth", int))
        if not isinstance(node.get(name), kinds)
    ]
    texts = ("ref_id", "name", "description", "annotation", "typical_evidence")
    wrong += [name for name in texts if node.get(name) is not None and not isinstance(node[name], str | int)]
    for name in wrong:
        reading.faults.add(f"{place}.{name}", _("missing or of another kind than the format has"))
    if wrong:
        return None
    for name in UNUSED:
        reading.unused[name] = reading.unused.get(name, 0) + bool(node.get(name))
    code = str(node.get("ref_id") or "") or str(node.get("urn") or "").rsplit(":", 1)[-1]
    return Part(
        code=code, name=one_line(_text(node.get("name"))) or ("" if node.get("description") else code),
        text=_text(node.get("description")), place=place, asked=node["assessable"],
        look_for=[line for name in ("annotation", "typical_evidence") if (line := _text(node.get(name)))],
        more=_weight(node, place, reading), groups=_strings(node.get("implementation_groups")),
        translations=_node_translations(node),
    )  # fmt: skip


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return [str(part) for part in value if isinstance(part, str | int)] if isinstance(value, list) else []


def _weight(node: dict[str, Any], place: str, reading: _Reading) -> dict[str, Any]:
    weight = node.get("weight")
    if weight is None or weight == 1:
        return {}
    if isinstance(weight, bool) or not isinstance(weight, int | str):
        reading.faults.add(f"{place}.weight", _("it is not a number"))
        return {}
    return {"weight": weight if isinstance(weight, int) else str(weight)}


def _in_languages(node: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Texts by language, from a mapping `translations` and from fields such as `name[fr]`."""
    found: dict[str, dict[str, str]] = {}
    translations = node.get("translations")
    for language, texts in translations.items() if isinstance(translations, dict) else ():
        if isinstance(texts, dict) and _TAG.match(str(language)):
            found.setdefault(str(language), {}).update({key: _text(value) for key, value in texts.items()})
    for key, value in node.items():
        match = _LOCALE.match(str(key))
        if match and _text(value):
            found.setdefault(match[2], {})[match[1]] = _text(value)
    return found


def _node_translations(node: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        language: {
            "name": texts.get("name", ""),
            "intent": texts.get("description", ""),
            "look_for": [
                line
                for name in ("annotation", "typical_evidence")
                if (line := paragraph(texts.get(name, "")))
            ],
        }
        for language, texts in _in_languages(node).items()
    }


def _scale(
    framework: dict[str, Any], reading: _Reading
) -> tuple[list[dict[str, Any]], dict[str, list[dict[str, str]]], list[str]]:
    """The levels, their texts in other languages, and what was changed: levels count from 0, scores from anywhere."""
    rows = framework.get("scores_definition")
    named = {
        row["score"]: row for row in rows or [] if isinstance(row, dict) and isinstance(row.get("score"), int)
    }
    if rows and (not isinstance(rows, list) or len(named) != len(rows)):
        reading.faults.add(
            "objects.framework.scores_definition", _("a score is missing, twice or not a whole number")
        )
    lowest, highest = (
        value if isinstance(value := framework.get(name), int) and not isinstance(value, bool) else default
        for name, default in (("min_score", min(named, default=0)), ("max_score", max(named, default=0)))
    )
    if not 1 <= highest - lowest < MOST_LEVELS:
        said = _("The file has no scale of 2 to 11 scores, so the maturity scale 0–5 was used.")
        return maturity_scale(), {}, [said]
    levels: list[dict[str, Any]] = []
    languages: dict[str, list[dict[str, str]]] = {}
    for level, score in enumerate(range(lowest, highest + 1)):
        row = named.get(score, {})
        name = cut(one_line(row.get("name")) or _("Score %(score)s") % {"score": score}, LONGEST_TITLE)
        levels.append(
            {
                "level": level,
                "name": name,
                "meaning": cut(paragraph(row.get("description")) or name, LONGEST_TEXT),
            }
        )
        for language, texts in _in_languages(row).items():
            kept = {
                "name": cut(one_line(texts.get("name", "")), LONGEST_TITLE),
                "meaning": paragraph(texts.get("description", "")),
            }
            languages.setdefault(language, [{} for _score in range(lowest, highest + 1)])[level] = {
                key: text for key, text in kept.items() if text
            }
    if lowest == 0:
        return levels, languages, []
    said = _("The scores %(lowest)s–%(highest)s became the levels 0–%(last)s.")
    return levels, languages, [said % {"lowest": lowest, "highest": highest, "last": highest - lowest}]


def _group_level(highest: int) -> int:
    return -(-highest * GROUP_SHARE // 100)


def _profiles(framework: dict[str, Any], tree: Tree, highest: int, scope: str) -> Iterator[dict[str, Any]]:
    rows = framework.get("implementation_groups_definition")
    names = {
        str(row.get("ref_id")): one_line(row.get("name"))
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, dict)
    }
    level, taken = _group_level(highest), set()
    for group, codes in tree.groups.items():
        for one in ("national", "organisational") if scope == "both" else (scope,):
            code = slug_of(group if scope != "both" else f"{group} {one}")
            if code in taken:
                continue
            taken.add(code)
            targets = {"default": 0, "indicators": dict.fromkeys(codes, level)}
            yield {
                "id": code,
                "name": cut(names.get(group) or group, LONGEST_TITLE),
                "scope": one,
                "targets": targets,
            }


def _translations(
    framework: dict[str, Any], tree: Tree, scale: dict[str, list[dict[str, str]]], language: str
) -> dict[str, Any]:
    found: dict[str, Any] = {tag: dict(parts) for tag, parts in tree.translations.items()}
    for tag, levels in scale.items():
        found.setdefault(tag, {})["scale"] = levels
    for tag, texts in _in_languages(framework).items():
        if one_line(texts.get("name", "")):
            found.setdefault(tag, {})["name"] = cut(one_line(texts["name"]), 150)
        if paragraph(texts.get("description", "")):
            found.setdefault(tag, {})["description"] = cut(paragraph(texts["description"]), LONGEST_TEXT)
    found.pop(language, None)
    return found


def _source(document: dict[str, Any], title: str) -> dict[str, str]:
    return {
        "title": one_line(document.get("name")) or title,
        "publisher": _text(document.get("provider")),
        "licence": _text(document.get("copyright")),
        "note": _text(document.get("urn")),
    }


def _unused(document: dict[str, Any], reading: _Reading) -> Iterator[str]:
    for name, count in reading.unused.items():
        if count:
            yield ngettext(
                "“%(field)s” of %(count)s requirement has no place here and was left out.",
                "“%(field)s” of %(count)s requirements has no place here and was left out.",
                count,
            ) % {"field": name, "count": count}
    others = sorted(set(document.get("objects", {})) - {"framework", "frameworks"})
    if others:
        yield _("Left out beside the framework: %(names)s") % {"names": ", ".join(map(str, others[:10]))}
