"""The main job in a real browser: answer, submit, read, download; match; learn to a certificate."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.courses.files import RIGHT_FIELDS
from tests.e2e.conftest import Visitor
from tests.stack import Stack

WAYS = [(360, True), (1280, True), (1280, False)]
NAMES = ["phone", "desk", "without JavaScript"]


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press the first visible button of this name and wait for the next page."""
    page.get_by_role("button", name=name).first.click()
    page.wait_for_load_state()


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    """Follow the first link of this name."""
    page.get_by_role("link", name=name).first.click()
    page.wait_for_load_state()


@pytest.mark.parametrize(("width", "javascript"), WAYS, ids=NAMES)
def test_lead_answers_submits_reads_and_downloads(visit: Visitor, width: int, javascript: bool) -> None:
    page = visit("Assessment lead", width=width, javascript=javascript)
    follow(page, "Assessments")
    follow(page, re.compile("Start an assessment|New assessment"))
    page.get_by_label("Title").fill(f"Check {width} {javascript}")
    press(page, "Start the assessment")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Every area has someone to answer it")
    follow(page, re.compile("Back to all areas"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("0 of 51")
    follow(page, re.compile("Direction and planning"))
    follow(page, re.compile("Current approved strategy"))
    for level in (3, 2):
        page.locator(f"input[name=answer][value='{level}']").check()
        page.get_by_label(re.compile("Why this")).fill(
            "The minister signed it in March; every unit received it."
        )
        if level == 3:
            page.get_by_text("Add evidence: a file, a link or a description").click()
            page.get_by_label("A description of something we hold").check()
            page.get_by_label("Title").fill("Strategy 2026 to 2029")
            page.get_by_label("Who holds it?").fill("Cabinet office")
            page.get_by_label("Where is it kept?").fill("Registry, file 12")
            page.get_by_label(re.compile("Date")).fill("2026-03-04")
            press(page, "Add this evidence")
            expect(page.get_by_role("table")).to_contain_text("Strategy 2026 to 2029")
        press(page, "Save and continue")
    page.locator("input[name=answer][value='unknown']").check()
    press(page, "Save and go back to the area")
    expect(page.get_by_text("3 of").first).to_be_visible()
    follow(page, re.compile("Back to"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("3 of 51")
    follow(page, re.compile("Check|check"))
    follow(page, "Go on to submit")
    press(page, re.compile("^Submit"))
    follow(page, "Results")
    follow(page, f"Check {width} {javascript}")
    body = page.locator("main")
    expect(body).to_contain_text("of 100 points are supported by evidence")
    expect(body).to_contain_text("Provisional")
    expect(body).to_contain_text("How this is counted")
    follow(page, re.compile("Report"))
    press(page, "Make the report")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your report is ready", timeout=90_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"%PDF-") and len(content) > 20_000


def test_manager_runs_the_round_and_exports(visit: Visitor) -> None:
    page = visit("Programme manager")
    follow(page, re.compile("Matching"))
    page.locator("main").get_by_role("link").filter(has_text=re.compile("2026")).first.click()
    press(page, re.compile("Work out the proposals|Work it out again"))
    expect(page.locator("main")).to_contain_text("Proved: no answer serves the weakest better")
    page.get_by_role("button", name=re.compile("^Accept ")).first.click()
    page.wait_for_load_state()
    follow(page, re.compile("^Check .* invitation"))
    press(page, re.compile("^Send .* invitation"))
    expect(page.locator("main")).to_contain_text("Both sides can answer until")
    follow(page, "Reports")
    press(page, "Make the report")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your report is ready", timeout=90_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")


def answer(form: Locator) -> None:
    """Answer the one question of `form` rightly, whatever its kind."""
    code = form.locator("input[name=question]").get_attribute("value") or ""
    lines = form.locator("[data-order] li")
    for place in range(lines.count()):
        # The right order is that of the letters at the end of the ids; lines are moved by their buttons.
        ids = [line.get_attribute("id") or "" for line in form.locator("[data-order] select").all()]
        at = ids.index(sorted(ids)[place])
        for _step in range(at - place):
            lines.nth(at).get_by_role("button", name=re.compile("Move up")).click()
            at -= 1
    if lines.count():
        return
    for name, values in RIGHT_FIELDS["q1" if ".final." in code else code.rpartition(".")[2]].items():
        field = form.locator(f"[name='{name}']")
        if name == "chosen":
            form.locator(f"[name=chosen][value={values[0]}]").check()
        elif name == "typed":
            field.fill(values[0])
        else:
            field.select_option(values[0])


def read_lesson(page: Page) -> None:
    """Go through every screen of the open lesson, answering the check."""
    for _ in range(40):
        if page.get_by_role("button", name="Read on").count():
            press(page, "Read on")
            continue
        form = page.locator("form.quiz").first
        if form.count():
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
            answer(form)
            form.get_by_role("button", name=re.compile("Check answer")).click()
            page.wait_for_load_state()
            continue
        if page.get_by_role("heading", name="Do it at work").count():
            expect(page.get_by_text("You have finished this lesson.")).to_be_visible()
            return
        follow(page, "Next")
    raise AssertionError("the lesson has no end")


def take_test(page: Page) -> None:
    """Answer every question of the test and hand in."""
    press(page, re.compile("Start the test|Try again"))
    while page.get_by_role("heading", level=1).inner_text().startswith("Question"):
        answer(page.locator("form.quiz"))
        press(page, "Save and continue")
    press(page, "Hand in")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Passed")


def test_learner_finishes_and_a_stranger_checks_the_certificate(visit: Visitor) -> None:
    page = visit("Administrator", width=360)
    page.goto("/learn/c9-doors/")
    press(page, "Start the course")
    page.goto("/learn/c9-doors/l11/?screen=1")
    read_lesson(page)
    for place in ("m1", "final"):
        page.goto(f"/learn/c9-doors/test/{place}/")
        take_test(page)
    follow(page, "See your certificate")
    code = page.locator(".code.mono").inner_text().strip()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as PDF").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    stranger = visit(width=360, javascript=False)
    stranger.goto("/verify/")
    stranger.get_by_label(re.compile("[Cc]ode")).fill(code)
    press(stranger, re.compile("Check"))
    expect(stranger.locator("main")).to_contain_text("Ada Stonefield")
    expect(stranger.locator("main")).to_contain_text("Doors C9")


def test_learner_goes_on_at_the_same_screen_on_another_device(visit: Visitor) -> None:
    first = visit("Learner")
    first.goto("/me/learning/")
    follow(first, re.compile("Continue"))
    if first.get_by_role("button", name="Read on").count():
        press(first, "Read on")
    follow(first, "Next")
    heading, screen = (
        first.get_by_role("heading", level=1).inner_text(),
        first.get_by_text(re.compile(r"Screen \d")).first.inner_text(),
    )
    second = visit("Learner", width=360, javascript=False)
    second.goto("/me/learning/")
    follow(second, re.compile("Continue"))
    expect(second.get_by_role("heading", level=1)).to_have_text(heading)
    expect(second.get_by_text(screen).first).to_be_visible()


def open_question(page: Page, area: str, indicator: str) -> None:
    follow(page, "Assessments")
    page.locator("main").get_by_role("link", name=re.compile("2026")).first.click()
    page.wait_for_load_state()
    follow(page, re.compile(area))
    follow(page, re.compile(indicator))


def test_second_browser_sees_the_conflict_and_both_texts(visit: Visitor) -> None:
    first, second = visit("Assessment lead"), visit("Respondent")
    for page in (first, second):
        open_question(page, "Threat awareness", "Threat picture")
    why = re.compile("Why this")
    first.locator("input[name=answer][value='1']").check()
    first.get_by_label(why).fill("We read the weekly bulletin and nothing else.")
    press(first, "Save and go back to the area")
    second.locator("input[name=answer][value='2']").check()
    second.get_by_label(why).fill("We compile our own picture every quarter.")
    press(second, "Save and continue")
    expect(second.get_by_role("heading", level=1)).to_contain_text("Two answers")
    both = second.locator("main")
    expect(both).to_contain_text("We read the weekly bulletin and nothing else.")
    expect(both).to_contain_text("We compile our own picture every quarter.")
    press(second, "Use this answer")
    open_question(first, "Threat awareness", "Threat picture")
    expect(first.get_by_label(why)).to_have_value("We compile our own picture every quarter.")
    follow(first, "Who changed what")
    expect(first.locator("main")).to_contain_text("We read the weekly bulletin and nothing else.")


def test_draft_is_kept_while_writing_and_private(visit: Visitor) -> None:
    page = visit("Assessment lead")
    open_question(page, "Threat awareness", "Threat picture")
    page.get_by_label(re.compile("Why this")).fill("Half a thought about sources")
    expect(page.locator("#draft-state")).to_contain_text("Draft kept at", timeout=10_000)
    again = visit("Assessment lead", javascript=False)
    open_question(again, "Threat awareness", "Threat picture")
    expect(again.get_by_label(re.compile("Why this"))).to_have_value("Half a thought about sources")
    colleague = visit("Respondent")
    open_question(colleague, "Threat awareness", "Threat picture")
    assert "Half a thought" not in colleague.content()


def test_wrong_evidence_is_refused_in_words_and_the_answer_stays(visit: Visitor, tmp_path: Path) -> None:
    page = visit("Assessment lead")
    open_question(page, "Direction and planning", "Funded action plan")
    page.get_by_text("Add evidence: a file, a link or a description").click()
    virus = tmp_path / "plan.pdf"
    virus.write_bytes(b"MZ\x90\x00" + b"\0" * 2000)
    page.locator("input[type=file]").set_input_files(virus)
    page.get_by_label("Title").fill("Plan")
    press(page, "Add this evidence")
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("Traceback")


def test_invited_colleague_signs_up_and_joins(site: Stack, visit: Visitor) -> None:
    lead = visit("Assessment lead")
    follow(lead, "Team")
    lead.get_by_label("E-mail address").fill("new.colleague@example.org")
    press(lead, "Send invitation")
    guest = visit(width=360)
    guest.goto(mailed(site, "new.colleague@example.org", r"(/invitation/[\w-]+/)"))
    follow(guest, "Make an account")
    guest.get_by_label("Full name").fill("Noor Haddad")
    guest.locator("input[type=email]").fill("new.colleague@example.org")
    for field in guest.locator("input[type=password]").all():
        field.fill("hold-the-rope-together-41")
    guest.locator("main form button").first.click()
    guest.wait_for_load_state()
    guest.get_by_label(re.compile("[Cc]ode")).fill(
        mailed(site, "new.colleague@example.org", r"\b([A-Z0-9]{4}-?[A-Z0-9]{4}|[A-Z0-9]{6})\b")
    )
    guest.locator("main form button").first.click()
    guest.wait_for_load_state()
    guest.goto(mailed(site, "new.colleague@example.org", r"(/invitation/[\w-]+/)"))
    press(guest, "Accept")
    expect(guest.locator("main")).to_contain_text("Welcome to National CERT of Veldara")


def mailed(site: Stack, address: str, pattern: str) -> str:
    """What the newest mail to this address says where the pattern matches; waits for the mail."""

    def look() -> str:
        mails = sorted((site.place / "mail").glob("*.log"), key=lambda p: p.stat().st_mtime, reverse=True)
        for mail in mails:
            text = mail.read_text()
            body = text.partition("\n\n")[2]
            if f"To: {address}" in text and (found := re.search(pattern, body)):
                return found[1]
        return ""

    return str(site.wait(look, 40, f"no mail to {address} with {pattern}"))


def test_site_has_a_working_stack(site: Stack) -> None:
    assert site.run("audit", "verify").returncode == 0
