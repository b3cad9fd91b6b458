"""From a result to a target, a roadmap and a plan that somebody works on, on a phone, a desk and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visitor, axe, overflows
from tests.e2e.test_journeys import NAMES, WAYS, follow, press


@pytest.mark.parametrize(("width", "javascript"), WAYS, ids=NAMES)
def test_lead_tries_levels_asks_for_a_roadmap_and_makes_it_a_plan(
    visit: Visitor, width: int, javascript: bool
) -> None:
    page, name = visit("Assessment lead", width=width, javascript=javascript), f"{width} {javascript}"
    follow(page, "Results")
    page.locator("main a[href*='/results/']").first.click()
    page.wait_for_load_state()
    result = page.url
    follow(page, "What if")
    page.locator("details.more summary").first.click()
    page.locator("select[name^='l-']:visible").first.select_option("5")
    if not javascript:
        press(page, "Show what changes")
    expect(page.locator("#figures")).to_contain_text("→")
    expect(page.locator("#changes")).to_contain_text("Work that would be left")
    assert not overflows(page)
    page.get_by_label("Name of the target").fill(f"Target {name}")
    press(page, "Save as target")
    expect(page.get_by_text(f"Saved as the target “Target {name}”")).to_be_visible()
    page.goto(f"{result}roadmap/")
    assert not overflows(page)
    page.locator("#id_budget").fill("100")
    press(page, "Work it out")
    expect(page.get_by_role("heading", level=1)).to_contain_text("lift", timeout=90_000)
    expect(page.locator("main")).to_contain_text("Proved: no plan within this budget gains more")
    assert not overflows(page)
    page.get_by_label("Name of the plan").fill(f"Plan {name}")
    press(page, "Make the plan")
    expect(page.get_by_role("heading", level=1)).to_contain_text("actions are done")
    assert not overflows(page)
    if javascript:
        assert axe(page) == []
    page.locator("table.gantt a").first.click()
    page.wait_for_load_state()
    page.get_by_label("Done", exact=True).check()
    page.get_by_label(re.compile("How it goes")).fill("The board decided in May.")
    press(page, "Save")
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(r"1 of \d+ actions are done"))
