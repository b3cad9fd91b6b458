"""The run-time interface of packages, element by element, in a real browser and without any site."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

STATIC = Path(__file__).resolve().parents[2] / "static" / "packages"
FIXED = {
    "scorm12": {
        "cmi.core.student_id": "a1", "cmi.core.student_name": "Learner", "cmi.core.credit": "credit", "cmi.core.entry": "ab-initio",
        "cmi.core.total_time": "0000:00:00", "cmi.core.lesson_mode": "normal", "cmi.launch_data": "", "cmi.comments_from_lms": "",
        "cmi.student_data.mastery_score": "80", "cmi.student_data.max_time_allowed": "", "cmi.student_data.time_limit_action": "",
    },
    "scorm2004": {
        "cmi.learner_id": "a1", "cmi.learner_name": "Learner", "cmi.credit": "credit", "cmi.entry": "", "cmi.mode": "normal",
        "cmi.total_time": "PT0H0M0S", "cmi.launch_data": "", "cmi.scaled_passing_score": "0.7",
    },
}  # fmt: skip


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    made = context.new_page()
    source = (STATIC / "api.js").read_text().replace("export ", "")
    made.set_content("<!DOCTYPE html><title>x</title>")
    made.evaluate(
        f"() => {{ {source}; window.Runtime = Runtime; window.model = {(STATIC / 'model.json').read_text()}; }}"
    )
    yield made
    context.close()


def play(
    page: Page, kind: str, calls: list[tuple[str, ...]], stored: dict[str, str] | None = None, **fixed: str
) -> list[Any]:
    """(answer, error) of each call, in order."""
    given = json.dumps([kind, calls, stored or {}, {**FIXED[kind], **fixed}])
    return list(
        page.evaluate(
            """(given) => {
              const [kind, calls, stored, fixed] = JSON.parse(given);
              window.told = [];
              const { face } = new Runtime(kind, model, stored, fixed, (report) => told.push(JSON.parse(JSON.stringify(report))));
              const last = face.LMSGetLastError ?? face.GetLastError;
              return calls.map(([name, ...rest]) => [face[name](...rest), last()]);
            }""",
            given,
        )
    )


def asked(page: Page, kind: str, calls: list[tuple[str, ...]], **more: Any) -> list[Any]:
    begin = "LMSInitialize" if kind == "scorm12" else "Initialize"
    return play(page, kind, [(begin, ""), *calls], **more)[1:]


GET, SET = "LMSGetValue", "LMSSetValue"


@pytest.mark.parametrize(
    ("call", "answer", "error"),
    [
        ((GET, "cmi.core.student_name"), "Learner", "0"),
        ((GET, "cmi._version"), "3.4", "0"),
        ((GET, "cmi.core._children"), "student_id,student_name,lesson_location,credit,lesson_status,entry,score,total_time,lesson_mode,exit,session_time", "0"),
        ((GET, "cmi.core.score._children"), "raw,min,max", "0"),
        ((GET, "cmi.core.lesson_status"), "not attempted", "0"),
        ((GET, "cmi.core.lesson_location"), "", "0"),
        ((GET, "cmi.interactions._count"), "0", "0"),
        ((GET, ""), "", "201"),
        ((GET, "cmi.made.up"), "", "201"),
        ((GET, "made.up"), "", "401"),
        ((GET, "cmi.core.lesson_status._children"), "", "202"),
        ((GET, "cmi.core.lesson_status._count"), "", "203"),
        ((GET, "cmi.core.exit"), "", "404"),
        ((GET, "cmi.interactions.0.id"), "", "404"),
        ((GET, "cmi.objectives.0.id"), "", "201"),
        ((SET, "cmi.core.student_name", "x"), "false", "403"),
        ((SET, "cmi.core._children", "x"), "false", "402"),
        ((SET, "cmi.core.lesson_status", "not attempted"), "false", "405"),
        ((SET, "cmi.core.score.raw", "100"), "true", "0"),
        ((SET, "cmi.core.score.raw", "100.1"), "false", "405"),
        ((SET, "cmi.core.score.raw", "-1"), "false", "405"),
        ((SET, "cmi.core.lesson_location", "x" * 255), "true", "0"),
        ((SET, "cmi.core.lesson_location", "x" * 256), "false", "405"),
        ((SET, "cmi.suspend_data", "x" * 64_000), "true", "0"),
        ((SET, "cmi.suspend_data", "x" * 64_001), "false", "405"),
        ((SET, "cmi.core.session_time", "0001:02:03.45"), "true", "0"),
        ((SET, "cmi.core.session_time", "1:2:3"), "false", "405"),
        ((SET, "cmi.core.exit", ""), "true", "0"),
        ((SET, "cmi.core.exit", "normal"), "false", "405"),
        ((SET, "cmi.objectives.1.id", "x"), "false", "201"),
        ((SET, "cmi.objectives.0.id", "x"), "true", "0"),
        ((SET, "cmi.objectives.0.id", "two words"), "false", "405"),
        ((SET, "cmi.student_preference.audio", "-2"), "false", "405"),
        (("LMSInitialize", ""), "false", "101"),
        (("LMSInitialize", "x"), "false", "201"),
        (("LMSCommit", "x"), "false", "201"),
        (("LMSGetErrorString", "403"), "Element is read only", "0"),
    ],
)  # fmt: skip
def test_each_element_of_the_first_standard_answers_by_its_table(
    page: Page, call: tuple[str, ...], answer: str, error: str
) -> None:
    assert asked(page, "scorm12", [call]) == [[answer, error]]


def test_before_the_beginning_and_after_the_end_nothing_is_answered(page: Page) -> None:
    calls = [(GET, "cmi.core.entry"), (SET, "cmi.core.exit", ""), ("LMSCommit", ""), ("LMSFinish", "")]
    assert play(page, "scorm12", calls) == [["", "301"], ["false", "301"], ["false", "301"], ["false", "301"]]
    assert asked(page, "scorm12", [("LMSFinish", ""), *calls])[1:] == [
        ["", "301"],
        ["false", "301"],
        ["false", "301"],
        ["false", "301"],
    ]
    new = [("GetValue", "cmi.entry"), ("SetValue", "cmi.exit", ""), ("Commit", ""), ("Terminate", "")]
    assert [error for _answer, error in play(page, "scorm2004", new)] == ["122", "132", "142", "112"]
    assert [error for _answer, error in asked(page, "scorm2004", [("Terminate", ""), *new])[1:]] == [
        "123",
        "133",
        "143",
        "113",
    ]


def test_lists_grow_one_by_one_and_comments_by_appending(page: Page) -> None:
    calls = [
        (SET, "cmi.interactions.0.id", "q1"), (SET, "cmi.interactions.0.correct_responses.0.pattern", "a"), (SET, "cmi.interactions.0.objectives.1.id", "o"),
        (GET, "cmi.interactions._count"), (GET, "cmi.interactions.0.correct_responses._count"), (SET, "cmi.comments", "a"), (SET, "cmi.comments", "b"),
        (GET, "cmi.comments"),
    ]  # fmt: skip
    found = asked(page, "scorm12", calls)
    assert [answer for answer, _error in found] == ["true", "true", "false", "1", "1", "true", "true", "ab"]


@pytest.mark.parametrize(
    ("calls", "status"),
    [
        ([], "completed"),
        ([(SET, "cmi.core.score.raw", "80")], "passed"),
        ([(SET, "cmi.core.lesson_status", "completed"), (SET, "cmi.core.score.raw", "79")], "failed"),
        ([(SET, "cmi.core.lesson_status", "incomplete")], "incomplete"),
    ],
)
def test_at_the_end_the_mastery_score_decides_and_silence_is_completion(
    page: Page, calls: list[tuple[str, ...]], status: str
) -> None:
    asked(page, "scorm12", [*calls, ("LMSFinish", "")])
    last = page.evaluate("told[told.length - 1]")
    assert (last["cmi"]["cmi.core.lesson_status"], last["closed"], last["now"]) == (status, True, True)


def test_looking_at_a_part_in_browse_mode_is_said_so(page: Page) -> None:
    asked(page, "scorm12", [("LMSFinish", "")], **{"cmi.core.lesson_mode": "browse"})
    assert page.evaluate("told[0].cmi") == {"cmi.core.lesson_status": "browsed"}


def test_what_matters_is_told_at_once_and_everything_at_a_commit(page: Page) -> None:
    asked(
        page,
        "scorm12",
        [(SET, "cmi.core.lesson_location", "4"), (SET, "cmi.interactions.0.id", "q"), ("LMSCommit", "")],
    )
    assert page.evaluate("told.map((one) => one.now)") == [False, True]
    assert page.evaluate("told[1].cmi") == {"cmi.core.lesson_location": "4", "cmi.interactions.0.id": "q"}


def test_more_than_the_site_keeps_is_refused_in_the_package(page: Page) -> None:
    calls = [(SET, "cmi.suspend_data", "x" * 64_000), *[(SET, "cmi.comments", "x" * 4_096)] * 40]
    assert asked(page, "scorm12", calls)[-1] == ["false", "405"]


@pytest.mark.parametrize(
    ("call", "answer", "error"),
    [
        (("GetValue", "cmi._version"), "1.0", "0"),
        (("GetValue", "cmi.completion_status"), "unknown", "0"),
        (("GetValue", "cmi.entry"), "", "0"),
        (("GetValue", "cmi.location"), "", "403"),
        (("GetValue", "cmi.launch_data"), "", "403"),
        (("GetValue", "cmi.exit"), "", "405"),
        (("GetValue", "cmi.made.up"), "", "401"),
        (("GetValue", "cmi.interactions.0.id"), "", "301"),
        (("SetValue", "cmi.learner_name", "x"), "false", "404"),
        (("SetValue", "cmi.made.up", "x"), "false", "401"),
        (("SetValue", "cmi.completion_status", "passed"), "false", "406"),
        (("SetValue", "cmi.score.scaled", "1.5"), "false", "407"),
        (("SetValue", "cmi.score.scaled", "-0.5"), "true", "0"),
        (("SetValue", "cmi.progress_measure", "2"), "false", "407"),
        (("SetValue", "cmi.session_time", "PT1H30M5.25S"), "true", "0"),
        (("SetValue", "cmi.session_time", "90"), "false", "406"),
        (("SetValue", "cmi.interactions.0.type", "choice"), "false", "408"),
        (("SetValue", "cmi.interactions.1.id", "x"), "false", "351"),
        (("SetValue", "adl.nav.request", "continue"), "true", "0"),
        (("GetErrorString", "408"), "Data model dependency not established", "0"),
    ],
)
def test_each_element_of_the_second_standard_answers_by_its_table(
    page: Page, call: tuple[str, ...], answer: str, error: str
) -> None:
    assert asked(page, "scorm2004", [call]) == [[answer, error]]


def test_the_passing_score_decides_what_is_read_and_objectives_have_one_name_each(page: Page) -> None:
    calls = [
        ("SetValue", "cmi.score.scaled", "0.8"), ("GetValue", "cmi.success_status"), ("SetValue", "cmi.objectives.0.id", "one"),
        ("SetValue", "cmi.objectives.1.id", "one"), ("SetValue", "cmi.objectives.0.id", "other"), ("SetValue", "cmi.objectives.0.score.raw", "7"),
        ("GetValue", "cmi.objectives._count"),
    ]  # fmt: skip
    found = asked(page, "scorm2004", calls)
    assert found == [
        ["true", "0"],
        ["passed", "0"],
        ["true", "0"],
        ["false", "351"],
        ["false", "351"],
        ["true", "0"],
        ["1", "0"],
    ]


def test_what_was_kept_is_there_at_once(page: Page) -> None:
    kept = {"cmi.core.lesson_location": "4", "cmi.objectives.0.id": "a"}
    calls: list[tuple[str, ...]] = [(GET, "cmi.core.lesson_location"), (GET, "cmi.objectives._count")]
    assert asked(page, "scorm12", calls, stored=kept) == [["4", "0"], ["1", "0"]]
