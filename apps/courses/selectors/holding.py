"""The holder's own page of a certificate: what can be downloaded, shown, hidden and renewed."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from apps.accounts.models import User
from apps.courses.models import Certificate
from apps.courses.selectors.certificates import CertificateText, certificate_for_print
from apps.courses.selectors.issuer import NAME
from apps.courses.selectors.renewal import Change, changes_since, renewable, version_to_renew

LINKEDIN = "https://www.linkedin.com/profile/add"


@dataclass(frozen=True, slots=True)
class Holding:
    """`linkedin` adds the certificate to a profile there; it holds no name and no address."""

    certificate: CertificateText
    linkedin: str
    can_renew: bool
    new_version: str
    changes: tuple[Change, ...]


def holding(user: User, public_id: str) -> Holding:
    """Raises Http404 for anyone but the holder."""
    text = certificate_for_print(user, public_id)
    held = renewable(user, text.course_slug)
    if held is None or held.public_id != public_id:
        return Holding(text, linkedin_url(text), False, "", ())
    return _renewing(text, held)


def _renewing(text: CertificateText, held: Certificate) -> Holding:
    version = version_to_renew(held)
    newer = version.version if version.version != text.version else ""
    return Holding(text, linkedin_url(text), True, newer, changes_since(held, version))


def linkedin_url(text: CertificateText) -> str:
    """Plain parameters of the add-to-profile page: what the certificate says, and where it can be checked."""
    values = {
        "startTask": "CERTIFICATION_NAME", "name": text.title, "organizationName": NAME, "certId": text.code,
        "certUrl": text.verify_url, "issueYear": text.issued_on.year, "issueMonth": text.issued_on.month,
    }  # fmt: skip
    if text.valid_until:
        values |= {"expirationYear": text.valid_until.year, "expirationMonth": text.valid_until.month}
    return f"{LINKEDIN}?{urlencode(values)}"
