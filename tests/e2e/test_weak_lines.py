"""Courses over lines that are slow or gone, and on devices that die: nothing that was answered is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import Visitor, axe, overflows
from tests.e2e.test_journeys import answer, press, read_lesson
from tests.stack import Stack

COURSE = "/learn/c9-doors/"


def start_course(page: Page) -> None:
    page.goto(COURSE)
    if page.get_by_role("button", name="Start the course").count():
        press(page, "Start the course")


def save_course(page: Page) -> None:
    """Keep the small course on the device and wait until it says so."""
    page.goto(COURSE)
    page.get_by_role("button", name=re.compile(r"Save this course \(\d")).click()
    expect(page.get_by_text("Saved on this device. Lessons and practice work")).to_be_visible()
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def kept(page: Page) -> list[str]:
    """Every address that is kept on the device, and the text of every kept page."""
    return list(
        page.evaluate("""async () => {
          const found = [];
          for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys())
            found.push(request.url, await (await (await caches.open(name)).match(request)).text());
          return found;
        }""")
    )


def test_test_goes_on_on_another_device_when_the_browser_is_killed(site: Stack, visit: Visitor) -> None:
    phone = visit("Mentor", width=360)
    start_course(phone)
    phone.goto(f"{COURSE}test/m1/")
    press(phone, "Start the test")
    for _ in range(2):
        answer(phone.locator("form.quiz"))
        press(phone, "Save and continue")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Question 3 of 6")
    asked = phone.locator("form.quiz input[name=question]").get_attribute("value")
    left = phone.locator("[data-clock-text]").inner_text()
    phone.context.close()
    desk = visit("Mentor")
    desk.goto(f"{COURSE}test/m1/")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Question 3 of 6")
    assert desk.locator("form.quiz input[name=question]").get_attribute("value") == asked
    assert re.search(r"\d+", left) and re.search(r"\d+", desk.locator("[data-clock-text]").inner_text())
    for number in (1, 2):
        desk.goto(f"{COURSE}test/m1/?question={number}")
        form = desk.locator("form.quiz")
        assert (
            form.locator(":checked, option:checked:not([value=''])").count()
            or form.locator("[name=typed]").input_value()
        )
    desk.goto(f"{COURSE}test/m1/")
    while desk.get_by_role("heading", level=1).inner_text().startswith("Question"):
        answer(desk.locator("form.quiz"))
        press(desk, "Save and continue")
    press(desk, "Hand in")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Passed")


def test_course_is_read_and_practised_without_a_connection_and_sent_afterwards(
    site: Stack, visit: Visitor
) -> None:
    page = visit("Reviewer", width=360)
    start_course(page)
    save_course(page)
    context = page.context
    second = context.new_page()
    second.goto("/learn/saved/")
    context.set_offline(True)
    page.goto(f"{COURSE}l11/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lesson 1-1")
    assert not overflows(page)
    assert axe(page) == []
    for _ in range(3):
        page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("heading", name="Check yourself")).to_be_visible()
    for question in page.locator("[data-question]").all():
        answer(question.locator("form"))
        question.get_by_role("button", name=re.compile("Check answer")).click()
        expect(question.locator("[data-verdict]")).to_have_text("Yes, that is right.")
    expect(page.get_by_role("heading", name="6 answers wait to be sent")).to_be_visible()
    expect(second.get_by_role("heading", name="6 answers wait to be sent")).to_be_visible()
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("heading", name="Do it at work")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="6 answers wait to be sent")).to_be_visible()
    page.goto(f"{COURSE}test/m1/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Saved on this device")
    expect(page.get_by_text("Everything else, tests too, needs one.")).to_be_visible()
    before = answers_on_site(site)
    expect(page.get_by_role("heading", name="6 answers wait to be sent")).to_be_visible()
    context.set_offline(False)
    expect(page.get_by_text("Sent: everything is kept on the site.")).to_be_visible()
    assert answers_on_site(site) == before + 6
    page.reload()
    second.reload()
    assert answers_on_site(site) == before + 6
    page.goto(COURSE)
    expect(page.get_by_text("Finished").first).to_be_visible()


def answers_on_site(site: Stack) -> int:
    return int(
        site.ask(
            "from apps.courses.models import PracticeAnswer as P; print(P.objects.filter(question__code__startswith='C9.').count())"
        )
    )


def test_answer_on_an_ordinary_page_is_kept_when_the_line_drops(site: Stack, visit: Visitor) -> None:
    page = visit("Respondent")
    start_course(page)
    save_course(page)
    for screen in (1, 2, 3, 4):
        page.goto(f"{COURSE}l11/?screen={screen}")
    page.context.set_offline(True)
    form = page.locator("form.quiz").first
    answer(form)
    form.get_by_role("button", name=re.compile("Check answer")).click()
    expect(page.get_by_role("heading", name="1 answer waits to be sent")).to_be_visible()
    expect(page.locator("[data-verdict]").first).to_have_text("Yes, that is right.")


def test_nothing_of_tests_and_no_name_is_kept_and_signing_out_takes_all_away(visit: Visitor) -> None:
    page = visit("Programme manager")
    start_course(page)
    save_course(page)
    page.goto(f"{COURSE}test/m1/")
    press(page, "Start the test")
    page.goto("/me/learning/")
    page.goto(COURSE)
    held = kept(page)
    assert len(held) > 20
    for text in held:
        assert (
            ".test." not in text and "/test/m1/" not in text and ".final." not in text and "Ines" not in text
        )
    page.locator("summary.tool").last.click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_load_state()
    page.goto("/learn/")
    assert page.evaluate("caches.keys()") == []
    page.context.set_offline(True)
    with pytest.raises(Exception, match=r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"):
        page.goto(f"{COURSE}l11/")


def test_saved_course_is_removed_again(visit: Visitor) -> None:
    page = visit("Programme manager", width=360)
    start_course(page)
    save_course(page)
    page.goto("/learn/saved/")
    expect(page.get_by_role("link", name="Doors C9")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name=re.compile("Remove")).click()
    expect(page.get_by_text("No course is saved here yet.")).to_be_visible()
    assert page.evaluate("caches.keys()") == []


def slow(context: BrowserContext, page: Page) -> Any:
    """400 kbit/s, 400 ms: what a village with one mast has."""
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    line = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
    session.send("Network.emulateNetworkConditions", line)
    return session


def test_lesson_is_finished_over_a_slow_line(visit: Visitor) -> None:
    page = visit("Learner", width=360)
    start_course(page)
    slow(page.context, page)
    page.goto(f"{COURSE}l11/?screen=1")
    read_lesson(page)


def test_clock_waits_while_the_line_is_gone_and_an_answer_goes_by_itself(visit: Visitor) -> None:
    page = visit("National coordinator")
    start_course(page)
    page.goto(f"{COURSE}test/m1/")
    press(page, "Start the test")
    expect(page.locator("[data-clock-text]")).to_have_text("Minutes left: 20.")
    page.context.set_offline(True)
    answer(page.locator("form.quiz"))
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("This answer is not sent yet.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 1 of 6")
    page.context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 2 of 6")
    page.goto(f"{COURSE}test/m1/?question=1")
    form = page.locator("form.quiz")
    assert (
        form.locator(":checked, option:checked:not([value=''])").count()
        or form.locator("[name=typed]").input_value()
    )
