"""Questions from GIFT and Aiken: what is taken, what is changed, what is refused, each with its line; and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from apps.marking import faults_of
from apps.marking.exchange import (
    Decision,
    NotReadable,
    Reading,
    drafts_of,
    read_aiken,
    read_gift,
    rows_of,
    write_aiken,
    write_gift,
)

OURS = sorted((settings.CONTENT_DIR / "courses").glob("*/questions/*.yaml"))


def one(text: str) -> Any:
    reading = read_gift(text.encode())
    assert len(reading.drafts) == 1, reading.lines
    return reading.drafts[0]


@pytest.mark.parametrize(
    ("text", "kind", "body"),
    [
        ("::Q1:: Is it so? {T#No.#Yes.}", "truefalse", {"options": [{"id": "a", "text": "True", "correct": True, "feedback": "Yes."}, {"id": "b", "text": "False", "correct": False, "feedback": "No."}]}),
        ("Two\\: and \\{more\\}? {=right#yes ~wrong#no ~other\\=x#no}", "single", {"options": [{"id": "a", "text": "right", "correct": True, "feedback": "yes"}, {"id": "b", "text": "wrong", "correct": False, "feedback": "no"}, {"id": "c", "text": "other=x", "correct": False, "feedback": "no"}]}),
        ("Which? {~%50%a#x ~%50%b#y ~%-100%c#z}", "multiple", {"options": [{"id": "a", "text": "a", "correct": True, "feedback": "x"}, {"id": "b", "text": "b", "correct": True, "feedback": "y"}, {"id": "c", "text": "c", "correct": False, "feedback": "z"}]}),
        ("Name it {=TLP\\:RED =%50%red####All of it.}", "short", {"answers": [{"text": "TLP:RED"}, {"text": "red", "share": 50}], "explanation": "All of it."}),
        ("Match {=Dog -> Bark =Cat -> Mew = -> Moo}", "matching", {"pairs": [{"id": "a", "left": "Dog", "right": "Bark"}, {"id": "b", "left": "Cat", "right": "Mew"}], "extra": ["Moo"], "explanation": ""}),
        ("How many? {#12}", "numeric", {"answers": [{"value": 12}], "explanation": ""}),
        ("How many? {#1..5}", "numeric", {"answers": [{"value": 3, "tolerance": 2}], "explanation": ""}),
        ("Pi? {#=3.14:0.005 =%50%3:0.2}", "numeric", {"answers": [{"value": 3.14, "tolerance": 0.005}, {"value": 3, "tolerance": 0.2, "share": 50}], "explanation": ""}),
    ],
)  # fmt: skip
def test_gift_is_read_as_its_kind(text: str, kind: str, body: dict[str, Any]) -> None:
    draft = one(text)
    assert (draft.kind, draft.body) == (kind, body)


def test_a_missing_word_stands_in_the_middle_of_the_sentence() -> None:
    assert (
        one("Moodle costs {~lots#no =nothing#yes ~little#no} to download.").text
        == "Moodle costs _____ to download."
    )


def test_comments_carry_ids_and_tags_and_categories_hold_until_the_next() -> None:
    reading = read_gift(
        b"$CATEGORY: a/b\n\n// [id:X 1] [tag:one] [tag:two]\n::N:: T? {T}\n\nU? {F}\n\n$CATEGORY: c\nV? {T}\n"
    )
    assert [draft.category for draft in reading.drafts] == ["a/b", "a/b", "c"]
    assert (reading.drafts[0].idnumber, reading.drafts[0].tags, reading.drafts[0].line) == (
        "X 1",
        ("one", "two"),
        3,
    )


@pytest.mark.parametrize(
    ("text", "number", "said"),
    [
        ("T? {=a#x ~b#y}\n\n\nCut off {=a ~b", 4, "closing brace is missing"),
        ("Only words.", 1, "text without a question"),
        ("Which? {~a ~b}", 1, "Some options must be right"),
        ("Which? {~%40%a ~%40%b}", 1, "Some options must be right"),
        ("N? {#abc}", 1, "is not a number"),
        ("N? {#nan}", 1, "is not a number"),
        ("M? {=a -> b}", 1, "whole pairs"),
        ("S? {=%0%a}", 1, "No answer earns points"),
        ("S? {words}", 1, "of no kind that GIFT has"),
        ("S? {" + "~x" * 9 + "=y}", 1, "this one has 10"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_line(text: str, number: int, said: str) -> None:
    refused = [line for line in read_gift(text.encode()).lines if line.decision is Decision.REFUSED]
    assert [line.number for line in refused] == [number]
    assert said in refused[0].reasons[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("W? {~%50%a#x ~%30%b#y ~%-100%c#z}", "sum to 80, not to 100"),
        ("W? {~%70%a#x ~%30%b#y ~%-100%c#z}", "different weights"),
        ("W? {=a#x =b#y ~c#z}", "several answers"),
        ("W? {=a#x ~%50%b#y ~c#z}", "a part of the points"),
        ("W? {=a ~b#y ~c#z}", "no feedback"),
        ("E? {}", "needs a rubric"),
        ("[html]<p>Is it <b>so</b>?</p> {=a#x ~b#y ~c#z}", "Formatting and pictures"),
        ("N? {#3:2~#Completely wrong}", "wrong numbers"),
    ],
)
def test_what_is_changed_is_said(text: str, said: str) -> None:
    reading = read_gift(text.encode())
    assert reading.lines[0].decision is Decision.CHANGED
    assert any(said in reason for reason in reading.lines[0].reasons)


def test_words_of_html_are_kept_and_nothing_else() -> None:
    draft = one(
        '[html]<p onclick\\="x()">Is <b>it</b> so?<br><img src\\="a.png" alt\\="A door"></p> {=a &amp; b#x ~b#y}'
    )
    assert (draft.text, draft.body["options"][0]["text"]) == ("Is it so? A door", "a & b")


def test_windows_1252_is_read_and_said() -> None:
    reading = read_gift("Où est l’été ? {T}".encode("windows-1252"))
    assert reading.encoding == "windows-1252" and "windows-1252" in reading.notes[0]
    assert reading.drafts[0].text == "Où est l’été ?"


@pytest.mark.parametrize("raw", [b"a\x00b", b"\x81\x8d\xff", b"x" * 5_000_001])
def test_what_is_no_text_is_refused_whole(raw: bytes) -> None:
    with pytest.raises(NotReadable):
        read_gift(raw)


@given(st.text(alphabet="=~#{}%:->\\T/ \nab1.[]$", max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    for reader in (read_gift, read_aiken):
        reading: Reading = reader(text.encode())
        assert len(reading.drafts) <= len(reading.lines)


@pytest.mark.parametrize("path", OURS, ids=lambda path: f"{path.parts[-3][:3]}{path.stem}")
def test_our_questions_come_back_the_same(path: Path) -> None:
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    text, left = write_gift(drafts_of(rows))
    assert {line.name for line in left} == {row["id"] for row in rows if row["kind"] in ("ordering", "fill")}
    reading = read_gift(text.encode())
    assert all(line.decision is Decision.TAKEN for line in reading.lines), reading.lines
    prefix = rows[0]["id"].rpartition(".")[0]
    kept = [row for row in rows if row["kind"] not in ("ordering", "fill")]
    back = rows_of(reading.drafts, prefix, "")
    assert [_shape(row) for row in back] == [_shape(row) for row in kept]
    assert not [fault for row in back for fault in faults_of(row)]


def _shape(row: dict[str, Any]) -> dict[str, Any]:
    """What has to survive: all but the number in the id, the unit, a word's spaces, and the words for true and false."""
    tidy = {key: value for key, value in row.items() if key not in ("id", "unit")}
    if row["kind"] == "truefalse":
        tidy["options"] = [{**option, "text": ""} for option in row["options"]]
    if row["kind"] == "numeric":
        tidy["answers"] = [{"tolerance": 0, **one} for one in row["answers"]]
    return _spaced(tidy)


def _spaced(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _spaced(held) for key, held in value.items()}
    if isinstance(value, list):
        return [_spaced(held) for held in value]
    return " ".join(value.split()) if isinstance(value, str) else value


def test_aiken_is_read_written_and_read_again() -> None:
    text = b"What is it?\nA. This\nB) That\nC. Other\nANSWER: B\n\nBroken?\nA. x\nnoise\n\nCut?\nA. a\nB. b\n"
    reading = read_aiken(text)
    assert [(line.number, line.decision) for line in reading.lines][:2] == [
        (1, Decision.CHANGED),
        (7, Decision.REFUSED),
    ]
    assert "ANSWER: is missing" in reading.lines[-1].reasons[0]
    written, left = write_aiken(reading.drafts)
    assert not left and read_aiken(written.encode()).drafts[0].body == reading.drafts[0].body
    assert write_aiken(
        drafts_of(
            [
                {
                    "id": "C1.m1.test.q1",
                    "objective": "C1.O1",
                    "kind": "numeric",
                    "text": "?",
                    "critical": False,
                    "answers": [{"value": 1}],
                }
            ]
        )
    )[1]
