"""A start that would put members at risk is refused, in words."""

from __future__ import annotations

import sys
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from apps.core.keys import seed_of
from config.settings.origins import packages_fault

HARMLESS_COMMANDS = {"collectstatic", "compilemessages", "makemessages", "makemigrations", "score", "match"}


def dangers(settings: Mapping[str, Any]) -> list[str]:
    """Sentences that name each dangerous combination and what to do about it."""
    found = []
    if not settings["SECRET_KEY"]:
        found.append(
            "SECRET_KEY is not set. Set it to at least 50 random characters, or set BELAY_DEMO=1 to look round."
        )
    origins = settings["PACKAGES_ORIGIN"], settings["SITE_URL"], settings["ALLOWED_HOSTS"]
    if fault := packages_fault(*origins, demo=settings["DEMO"]):
        found.append(fault)
    if settings["DEMO"]:
        return found
    if settings["SECRET_KEY"] and len(settings["SECRET_KEY"]) < 50:
        found.append("SECRET_KEY is shorter than 50 characters. Make a new one: `openssl rand -base64 48`.")
    if settings["DEBUG"]:
        found.append("DEBUG is on outside the demonstration. Unset DEBUG.")
    if not settings["SECURE_SITE"]:
        found.append("SITE_URL does not begin with https://. Members' answers may not travel in clear.")
    if "*" in settings["ALLOWED_HOSTS"]:
        found.append("ALLOWED_HOSTS contains *. Name the hosts that this site answers for.")
    if str(settings["DATABASES"]["default"].get("NAME", "")).startswith(("/tmp", ":memory:")):  # noqa: S108
        found.append("DATABASE_URL points to temporary storage. Point it to a place that survives a restart.")
    if not settings["EMAIL_URL"]:
        found.append(
            "EMAIL_URL is not set: codes and invitations would reach nobody. Use e.g. smtp+tls://user:password@host:587."
        )
    if not settings["FIELD_KEY"]:
        found.append(
            "BELAY_FIELD_KEY is not set. It encrypts second-factor seeds; make one: `manage.py make_field_key`."
        )
    if fault := _signing_fault(settings["SIGNING_KEY"]):
        found.append(fault)
    if fault := _credential_fault(settings):
        found.append(fault)
    return found


def _signing_fault(key: str) -> str:
    """What is wrong with the key that signs results; empty when it can sign."""
    if not key:
        return "BELAY_SIGNING_KEY is not set. It signs results; make one: `manage.py make_signing_key`."
    try:
        seed_of(key)
    except ValueError as fault:
        return f"BELAY_SIGNING_KEY cannot sign: {fault}. Make a new one: `manage.py make_signing_key`."
    return ""


def _credential_fault(settings: Mapping[str, Any]) -> str:
    """What is wrong with the key that signs credentials, where one is given; empty when it can sign."""
    key, path = settings.get("CREDENTIAL_KEY", ""), settings.get("CREDENTIAL_KEY_FILE", "")
    try:
        if path:
            key = Path(path).read_text(encoding="ascii").strip()
        if key or path:
            seed_of(key)
    except (OSError, ValueError) as fault:
        name = "BELAY_CREDENTIAL_KEY_FILE" if path else "BELAY_CREDENTIAL_KEY"
        return f"{name} cannot sign: {fault}. Make a key with `manage.py make_signing_key`, or unset it."
    return ""


def refuse_dangerous_start(settings: MutableMapping[str, Any]) -> None:
    """Raise `ImproperlyConfigured` listing every danger, unless the command touches no data."""
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command in HARMLESS_COMMANDS | {"make_field_key", "make_signing_key", "make_pdf_key", "check_pdf"}:
        settings["SECRET_KEY"] = settings["SECRET_KEY"] or "no-data-is-touched" * 4
        return
    if found := dangers(settings):
        raise ImproperlyConfigured("Belay does not start:\n" + "\n".join(f"  - {line}" for line in found))
