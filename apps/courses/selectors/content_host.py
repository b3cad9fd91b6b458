"""The packages' own host: a site apart from this one, so that nothing in a package can reach what is here."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings

LABEL = re.compile(r"[a-z2-7]{20}")


def is_on() -> bool:
    """Whether packages can be played: somebody has given them an origin."""
    return bool(settings.PACKAGES_ORIGIN)


def is_apart() -> bool:
    """Whether every version of a package has a host of its own; else they share what browsers store for them."""
    return "://*." in settings.PACKAGES_ORIGIN


def origin_of(label: str) -> str:
    """The origin that serves the version with this label; empty when playing is off."""
    return str(settings.PACKAGES_ORIGIN).replace("://*.", f"://p-{label}.")


def site_origin() -> str:
    """The origin of this site, as browsers write it."""
    parts = urlsplit(settings.SITE_URL)
    return f"{parts.scheme}://{parts.netloc}".lower()


def label_at(host: str) -> str | None:
    """What a request to `host` (with its port) is for: None is this site, else the one label served there, or "" for any."""
    if not is_on():
        return None
    wanted = urlsplit(settings.PACKAGES_ORIGIN.replace("://*.", "://")).netloc.lower()
    host = host.lower()
    if not is_apart():
        return "" if host == wanted else None
    if host == wanted:
        return "-"
    if not host.endswith(f".{wanted}"):
        return None
    name = host.removesuffix(f".{wanted}").removeprefix("p-")
    return name if LABEL.fullmatch(name) else "-"
