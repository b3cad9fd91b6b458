"""A manager writes a framework of the programme's own, and a member is assessed against it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor, axe, overflows
from tests.e2e.test_journeys import NAMES, WAYS, follow, press


def sound(page: Page) -> None:
    """The page is for everyone: no finding of axe, no sideways scroll."""
    assert axe(page) == []
    assert not overflows(page), page.url


@pytest.mark.parametrize(("width", "javascript"), WAYS, ids=NAMES)
def test_manager_copies_edits_tries_and_publishes(visit: Visitor, width: int, javascript: bool) -> None:
    name = f"Meridian framework {width} {'live' if javascript else 'plain'}"
    page = visit("Programme manager", width=width, javascript=javascript)
    look = sound if javascript else (lambda _page: None)
    follow(page, "Frameworks")
    look(page)
    follow(page, "Copy a framework")
    look(page)
    page.get_by_label("Name of your framework").fill(name)
    press(page, "Make the draft")
    expect(page.get_by_role("heading", level=1)).to_contain_text("draft can be published")
    look(page)
    draft = page.url

    page.goto(f"{draft}indicator/GOV.1.2/")
    look(page)
    page.get_by_role("textbox", name="What it is about").fill(
        "A plan with money and owners follows from the strategy."
    )
    page.get_by_role("textbox", name="Weight").fill("3")
    press(page, "Save")
    expect(page.get_by_text("Saved.")).to_be_visible()
    follow(page, "See it as respondents will")
    expect(page.get_by_text("A plan with money and owners follows from the strategy.")).to_be_visible()
    look(page)

    page.goto(f"{draft}trial/")
    page.get_by_label("Level of those left open").select_option("3")
    press(page, "Show the score")
    expect(page.get_by_role("heading", level=1)).to_contain_text("60.0")
    look(page)

    for part in ("about/", "method/", "add/indicators/?inside=GOV.1", "profiles/", "delete/"):
        page.goto(draft + part)
        look(page)
    page.goto(draft)
    press(page, "Undo the last change")
    expect(page.get_by_text("The draft is put back.")).to_be_visible()
    press(page, re.compile("^Put back GOV.1.2 edited"))
    follow(page, "Publish")
    look(page)
    press(page, "Publish")
    expect(page.get_by_role("alert")).to_contain_text("never changes")
    page.get_by_label("I have read this and it is right.").check()
    press(page, "Publish")
    expect(page.get_by_text(f"{name} is published.")).to_be_visible()

    lead = visit("Assessment lead", width=width, javascript=javascript)
    follow(lead, "Assessments")
    follow(lead, re.compile("Start an assessment|New assessment"))
    lead.get_by_text("Use another framework").click()
    follow(lead, f"{name} 1.0")
    lead.get_by_label("Title").fill(f"Own {width} {javascript}")
    press(lead, "Start the assessment")
    expect(lead.get_by_role("heading", level=1)).to_contain_text(
        re.compile("areas? ha(s|ve) nobody to answer|Every area has someone to answer")
    )
