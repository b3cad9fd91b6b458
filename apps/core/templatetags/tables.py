"""`{% savable "goals" %}<table>…</table>{% endsavable %}`: a table that leaves as a file, with the links that take it.

The links go to the page's own address with `format` and `table` added, so the same rule, the same selector and the
same filters stand behind the page and the file. `TableFilesMiddleware` makes the file. A name that is used
several times on a page (one table a domain) is one file: give `last=` a condition, and only the last has the links.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from django import template
from django.http import HttpRequest
from django.template import TemplateSyntaxError
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.template.engine import Engine
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from apps.core.table_files import FORMAT, MOST_SAVED, TABLE, savable_tables, table_query

register = template.Library()
CAPTION = re.compile(r"<caption[^>]*>(.*?)</caption>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")


class SavableNode(template.Node):
    """One table of a page and its name; it keeps what it says for the file when one is asked for."""

    child_nodelists = ("nodelist",)

    def __init__(
        self, name: FilterExpression, options: dict[str, FilterExpression], nodelist: NodeList
    ) -> None:
        self.name, self.options, self.nodelist = name, options, nodelist

    def render(self, context: Context) -> SafeString:
        request = getattr(context, "request", None)
        asked = isinstance(request, HttpRequest) and FORMAT in request.GET
        given = {key: option.resolve(context) for key, option in self.options.items()}
        if "first" in given:
            context["first"] = f":{MOST_SAVED if asked else given['first']}"
        html = self.nodelist.render(context)
        if not isinstance(request, HttpRequest) or request.method not in ("GET", "HEAD") or "<td" not in html:
            return html
        name = slugify(f"{self.name.resolve(context)}-{given.get('key', '')}").strip("-")
        if asked:
            savable_tables(request).setdefault(name, []).append(html)
        marked = html.replace("<table", f'<table data-{TABLE}="{name}"', 1)
        links = self._links(request, name, html) if given.get("last", True) else ""
        return mark_safe(marked + links)  # noqa: S308  both halves were rendered, and so escaped, by templates

    def _links(self, request: HttpRequest, name: str, html: str) -> str:
        caption = CAPTION.search(html)
        values = {
            "csv": table_query(request, name, "csv"),
            "xlsx": table_query(request, name, "xlsx"),
            "caption": mark_safe(TAG.sub("", caption[1])) if caption and "last" not in self.options else "",  # noqa: S308
        }
        return str(Engine.get_default().get_template("components/table-files.html").render(Context(values)))


@register.tag
def savable(parser: Parser, token: Token) -> SavableNode:
    """`{% savable "name" key=… last=… first=8 %}`: the name, with its key, is part of the address.

    With `first` the page shows `{% for row in rows|slice:first %}`, so many, and the file has all.
    """
    tag, *bits = token.split_contents()
    name = parser.compile_filter(bits.pop(0)) if bits else None
    options = token_kwargs(bits, parser)
    if name is None or bits or options.keys() - {"key", "last", "first"}:
        raise TemplateSyntaxError(f"{tag}: give the table a name, and at most key, last and first.")
    nodelist = parser.parse(("endsavable",))
    parser.delete_first_token()
    return SavableNode(name, options, nodelist)


@register.filter(expects_localtime=True)
def day(value: date | datetime | None, shape: str = "DATE_FORMAT") -> str:
    """A day (or, with hours in its `shape`, a moment) as the page shows it, and exact for whoever reads by machine."""
    if not value:
        return ""
    hours = isinstance(value, datetime) and ("H" in shape or "TIME" in shape)
    exact = date_format(value, "c" if hours else "Y-m-d", use_l10n=False)
    return format_html('<time datetime="{}">{}</time>', exact, date_format(value, shape))
