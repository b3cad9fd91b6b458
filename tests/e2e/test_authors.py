"""An author writes, checks and asks; a second person reads and publishes; learners have the new version."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.conftest import Visitor, axe, overflows


def test_an_author_writes_and_a_second_person_publishes(visit: Visitor) -> None:
    author = visit("Mentor", width=360)
    author.goto("/learn/")
    author.get_by_role("link", name="Write courses").click()
    author.get_by_role("link", name="Secure operations basics").first.click()
    draft = author.url
    author.get_by_role("link", name="Inventory with no budget", exact=True).click()
    text = author.get_by_label(re.compile("^Text"))
    text.fill("## Doors first\n\nLock **every** door.\n\n---screen---\n\nThen the windows.\n")
    expect(author.locator("#preview").get_by_role("heading", name="Doors first")).to_be_visible()
    expect(author.locator("#preview")).to_contain_text("Screen 2 of 2")
    assert not overflows(author)
    assert axe(author) == []
    author.get_by_role("button", name="Save").first.click()
    expect(author.get_by_text("Saved.")).to_be_visible()
    author.get_by_role("button", name=re.compile("^Settled")).click()

    author.goto(f"{draft}checks/")
    expect(author.get_by_role("heading", level=1)).to_contain_text("fault")
    author.locator("main a", has_text="figures/").first.click()
    author.locator("summary", has_text="Remove this file").click()
    author.get_by_role("button", name="Remove").click()
    author.goto(f"{draft}checks/")
    expect(author.get_by_role("heading", level=1)).to_contain_text("find nothing")
    author.get_by_role("link", name="Review and publish").click()
    author.get_by_role("button", name="Ask for the review").click()
    author.goto(f"{draft}review/")
    expect(author.get_by_text("You wrote in this draft.")).to_be_visible()
    expect(author.get_by_role("button", name="Publish")).to_have_count(0)

    reader = visit("Administrator")
    reader.goto(f"{draft}review/")
    reader.locator("summary", has_text="lessons/1-inventory").click()
    expect(reader.locator("ins", has_text="Then the windows.")).to_be_visible()
    reader.get_by_role("button", name="Publish").click()
    expect(reader.get_by_text("Version 1.1 is published.")).to_be_visible()
    reader.goto("/write/")
    # An open draft stays, for those who look at every page after this.
    course = reader.locator("li", has_text="Secure operations basics")
    course.get_by_role("button", name=re.compile("Begin the next version")).click()
    expect(reader.get_by_text("Draft of version 1.2")).to_be_visible()


def test_writing_works_without_javascript(visit: Visitor) -> None:
    page = visit("Administrator", javascript=False)
    page.goto("/write/")
    page.locator("li", has_text="Cyber hygiene").get_by_role("button", name="Begin the next version").click()
    page.get_by_role("link", name="Whom attackers like and why", exact=True).click()
    page.get_by_label(re.compile("^Text")).fill("One.\n\n---screen---\n\nTwo.\n")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview")).to_contain_text("Screen 2 of 2")
    page.get_by_role("link", name="Back to the draft").click()
    page.locator("summary", has_text="Delete this draft").click()
    page.get_by_label("Delete the draft with everything").check()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("The draft is deleted.")).to_be_visible()
