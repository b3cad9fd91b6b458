"""From a JSON document to a Problem: every fault is collected with its place, then told at once."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from apps.matching import problem as p
from apps.matching.faults import ProblemFaults

T = TypeVar("T")
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")
_KEYS = ("members", "mentors", "pairs", "locked", "excluded", "objective", "floors", "switching")


class _Object(dict[str, object]):
    """A JSON object that remembers keys written twice, which plain parsing would lose."""

    repeated: tuple[str, ...] = ()


def parse_problem(document: str | bytes | Mapping[str, object]) -> p.Problem:
    """Read and check one matching problem.

    Takes JSON text or the same document already decoded. Raises ProblemFaults with all faults.
    """
    decoded = load_json(document) if isinstance(document, str | bytes) else document
    return _Reader().problem(decoded)


def load_json(text: str | bytes) -> object:
    """Decode JSON with exact numbers; broken JSON raises ProblemFaults with line and column."""
    if len(text) > p.MAX_TEXT:
        raise ProblemFaults([f"document: larger than {p.MAX_TEXT:,} characters."])
    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        return json.loads(
            decoded,
            object_pairs_hook=_object,
            parse_float=_exact,
            parse_int=_whole,
            parse_constant=lambda _name: Decimal("NaN"),
        )
    except json.JSONDecodeError as fault:
        place = f"line {fault.lineno} column {fault.colno}"
        raise ProblemFaults([f"document: not JSON at {place}: {fault.msg}."]) from fault
    except UnicodeDecodeError as fault:
        raise ProblemFaults([f"document: not UTF-8 at byte {fault.start}."]) from fault
    except RecursionError as fault:
        raise ProblemFaults(["document: nested too deeply."]) from fault


def _object(items: list[tuple[str, object]]) -> _Object:
    made = _Object(items)
    if len(made) < len(items):
        written = Counter(key for key, _ in items)
        made.repeated = tuple(sorted(key for key, times in written.items() if times > 1))
    return made


def _exact(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")


def _whole(text: str) -> int | Decimal:
    # Python refuses very long whole numbers; as a Decimal they only fail our own range check.
    return int(text) if len(text) < 30 else _exact(text)


class _Reader:
    """Walks the document once and gathers faults; nothing is built while one remains."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def fault(self, place: str, sentence: str) -> None:
        self.faults.append(f"{place}: {sentence}")

    def problem(self, document: object) -> p.Problem:
        top = self.mapping(document, "document", _KEYS, required=("members", "mentors", "pairs", "objective"))
        members = self.unique(
            self.rows(top, "members", p.MAX_MEMBERS, self.member), "members", lambda m: m.id
        )
        mentors = self.unique(
            self.rows(top, "mentors", p.MAX_MENTORS, self.mentor), "mentors", lambda m: m.id
        )
        known = {m.id for _, m in members}, {m.id for _, m in mentors}
        pairs = self.unique(self.rows(top, "pairs", p.MAX_PAIRS, self.pair), "pairs", lambda r: r.link)
        for place, pair in pairs:
            self.known(pair.link, place, known)
        locked, excluded = (self.links(top, key, known) for key in ("locked", "excluded"))
        floors = self.unique(self.rows(top, "floors", p.MAX_FLOORS, self.floor), "floors", lambda f: f.group)
        made = p.Problem(
            members=tuple(m for _, m in members),
            mentors=tuple(m for _, m in mentors),
            pairs=tuple(r for _, r in pairs),
            objective=self.objective(top.get("objective")),
            locked=frozenset(k for _, k in locked),
            excluded=frozenset(k for _, k in excluded),
            floors=tuple(f for _, f in floors),
            switching=self.switching(top.get("switching"), known),
        )
        self.together(made, pairs, locked, floors)
        if self.faults:
            raise ProblemFaults(self.faults)
        return made

    # Rules that need more than one part of the document.

    def together(
        self,
        made: p.Problem,
        pairs: Sequence[tuple[str, p.Pair]],
        locked: Sequence[tuple[str, p.Link]],
        floors: Sequence[tuple[str, p.Floor]],
    ) -> None:
        if made.objective is p.Objective.LEXIMIN:
            for place, pair in pairs:
                if pair.score < 0:
                    self.fault(f"{place}.score", "must not be negative for leximin-then-total.")
        for place, link in locked:
            # One text for both: the words must not tell an excluded pair from one that never was.
            if made.eligible_pair(link) is None:
                self.fault(place, "this pair is not eligible, so it cannot be locked.")
        self.locks_fit(made)
        groups = {group for member in made.members for group in member.groups}
        for place, floor in floors:
            if floor.group not in groups:
                self.fault(f"{place}.group", "no member belongs to this group.")

    def locks_fit(self, made: p.Problem) -> None:
        pairs = [pair for link in made.locked if (pair := made.eligible_pair(link)) is not None]
        places = Counter(pair.member for pair in pairs)
        units: Counter[str] = Counter()
        for pair in pairs:
            units[pair.mentor] += pair.cost
        for row, member in enumerate(made.members):
            if places[member.id] > member.demand:
                self.fault(f"members[{row}].demand", "more pairs are locked than places wanted.")
        for row, mentor in enumerate(made.mentors):
            if units[mentor.id] > mentor.capacity:
                self.fault(f"mentors[{row}].capacity", "the locked pairs need more than this capacity.")

    # One row each.

    def member(self, value: object, place: str) -> p.Member | None:
        row = self.mapping(value, place, ("id", "demand", "priority", "groups"), required=("id",))
        groups = self.listed(row.get("groups", []), f"{place}.groups", p.MAX_GROUPS)
        names = [self.text(name, f"{place}.groups[{i}]") for i, name in enumerate(groups)]
        made = (
            self.text(row.get("id"), f"{place}.id"),
            self.integer(row.get("demand", 1), f"{place}.demand", 1, p.MAX_DEMAND),
            self.integer(row.get("priority", 0), f"{place}.priority", 0, p.MAX_PRIORITY),
        )
        return p.Member(*made, frozenset(names)) if made[0] else None

    def mentor(self, value: object, place: str) -> p.Mentor | None:
        row = self.mapping(value, place, ("id", "capacity", "minimum"), required=("id",))
        name = self.text(row.get("id"), f"{place}.id")
        capacity = self.integer(row.get("capacity", 1), f"{place}.capacity", 0, p.MAX_CAPACITY)
        minimum = self.integer(row.get("minimum", 0), f"{place}.minimum", 0, p.MAX_CAPACITY)
        if minimum > capacity:
            self.fault(f"{place}.minimum", "must not be above the capacity.")
        return p.Mentor(name, capacity, minimum) if name else None

    def pair(self, value: object, place: str) -> p.Pair | None:
        row = self.mapping(
            value, place, ("member", "mentor", "score", "cost"), required=("member", "mentor", "score")
        )
        link = self.link_of(row, place)
        score = self.decimal(row["score"], f"{place}.score", -p.MAX_SCORE) if "score" in row else Decimal()
        cost = self.integer(row.get("cost", 1), f"{place}.cost", 1, p.MAX_CAPACITY)
        return p.Pair(link.member, link.mentor, score, cost) if link else None

    def floor(self, value: object, place: str) -> p.Floor | None:
        row = self.mapping(value, place, ("group", "minimum"), required=("group", "minimum"))
        group = self.text(row.get("group"), f"{place}.group")
        minimum = self.integer(row.get("minimum", 0), f"{place}.minimum", 0, p.MAX_MEMBERS * p.MAX_DEMAND)
        return p.Floor(group, minimum) if group else None

    def link(self, value: object, place: str) -> p.Link | None:
        return self.link_of(
            self.mapping(value, place, ("member", "mentor"), required=("member", "mentor")), place
        )

    def link_of(self, row: Mapping[str, object], place: str) -> p.Link | None:
        if "member" not in row or "mentor" not in row:
            return None
        ends = self.text(row["member"], f"{place}.member"), self.text(row["mentor"], f"{place}.mentor")
        return p.Link(*ends) if all(ends) else None

    def links(
        self, row: Mapping[str, object], key: str, known: tuple[set[str], set[str]], at: str = ""
    ) -> list[tuple[str, p.Link]]:
        found = self.unique(self.rows(row, key, p.MAX_PAIRS, self.link, at), f"{at}{key}", lambda k: k)
        for place, link in found:
            self.known(link, place, known)
        return found

    def switching(self, value: object, known: tuple[set[str], set[str]]) -> p.Switching | None:
        if value is None:
            return None
        row = self.mapping(value, "switching", ("current", "penalty"), required=("current", "penalty"))
        # A current pair need not be eligible any more, so only its two ends must be known.
        current = self.links(row, "current", known, at="switching.")
        penalty = self.decimal(row.get("penalty", 0), "switching.penalty", 0)
        return p.Switching(frozenset(link for _, link in current), penalty)

    def objective(self, value: object) -> p.Objective:
        if isinstance(value, str) and value in set(p.Objective):
            return p.Objective(value)
        if value is not None:
            self.fault("objective", f"must be one of {', '.join(p.Objective)}.")
        return p.Objective.MAX_TOTAL

    # The grain: shapes, words and numbers.

    def mapping(
        self, value: object, place: str, allowed: Collection[str], required: Collection[str]
    ) -> Mapping[str, object]:
        if not isinstance(value, Mapping):
            self.fault(place, "must be an object.")
            return {}
        for key in getattr(value, "repeated", ()):
            self.fault(place, f"the key {_shown(key)} is written twice.")
        for key in value:
            if key not in allowed:
                self.fault(place, f"unknown key {_shown(key)}.")
        for key in required:
            if key not in value:
                self.fault(place, f"the key {_shown(key)} is missing.")
        return value

    def listed(self, value: object, place: str, limit: int) -> Sequence[object]:
        if not isinstance(value, list | tuple):
            self.fault(place, "must be a list.")
            return []
        if len(value) > limit:
            self.fault(place, f"has {len(value):,} entries, at most {limit:,} are allowed.")
            return []
        return value

    def rows(
        self,
        source: Mapping[str, object],
        key: str,
        limit: int,
        read: Callable[[object, str], T | None],
        at: str = "",
    ) -> list[tuple[str, T]]:
        place = f"{at}{key}"
        entries = self.listed(source.get(key, []), place, limit)
        read_rows = ((f"{place}[{i}]", read(entry, f"{place}[{i}]")) for i, entry in enumerate(entries))
        return [(where, row) for where, row in read_rows if row is not None]

    def unique(self, rows: list[tuple[str, T]], name: str, key: Callable[[T], object]) -> list[tuple[str, T]]:
        first: dict[object, str] = {}
        for place, row in rows:
            if first.setdefault(key(row), place) != place:
                self.fault(place, f"repeats {first[key(row)]}; entries of {name} must differ.")
        return rows

    def known(self, link: p.Link, place: str, known: tuple[set[str], set[str]]) -> None:
        if link.member not in known[0]:
            self.fault(f"{place}.member", f"no member has the id {_shown(link.member)}.")
        if link.mentor not in known[1]:
            self.fault(f"{place}.mentor", f"no mentor has the id {_shown(link.mentor)}.")

    def text(self, value: object, place: str) -> str:
        if isinstance(value, str) and 0 < len(value) <= p.MAX_ID and value.isprintable():
            return value
        self.fault(place, f"must be text of 1 to {p.MAX_ID} printable characters.")
        return ""

    def integer(self, value: object, place: str, low: int, high: int) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self.fault(place, f"must be a whole number from {low:,} to {high:,}.")
        return low

    def decimal(self, value: object, place: str, low: int) -> Decimal:
        number = _decimal(value)
        if number is None or not number.is_finite() or not low <= number <= p.MAX_SCORE:
            self.fault(place, f"must be an exact decimal from {low:,} to {p.MAX_SCORE:,}.")
            return Decimal()
        if number != round(number, p.MAX_DECIMALS):
            self.fault(place, f"must have at most {p.MAX_DECIMALS} decimals.")
            return Decimal()
        return number


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return Decimal(value) if _NUMBER.fullmatch(value) else None
    if isinstance(value, float):
        return Decimal(repr(value))
    return Decimal(value) if isinstance(value, int | Decimal) else None


def _shown(text: object) -> str:
    return json.dumps(str(text)[:40], ensure_ascii=False)
