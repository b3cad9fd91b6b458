"""Markdown to safe HTML: no HTML of the author's, no images from elsewhere, no styles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

OWN_IMAGE = re.compile(r"/?[A-Za-z0-9_-][A-Za-z0-9_./-]*")
BLOCKS = frozenset(
    {
        "heading_open",
        "paragraph_open",
        "bullet_list_open",
        "ordered_list_open",
        "blockquote_open",
        "table_open",
    }
)
TAGS = {
    "a", "blockquote", "br", "code", "div", "em", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "pre",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES: dict[str, set[str]] = {
    "*": {"dir"},
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "loading"},
    "div": {"role", "aria-label", "tabindex"},
    "ol": {"start"},
    "th": {"scope"},
}
CLASSES = {"div": {"scroll"}, "table": {"tbl"}, "td": {"n"}, "th": {"n"}}


def render_markdown(text: str, *, images: str = "") -> SafeString:
    """Return `text` (CommonMark and tables) as HTML that may stand on any page.

    HTML in the text is shown as written. Links lead to http, https, mail or this site. Pictures come from
    /static/ or by a relative path, which is put under `images` (a path of this site ending in /); any other
    is replaced by its description. Headings begin at h2. Each block takes its own direction of writing.
    """
    made = _parser().render(text, {"images": images})
    clean = nh3.clean(
        made,
        tags=TAGS,
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        attribute_filter=_keep,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
        strip_comments=True,
    )
    return mark_safe(clean)  # noqa: S308  cleaned against the lists above


def _keep(tag: str, attribute: str, value: str) -> str | None:
    """Second lock after the renderer: a picture from elsewhere never gets through."""
    if tag == "img" and attribute == "src" and not is_own_image(value):
        return None
    return value


def is_own_image(source: str) -> bool:
    """Say whether `source` is a path of this site: no scheme, no host, no query, no way up."""
    return bool(OWN_IMAGE.fullmatch(source)) and ".." not in source and "//" not in source


class _Renderer(RendererHTML):
    """HTML as our pages want it: tables that scroll, figures within the line, no style attributes."""

    def table_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        number = sum(token.type == "table_open" for token in tokens[: idx + 1])
        label = escape(_("Table %(number)s") % {"number": number})
        opening = f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">'
        return f'{opening}<table class="tbl"{self.renderAttrs(tokens[idx])}>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</table></div>\n"

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        token = tokens[idx]
        alt = escape(self.renderInlineAsText(token.children or [], options, env))
        source = _placed(str(token.attrs.get("src", "")), env["images"])
        if not is_own_image(source):
            return str(alt)
        return f'<img src="{escape(source)}" alt="{alt}" loading="lazy">'


def _placed(source: str, images: str) -> str:
    if source.startswith("/"):
        return source if source.startswith("/static/") else ""
    return images + source if is_own_image(source) else ""


def _mark_up(state: Any) -> None:
    """Give blocks their direction, keep h1 for the page's own title, turn alignment into a class."""
    for token in state.tokens:
        if token.level == 0 and token.type in BLOCKS:
            token.attrSet("dir", "auto")
        if token.tag == "h1":
            token.tag = "h2"
        if token.type in ("th_open", "td_open"):
            _mark_up_cell(token)


def _mark_up_cell(token: Token) -> None:
    if token.attrs.pop("style", "") == "text-align:right":
        token.attrSet("class", "n")
    if token.type == "th_open":
        token.attrSet("scope", "col")


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table")
    parser.core.ruler.push("belay", _mark_up)
    return parser
