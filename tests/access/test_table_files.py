"""Every table that a page offers as a file: who gets the page gets the file, and the file says what the page says."""

from __future__ import annotations

import csv
import importlib
import io
import pkgutil
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from apps.core.workbooks import read_workbook
from tests.access import matrix
from tests.access.test_matrix import url_of, world
from tests.people import PEOPLE, Cast

APPS = [m.name for m in pkgutil.iter_modules(matrix.__path__) if not m.name.startswith("api")]


class Tables(HTMLParser):
    """The links to files of a page, and the words of the cells of each marked table, read without our own reader."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.rows: dict[str, list[set[str]]] = {}
        self.inside: list[str] = []
        self.body = self.quiet = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and "format=" in (given.get("href") or ""):
            self.links.append(given["href"] or "")
        if tag == "table":
            self.inside.append(given.get("data-table") or "")
        elif self.here and tag == "tr" and self.body:
            self.rows.setdefault(self.here, []).append(set())
        elif tag in ("tbody", "thead") and len(self.inside) == 1:
            self.body = tag == "tbody"
        if tag in ("form", "svg", "select"):
            self.quiet = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self.inside:
            self.inside.pop()
        if tag in ("form", "svg", "select"):
            self.quiet = False

    def handle_data(self, data: str) -> None:
        if self.here and self.body and not self.quiet and self.rows.get(self.here):
            self.rows[self.here][-1].update(data.split())

    @property
    def here(self) -> str:
        return self.inside[0] if len(self.inside) == 1 else ""


def faults(client: Client, url: str, page: str) -> Iterator[str]:
    """Yield what is wrong with the files that this page offers."""
    seen = Tables(page)
    for link in seen.links:
        asked = parse_qs(link.removeprefix("?"))
        name, ending = asked["table"][0], asked["format"][0]
        response = client.get(url + link)
        if response.status_code != 200 or "attachment" not in response["Content-Disposition"]:
            yield f"{url}{link}: {response.status_code}"
        elif ending == "csv":
            rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
            yield from (f"{url}{link}: {fault}" for fault in differences(rows, seen.rows.get(name, [])))
        else:
            book = read_workbook(response.content, name="table")
            if len(book) != 1 or not next(iter(book.values())):
                yield f"{url}{link}: an empty workbook"


def differences(rows: list[list[str]], shown: list[set[str]]) -> Iterator[str]:
    """Yield the words of the file that the same row of the page does not have; more rows than shown are right."""
    body = rows[1:]
    shown = [words for words in shown if words]
    if len(body) < len(shown):
        yield f"{len(body)} rows, the page shows {len(shown)}"
    for row, words in zip(body, shown, strict=False):
        plain = {part.strip(".,;:()%'") for word in words for part in (word, unescape(word))}
        for said in row[:1]:
            if strange := {part.strip(".,;:()%'") for part in said.split()} - plain:
                yield f"{sorted(strange)} stand in the file only"


@pytest.mark.parametrize("app", APPS)
@pytest.mark.django_db
def test_files_follow_their_pages(app: str) -> None:
    cast = world()
    found = [
        fault
        for method, name, statuses, *_ in importlib.import_module(f"tests.access.matrix.{app}").ROWS
        if method == "GET" and 200 in statuses and not name.startswith("api-")
        for fault in faults_of(name, dict(zip(PEOPLE, statuses, strict=True)), cast)
    ]
    assert found == []


def faults_of(name: str, statuses: dict[str, int], cast: Cast) -> Iterator[str]:
    """Look at one page as all nine: the files it offers to those who see it, and the same refusal for the others."""
    url, link = url_of(name, cast), ""
    for person, status in sorted(statuses.items(), key=lambda item: item[1] != 200):
        client = Client()
        if person != "anonymous":
            client.force_login(
                cast.people[person], backend="allauth.account.auth_backends.AuthenticationBackend"
            )
        cache.clear()
        point = transaction.savepoint()
        if status == 200:
            response = client.get(url)
            if not response.streaming and response["Content-Type"].startswith("text/html"):
                page = response.content.decode()
                link = next(iter(Tables(page).links), link)
                yield from (f"{person}: {fault}" for fault in faults(client, url, page))
        elif link and (given := client.get(url + link).status_code) != status:
            yield f"{person}: {url}{link} gives {given}, the page {status}"
        transaction.savepoint_rollback(point)
