"""Addresses on the web that somebody gives: read strictly, and nothing inside a network of ours ever asked."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

from django.utils.translation import gettext as _

LONGEST = 500
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
LAST_LABEL = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")
# Controls, spaces, marks that turn the direction or have no width, and the characters that no address may hold.
DECEIVING = re.compile(
    r"[\s\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\\<>\"^`{|}]"
)
INNER_NAMES = frozenset(
    {
        "localhost",
        "local",
        "internal",
        "intranet",
        "lan",
        "home",
        "corp",
        "private",
        "arpa",
        "onion",
        "test",
        "invalid",
    }
)
EMBEDDING = tuple(
    ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)


class BadAddress(ValueError):
    """The address is not one for the open web; the text says why, to a person."""


def read_address(text: str) -> str:
    """The address as it is stored: http or https, a public name, no user, no odd port. Raises `BadAddress`."""
    text = text.strip()
    if len(text) > LONGEST:
        raise BadAddress(_("An address has at most %(most)s characters.") % {"most": LONGEST})
    if DECEIVING.search(text):
        raise BadAddress(_("The address holds a character that no address has."))
    parts = _split(text)
    if parts.scheme not in ("http", "https"):
        raise BadAddress(_("Give an address that begins with https:// or http://."))
    if "@" in parts.netloc:
        raise BadAddress(_("The address names a user or a password. Leave them out."))
    host = public_host(parts.hostname or "")
    if parts.netloc.endswith(":") or _port(parts) not in (None, 80, 443):
        raise BadAddress(_("The address names an unusual port. Give one that everybody can open."))
    port = f":{parts.port}" if parts.port and parts.port != {"http": 80, "https": 443}[parts.scheme] else ""
    return urlunsplit((parts.scheme, host + port, parts.path or "/", parts.query, parts.fragment))


def _split(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError as fault:
        raise BadAddress(_("This is not an address.")) from fault


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError as fault:
        raise BadAddress(_("This is not an address.")) from fault


def public_host(name: str) -> str:
    """The host as ASCII. Raises `BadAddress` for numbers, names without a dot, and names of inner networks."""
    try:
        host = name.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError as fault:
        raise BadAddress(_("The name of the site is not one.")) from fault
    labels = host.split(".")
    if len(labels) < 2 or not LAST_LABEL.fullmatch(labels[-1]) or labels[-1] in INNER_NAMES:
        raise BadAddress(
            _("Name a site that everybody can reach, not a number or a name of your own network.")
        )
    if not all(LABEL.fullmatch(label) for label in labels):
        raise BadAddress(_("The name of the site is not one."))
    return host


def same_place(url: str) -> str:
    """The address in the form in which two of them are compared: without scheme, www., fragment and the last slash."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}?{parts.query}".removesuffix("?") if host else ""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet; forms that carry another address inside never do."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif any(ip in net for net in EMBEDDING):
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved
