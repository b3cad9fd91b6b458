"""From a need to what is left of it half a year later: a lead, a mentor on a phone, a programme manager, a second member."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor, axe, overflows
from tests.e2e.test_engagement import tab
from tests.e2e.test_journeys import follow, press
from tests.stack import Stack

AREA = "Suppliers and outsourced services"
CERT, PARTNER, SECOND = "National CERT of Veldara", "Arvandel Cyber Centre", "Veldara"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A site of its own: other journeys sign off results, and needs grow from results."""
    stack = Stack(tmp_path_factory.mktemp("needs") / "data")
    stack.prepare()
    stack.start("up")
    yield stack
    stack.stop()


def heading(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def home(page: Page, start: str) -> None:
    """Go to the overview of the workspace that is open and fits the width."""
    page.goto(start)
    page.wait_for_load_state()
    for more in page.locator("section[aria-labelledby=h-you] summary").all():
        more.click()
    assert not overflows(page), page.url


def do(page: Page, start: str, waiting: str) -> None:
    """Open from the overview what waits for this person about the area."""
    home(page, start)
    follow(page, re.compile(f"^{waiting}.*{AREA}"))
    assert not overflows(page), page.url


def ask(page: Page, *, ready: bool) -> None:
    """Send a request for help in the area, with or without the basis to share."""
    follow(page, "Mentoring")
    follow(page, "Ask for help")
    link = page.get_by_role("link", name=AREA)
    if not link.first.is_visible():
        page.locator("summary").filter(has_text="more area").click()
    follow(page, AREA)
    page.get_by_label("What would help you most?").fill("Nine contracts say nothing about incidents.")
    page.locator("input[name=mode][value=either]").check()
    page.get_by_label("A sponsor in the leadership").fill("Director general Mwana Teisho")
    page.get_by_label("A counterpart who works with the mentor").fill("Head of the team")
    page.get_by_label("Staff have time for the work between sessions").check()
    if ready:
        page.get_by_label("The law lets us share what the mentor must see").check()
    press(page, "Send the request")


def offer(page: Page) -> None:
    """Offer one place in the area, on a phone."""
    follow(page, "Mentoring")
    follow(page, "Our offers")
    assert not overflows(page)
    follow(page, AREA)
    page.get_by_label("Places: how many members you can mentor").fill("1")
    page.get_by_label("Hours a month for each member").fill("6")
    page.locator("input[name=languages][value=en]").check()
    page.locator("input[name=mode][value=either]").check()
    page.locator("input[name=pays][value=mentor]").check()
    assert not overflows(page) and axe(page) == []
    press(page, "Make the offer")
    expect(page.get_by_role("row").filter(has_text=AREA)).to_contain_text("0 of 1 taken")


def match(page: Page) -> None:
    """Work the open round out, accept the pair, see who is not ready, send the invitation."""
    follow(page, re.compile("Matching"))
    if page.get_by_role("button", name="Open the round").count():
        page.get_by_label("Name").fill("Suppliers first")
        press(page, "Open the round")
    else:
        page.locator("main table").first.get_by_role("link").first.click()
        page.wait_for_load_state()
    press(page, re.compile("Work out the proposals|Work it out again"))
    expect(page.locator("main")).to_contain_text("Proved: no answer serves the weakest better")
    expect(page.locator("section", has_text=re.compile("not ready")).first).to_contain_text(SECOND)
    row = page.locator("tr[id^=r-]").filter(has_text=AREA)
    expect(row).to_contain_text(PARTNER)
    assert row.count() == 1 and CERT in row.inner_text()
    row.get_by_role("button", name=re.compile("^Accept")).click()
    page.wait_for_load_state()
    follow(page, re.compile("^Check .* invitation"))
    press(page, re.compile("^Send .* invitation"))
    expect(page.locator("main")).to_contain_text("Both sides can answer until")


def sign(page: Page) -> None:
    """Read the agreement and sign with consent to measurement."""
    page.get_by_label(re.compile("measured")).check()
    press(page, "Sign the agreement")


def hold(page: Page, place: Path) -> None:
    """Plan a session, take its calendar file, write its note with more hours than were offered."""
    tab(page, "Sessions")
    follow(page, "Plan a session")
    page.get_by_label("Day").fill((date.today() + timedelta(days=3)).isoformat())
    page.get_by_label("Time").fill("09:30")
    page.get_by_label("Where").fill("Call 3")
    page.get_by_label("Agenda").fill("The nine contracts")
    press(page, "Plan the session")
    planned = page.locator("section.panel").filter(has_text="The nine contracts")
    with page.expect_download() as waiting:
        planned.get_by_role("link", name="To my calendar").click()
    waiting.value.save_as(place)
    (event,) = Calendar.from_ical(place.read_bytes()).walk("VEVENT")
    assert str(event["description"]) == "The nine contracts"
    planned.get_by_role("link", name="It was held: write the note").click()
    expect(page.locator("main")).to_contain_text("6 of 6 offered hours are left")
    page.get_by_label("Date of the session").fill(date.today().isoformat())
    page.get_by_label("Hours").fill("7")
    page.get_by_label("What you did").fill("A clause on incidents that fits all nine.")
    press(page, "Save the note")
    expect(page.locator("body")).to_contain_text(
        "More hours are written down for this month than were offered."
    )
    assert not overflows(page)


def give_task(page: Page) -> None:
    tab(page, "Work")
    page.get_by_label("What", exact=True).fill("Send the clause to the nine suppliers")
    page.get_by_label("Who", exact=True).select_option(label=f"Leila Marwan ({CERT})")
    press(page, "Add the task")


def say_how_it_went(page: Page, start: str, helped: str) -> None:
    """Feedback at the end, of which the other side reads what helped."""
    do(page, start, "Say how the work on")
    for question in ("goals", "rhythm", "fit", "between", "again"):
        page.locator(f"input[name={question}][value='4']").check()
    page.get_by_label("What helped most?").fill(helped)
    page.get_by_label("The other side reads what helped").check()
    press(page, "Save")


def moved(site: Stack, *, ends_in: int) -> None:
    """Let time pass: the engagement of this journey ends in so many days, after 200 days of work."""
    site.ask(
        "from datetime import timedelta\n"
        "from django.utils.timezone import localdate\n"
        "from apps.mentoring.models import Engagement\n"
        f"ends = localdate() + timedelta(days={ends_in})\n"
        f"rows = Engagement.objects.filter(area_name={AREA!r}, member__name={CERT!r})\n"
        "print(json.dumps(rows.update(starts_on=ends - timedelta(days=200), ends_on=ends)))"
    )


def test_four_people_go_from_a_need_to_what_is_left_of_it(
    site: Stack, visit: Visitor, tmp_path: Path
) -> None:
    lead, mentor = visit("Assessment lead"), visit("Mentor", width=360)
    manager, second = visit("Programme manager"), visit("National coordinator")
    ours, theirs, office = lead.url, mentor.url, manager.url
    ask(lead, ready=True)
    expect(lead.get_by_role("row").filter(has_text=AREA)).to_be_visible()
    ask(second, ready=False)
    offer(mentor)
    match(manager)
    second.reload()
    expect(second.get_by_role("row").filter(has_text=AREA)).to_contain_text("A legal basis to share")

    do(mentor, theirs, "Answer the invitation")
    press(mentor, "Accept")
    do(lead, ours, "Answer the invitation")
    press(lead, "Accept")
    heading(lead, "holds the rope for")
    do(lead, ours, "Read and sign the agreement on")
    sign(lead)
    heading(lead, "One side has signed")
    do(mentor, theirs, "Read and sign the agreement on")
    sign(mentor)
    heading(mentor, "This agreement is in force")

    hold(mentor, tmp_path / "session.ics")
    give_task(mentor)
    home(lead, ours)
    follow(lead, "Send the clause to the nine suppliers")
    row = lead.locator("ul.tasks > li").filter(has_text="Send the clause")
    row.get_by_role("button", name=re.compile("^Done")).click()
    lead.wait_for_load_state()

    moved(site, ends_in=5)
    say_how_it_went(lead, ours, "The clause that fits all nine")
    say_how_it_went(mentor, theirs, "Contracts that could be read")
    do(mentor, theirs, "Write the closing review on")
    for choice in mentor.locator("input[type=radio][value=reached]").all():
        choice.check()
    mentor.get_by_label("What has changed?").fill("Nine contracts say who calls whom, and when.")
    press(mentor, "Save and confirm")
    do(lead, ours, "Confirm the closing review on")
    press(lead, "Confirm")
    heading(lead, "Both sides confirm what came of the work")
    follow(lead, "Back to the engagement")
    follow(lead, "Feedback on the work")
    expect(lead.locator("main")).to_contain_text("Contracts that could be read")
    follow(lead, "Back to the engagement")
    paper = lead.get_by_role("link", name="Report as PDF").get_attribute("href")
    answer = lead.request.get(str(paper))
    assert answer.headers["content-type"] == "application/pdf" and answer.body().startswith(b"%PDF")

    moved(site, ends_in=-185)
    do(lead, ours, "Say what is left of the work on")
    lead.locator("input[name=still][value=yes]").check()
    lead.locator("[name=level]").select_option("4")
    lead.get_by_label("What keeps it in place?").fill("The clause is in the template of the ministry.")
    press(lead, "Save")
    home(lead, ours)
    expect(lead.get_by_role("link", name=re.compile(f"what is left.*{AREA}"))).to_have_count(0)

    home(manager, office)
    manager.goto(f"{office.rstrip('/')}/uplift/")
    later = manager.locator("section", has_text="What is left half a year and a year later").last
    expect(later).to_contain_text(re.compile(r"Yes, and it is used: [1-9]"))
    expect(later).to_contain_text("is a statement")
    assert axe(manager) == []
    manager.goto(f"{office.rstrip('/')}/engagements/follow-up/")
    expect(manager.get_by_role("row").filter(has_text=AREA).first).to_contain_text(CERT)
