"""Every page that a person can reach by links: axe, no sideways scroll, weight, in light, dark and right to left."""

from __future__ import annotations

import gzip
import re
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import Visitor, axe, overflows
from tests.stack import Stack

PEOPLE = (
    "",
    "Assessment lead",
    "National coordinator",
    "Reviewer",
    "Mentor",
    "Programme manager",
    "Learner",
    "Administrator",
)
SKIP = re.compile(
    r"^/(static|api|accounts/logout|reports/[^/]+/file|me/certificates/[^/]+/pdf)|/evidence/|\.pdf|/download"
)
LIMITS = {"question": 14, "lesson": 14}


def shape(path: str) -> str:
    """The kind of page behind a path: ids, codes and slugs replaced."""
    path = re.sub(r"/[a-z2-7]{20}(?=/)", "/id", path)
    path = re.sub(r"/[A-Z]{3}(\.\d+)+(?=/)", lambda m: "/" + ".".join("C" * (m[0].count(".") + 1)), path)
    return re.sub(
        r"/(learn|resources|verify)/[^/]+(/[^/]+)?/$", lambda m: f"/{m[1]}/x{'/y' if m[2] else ''}/", path
    )


def reachable(page: Page, url: str, limit: int) -> list[str]:
    """One path of each kind, found by following links from the first page."""
    waiting, seen = [urlparse(page.url).path], {}
    while waiting and len(seen) < limit:
        path = waiting.pop(0)
        if shape(path) in seen:
            continue
        response = page.goto(path)
        assert response is not None
        assert response.status < 400, f"{path} answered {response.status}"
        seen[shape(path)] = path
        found = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
        for address in found:
            target = urlparse(address)
            if address.startswith(url) and not SKIP.search(target.path) and shape(target.path) not in seen:
                waiting.append(target.path)
    return list(seen.values())


@pytest.mark.parametrize("person", PEOPLE)
def test_every_page_is_for_everyone(site: Stack, visit: Visitor, person: str) -> None:
    page = visit(person)
    if not person:
        page.goto("/")
    paths = reachable(page, site.url, 60)
    assert len(paths) >= 5
    faults: list[str] = []
    for number, path in enumerate(paths):
        page.emulate_media(color_scheme="dark" if number % 2 else "light")
        page.set_viewport_size({"width": 360 if number % 3 else 1280, "height": 900})
        page.goto(path)
        faults += axe(page)
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            if overflows(page):
                faults.append(f"{path} scrolls sideways at {width}")
    assert faults == []


@pytest.mark.parametrize("person", ["Assessment lead", "Programme manager", "Learner"])
def test_pages_are_mirrored_whole(site: Stack, visit: Visitor, person: str) -> None:
    page = visit(person, width=360)
    page.context.add_cookies([{"name": "django_language", "value": "ar", "url": site.url}])
    page.goto("/home/")
    assert page.evaluate("document.documentElement.dir") == "rtl"
    faults: list[str] = []
    for path in reachable(page, site.url, 30):
        page.goto(path)
        faults += [fault for fault in axe(page) if "color-contrast" not in fault]
        if overflows(page):
            faults.append(f"{path} scrolls sideways when mirrored")
    assert faults == []


@pytest.mark.parametrize("person", ["Assessment lead", "Programme manager", "Learner", "Mentor"])
def test_pages_keep_their_weight(site: Stack, visit: Visitor, person: str) -> None:
    page = visit(person)
    heavy = []
    for path in reachable(page, site.url, 40):
        body = page.request.get(path).body()
        limit = 14 if re.search(r"/assessments/.+/C+\.|/learn/", shape(path)) else 25
        size = len(gzip.compress(body, 6)) / 1024
        if size > limit:
            heavy.append(f"{path}: {size:.1f} KB, limit {limit}")
    assert heavy == []


def test_first_visit_is_light(site: Stack, visit: Visitor) -> None:
    page = visit()
    fetched: dict[str, int] = {}
    page.on("response", lambda response: fetched.__setitem__(urlparse(response.url).path, response.status))
    page.goto("/")
    page.wait_for_load_state("networkidle")
    weight = sum(len(gzip.compress(page.request.get(path).body(), 9)) for path in fetched) / 1024
    assert len(fetched) <= 5, fetched
    assert weight <= 45, f"{weight:.1f} KB"


def test_keyboard_reaches_the_content_first(visit: Visitor) -> None:
    page = visit("Assessment lead")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
