"""Check a credential that somebody pastes or sends: its signature first, then what we know of its certificate."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import rfc8785
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.badges import BadCredential, State, Why, judge, read, require_badge, unbake
from apps.core.errors import Refused
from apps.courses.choices import CertificateState
from apps.courses.models import Certificate
from apps.courses.selectors.certificates import Verified, public_text
from apps.courses.selectors.codes import read_code, show_code
from apps.courses.selectors.issuer import credential_keys

STATES = {
    State.VALID: CertificateState.VALID,
    State.EXPIRED: CertificateState.EXPIRED,
    State.REVOKED: CertificateState.REVOKED,
    State.ALTERED: CertificateState.ALTERED,
    State.UNKNOWN_ISSUER: CertificateState.UNKNOWN_ISSUER,
}


def verified_content(content: bytes) -> Verified:
    """The answer to a pasted text or a file: JSON, or a PNG or SVG that carries it. Nothing is fetched from anywhere.

    Raises Refused in words for what is no signed credential.
    """
    try:
        document = read(content if content.lstrip()[:1] == b"{" else unbake(content))
        state = judge(document, keys=credential_keys(), at=now().astimezone(UTC))
        require_badge(document)
    except BadCredential as fault:
        raise Refused(refusal(fault.why), field="credential") from fault
    if state in (State.ALTERED, State.UNKNOWN_ISSUER):
        return Verified(STATES[state].value, "", None, is_file=True)
    return _on_record(document, state)


def _on_record(document: dict[str, Any], state: State) -> Verified:
    """A genuine credential: the certificate of its code says whether it was withdrawn or replaced."""
    code = read_code(str(document.get("id", "")).rstrip("/").rpartition("/")[2])
    row = Certificate.objects.filter(code=code or "-").only("credential").first()
    text = public_text(code) if row else None
    if row is None or text is None:
        said = (_title(document), str(document["validFrom"])[:10], str(document.get("validUntil", ""))[:10])
        return Verified(STATES[state].value, show_code(code), None, is_file=True, said=said)
    if row.credential and rfc8785.dumps(row.credential) != rfc8785.dumps(document):
        return Verified(CertificateState.ALTERED.value, "", None, is_file=True)
    return Verified(text.state, text.code, text, is_file=True)


def _title(document: dict[str, Any]) -> str:
    return str(document.get("name", ""))[:200]


def refusal(why: Why) -> str:
    """Why a text or file cannot be checked, in words for whoever gave it."""
    sentences = {
        Why.TOO_LARGE: _("This is larger than a credential can be: 256 KB of text, or an image of 1 MB."),
        Why.NOT_TEXT: _("This is not readable text (UTF-8). Download the credential again, and do not open it in between."),
        Why.NOT_JSON: _("This is not the text of a credential: it is cut off, or it is not JSON."),
        Why.DOUBLED: _("The same name stands twice in one part of this text, so that nobody can say which one counts."),
        Why.TOO_DEEP: _("This has more parts inside one another than a credential has."),
        Why.NOT_A_CREDENTIAL: _("This is not a credential. It should begin with “@context” and name its type."),
        Why.NOT_A_BADGE: _("This is signed, but it is no badge: it says nothing about a person."),
        Why.NOT_SIGNED: _("This credential carries no signature, so that nothing can be said about it."),
        Why.NOT_AN_IMAGE: _("This is neither the text of a credential nor an image (PNG or SVG) that carries one."),
        Why.BROKEN_IMAGE: _("This image is damaged. Download it again from where you got it."),
        Why.NOTHING_INSIDE: _("There is no credential in this image. Programs that shrink pictures throw it away: use the first file."),
        Why.TWO_INSIDE: _("There is more than one credential in this image, so that nobody can say which one counts."),
        Why.FORBIDDEN_XML: _("This SVG declares a document type or entities. Images with a credential do not need them."),
    }  # fmt: skip
    return sentences[why]
