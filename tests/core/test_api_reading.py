"""What the API reads: JSON that no two readers understand differently, versions, keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from rest_framework.exceptions import APIException

from apps.core.api_reading import LARGEST_VERSION, read_if_match, read_json, read_key
from apps.core.shapes import shape

BROKEN = {
    "repeated key": b'{"a": 1, "a": 2}',
    "repeated key inside": b'{"a": {"b": 1, "b": 2}}',
    "nan": b'{"a": NaN}',
    "infinity": b'{"a": -Infinity}',
    "endless float": b'{"a": 1e999}',
    "endless whole": b'{"a": ' + b"9" * 5000 + b"}",
    "deep": b'{"a":' * 30 + b"1" + b"}" * 30,
    "very deep": b'{"a":' + b"[" * 100_000,
    "surrogate": b'{"a": "\\ud800"}',
    "surrogate key": b'{"\\udfff": 1}',
    "nul": b'{"a": "\\u0000"}',
    "not utf-8": b'{"a": "\xff"}',
    "utf-16": '{"a": 1}'.encode("utf-16"),
    "a list": b"[1]",
    "a text": b'"a"',
    "nothing": b"",
    "two": b"{} {}",
    "comment": b"{} // no",
}


@pytest.mark.parametrize("what", BROKEN)
def test_broken_json_is_refused_in_words(what: str) -> None:
    with pytest.raises(APIException) as fault:
        read_json(BROKEN[what])
    assert fault.value.status_code == 400 and str(fault.value.detail).endswith(".")


def test_good_json_is_read_as_it_is() -> None:
    text = '{"a": [1, 2.5, null, true], "ب": {"c": "é😀"}}'
    assert read_json(text.encode()) == {"a": [1, 2.5, None, True], "ب": {"c": "é😀"}}


@pytest.mark.parametrize(
    ("header", "version"),
    [('"3"', 3), ('W/"3"', 3), (' "12" ', 12), ('"abc"', LARGEST_VERSION), ('"9999999999"', LARGEST_VERSION)],
)
def test_version_is_read_from_if_match(header: str, version: int) -> None:
    assert read_if_match(header) == version


@pytest.mark.parametrize(
    ("header", "status"), [(None, 428), ("*", 400), ("3", 400), ('"1", "2"', 400), ("", 400), ('"', 400)]
)
def test_a_change_names_one_version(header: str | None, status: int) -> None:
    with pytest.raises(APIException) as fault:
        read_if_match(header)
    assert fault.value.status_code == status


@pytest.mark.parametrize("header", [None, "", "short", "x" * 65, "with space", "ümlaut-key"])
def test_a_post_carries_a_key(header: str | None) -> None:
    with pytest.raises(APIException) as fault:
        read_key(header)
    assert fault.value.status_code == 400


@dataclass(frozen=True, slots=True)
class Row:
    """A row."""

    name: str
    level: int | None
    days: tuple[date, ...]

    @property
    def far(self) -> bool:
        return True


def test_shape_follows_the_types_of_the_row() -> None:
    made = shape("Row", Row, "level days far", title="name")
    assert made(Row("x", None, (date(2026, 1, 2),))).data == {
        "title": "x",
        "level": None,
        "days": ["2026-01-02"],
        "far": True,
    }
    with pytest.raises(TypeError):
        shape("Row", Row, title="gone")
