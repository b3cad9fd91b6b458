"""A mentor on a phone: the agreement, a session with its calendar file and note, a task, a file."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor, axe, overflows
from tests.e2e.test_journeys import follow, press


def tab(page: Page, name: str) -> None:
    """Go to another page of the engagement; each fits the phone and is for everyone."""
    page.get_by_role("navigation", name="Pages of this engagement").get_by_role("link", name=name).click()
    page.wait_for_load_state()
    assert not overflows(page), name
    assert axe(page) == [], name


def opened(visit: Visitor, person: str, width: int, partner: bool) -> Page:
    page = visit(person, width=width)
    follow(page, "Mentoring")
    row = page.get_by_role("row").filter(
        has_text="National CERT of Veldara" if partner else "Arvandel Cyber Centre"
    )
    row.filter(has_text="Handling and learning").get_by_role("link").first.click()
    page.wait_for_load_state()
    return page


def test_mentor_works_through_an_engagement_on_a_phone(visit: Visitor, tmp_path: Path) -> None:
    page = opened(visit, "Mentor", 360, True)
    tab(page, "Agreement")
    press(page, "Open the next version")
    page.get_by_label("Exit").fill("Either side may end the work, with three weeks of notice.")
    press(page, "Save the draft")
    expect(page.get_by_text("three weeks of notice").first).to_be_visible()
    press(page, "Sign the agreement")
    expect(page.get_by_role("heading", level=1)).to_contain_text("One side has signed")

    lead = opened(visit, "Assessment lead", 1280, False)
    tab(lead, "Agreement")
    expect(lead.get_by_text("three weeks of notice").first).to_be_visible()
    press(lead, "Sign the agreement")
    expect(lead.get_by_role("heading", level=1)).to_contain_text("This agreement is in force")

    tab(page, "Sessions")
    follow(page, "Plan a session")
    page.get_by_label("Day").fill((date.today() + timedelta(days=9)).isoformat())
    page.get_by_label("Time").fill("10:15")
    page.get_by_label("Where").fill("Call 7")
    page.get_by_label("Agenda").fill("The evening shift")
    press(page, "Plan the session")
    planned = page.locator("section.panel").filter(has_text="The evening shift")
    with page.expect_download() as waiting:
        planned.get_by_role("link", name="To my calendar").click()
    kept = tmp_path / "session.ics"
    waiting.value.save_as(kept)
    (event,) = Calendar.from_ical(kept.read_bytes()).walk("VEVENT")
    assert (str(event["location"]), str(event["description"])) == ("Call 7", "The evening shift")

    planned.get_by_role("link", name="It was held: write the note").click()
    page.get_by_label("Date of the session").fill(date.today().isoformat())
    page.get_by_label("Hours").fill("1.5")
    page.get_by_label("What you did").fill("The shift found every owner in nine minutes.")
    press(page, "Save the note")
    expect(page.get_by_text("every owner in nine minutes").first).to_be_visible()
    tab(page, "Sessions")
    expect(page.get_by_text("The evening shift")).to_have_count(0)

    tab(page, "Work")
    page.get_by_label("What", exact=True).fill("Send the two-hour plan")
    page.get_by_label("Who", exact=True).select_option(label="Sana Aldris (Arvandel Cyber Centre)")
    press(page, "Add the task")
    row = page.locator("ul.tasks > li").filter(has_text="Send the two-hour plan")
    row.get_by_role("button", name=re.compile("^Done")).click()
    page.wait_for_load_state()
    expect(page.locator("ul.tasks > li").filter(has_text="Send the two-hour plan")).to_have_count(0)

    tab(page, "Files")
    paper = tmp_path / "two-hour-plan.txt"
    paper.write_text("First: who decides. Second: who calls.\n")
    page.get_by_label("File", exact=True).set_input_files(paper)
    press(page, "Share the file")
    expect(page.get_by_role("link", name="two-hour-plan.txt")).to_be_visible()
    tab(lead, "Files")
    with lead.expect_download() as waiting:
        lead.get_by_role("link", name="two-hour-plan.txt").click()
    assert "who decides" in Path(waiting.value.path()).read_text()
