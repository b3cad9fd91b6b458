"""Packages in a real browser: ours in another system, theirs in ours, and a prison that holds."""

from __future__ import annotations

import functools
import http.server
import json
import re
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.courses.scorm import golf, prison
from tests.e2e.conftest import Visitor, axe, overflows
from tests.stack import Stack

LMS = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>LMS</title><iframe id="sco" title="SCO" style="width:100%;height:800px"></iframe>
<script>
const held = JSON.parse(localStorage.cmi ?? "{}"), calls = [];
const cmi = { "cmi.core.lesson_status": "not attempted", ...held, "cmi.core.entry": held["cmi.core.exit"] === "suspend" ? "resume" : "ab-initio" };
const note = (name, ...rest) => { calls.push([name, ...rest]); localStorage.calls = JSON.stringify(calls); };
window.API = {
  LMSInitialize: (x) => { note("init", x, cmi["cmi.core.entry"]); return "true"; },
  LMSFinish: (x) => { note("finish", x); localStorage.cmi = JSON.stringify(cmi); return "true"; },
  LMSGetValue: (name) => cmi[name] ?? "",
  LMSSetValue: (name, value) => { if (typeof value !== "string") note("bad", name); cmi[name] = value; return "true"; },
  LMSCommit: () => { note("commit"); localStorage.cmi = JSON.stringify(cmi); return "true"; },
  LMSGetLastError: () => "0", LMSGetErrorString: () => "", LMSGetDiagnostic: () => "",
};
document.getElementById("sco").src = "course/index.html";
</script></html>"""


@pytest.fixture
def other_system(site: Stack, tmp_path: Path) -> Iterator[str]:
    """A small learning system of another maker that has taken our course in; the address of its page."""
    site.run("export_scorm", "c9-doors", str(tmp_path))
    (made,) = tmp_path.glob("*.zip")
    with zipfile.ZipFile(made) as archive:
        archive.extractall(tmp_path / "course")
    (tmp_path / "lms.html").write_text(LMS)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *rest: Any) -> None:
            """Nothing."""

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path))
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/lms.html"
    server.shutdown()
    server.server_close()
    thread.join()


def stored(page: Page) -> dict[str, str]:
    found: dict[str, str] = json.loads(page.evaluate("localStorage.cmi"))
    return found


def answer_rightly(course: FrameLocator) -> None:
    """Every kind of question, by its own inputs."""
    forms = course.locator(".screen:not([hidden]) .question")
    forms.nth(0).get_by_label("Right of C9.m1.l1.q1").check()
    for place, value in enumerate(("Key", "Bolt")):
        forms.nth(1).locator("select").nth(place).select_option(value)
    for line in forms.nth(2).locator("label").all():
        line.locator("select").select_option(
            {"Look": "1", "Lock": "2", "Tell": "3"}[line.locator("span").inner_text()]
        )
    forms.nth(3).locator("input").fill("٢,٥")
    forms.nth(4).locator("input").fill("Bolts")
    for place, value in enumerate(("lock", "tell")):
        forms.nth(5).locator("select").nth(place).select_option(value)
    for form in forms.all():
        form.get_by_role("button", name="Check answer").click()
        expect(form.locator(".verdict.right")).to_be_visible()


def test_our_course_plays_in_another_system_resumes_and_reports_completion(
    visit: Visitor, other_system: str
) -> None:
    page = visit(width=360)
    page.goto(other_system)
    course = page.frame_locator("#sco")
    for _screen in range(3):
        course.get_by_role("button", name="Next").click()
    expect(course.locator("#place")).to_have_text("Screen 4 of 6")
    page.goto("about:blank")

    page.goto(other_system)
    expect(course.locator("#place")).to_have_text("Screen 4 of 6")
    calls = json.loads(page.evaluate("localStorage.calls"))
    assert calls[0] == ["init", "", "resume"]
    assert [call for call in calls if call[0] == "bad"] == []
    assert stored(page)["cmi.core.lesson_status"] == "incomplete"
    assert len(stored(page)["cmi.suspend_data"]) < 4096
    form = course.locator(".screen:not([hidden]) .question").first
    form.get_by_label("Wrong of C9.m1.l1.q1").check()
    form.get_by_role("button", name="Check answer").click()
    expect(form.get_by_text("It is not so in C9.m1.l1.q1.")).to_be_visible()
    answer_rightly(course)
    course.get_by_role("button", name="Next").click()
    course.get_by_role("button", name="Next").click()
    expect(course.get_by_text("This is reported as completed")).to_be_visible()
    assert stored(page)["cmi.core.lesson_status"] == "completed"
    assert stored(page)["cmi.core.score.raw"] == "100"
    assert re.fullmatch(r"\d{4}:\d\d:\d\d", stored(page)["cmi.core.session_time"])
    page.goto(other_system.replace("lms.html", "course/index.html"))
    assert axe(page) == []
    assert not overflows(page)


def bring(visit: Visitor, tmp_path: Path, name: str, content: bytes) -> str:
    """A manager brings the package; the path of its page."""
    file = tmp_path / f"{name}.zip"
    file.write_bytes(content)
    page = visit("Programme manager")
    page.goto("/packages/bring/")
    page.get_by_label("File").set_input_files(file)
    page.get_by_label("Title").fill(name)
    page.get_by_role("button", name="Look through and keep").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    assert axe(page) == []
    return page.url


def golf_frame(page: Page) -> FrameLocator:
    return page.frame_locator(".player iframe").frame_locator("iframe")


def test_a_golf_package_resumes_after_its_tab_is_closed(visit: Visitor, tmp_path: Path) -> None:
    address = bring(visit, tmp_path, "Golf explained", golf())
    page = visit("Assessment lead", width=360)
    page.goto(address)
    page.get_by_role("link", name="Open").click()
    game = golf_frame(page)
    expect(game.locator("#who")).to_have_text("Learner/ab-initio")
    for number in range(1, 5):
        game.get_by_role("button", name="Next").click()
        expect(game.frame_locator("#page").locator("h1")).to_have_text(f"Page {number}")
    expect(page.locator("#package-state")).to_have_text(re.compile("Saved at"))
    assert axe(page) == []
    assert not overflows(page)
    context, play = page.context, page.url
    game.get_by_role("button", name="Next").click()
    expect(game.frame_locator("#page").locator("h1")).to_have_text("Page 5")
    page.wait_for_timeout(500)  # as long as a hand needs to reach the cross of the tab
    page.close(run_before_unload=False)

    again = context.new_page()
    asked: list[str] = []
    again.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    again.goto(play)
    game = golf_frame(again)
    expect(game.locator("#who")).to_have_text("Learner/resume")
    expect(game.frame_locator("#page").locator("h1")).to_have_text("Page 5")
    assert asked == ["Would you like to resume from where you previously left off?"]
    game.get_by_role("button", name="Next").click()
    expect(again.locator("#package-state")).to_have_text(re.compile("Saved at"))
    again.goto(address)
    expect(again.get_by_text("Reported by the package: passed, 60 / 100")).to_be_visible()
    assert again.request.get("/me/learning/").text().count("Golf explained") == 0


def test_what_was_not_sent_waits_in_the_browser_and_is_sent_at_the_next_opening(
    visit: Visitor, tmp_path: Path
) -> None:
    address = bring(visit, tmp_path, "Golf offline", golf())
    page = visit("Assessment lead")
    page.goto(address)
    page.get_by_role("link", name="Open").click()
    game = golf_frame(page)
    expect(game.locator("#who")).to_have_text("Learner/ab-initio")
    page.route("**/save/", lambda route: route.abort())
    for _page in range(3):
        game.get_by_role("button", name="Next").click()
    page.wait_for_timeout(2500)
    expect(page.locator("#package-state")).to_have_text("Not saved yet")
    page.unroute_all()
    play = page.url
    page.route("**/save/", lambda route: route.abort())
    page.goto("about:blank")
    page.unroute_all()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(play)
    expect(golf_frame(page).frame_locator("#page").locator("h1")).to_have_text("Page 3")


def test_a_package_plays_in_its_own_window_too(visit: Visitor, tmp_path: Path) -> None:
    address = bring(visit, tmp_path, "Golf window", golf())
    page = visit("Assessment lead")
    page.goto(address)
    page.get_by_role("link", name="Open").click()
    expect(golf_frame(page).locator("#who")).to_have_text("Learner/ab-initio")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Open in its own window").click()
    own = opened.value
    game = own.frame_locator("iframe")
    game.get_by_role("button", name="Next").click()
    expect(page.locator("#package-state")).to_have_text(re.compile("Saved at"))
    assert (
        own.evaluate("(() => { try { return opener.document.title } catch (error) { return error.name } })()")
        == "SecurityError"
    )
    assert (
        own.evaluate(
            "(() => { try { opener.location = '/home/'; return 'asked' } catch (error) { return error.name } })()"
        )
        == "SecurityError"
    )
    expect(page.get_by_text("The package is open in its own window")).to_be_visible()


@pytest.fixture
def recorder() -> Iterator[tuple[str, list[str]]]:
    """A server of the same site as ours, which notes every request: its origin, and what arrived."""
    arrived: list[str] = []

    class Noting(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            arrived.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_POST = do_HEAD = do_OPTIONS = do_GET

        def log_message(self, *rest: Any) -> None:
            """Nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Noting)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", arrived
    server.shutdown()
    server.server_close()
    thread.join()


def attempts(page: Page, address: str) -> dict[str, str]:
    """What a prison package writes down about its ways out."""
    page.goto(address)
    page.get_by_role("link", name="Open").click()
    out = golf_frame(page).locator("#out")
    expect(out).to_have_text(re.compile("socket"))
    found: dict[str, str] = json.loads(out.inner_text())
    return found


def test_from_inside_nothing_of_the_site_and_nothing_elsewhere_is_reached(
    site: Stack, visit: Visitor, tmp_path: Path, browser: Any, recorder: tuple[str, list[str]]
) -> None:
    noting, arrived = recorder
    visitor = visit("Assessment lead")
    context = browser.new_context(storage_state=visitor.context.storage_state())
    for number, target in enumerate((site.url, noting)):
        address = bring(visit, tmp_path, f"Prison {number}", prison(target))
        page = context.new_page()
        found = attempts(page, address)
        assert found["cookie"] == ""
        assert found["top"] == found["parents"] == found["navigate"] == "blocked SecurityError"
        for name in ("fetch site", "fetch elsewhere", "image", "socket"):
            assert found[name].startswith("blocked"), name
        assert (found["fetch own"], found["fetch relative"]) == ("200", "404")
        assert found["frame"] in ("foreign", "nothing")
        assert page.url.startswith(site.url)
    context.close()
    assert arrived == []
    visitor.request.get(f"{noting}/from-outside/")
    assert arrived == ["/from-outside/"]


def test_without_javascript_the_player_says_what_it_needs(visit: Visitor, tmp_path: Path) -> None:
    address = bring(visit, tmp_path, "Golf plain", golf())
    page = visit("Assessment lead", javascript=False)
    page.goto(address)
    page.get_by_role("link", name="Open").click()
    expect(page.get_by_text("needs JavaScript")).to_be_visible()
