"""The tables of a page as files: which one the address asks for, its name, its label."""

from __future__ import annotations

import re
from html import unescape

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from apps.core.downloads import table_file
from apps.core.errors import Refused
from apps.core.tables import read_tables

FORMAT, TABLE = "format", "table"
ENDINGS = ("csv", "xlsx")
MOST_SAVED = 10_000  # rows of a paged list that one file holds; `page=2` has the next
LABELS = ("RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR")
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_LABEL = re.compile(r'<span class="tlp [^>]*>TLP:([A-Z+]+)</span>')
_ATTRIBUTE = "_savable_tables"


def savable_tables(request: HttpRequest) -> dict[str, list[str]]:
    """The tables that the page of this request has shown so far: name → its pieces of markup."""
    found: dict[str, list[str]] = request.__dict__.setdefault(_ATTRIBUTE, {})
    return found


def table_query(request: HttpRequest, name: str, ending: str) -> str:
    """The query that takes a table of this page as a file: the page's filters and sorting stay, its page number goes."""
    query = request.GET.copy()
    for key in (FORMAT, TABLE, "page"):
        query.pop(key, None)
    query[FORMAT], query[TABLE] = ending, name
    return f"?{query.urlencode()}"


def rows_a_page(request: HttpRequest, usual: int) -> int:
    """How many rows a paged list shows: `usual`, and up to 10,000 when they leave as a file."""
    return MOST_SAVED if FORMAT in request.GET else usual


def page_table_file(request: HttpRequest, page: str) -> HttpResponse:
    """The table that the address asks for as CSV or XLSX; `page` is the page that shows it. Raises Refused."""
    ending, name = _asked(request)
    found = savable_tables(request)
    if name not in found:
        raise Refused(
            _("This page shows no such table now. Open the page without the file to see what it has.")
        )
    # What the site has to tell once was not seen: the next page tells it.
    get_messages(request).used = False  # type: ignore[union-attr]
    table = read_tables(found[name])
    label = _strictest(page)
    title = _title(page)
    parts = [title, name if len(found) > 1 else "", label.replace("+", "-"), localdate().isoformat()]
    return table_file(
        table.rows,
        ending,
        name="-".join(part for part in parts if part),
        title=table.caption or title,
        label=f"TLP:{label}" if label else "",
    )


def _asked(request: HttpRequest) -> tuple[str, str]:
    """The ending and the table that the address names; a page's only table needs no name."""
    ending, found = request.GET.get(FORMAT, ""), savable_tables(request)
    if ending not in ENDINGS:
        raise Refused(_("A table can be taken as csv or as xlsx, and as nothing else."))
    if not found:
        raise Refused(_("This page has no table now that can be taken as a file."))
    if TABLE not in request.GET and len(found) > 1:
        raise Refused(
            _("This page has several tables. Say which one with table=: %(names)s.")
            % {"names": ", ".join(found)}
        )
    return ending, request.GET.get(TABLE, next(iter(found)))


def _title(page: str) -> str:
    """The page's title as the beginning of a file's name."""
    title = _TITLE.search(page)
    words = unescape(title[1]).removesuffix(" – Belay") if title else ""
    return slugify(words, allow_unicode=True)[:80].strip("-") or "table"


def _strictest(page: str) -> str:
    """The strictest sharing label that the page shows, or nothing."""
    shown = set(_LABEL.findall(page))
    return next((label for label in LABELS if label in shown), "")
