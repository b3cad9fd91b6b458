"""Every page that a person can reach by links: axe, no sideways scroll, weight, in light, dark and right to left."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterator
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
    r"^/(static|api|accounts/logout|reports/[^/]+/file|me/certificates/[^/]+/pdf)|\.(pdf|json)|/download"
)


def shape(path: str) -> str:
    """The kind of page behind a path: ids, codes and slugs replaced, the query left out."""
    path = path.partition("?")[0]
    path = re.sub(r"/[a-z2-7]{20}(?=/)", "/id", path)
    path = re.sub(r"^/framework/[a-z0-9-]+/\d+(\.\d+)+/", "/framework/slug/version/", path)
    path = re.sub(r"^/learn/[^/]+/(glossary|key-points|my-work)/$", r"/\1-of-a-course/", path)
    path = re.sub(r"^/learn/[^/]+/test/[^/]+/supervised/$", "/learn/x/test/y/supervised/-", path)
    path = re.sub(r"/related/[^/]+/$", "/related/x/", path)
    path = re.sub(r"/[A-Z]{3}(\.\d+)+(?=/)", lambda m: "/" + ".".join("C" * (m[0].count(".") + 1)), path)
    path = re.sub(r"^/learn/[^/]+/certificate/$", "/learn/x/certificate/-", path)
    return re.sub(
        r"/(learn|resources|exercises|verify|packages/of|library/of)/[^/]+(/[^/]+)?/$",
        lambda m: f"/{m[1]}/x{'/y' if m[2] else ''}/",
        path,
    )


def is_download(page: Page, path: str) -> bool:
    """Whether the address gives a file, which a page cannot be walked to; it has to answer all the same."""
    answer = page.request.head(path)
    if "attachment" not in answer.headers.get("content-disposition", ""):
        return False
    assert answer.status < 400, f"{path} answered {answer.status}"
    return True


def walk(page: Page, url: str, limit: int) -> Iterator[str]:
    """Open one page of each kind, found by following links from the first page; yield its path when it is open."""
    waiting: list[str] = [page.url.removeprefix(url)]
    seen: set[str] = set()
    while waiting and len(seen) < limit:
        path = waiting.pop(0)
        if shape(path) in seen:
            continue
        seen.add(shape(path))
        if is_download(page, path):
            continue
        response = page.goto(path)
        assert response is not None
        assert response.status < 400, f"{path} answered {response.status}"
        for address in page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)"):
            target = urlparse(address)
            found = target.path + (f"?{target.query}" if target.query else "")
            if address.startswith(url) and not SKIP.search(target.path) and shape(found) not in seen:
                waiting.append(found)
        yield path


def too_heavy(page: Page, path: str) -> str:
    """A sentence when the compressed page is over the hard stop of its kind; a whole framework for paper is no page."""
    if path.partition("?")[0].endswith("/print/"):
        return ""
    limit = 14 if re.search(r"/assessments/.+/C+\.|/learn/", shape(path)) else 25
    size = len(gzip.compress(page.content().encode(), 6)) / 1024
    return f"{path}: {size:.1f} KB, limit {limit}" if size > limit else ""


checked: Counter[str] = Counter()


@pytest.mark.parametrize("person", PEOPLE)
def test_every_page_is_for_everyone(site: Stack, visit: Visitor, person: str) -> None:
    """axe in light or dark at 360 or 1280 px, sideways scroll at the other, weight; each kind of page up to twice."""
    page = visit(person)
    if not person:
        page.goto("/")
    faults: list[str] = []
    number = 0
    for path in walk(page, site.url, 200):
        number += 1
        if checked[shape(path)] >= 2:
            continue
        checked[shape(path)] += 1
        faults.append(too_heavy(page, path))
        page.emulate_media(color_scheme="dark" if number % 2 else "light")
        for width in (1280, 360) if number % 3 else (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            if overflows(page):
                faults.append(f"{path} scrolls sideways at {width}")
        faults += axe(page)
    assert number >= 5
    assert [fault for fault in faults if fault] == []


@pytest.mark.parametrize("person", ["Assessment lead", "Programme manager", "Learner"])
def test_pages_are_mirrored_whole(site: Stack, visit: Visitor, person: str) -> None:
    page = visit(person, width=360)
    page.context.add_cookies([{"name": "django_language", "value": "ar", "url": site.url}])
    page.goto("/home/")
    assert page.evaluate("document.documentElement.dir") == "rtl"
    faults: list[str] = []
    for path in walk(page, site.url, 200):
        if checked["rtl" + shape(path)]:
            continue
        checked["rtl" + shape(path)] += 1
        faults += axe(page)
        if overflows(page):
            faults.append(f"{path} scrolls sideways when mirrored")
    assert faults == []


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
