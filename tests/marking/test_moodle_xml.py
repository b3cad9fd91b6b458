"""Questions from Moodle XML and back: every kind of ours survives; what Moodle has and we have not is named."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from apps.marking import faults_of
from apps.marking.exchange import Decision, NotReadable, drafts_of, read_moodle_xml, rows_of, write_moodle_xml
from tests.marking.test_exchange import OURS, _shape

HEAD = "<?xml version='1.0' encoding='UTF-8'?>\n<quiz>\n"


def read(questions: str) -> list[tuple[int, str, str]]:
    reading = read_moodle_xml(f"{HEAD}{questions}\n</quiz>".encode())
    return [(line.number, line.decision.value, " ".join(line.reasons)) for line in reading.lines]


def asked(kind: str, inside: str, text: str = "Which?") -> str:
    return f"<question type='{kind}'><name><text>N</text></name><questiontext format='html'><text>{text}</text></questiontext>{inside}</question>"


def answers(*rows: tuple[str, str]) -> str:
    return "".join(
        f"<answer fraction='{share}'><text>{text}</text><feedback><text>F {text}</text></feedback></answer>"
        for text, share in rows
    )


@pytest.mark.parametrize("path", OURS, ids=lambda path: f"{path.parts[-3][:3]}{path.stem}")
def test_our_questions_come_back_the_same(path: Path) -> None:
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    text, left = write_moodle_xml(drafts_of(rows))
    reading = read_moodle_xml(text.encode())
    assert left == [] and {line.decision for line in reading.lines} == {Decision.TAKEN}, reading.lines
    back = rows_of(reading.drafts, rows[0]["id"].rpartition(".")[0], "")
    assert [_shape(row) for row in back] == [_shape(row) for row in rows]
    assert [draft.idnumber for draft in reading.drafts] == [row["id"] for row in rows]
    assert not [fault for row in back for fault in faults_of(row)]
    assert write_moodle_xml(reading.drafts)[0] == text


def test_categories_numbers_of_lines_and_html() -> None:
    raw = (
        HEAD
        + "<question type='category'><category><text>$course$/A</text></category></question>\n"
        + asked(
            "multichoice",
            "<single>true</single>" + answers(("right", "100"), ("wrong", "0")),
            "&lt;p&gt;Is &lt;b&gt;it&lt;/b&gt;?&lt;/p&gt;",
        )
        + "</quiz>"
    )
    reading = read_moodle_xml(raw.encode())
    draft = reading.drafts[0]
    assert (draft.category, draft.text, draft.line, draft.kind) == ("$course$/A", "Is it?", 4, "single")
    assert "Formatting" in reading.lines[0].reasons[0]


@pytest.mark.parametrize(
    ("question", "decision", "said"),
    [
        (asked("cloze", ""), "refused", "kind “cloze”"),
        (asked("calculated", ""), "refused", "kind “calculated”"),
        (asked("description", ""), "refused", "kind “description”"),
        (asked("multichoice", answers(("a", "0"), ("b", "0"))), "refused", "Some options must be right"),
        (asked("multichoice", answers(("a", "much"), ("b", "0"))), "refused", "“much” is not a number"),
        (asked("multichoice", "<single>false</single>" + answers(("a", "50"), ("b", "40"), ("c", "-50"))), "changed", "sum to 90"),
        (asked("numerical", answers(("NaN", "100"))), "refused", "not a number"),
        (asked("shortanswer", "<usecase>1</usecase>" + answers(("a", "100"))), "changed", "Capitals counted"),
        (asked("matching", "<subquestion><text>a</text><answer><text>b</text></answer></subquestion>"), "refused", "whole pairs"),
        (asked("ordering", answers(("a", "1"), ("b", "2"))), "refused", "three to eight lines"),
        (asked("gapselect", "<selectoption><text>a</text></selectoption>", "A [[7]]."), "refused", "six gaps"),
        (asked("truefalse", answers(("yes", "100"), ("no", "0"))), "refused", "“true” and “false”"),
        (asked("essay", ""), "changed", "needs a rubric"),
        (asked("shortanswer", answers(("a", "100")) + "<questiontext><file name='a.svg' encoding='base64'>AAAA</file></questiontext>"), "changed", "Files inside"),
        (asked("shortanswer", answers(("a", "100")), " "), "refused", "no text"),
    ],
)  # fmt: skip
def test_what_becomes_of_a_question_is_said(question: str, decision: str, said: str) -> None:
    ((number, found, reasons),) = read(question)
    assert (number, found) == (3, decision)
    assert said in reasons


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"<quiz><question type='essay'>", "not whole XML"),
        (b"<!DOCTYPE quiz [<!ENTITY a 'b'>]><quiz/>", "document type"),
        (b"<html/>", "not of Moodle"),
        (b"", "not whole XML"),
        (b"x" * 5_000_001, "5 MB"),
        (b"<quiz>" + b"<question type='x'/>" * 5_001 + b"</quiz>", "more than 5,000"),
        (b"<a>" * 400 + b"</a>" * 400, "not whole XML"),
    ],
)
def test_a_file_that_is_none_is_refused_whole(raw: bytes, said: str) -> None:
    with pytest.raises(NotReadable, match=said):
        read_moodle_xml(raw)
