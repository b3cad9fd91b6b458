"""Who signs credentials: the site's name for itself, its keys, and the documents that say so."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.http import Http404
from django.urls import reverse

from apps.badges import Issuer, from_multikey, public_key, to_multikey
from apps.core.seals import credential_seed

NAME = "Belay"
MULTIKEY_CONTEXT = "https://w3id.org/security/multikey/v1"


def site_url(path: str = "/") -> str:
    """The complete address of a path."""
    site: str = settings.SITE_URL
    return site.rstrip("/") + path


def issuer() -> Issuer:
    """The site as `did:web`: its host, a port where there is one."""
    return Issuer(f"did:web:{quote(urlsplit(settings.SITE_URL).netloc, safe='')}", NAME, site_url())


def credential_keys() -> dict[str, bytes]:
    """Multikey → raw public key: the one in use first, then the old ones, which stay published for ever."""
    current = public_key(credential_seed())
    return {
        to_multikey(current): current,
        **{key: from_multikey(key) for key in settings.OLD_CREDENTIAL_KEYS},
    }


def did_document() -> dict[str, Any]:
    """What `did:web` resolves to."""
    did = issuer().did
    keys = [_method(did, key) for key in credential_keys()]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", MULTIKEY_CONTEXT],
        "id": did,
        "alsoKnownAs": [site_url()],
        "verificationMethod": keys,
        "assertionMethod": [key["id"] for key in keys],
    }


def key_document(key: str) -> dict[str, Any]:
    """One key for tools that fetch it by https. Raises Http404 for a key that is not ours."""
    if key not in credential_keys():
        raise Http404
    url = site_url(reverse("courses:issuer_key", kwargs={"issuer_key": key}))
    return {"@context": MULTIKEY_CONTEXT, **_method(issuer().did, key), "id": url}


def _method(did: str, key: str) -> dict[str, str]:
    return {"id": f"{did}#{key}", "type": "Multikey", "controller": did, "publicKeyMultibase": key}
