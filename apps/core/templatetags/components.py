"""`{% component "panel" title="…" %}…{% endcomponent %}` and `{% part "chip" value=3 %}`: strict building blocks.

A component is a file in `templates/components/` whose first line declares what it takes:
`{# props: title kind=info open=false #}`. A word without `=` must be given; one with `=` has that default
(`true`, `false`, `none` and whole numbers are read as such). Both tags fail when the page is compiled, not when
it is shown, if a prop is unknown or missing. A component sees its props and `children`, nothing of the page.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from functools import lru_cache
from threading import Lock
from typing import Any

from django import template
from django.template import TemplateSyntaxError
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.template.engine import Engine
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from apps.core.charts.icons import icon_svg
from apps.core.plurals import plural_count

register = template.Library()
DECLARATION = re.compile(r"\{#\s*props:(?P<props>[^#]*)#\}")
MOST_KEPT = 512  # renderings that one `kept` part of a template holds
CONSTANTS: dict[str, Any] = {"true": True, "false": False, "none": None}


def declared_props(source: str) -> tuple[frozenset[str], dict[str, Any]]:
    """Read `{# props: title kind=info #}`: the names that must be given, and the defaults of the others."""
    match = DECLARATION.search(source)
    words = match["props"].split() if match else []
    required = frozenset(word for word in words if "=" not in word)
    return required, dict(_default(word) for word in words if "=" in word)


def _default(word: str) -> tuple[str, Any]:
    name, _, value = word.partition("=")
    if value.isdecimal():
        return name, int(value)
    return name, CONSTANTS.get(value, value)


class ComponentNode(template.Node):
    """One use of a component: its template, the props given here, the defaults, and what it wraps."""

    child_nodelists = ("nodelist",)

    def __init__(
        self,
        template: template.Template,
        props: dict[str, FilterExpression],
        defaults: dict[str, Any],
        nodelist: NodeList,
    ) -> None:
        self.template, self.props, self.defaults, self.nodelist = template, props, defaults, nodelist

    def render(self, context: Context) -> SafeString:
        values = dict(self.defaults)
        values.update((key, value.resolve(context)) for key, value in self.props.items())
        values["children"] = self.nodelist.render(context)
        # the newline that ends every file would part an inline component from the full stop after it
        return SafeString(self.template.render(context.new(values)).strip())


def _compile(
    parser: Parser, token: Token
) -> tuple[template.Template, dict[str, FilterExpression], dict[str, Any]]:
    tag, *bits = token.split_contents()
    if not bits:
        raise TemplateSyntaxError(f"{tag}: say which component.")
    name = bits.pop(0).strip("\"'")
    props = token_kwargs(bits, parser)
    if bits:
        raise TemplateSyntaxError(f"{tag} {name}: expected name=value, got {bits[0]!r}.")
    found = Engine.get_default().get_template(f"components/{name}.html")
    required, defaults = declared_props(str(found.source))
    if unknown := props.keys() - required - defaults.keys():
        takes = sorted(required | defaults.keys())
        raise TemplateSyntaxError(f"{name} has no prop {sorted(unknown)}; it takes {takes}.")
    if missing := required - props.keys():
        raise TemplateSyntaxError(f"{name} needs {sorted(missing)}.")
    return found, props, defaults


@register.tag
def component(parser: Parser, token: Token) -> ComponentNode:
    """`{% component "name" prop=value %}children{% endcomponent %}`."""
    found, props, defaults = _compile(parser, token)
    nodelist = parser.parse(("endcomponent",))
    parser.delete_first_token()
    return ComponentNode(found, props, defaults, nodelist)


@register.tag
def part(parser: Parser, token: Token) -> ComponentNode:
    """`{% part "name" prop=value %}`: a component that wraps nothing."""
    found, props, defaults = _compile(parser, token)
    return ComponentNode(found, props, defaults, NodeList())


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An inline drawing of the icon set, hidden from screen readers: the words stand beside it."""
    return icon_svg(name, css)


@register.simple_tag
def address(name: str, **kwargs: Any) -> str:
    """`{% url %}` for what stands in every line of a long list: the same address is put together once."""
    return _address(get_urlconf(), get_script_prefix(), name, tuple(kwargs.items()))


@lru_cache(maxsize=4096)
def _address(urlconf: str | None, prefix: str, name: str, kwargs: tuple[tuple[str, Any], ...]) -> str:
    return reverse(name, urlconf, kwargs=dict(kwargs))


class KeptNode(template.Node):
    """A part of a page that is rendered once for each value of what it is made of, and kept by the process."""

    child_nodelists = ("nodelist",)

    def __init__(self, made_of: Sequence[FilterExpression], nodelist: NodeList) -> None:
        self.made_of, self.nodelist = made_of, nodelist
        self.held: OrderedDict[Hashable, SafeString] = OrderedDict()
        self.lock = Lock()

    def render(self, context: Context) -> SafeString:
        values = tuple(one.resolve(context) for one in self.made_of)
        key = (get_language(), get_urlconf(), get_script_prefix(), values)
        with self.lock:
            if key in self.held:
                self.held.move_to_end(key)
                return self.held[key]
        made = self.nodelist.render(context)
        with self.lock:
            self.held[key] = made
            if len(self.held) > MOST_KEPT:
                self.held.popitem(last=False)
        return made


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """`{% kept a b %}…{% endkept %}`: rendered anew only for values not met lately.

    Name everything that the part shows; language and addresses of the site are counted in. Never for what is about a
    person: what is kept is the same for all. The values must be hashable, as frozen dataclasses are.
    """
    bits = token.split_contents()[1:]
    if not bits:
        raise TemplateSyntaxError("kept: say what the part is made of.")
    made_of = [parser.compile_filter(bit) for bit in bits]
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(made_of, nodelist)


register.filter("plural_count", plural_count)
