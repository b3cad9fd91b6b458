"""The lead takes the questions away on a phone, a colleague answers meanwhile, the workbook comes back, they decide, sign and check."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.assessments.paper import filled, offered
from tests.e2e.conftest import Visitor, axe, overflows
from tests.e2e.test_journeys import follow, press
from tests.e2e.test_together import fetch, verify


def sound(page: Page) -> None:
    """The page is for everyone: no finding of axe, no sideways scroll."""
    assert axe(page) == []
    assert not overflows(page), page.url


def bring(page: Page, content: bytes, place: Path) -> None:
    place.write_bytes(content)
    page.get_by_label("Workbook").set_input_files(place)
    press(page, "See what it would change")


@pytest.mark.parametrize("width", [360])
def test_workbook_goes_and_comes_back_and_the_conflict_is_decided(
    visit: Visitor, tmp_path: Path, width: int
) -> None:
    page, colleague = visit("Assessment lead", width=width), visit("Respondent", width=width)
    follow(page, "Assessments")
    follow(page, re.compile("Start an assessment|New assessment"))
    page.get_by_label("Title").fill("Offline")
    press(page, "Start the assessment")
    tasks = page.url.replace("people/", "")
    page.goto(tasks)
    follow(page, "Work offline")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Answer away from the site")
    sound(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="All areas XLSX").click()
    content = download.value.path().read_bytes()
    first, second = offered(content, "GOV.1.1")[3], offered(content, "GOV.1.2")[2]

    colleague.goto(f"{tasks}GOV.1/GOV.1.1/")
    colleague.locator("input[name=answer][value='1']").check()
    colleague.get_by_label("Why this").fill("Only the draft is there.")
    press(colleague, "Save and go back to the area")

    workbook = page.url
    mine = filled(
        content,
        ("GOV.1.1", "answer", first), ("GOV.1.1", "why", "Signed in March."), ("GOV.1.2", "answer", second),
        ("GOV.1.3", "answer", "perhaps"),
        pieces=({"supports": "GOV.1.2", "kind": "Link", "title": "The plan", "url": "https://example.org/plan"},),
    )  # fmt: skip
    bring(page, b"no workbook", tmp_path / "notes.xlsx")
    expect(page.get_by_role("alert")).to_contain_text("notes.xlsx")
    sound(page)
    bring(page, mine, tmp_path / "answers.xlsx")
    expect(page.get_by_role("heading", level=1)).to_contain_text("brings 3 changes")
    expect(page.get_by_text("sheet Answers, cell F5")).to_be_visible()
    expect(page.get_by_text("Only the draft is there.")).to_be_visible()
    sound(page)
    press(page, "Confirm")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 changes were taken in")
    sound(page)

    follow(page, "Decide")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Two answers to GOV.1.1")
    page.locator("input[name=use][value=mine]").check()
    press(page, "Use this answer")
    expect(page.get_by_text("Your answer counts now")).to_be_visible()
    page.goto(f"{tasks}GOV.1/GOV.1.1/")
    expect(page.get_by_label("Why this")).to_have_value("Signed in March.")

    page.goto(workbook)
    sound(page)
    bring(page, mine, tmp_path / "answers.xlsx")
    expect(page.get_by_role("heading", level=1)).to_contain_text("would change nothing")

    page.goto(f"{tasks}submit/")
    press(page, re.compile("^Submit "))
    page.goto(tasks.replace("/assessments/", "/results/"))
    content = fetch(page, re.compile("^Signed file"), tmp_path / "result.json")
    assert b"Signed in March." in content
    (tmp_path / "belay-keys.json").write_bytes(page.request.get("/.well-known/belay-keys.json").body())
    intact = verify(tmp_path, "result.json")
    assert intact.returncode == 0, intact.stdout + intact.stderr
