"""How the indicators of one version map to those of an earlier one, and how much of the new one may be compared.

A new version states it under `changes`; what is not listed and keeps its code is equal. Where nothing is stated, only
what reads the same to the last word is equal. Pure: documents in, figures out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from apps.scoring import parse_framework
from apps.scoring.model import Scope

Document = Mapping[str, Any]
ALIKE = 0.75
MOST_PAIRS = 40_000
JUDGED_BY = ("name", "intent", "question")


@dataclass(frozen=True, slots=True)
class Change:
    """Indicators of the old version (`before`) that became those of the new one (`after`).

    `kind` is equal, changed, split, merged, new or gone. A comparable one is asked the same thing in other words.
    """

    kind: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    comparable: bool
    note: str = ""

    def as_document(self) -> dict[str, Any]:
        """As a framework document states it."""
        row: dict[str, Any] = {"kind": self.kind}
        if self.before:
            row["from"] = list(self.before)
        if self.after:
            row["to"] = list(self.after)
        if self.kind in ("changed", "split", "merged"):
            row["comparable"] = self.comparable
        if self.note:
            row["note"] = self.note
        return row


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes from version `since` to `version`, in the order of the new one; `stated` by its author or found."""

    since: str
    version: str
    changes: tuple[Change, ...]
    stated: bool

    def of_kind(self, kind: str) -> tuple[Change, ...]:
        """The changes of one kind."""
        return tuple(change for change in self.changes if change.kind == kind)


@dataclass(frozen=True, slots=True)
class Share:
    """What may be compared in one scope: indicators of the new version, and the part of its weight, 0–1, exact."""

    comparable: int
    total: int
    weight: Fraction

    @property
    def percent(self) -> int:
        """Whole per cent, half up; 0 and 100 only when it is nothing and everything."""
        shown = int((self.weight * 200 + 1) // 2)
        return min(max(shown, 1), 99) if 0 < self.weight < 1 else shown


def comparison(old: Document, new: Document, *, between: Sequence[Document] = ()) -> Comparison:
    """Map `old` to `new`, through the versions `between` in any order where `new` does not speak of `old` itself."""
    steps = _steps(old, new, between)
    if len(steps) == 1:
        return Comparison(old["version"], new["version"], *steps[0])
    groups = _joined([changes for changes, _stated in steps])
    stated = all(said for _changes, said in steps)
    return Comparison(old["version"], new["version"], _in_order(groups, old, new), stated)


def _steps(
    old: Document, new: Document, between: Sequence[Document]
) -> list[tuple[tuple[Change, ...], bool]]:
    """One step where `new` speaks of `old` or of none that is known; otherwise the way back, version by version."""
    known = {document["version"]: document for document in between}
    way: list[Document] = [new]
    while (since := _since(way[-1])) != old["version"] and since in known and known[since] not in way:
        way.append(known[since])
    if _since(way[-1]) != old["version"]:
        return [(_between(old, new), False)]
    way.append(old)
    return [(_stated(earlier, later), True) for later, earlier in pairwise(way)][::-1]


def _since(document: Document) -> str:
    return str(document.get("changes", {}).get("since", ""))


def _stated(old: Document, new: Document) -> tuple[Change, ...]:
    """What the new version says, with what it leaves unsaid: equal under the same code, new, or gone."""
    before, after = indicators_of(old), indicators_of(new)
    rows = [_read(row, before, after) for row in new["changes"].get("indicators", [])]
    said = [row for row in rows if row.before or row.after]
    named_before = {code for row in said for code in row.before}
    named_after = {code for row in said for code in row.after}
    for code in after:
        if code not in named_after:
            same = code in before and code not in named_before
            said.append(
                Change("equal", (code,), (code,), True) if same else Change("new", (), (code,), False)
            )
    kept = {code for row in said for code in row.before}
    said += [Change("gone", (code,), (), False) for code in before if code not in kept]
    return _in_order((_held_to_scales(row, old, new) for row in said), old, new)


def _read(row: Document, before: Mapping[str, Any], after: Mapping[str, Any]) -> Change:
    """One stated row; codes that do not exist are left out, and a row of one code on either side names it on both."""
    kind, note = row["kind"], row.get("note", "")
    old = tuple(code for code in row.get("from", row.get("to", [])) if code in before)
    new = tuple(code for code in row.get("to", row.get("from", [])) if code in after)
    if kind == "new" or not old:
        return Change("new", (), new, False, note)
    if kind == "gone" or not new:
        return Change("gone", old, (), False, note)
    return Change(kind, old, new, kind == "equal" or bool(row.get("comparable")), note)


def _held_to_scales(row: Change, old: Document, new: Document) -> Change:
    """Levels of another scale are not the same levels, whatever is said of the indicator."""
    scales = {_steps_of(old, code) for code in row.before} | {_steps_of(new, code) for code in row.after}
    if row.comparable and len(scales) > 1:
        return Change("changed" if row.kind == "equal" else row.kind, row.before, row.after, False, row.note)
    return row


def _steps_of(document: Document, code: str) -> tuple[str, ...]:
    """The values of the levels of an indicator's scale."""
    return tuple(str(level.get("value", level["level"])) for level in _scale_of(document, code))


def _scale_of(document: Document, code: str) -> Sequence[Document]:
    wanted = indicators_of(document)[code].get("scale")
    own = next((row["levels"] for row in document.get("scales", []) if row["id"] == wanted), None)
    levels: Sequence[Document] = own or document["scale"]["levels"]
    return levels


def _between(old: Document, new: Document) -> tuple[Change, ...]:
    """Where nobody has said anything: equal when it reads the same, otherwise changed and not comparable."""
    rows = [
        row if row.kind == "equal" else Change(row.kind, row.before, row.after, False)
        for row in proposed_changes(old, new)
    ]
    return _in_order(rows, old, new)


def proposed_changes(old: Document, new: Document) -> tuple[Change, ...]:
    """What the codes and the texts suggest, for an author to confirm, in the order of the new version."""
    before, after = indicators_of(old), indicators_of(new)
    rows = [_same_code(code, old, new) for code in after if code in before]
    gone, fresh = [c for c in before if c not in after], [c for c in after if c not in before]
    for change in (*_families(gone, fresh), *_renamed(gone, fresh, old, new)):
        if set(change.before) <= set(gone) and set(change.after) <= set(fresh):
            rows.append(change)
            gone = [code for code in gone if code not in change.before]
            fresh = [code for code in fresh if code not in change.after]
    rows += [Change("new", (), (code,), False) for code in fresh]
    rows += [Change("gone", (code,), (), False) for code in gone]
    return _in_order((_held_to_scales(row, old, new) for row in rows), old, new)


def _same_code(code: str, old: Document, new: Document) -> Change:
    first, second = judged_by(old, code), judged_by(new, code)
    if first == second:
        return Change("equal", (code,), (code,), True)
    return Change("changed", (code,), (code,), _alike(first, second) >= ALIKE)


def judged_by(document: Document, code: str) -> tuple[str, ...]:
    """All that a person judges a level by: the question and the words of every level, of every scope."""
    own = _own_words(document, code)
    if indicators_of(document)[code].get("levels"):
        return own
    return (*own, *(level["meaning"] for level in _scale_of(document, code)))


def _own_words(document: Document, code: str) -> tuple[str, ...]:
    row = indicators_of(document)[code]
    levels = row.get("levels", {})
    texts = (str(row.get(field, "")) for field in JUDGED_BY)
    return (*texts, *(step["text"] for scope in sorted(levels) for step in levels[scope]))


def _alike(first: Iterable[str], second: Iterable[str]) -> float:
    """The part of the words that both have, 0–1."""
    return _overlap(_words(first), _words(second))


def _words(texts: Iterable[str]) -> Counter[str]:
    return Counter(" ".join(texts).lower().split())


def _overlap(left: Counter[str], right: Counter[str]) -> float:
    every = left.total() + right.total()
    return 2 * (left & right).total() / every if every else 1.0


def _renamed(gone: list[str], fresh: list[str], old: Document, new: Document) -> Iterator[Change]:
    """A code that went and one that came with nearly the same words, the closest first."""
    if len(gone) * len(fresh) > MOST_PAIRS:
        return
    texts = {code: _words(_own_words(old, code)) for code in gone}
    news = {code: _words(_own_words(new, code)) for code in fresh}
    pairs = [(_overlap(texts[was], news[now]), was, now) for was in gone for now in fresh]
    for likeness, was, now in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if likeness >= ALIKE:
            yield Change("changed", (was,), (now,), True)


def _families(gone: list[str], fresh: list[str]) -> Iterator[Change]:
    """GOV.1.1 that became GOV.1.1.1 and GOV.1.1.2, or GOV.1.1a and GOV.1.1b; and the same the other way round."""
    for was in gone:
        parts = tuple(code for code in fresh if code.startswith(was))
        if len(parts) > 1:
            yield Change("split", (was,), parts, False)
    for now in fresh:
        parts = tuple(code for code in gone if code.startswith(now))
        if len(parts) > 1:
            yield Change("merged", parts, (now,), False)


Node = tuple[int, str]


def _joined(steps: Sequence[Iterable[Change]]) -> list[Change]:
    """Changes over several versions as one: what hangs together is comparable when every link of it is."""
    links = [
        (change, [(number, c) for c in change.before] + [(number + 1, c) for c in change.after])
        for number, changes in enumerate(steps)
        for change in changes
    ]
    top = _tops(nodes for _change, nodes in links)
    nodes_of: dict[Node, list[Node]] = defaultdict(list)
    links_of: dict[Node, list[Change]] = defaultdict(list)
    for node in top:
        nodes_of[_top(top, node)].append(node)
    for change, nodes in links:
        links_of[_top(top, nodes[0])].append(change)
    ends = {
        where: ([c for n, c in nodes if n == 0], [c for n, c in nodes if n == len(steps)])
        for where, nodes in nodes_of.items()
    }
    return [_one_change(*ends[where], found) for where, found in links_of.items() if any(ends[where])]


def _tops(groups: Iterable[list[Node]]) -> dict[Node, Node]:
    """Each node with one above it; nodes of one group end at the same top."""
    top: dict[Node, Node] = {}
    for nodes in groups:
        for node in nodes:
            top.setdefault(node, node)
        for node in nodes[1:]:
            top[_top(top, node)] = _top(top, nodes[0])
    return top


def _top(top: Mapping[Node, Node], node: Node) -> Node:
    while top[node] != node:
        node = top[node]
    return node


def _one_change(before: list[str], after: list[str], links: list[Change]) -> Change:
    comparable = bool(before and after) and all(link.comparable for link in links)
    if not before or not after:
        kind = "gone" if before else "new"
    elif len(before) == len(after) == 1:
        kind = "equal" if all(link.kind == "equal" for link in links) else "changed"
    else:
        kind = "split" if len(before) == 1 else "merged" if len(after) == 1 else "changed"
    notes = [link.note for link in links if link.note]
    return Change(kind, tuple(before), tuple(after), comparable, notes[0] if notes else "")


def _in_order(rows: Iterable[Change], old: Document, new: Document) -> tuple[Change, ...]:
    after = {code: place for place, code in enumerate(indicators_of(new))}
    before = {code: place for place, code in enumerate(indicators_of(old))}

    def place(row: Change) -> tuple[int, int]:
        first = min((after[code] for code in row.after), default=len(after))
        return first, min((before[code] for code in row.before), default=0)

    return tuple(sorted(rows, key=place))


def indicators_of(document: Document) -> dict[str, Any]:
    """Indicators by code, in the document's order."""
    return {row["id"]: row for row in document["indicators"]}


def comparable_in(found: Comparison, old: Document, new: Document, scope: str) -> tuple[Change, ...]:
    """The comparable changes of which every indicator, on either side, is asked in `scope`."""
    before, after = _asked(old, scope), _asked(new, scope)
    return tuple(
        row
        for row in found.changes
        if row.comparable and set(row.before) <= before and set(row.after) <= after
    )


def _asked(document: Document, scope: str) -> set[str]:
    return {row["id"] for row in document["indicators"] if row["scope"] in (scope, "both")}


def share_of(found: Comparison, old: Document, new: Document, scope: Scope) -> Share:
    """How much of the new version one scope may compare. Raises `InputFaults` when it cannot be scored."""
    return weight_of(
        {code for row in comparable_in(found, old, new, scope) for code in row.after}, new, scope
    )


def weight_of(codes: Collection[str], new: Document, scope: Scope) -> Share:
    """How much of a version these indicators are in one scope. Raises `InputFaults` when it cannot be scored."""
    spec = parse_framework(new, scope=scope)
    weights = {indicator.code: indicator.weight for indicator in spec.indicators}
    whole = sum(weights.values(), Fraction())
    if not whole:
        return Share(len(codes), len(weights), Fraction(len(codes), len(weights) or 1))
    return Share(len(codes), len(weights), sum((weights[code] for code in codes), Fraction()) / whole)


def only_indicators(document: Document, codes: Iterable[str]) -> dict[str, Any]:
    """The same document with these indicators alone, and only the areas, dimensions and links that they need."""
    kept = set(codes)
    rows = [row for row in document["indicators"] if row["id"] in kept]
    areas = {row["area"] for row in rows}
    parts = [row for row in document["areas"] if row["id"] in areas]
    dimensions = {row["dimension"] for row in parts}
    links = [row for row in document.get("prerequisites", []) if {row["indicator"], row["requires"]} <= kept]
    return {
        **document,
        "dimensions": [row for row in document["dimensions"] if row["id"] in dimensions],
        "areas": parts,
        "indicators": rows,
        "prerequisites": links,
        "profiles": [_only_targets(row, kept) for row in document.get("profiles", [])],
    }


def _only_targets(profile: Document, kept: set[str]) -> dict[str, Any]:
    targets = profile["targets"]
    named = {code: level for code, level in targets.get("indicators", {}).items() if code in kept}
    return {**profile, "targets": {**targets, "indicators": named}}


def answers_over(changes: Iterable[Change], answers: Mapping[str, Any], new: Document) -> dict[str, Any]:
    """Old answers, as an answers file has them, under the codes of the new version.

    A split indicator gives its answer to each part. A merged one gets the lowest level of those that made it: it asks
    for all of them. "Does not apply" is left out where the new version asks everybody.
    """
    rows = indicators_of(new)
    found: dict[str, Any] = {}
    for change in changes:
        answer = _one_answer([answers.get(code) for code in change.before])
        for code in change.after:
            if answer and not ("not_applicable" in answer and rows[code]["key"]):
                found[code] = answer
    return found


def _one_answer(given: list[Any]) -> dict[str, Any] | None:
    if any(answer is None or answer.get("unanswered") for answer in given):
        return None
    asked = [answer for answer in given if "not_applicable" not in answer]
    if not asked:
        return dict(given[0]) if given else None
    unknown = next((answer for answer in asked if answer.get("unknown")), None)
    return dict(unknown or min(asked, key=lambda answer: (answer["level"], answer.get("evidence", "E0"))))
