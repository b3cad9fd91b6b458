"""A manager decides and publishes a round, and a lead answers an invitation, with the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor
from tests.e2e.test_keyboard_arabic import act, reach
from tests.stack import Stack


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A site of its own: a published round does not open again."""
    stack = Stack(tmp_path_factory.mktemp("keys") / "data")
    stack.prepare()
    stack.start("up")
    yield stack
    stack.stop()


def to_row(page: Page, number: int) -> str:
    """The selector of one pair on the board."""
    row = page.locator("tr[id^=r-]").nth(number).get_attribute("id")
    assert row
    return f"#{row}"


def decide(page: Page, row: str, choice: str) -> None:
    """Press a button of a pair; afterwards the page is the board again."""
    act(page, f"{row} button[value={choice}]")
    expect(page.locator(f"{row} button[value={choice}]")).to_have_count(0)


def publish_by_keys(page: Page) -> None:
    """From the overview of the programme: pin one pair, set one aside and take that back, accept one, send it."""
    act(page, "header a[href$='/matching/']")
    act(page, "main a[href*='/matching/']:not([href*=waiting])")
    expect(page.get_by_role("heading", level=1)).to_contain_text("have a mentor in sight")
    first, second, third = (to_row(page, number) for number in range(3))
    reach(page, f"{first} a[hx-get]")
    page.keyboard.press("Enter")
    expect(page.locator(f"{first} [role=status]")).not_to_be_empty()
    decide(page, first, "pin")
    expect(page.locator(first)).to_contain_text("Pinned")
    decide(page, second, "set_aside")
    act(page, "form[action$='/undo/'] button")
    expect(page.locator(f"{second} button[value=accept]")).to_have_count(1)
    decide(page, third, "accept")
    act(page, "a.btn[href$='/invitations/']")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Send one invitation?")
    act(page, "main form button")
    expect(page.get_by_role("heading", level=1)).to_contain_text("invitation was sent")


def answer_by_keys(page: Page, path: str) -> None:
    """Open the fold with Space, choose a reason with the arrows, decline."""
    page.goto(path)
    act(page, "main a[href*='/invitations/']")
    reach(page, "main form[action$='/accept/'] button")
    reach(page, "summary")
    page.keyboard.press("Space")
    reach(page, "input[name=reason]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator("input[name=reason]").nth(1)).to_be_checked()
    act(page, "form[action$='/decline/'] button")
    expect(page.get_by_text("You have declined.")).to_be_visible()


def test_board_and_invitation_with_the_keyboard_alone(visit: Visitor) -> None:
    publish_by_keys(visit("Ines Okoro"))
    lead = visit("Leila Marwan")
    start = re.search(r"/o/[a-z2-7]{20}/", lead.url)
    assert start
    answer_by_keys(lead, f"{start[0]}engagements/")
