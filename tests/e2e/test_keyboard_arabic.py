"""A learner finishes a course in Arabic with the keyboard alone."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.courses.files import RIGHT_FIELDS
from tests.e2e.conftest import Visitor, axe, overflows
from tests.stack import Stack

COURSE = "/learn/c9-doors/"


def reach(page: Page, selector: str) -> None:
    """Tab forward until something that fits has the focus; it has to be seen there."""
    for _ in range(160):
        if page.evaluate("s => Boolean(document.activeElement?.matches(s))", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{page.url}: the keyboard does not reach {selector}")


def act(page: Page, selector: str) -> None:
    """Reach it, press Enter, and wait for the next page."""
    reach(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose(page: Page, group: str, value: str) -> None:
    """One of a group of radio buttons: the arrows move, Space takes the first."""
    reach(page, group)
    page.keyboard.press("Space")
    for _ in range(6):
        if page.evaluate("document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no choice {value}")


def pick(page: Page, field: str, value: str) -> None:
    """A value of a list."""
    reach(page, field)
    page.keyboard.press("Home")
    for _ in range(8):
        if page.evaluate("document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no value {value}")


def arrange(page: Page, form: str) -> None:
    """Lines into the order of their ids' letters, by the buttons that move them up."""
    count = page.locator(f"{form} [data-order] li").count()
    for place in range(count):
        ids = [line.get_attribute("id") or "" for line in page.locator(f"{form} [data-order] select").all()]
        at = ids.index(sorted(ids)[place])
        if at > place:
            reach(page, f"{form} [data-order] li:nth-child({at + 1}) .places__moves button:first-child")
            for _step in range(at - place):
                page.keyboard.press("Enter")


def answer_by_keys(page: Page) -> None:
    """Answer the first open question rightly and send it."""
    code = page.locator("form.quiz input[name=question]").first.get_attribute("value") or ""
    form = f"form.quiz:has(input[name=question][value='{code}'])"
    if page.locator(f"{form} [data-order]").count():
        arrange(page, form)
    else:
        for name, values in RIGHT_FIELDS["q1" if ".final." in code else code.rpartition(".")[2]].items():
            field = f"{form} [name='{name}']"
            if name == "chosen":
                choose(page, field, values[0])
            elif name == "typed":
                reach(page, field)
                page.keyboard.type(values[0])
            else:
                pick(page, field, values[0])
    act(page, f"{form} button:not([type=button])")


def look(page: Page) -> None:
    assert page.evaluate("document.documentElement.dir") == "rtl"
    assert axe(page) == []
    assert not overflows(page)


def read_by_keys(page: Page) -> None:
    """Every screen of the open lesson."""
    for _ in range(30):
        look(page)
        if page.locator("form.quiz input[name=question]").count():
            answer_by_keys(page)
        elif page.locator("form.quiz").count():
            act(page, "form.quiz button")
        elif page.locator("textarea#plan").count():
            return
        else:
            act(page, ".turn a.btn--go")
    raise AssertionError("the lesson has no end")


def take_by_keys(page: Page, place: str) -> None:
    page.goto(f"{COURSE}test/{place}/")
    look(page)
    act(page, "form[action$='/start/'] button")
    while page.locator("form.quiz").count():
        look(page)
        answer_by_keys(page)
    act(page, "form[action$='/hand-in/'] button")
    look(page)


def test_course_in_arabic_with_the_keyboard_alone(site: Stack, visit: Visitor) -> None:
    page = visit("Assessment lead", width=360)
    page.context.add_cookies([{"name": "django_language", "value": "ar", "url": site.url}])
    page.goto(COURSE)
    look(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("بالعربية")
    act(page, "form[action$='/enrol/'] button")
    read_by_keys(page)
    for place in ("m1", "final"):
        take_by_keys(page, place)
    act(page, "a[href*='/me/certificates/']")
    look(page)
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", page.locator(".code.mono").inner_text().strip())
