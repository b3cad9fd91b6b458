"""Every table that a page offers as a file: who gets the page gets the file, and the file says what the page says."""

from __future__ import annotations

import csv
import importlib
import io
import pkgutil
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

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
        self.body = self.quiet = self.remark = False
        self.captions: set[str] = set()
        self.caption = False
        self.cells = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and "format=" in (given.get("href") or ""):
            self.links.append(given["href"] or "")
        if tag == "table":
            self.inside.append(given.get("data-table") or "")
        elif self.here and tag == "tr" and self.body:
            self.rows.setdefault(self.here, []).append(set())
            self.cells = 0
        elif self.here and tag in ("td", "th"):
            self.cells += 1
            self.remark = self.cells == 1 and tag == "td" and "colspan" in given
        elif tag in ("tbody", "thead") and len(self.inside) == 1:
            self.body = tag == "tbody"
        elif tag == "caption":
            self.caption = True
        if tag in ("form", "svg"):
            self.quiet = True
        if tag == "option" and "selected" in given:
            self.quiet = False

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self.inside:
            self.inside.pop()
        if tag in ("form", "svg"):
            self.quiet = False
        if tag == "option":
            self.quiet = True
        if tag == "caption":
            self.caption = False
        if tag == "tr" and self.here and self.remark and self.body:
            self.rows[self.here].pop()

    def handle_data(self, data: str) -> None:
        if self.caption:
            self.captions.update(data.split())
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
            yield from (
                f"{url}{link}: {fault}" for fault in differences(rows, seen.rows.get(name, []), seen.captions)
            )
        else:
            book = read_workbook(response.content, name="table")
            if len(book) != 1 or not next(iter(book.values())):
                yield f"{url}{link}: an empty workbook"


def differences(rows: list[list[str]], shown: list[set[str]], captions: set[str]) -> Iterator[str]:
    """Yield the words of the file that the same row of the page does not have; more rows than shown are right."""
    body = rows[1:]
    shown = [words for words in shown if words]
    if len(body) < len(shown):
        yield f"{len(body)} rows, the page shows {len(shown)}"
    for row, words in zip(body, shown, strict=False):
        plain = {part.strip(".,;:()%'") for word in words | captions for part in (word, unescape(word))}
        for said in row:
            if strange := {part.strip(".,;:()%'") for part in said.split() if part.isalpha()} - plain:
                yield f"{sorted(strange)} stand in the file only"


@pytest.mark.django_db
def test_files_follow_their_pages() -> None:
    """One world for all apps: each page as all nine, each request in a savepoint that is taken back."""
    cast = world()
    clients = {person: client_of(person, cast) for person in PEOPLE}
    found, offered = [], set()
    for app in APPS:
        for method, name, statuses, *_ in importlib.import_module(f"tests.access.matrix.{app}").ROWS:
            if method == "GET" and 200 in statuses:
                page = dict(zip(PEOPLE, statuses, strict=True))
                link, wrong = look(clients, url_of(name, cast), page)
                found += wrong
                offered |= {name} if link else set()
    assert "\n".join(found) == ""
    assert len(offered) >= 40, sorted(offered)


def client_of(person: str, cast: Cast) -> Client:
    client = Client()
    if person != "anonymous":
        client.force_login(cast.people[person], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def look(clients: dict[str, Client], url: str, statuses: dict[str, int]) -> tuple[str, list[str]]:
    """Return the first link to a file of this page, and what is wrong with its files for each of the nine."""
    link, wrong = "", []
    for person, status in sorted(statuses.items(), key=lambda item: item[1] != 200):
        cache.clear()
        point = transaction.savepoint()
        if link:
            wrong += refusals(clients[person], person, url, link, status)
        elif status == 200:
            response = clients[person].get(url)
            if response.streaming or not has_tables(response):
                transaction.savepoint_rollback(point)
                break
            page = response.content.decode()
            link = next(iter(Tables(page).links), "")
            wrong += [f"{person}: {fault}" for fault in faults(clients[person], url, page)]
        transaction.savepoint_rollback(point)
    return link, wrong


def refusals(client: Client, person: str, url: str, link: str, status: int) -> Iterator[str]:
    """Yield a line when a person who gets `status` for the page gets something else for its file."""
    given = client.get(url + link).status_code
    if (
        given == 400
        and status == 200
        and unescape(link) not in Tables(client.get(url).content.decode()).links
    ):
        return  # this person's page shows no such table
    if given != status:
        yield f"{person}: {url}{link} gives {given}, the page {status}"


def has_tables(response: Any) -> bool:
    """Whether a template of the page has a table that leaves."""
    return any("{% savable" in (part.source or "") for part in response.templates)


@pytest.mark.parametrize("asked", ["", "pdf", "CSV", "csv\x00", "../csv", "csv&table=", "xlsx&table=none"])
@pytest.mark.django_db
def test_strange_format_is_answered_in_words(cast: Cast, asked: str) -> None:
    client = client_of("lead", cast)
    response = client.get(f"/o/{cast.agency.public_id}/team/?format={asked}")
    assert response.status_code == 400
    assert "We could not read that request" in response.content.decode()


@pytest.mark.django_db
def test_page_without_a_table_says_so(cast: Cast) -> None:
    response = client_of("lead", cast).get(reverse("home:account"), {"format": "csv"})
    assert response.status_code == 400 and "no table" in response.content.decode()
