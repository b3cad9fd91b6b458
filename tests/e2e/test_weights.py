"""What courses weigh on the line: measured as it comes, compressed, in a browser that has nothing yet."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor
from tests.e2e.test_journeys import press

COURSE = "/learn/c1-cyber-hygiene/"


def weigh(page: Page) -> list[float]:
    """A list that grows by the bytes of everything that this page loads from now on, headers too."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    loaded: list[float] = []

    def note(event: Any) -> None:
        loaded.append(float(event["encodedDataLength"]))

    session.on("Network.loadingFinished", note)
    return loaded


def open_course(visit: Visitor) -> Page:
    page = visit("Learner", width=360)
    page.goto(COURSE)
    if page.get_by_role("button", name="Start the course").count():
        press(page, "Start the course")
    return page


def load(page: Page, loaded: list[float], path: str) -> float:
    """Kilobytes of one page with everything that it needs."""
    loaded.clear()
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return sum(loaded) / 1000


def test_course_home_and_lessons_are_light(visit: Visitor) -> None:
    page = open_course(visit)
    loaded = weigh(page)
    home = load(page, loaded, COURSE)
    assert 5 < home <= 150, f"{home:.0f} KB"
    first = page.locator("ol.tasks a").first.get_attribute("href")
    heavy = []
    for screen in range(1, 8):
        weight = load(page, loaded, f"{first}?screen={screen}")
        heavy += [f"screen {screen}: {weight:.0f} KB"] if not 5 < weight <= 60 else []
    assert heavy == []


def test_whole_course_is_under_two_megabytes_and_as_large_as_was_said(visit: Visitor) -> None:
    page = open_course(visit)
    page.goto(COURSE)
    button = page.get_by_role("button", name=re.compile(r"Save this course"))
    said = float(re.search(r"\((\d+\.\d+) MB\)", button.inner_text())[1])  # type: ignore[index]
    loaded = weigh(page)
    button.click()
    expect(page.get_by_text("Saved on this device. Lessons and practice work")).to_be_visible(timeout=120_000)
    weight = sum(loaded) / 1_000_000
    assert weight <= 2, f"{weight:.2f} MB"
    assert 0.7 * weight <= said <= 1.5 * weight, f"said {said}, was {weight:.2f}"
