"""Whether the packages' host is a site apart from this one, as browsers count sites."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from urllib.parse import urlsplit

# Endings under which countries sell names: there a site has one part more. A private ending that is missing here only
# makes the check stricter.
SECOND_LEVEL = {
    "ac", "co", "com", "edu", "gob", "gouv", "go", "gov", "govt", "gub", "int", "mil", "ne", "net", "nic", "or", "org", "sch",
}  # fmt: skip
ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?")


def site_of(host: str) -> str:
    """The part of a host name that cookies may span: an address as it is, else two labels, or three as in gov.uk."""
    host = host.lower().rstrip(".")
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        labels = host.split(".")
    wide = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL
    return ".".join(labels[-3 if wide else -2 :])


def packages_fault(origin: str, site_url: str, hosts: Collection[str], *, demo: bool) -> str:
    """What is wrong with the packages' origin, in a sentence; empty when nothing is."""
    if not origin:
        return ""
    if not ORIGIN.fullmatch(origin.lower()):
        return (
            "BELAY_PACKAGES_ORIGIN is no origin. Write it like https://*.usercontent.example, without a path."
        )
    theirs, ours = urlsplit(origin.lower().replace("://*.", "://")), urlsplit(site_url.lower())
    if site_of(theirs.hostname or "") == site_of(ours.hostname or ""):
        return (
            "BELAY_PACKAGES_ORIGIN is of the same site as SITE_URL: packages could reach its cookies. "
            "Use a domain of its own; another port or a sub-domain is not enough."
        )
    if theirs.scheme != ours.scheme:
        return "BELAY_PACKAGES_ORIGIN and SITE_URL must both begin with https://."
    if not demo and theirs.hostname in hosts:
        return "ALLOWED_HOSTS names the host of BELAY_PACKAGES_ORIGIN. Take it out: that host never serves pages of the site."
    return ""
