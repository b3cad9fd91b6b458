"""The device marks practice as the site does: one table of answers, both asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from apps import marking
from apps.courses.models import Question
from apps.courses.selectors.offline import key_of
from tests.courses.files import kinds

SCRIPT = Path(__file__).resolve().parents[2] / "static" / "js" / "marking.js"
TYPED = [
    "bolt", "Bolts", " BOLT  ring ", "bol", "a bolt", "", "2", "2.5", "2,5", "2,51", "1.5", "1.49", "٢", "٢٫٥", "-2", "−2", "+2", "2.", ".5",
    "1 0", "2e1", "two", "٢٬٠", "straße", "STRASSE", "ﬁn", "fin", "a*b", "Ｂｏｌｔ",
]  # fmt: skip
PATTERNS = ["bolt*", "*bolt", "b*t", "a\\*b", "strasse", "fin", "*l*t*", "bolt ring"]


def rows() -> list[Question]:
    made = []
    for row in kinds("C9.m1.l1", "C9.O1"):
        body = {key: row[key] for key in marking.BODY if key in row and key != "options"}
        made.append(
            Question(
                code=row["id"], kind=row["kind"], objective=row["objective"], text=row["text"], options=row.get("options", []), body=body,
            )
        )  # fmt: skip
    options = [{"id": key, "text": key, "correct": key != "c", "feedback": "f"} for key in "abc"]
    made.append(
        Question(code="C9.m", kind="multiple", objective="C9.O1", text="Which?", options=options, body={})
    )
    return made


def answers(row: Question) -> list[dict[str, list[str]]]:
    """Right, wrong, half and empty answers to any kind."""
    if row.options:
        return [{"chosen": list(ids)} for ids in ("", "a", "b", "c", "ab", "abc", "ba", "bc")]
    if row.kind in ("short", "numeric"):
        return [{"typed": [text]} for text in TYPED]
    places = list(key_of(row)["at"])
    values = ["1", "2", "3", "a", "b", "x1"]
    return [{}] + [
        {f"at.{place}": [values[(n + k) % len(values)]] for n, place in enumerate(places)}
        for k in range(len(values))
    ]


def on_the_site(row: Question, given: dict[str, list[str]]) -> dict[str, Any] | None:
    """Whether the answer is whole and right; None where it cannot be read at all."""
    try:
        read = marking.read_answer(marking.item(row), given)
    except marking.BadAnswer:
        return None
    item = marking.item(row)
    return {"whole": marking.is_whole(item, read), "right": marking.mark(item, read) == 1}


@pytest.fixture
def device(browser: Browser) -> Any:
    page = browser.new_page()
    page.add_script_tag(path=SCRIPT)
    yield page
    page.close()


def test_device_and_site_agree_on_every_answer(device: Any) -> None:
    compared = 0
    for row in rows():
        for given in answers(row):
            site = on_the_site(row, given)
            told = device.evaluate(
                "([key, given]) => belayMarking.mark(key, given)",
                [json.loads(json.dumps(key_of(row))), given],
            )
            if site is None:
                assert not (told["right"] and told["whole"]), (row.code, given)
                continue
            assert {name: told[name] for name in site} == site, (row.code, given)
            compared += 1
    assert compared > 60


def test_device_and_site_agree_on_every_pattern(device: Any) -> None:
    for pattern in PATTERNS:
        for text in TYPED:
            told = device.evaluate("([p, t]) => belayMarking.fits(p, t)", [pattern, text])
            assert told == marking.fits(pattern, text), (pattern, text)


def test_device_and_site_read_the_same_numbers(device: Any) -> None:
    for text in TYPED:
        told = device.evaluate("(text) => belayMarking.numberOf(text)", text)
        site = marking.number_of(text)
        assert told == (None if site is None else float(site)), text
