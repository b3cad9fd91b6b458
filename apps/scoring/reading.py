"""From text to plain data: YAML or JSON, read strictly, so that no file can surprise or exhaust the site."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Hashable
from typing import Any

import yaml

from apps.scoring.faults import FaultList, InputFaults, shown

LARGEST_TEXT = 5_000_000
DEEPEST_NESTING = 30
MOST_YAML_EVENTS = 200_000
MOST_JSON_VALUES = 200_000
LONGEST_NUMBER = 18
_SURROGATE = re.compile("[\ud800-\udfff]")

# libyaml reads five megabytes in seconds where the plain reader needs minutes.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_document(text: str, *, name: str) -> object:
    """Return the one YAML or JSON document in `text`, of at most 5 MB.

    YAML is read as JSON would be: only `true`, `false`, `null` and decimal numbers are special, so `on`
    and `no` are words and dates stay text. Raises `InputFaults`, each beginning with `name`, for broken
    text, repeated keys, keys that are not text, anchors, aliases, tags, NaN and endless numbers.
    """
    faults = FaultList()
    if len(text) > LARGEST_TEXT or len(text.encode("utf-8", "replace")) > LARGEST_TEXT:
        raise InputFaults([f"{name}: larger than {LARGEST_TEXT // 1_000_000} MB"])
    if _SURROGATE.search(text):
        raise InputFaults([f"{name}: not valid Unicode text"])
    text = text.removeprefix("\ufeff")
    read = _read_json if _looks_like_json(text) else _read_yaml
    document = read(text, name, faults)
    faults.raise_if_any()
    _refuse_broken_values(document, name)
    return document


def _looks_like_json(text: str) -> bool:
    """A YAML flow mapping may begin the same way, but its keys are seldom quoted."""
    return re.match(r"\s*[{\[]\s*([\"{\[}\]]|\Z)", text) is not None


def _read_json(text: str, name: str, faults: FaultList) -> object:
    # A comma stands between two values, seldom inside a text: a count that errs on the safe side and costs nothing.
    if text.count(",") > MOST_JSON_VALUES:
        raise InputFaults([f"{name}: more than {MOST_JSON_VALUES} values"])

    def whole(digits: str) -> int:
        return _whole(digits, name, faults)

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            times = Counter(key for key, _ in pairs)
            for key in (key for key, number in times.items() if number > 1):
                faults.add(name, f"the key {shown(key)} appears twice in one object")
        return found

    def refuse(constant: str) -> None:
        faults.add(name, f"{constant} is not a number that can be scored")

    try:
        return json.loads(
            text, object_pairs_hook=unique, parse_constant=refuse, parse_int=whole, parse_float=_Text
        )
    except json.JSONDecodeError as error:
        place = f"{name} line {error.lineno} column {error.colno}"
        raise InputFaults([f"{place}: not valid JSON ({error.msg})"]) from error
    except RecursionError as error:
        raise InputFaults([_too_deep(name)]) from error


class _Text(str):
    """A number with a fraction, kept as written until someone who knows its meaning reads it exactly."""


def _whole(digits: str, name: str, faults: FaultList) -> int:
    if len(digits) <= LONGEST_NUMBER:
        return int(digits)
    faults.add(name, f"{digits[:LONGEST_NUMBER]}… has more than {LONGEST_NUMBER} digits")
    return 0


def _read_yaml(text: str, name: str, faults: FaultList) -> object:
    try:
        _refuse_bombs(text, name)
        loader = _StrictLoader(text)
        loader.name_in_faults, loader.faults = name, faults
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        place = _place(name, error.problem_mark or error.context_mark)
        raise InputFaults([f"{place}: not valid YAML ({error.problem or error.context})"]) from error
    except yaml.YAMLError as error:
        raise InputFaults([f"{name}: not valid YAML (a character that is not allowed)"]) from error


def _refuse_bombs(text: str, name: str) -> None:
    """Walk the events first: nothing is built before anchors, aliases, tags and depth are known to be fine."""
    depth = 0
    for number, event in enumerate(yaml.parse(text, Loader=_Loader)):
        place = _place(name, event.start_mark)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise InputFaults(
                [f"{place}: anchors and aliases (& and *) are not allowed; write the text again"]
            )
        if getattr(event, "tag", None):
            raise InputFaults([f"{place}: tags (!) are not allowed"])
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST_NESTING:
            raise InputFaults([_too_deep(place)])
        if number > MOST_YAML_EVENTS:
            raise InputFaults([f"{place}: more than {MOST_YAML_EVENTS} names, values and brackets so far"])


def _place(name: str, mark: Any) -> str:
    return f"{name} line {mark.line + 1} column {mark.column + 1}" if mark else name


class _StrictLoader(_Loader):
    """A safe loader that knows only JSON's kinds of value and refuses repeated keys."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    name_in_faults: str
    faults: FaultList

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        found: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            place = _place(self.name_in_faults, key_node.start_mark)
            if key is None or key_node.tag != "tag:yaml.org,2002:str":
                self.faults.add(place, "a key must be text; write numbers, true, false and null in quotes")
            elif key in found:
                self.faults.add(place, f"the key {shown(key)} appears twice")
            else:
                found[key] = self.construct_object(value_node, deep=True)
        return found

    def construct_map(self, node: yaml.MappingNode) -> dict[Hashable, Any]:
        return self.construct_mapping(node, deep=True)

    def construct_whole(self, node: yaml.ScalarNode) -> int:
        return _whole(node.value, _place(self.name_in_faults, node.start_mark), self.faults)

    def construct_fraction(self, node: yaml.ScalarNode) -> object:
        if node.value.lstrip("+-")[:1] == ".":
            place = _place(self.name_in_faults, node.start_mark)
            self.faults.add(place, f"{node.value} is not a number that can be scored")
        return _Text(node.value)


for _kind, _pattern, _first in (
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("bool", r"^(?:true|false)$", ["t", "f"]),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", list("-0123456789")),
    (
        "float",
        r"^(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$",
        list("-+.0123456789"),
    ),
):
    _StrictLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(_pattern), _first)
_StrictLoader.add_constructor("tag:yaml.org,2002:map", _StrictLoader.construct_map)
_StrictLoader.add_constructor("tag:yaml.org,2002:int", _StrictLoader.construct_whole)
_StrictLoader.add_constructor("tag:yaml.org,2002:float", _StrictLoader.construct_fraction)


def _refuse_broken_values(document: object, name: str) -> None:
    """Escapes such as "\\ud800" can spell half a character, which no file or database can hold."""
    waiting: list[tuple[Any, int]] = [((document,), 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEEPEST_NESTING:
            raise InputFaults([_too_deep(name)])
        keys, inside = (value, value.values()) if isinstance(value, dict) else ((), value)
        for each in (*keys, *inside):
            if isinstance(each, dict | list):
                waiting.append((each, depth + 1))
            elif isinstance(each, str) and not each.isascii() and _SURROGATE.search(each):
                raise InputFaults([f"{name}: an escape such as \\ud800 is not a whole character"])


def _too_deep(place: str) -> str:
    return f"{place}: nested deeper than {DEEPEST_NESTING}"
