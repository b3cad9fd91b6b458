"""An exercise with three people in three browsers, one on a phone: from the plan to the action and the report."""

from __future__ import annotations

import re
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor, axe, overflows
from tests.e2e.test_journeys import follow, press

FIRST = "The fourth call in ten minutes"


def heading(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def cast(page: Page, person: str, *roles: str) -> None:
    page.get_by_label("Person", exact=True).select_option(label=person)
    for role in roles:
        page.get_by_label(re.compile(f"^{role}")).check()
    press(page, "Save")


def to_the_run(page: Page) -> None:
    follow(page, "Mentoring")
    follow(page, "Exercises")
    page.locator("ul.tasks li", has_text="Being played").get_by_role("link").first.click()
    page.wait_for_load_state()


def test_an_exercise_leads_from_a_table_to_the_plan(visit: Visitor) -> None:
    lead = visit("Assessment lead")
    follow(lead, "Mentoring")
    follow(lead, "Exercises")
    follow(lead, "Plan an exercise")
    lead.get_by_label("Exercise", exact=True).select_option(label="Ransomware in a ministry")
    lead.get_by_label("Day").fill(date.today().isoformat())
    press(lead, "Plan it")
    heading(lead, re.compile("roles still need somebody"))
    follow(lead, "Invite people and give roles")
    cast(lead, "Tomas Ekwe", "Head of IT", "Security officer", "Finance and payroll")
    cast(lead, "Mirela Adeyo", "Permanent secretary", "Legal adviser", "Communications")
    heading(lead, "Every needed role has somebody")
    follow(lead, "Back to the exercise")
    follow(lead, "Lead it")
    press(lead, "Start the clock")
    expect(lead.locator("main")).to_contain_text("This exercise needs 6 players and has 2.")
    lead.get_by_label(re.compile("We play with fewer on purpose")).check()
    press(lead, "Start the clock")

    phone = visit("Respondent", width=360)
    to_the_run(phone)
    follow(phone, "To your messages")
    heading(phone, "Nothing has reached you yet")
    other = visit("Reviewer")
    to_the_run(other)
    follow(other, "To your messages")

    lead.locator("li.panel", has_text=FIRST).get_by_role("button", name=re.compile("Give it now")).click()
    expect(lead.get_by_role("table")).to_contain_text("not yet:")
    expect(phone.get_by_role("link", name=FIRST)).to_be_visible()
    assert not overflows(phone)
    follow(phone, FIRST)
    phone.get_by_label("What do you decide?").fill("Nobody restarts anything.")
    phone.get_by_label("Why?").fill("What is in memory would be gone.")
    press(phone, "Into the log")
    expect(phone.locator("#inbox")).to_contain_text("Nobody restarts anything.")
    assert axe(phone) == []
    other.reload()
    heading(other, "Nothing has reached you yet")
    assert FIRST not in other.content()

    expect(lead.locator("#control")).to_contain_text("Nobody restarts anything.")
    assert axe(lead) == []
    press(lead, "End the play")
    phone.get_by_role("link", name="About this exercise").click()
    follow(phone, "Hot wash: what do you take away?")
    phone.get_by_label("What went well?").fill("We wrote it down.")
    press(phone, "Save")

    follow(lead, "Findings")
    expect(lead.locator("main")).to_contain_text("We wrote it down.")
    lead.get_by_label("What was missing, and what it led to").fill(
        "The plan names nobody who may disconnect."
    )
    lead.get_by_label("The change").fill("Name who may disconnect, with a deputy")
    lead.get_by_label("Owner").select_option(label="Tomas Ekwe")
    lead.get_by_label("Until").fill((date.today() + timedelta(days=30)).isoformat())
    press(lead, "Write it down")
    press(lead, "Make them actions")
    heading(lead, "in the plan")
    follow(lead, "To the action")
    expect(lead.locator("main")).to_contain_text("Name who may disconnect, with a deputy")
    lead.go_back()
    follow(lead, "About this exercise")
    press(lead, "Close the exercise")
    address = lead.get_by_role("link", name=re.compile("After-action report")).first.get_attribute("href")
    answer = lead.request.get(str(address))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")
