"""`{% at page.edition "area" area=line.code %}`: a page of the same framework, in the same version where one is named."""

from __future__ import annotations

from django import template
from django.urls import reverse

from apps.frameworks.selectors import Edition

register = template.Library()


@register.simple_tag
def at(edition: Edition, page: str, **keys: str) -> str:
    """The address of a page (its url name without prefix) of the edition that is being read."""
    if edition.pinned:
        keys = {"framework": edition.slug, "version": edition.version, **keys}
        return reverse(f"frameworks:edition_{page}", kwargs=keys)
    return reverse(f"frameworks:{page}", kwargs=keys)
