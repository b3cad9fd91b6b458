"""The one door to pyHanko: a PAdES signature that allows no change, and the check that refuses every change in words.

The signature is appended: what was rendered stays byte for byte the first part of the file, so that the same input gives
the same bytes up to there. PAdES B-B; with a time-stamping service configured B-T.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils.translation import gettext as _

from apps.core.errors import Refused
from apps.core.pdfkeys import BadPdfKey, PdfKey, fingerprint_of, key_fault, name_of, pdf_key

if TYPE_CHECKING:
    from pyhanko.sign.signers import PdfSigner

log = logging.getLogger(__name__)
FIELD = "Belay"
TSA_SECONDS = 20


class NotSigned(Refused):
    """A key is configured but the file could not be signed with it; `cause` says why, for the log."""

    def __init__(self, cause: str) -> None:
        super().__init__(_("The file could not be signed. Tell the administrators of the site."))
        self.cause = cause
        log.error("A file could not be signed.", extra={"cause": cause})


@dataclass(frozen=True, slots=True)
class SignedPdf:
    """`content` is the whole file. Without a configured key it is what was given, and the other two are empty."""

    content: bytes
    name: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class PdfCheck:
    """What is known of a file: `fault` is empty for an untouched one, else the first thing that does not fit."""

    fault: str
    name: str = ""
    fingerprint: str = ""
    signed_at: datetime | None = None
    stamped: bool = False


def own_fingerprint() -> str:
    """The fingerprint of the certificate in use; empty where nothing is signed or the key cannot be read."""
    try:
        key = pdf_key()
    except BadPdfKey:
        return ""
    return key.fingerprint if key else ""


def sign_pdf(content: bytes) -> SignedPdf:
    """Sign `content` when a key is configured. Raises `NotSigned`; never hands out an unsigned file instead."""
    try:
        key = pdf_key()
    except BadPdfKey as fault:
        raise NotSigned(str(fault)) from fault
    if key is None:
        return SignedPdf(content)
    if over := key_fault(key):
        raise NotSigned(over)
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    target = BytesIO()
    try:
        _signer(key).sign_pdf(IncrementalPdfFileWriter(BytesIO(content)), output=target)
    except (
        Exception
    ) as fault:  # a stamping service that is away, a file that is no PDF: pyHanko has no one class
        raise NotSigned(f"{type(fault).__name__}: {fault}") from fault
    return SignedPdf(target.getvalue(), key.name, key.fingerprint)


def _signer(key: PdfKey) -> PdfSigner:
    from asn1crypto.keys import PrivateKeyInfo
    from pyhanko.sign import fields, signers
    from pyhanko.sign.timestamps import HTTPTimeStamper
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    above = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    above.register_multiple([_asn1(c) for c in key.chain])
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", certify=True, docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        subfilter=fields.SigSeedSubFilter.PADES, name=key.name,
    )  # fmt: skip
    # A field that nobody sees is hidden, and outside the page for readers that look: PDF/UA asks for one of the two.
    unseen = fields.InvisSigSettings(set_print_flag=False, set_hidden_flag=True, box_out_of_bounds=True)
    signer = signers.SimpleSigner(_asn1(key.certificate), PrivateKeyInfo.load(key.key_der()), above)
    stamper = (
        HTTPTimeStamper(settings.PDF_TSA_URL, timeout=TSA_SECONDS, https=settings.PDF_TSA_URL.startswith("https:"))
        if settings.PDF_TSA_URL
        else None
    )  # fmt: skip
    field = fields.SigFieldSpec(FIELD, invis_sig_settings=unseen)
    return signers.PdfSigner(meta, signer, timestamper=stamper, new_field_spec=field)


def _asn1(certificate: x509.Certificate) -> Any:
    from asn1crypto.x509 import Certificate

    return Certificate.load(certificate.public_bytes(Encoding.DER))


def check_pdf(content: bytes, *, trusted: Iterable[x509.Certificate]) -> PdfCheck:
    """Whether `content` is one of ours and untouched: one signature, by a `trusted` certificate, over the whole file.

    pyHanko's `valid` alone says yes to a file that was added to; coverage, the bottom line and the allowed changes count.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        found = list(PdfFileReader(BytesIO(content), strict=True).embedded_signatures)
    except Exception:  # whatever a parser says of a broken file, it is not the one that was signed
        return PdfCheck(_("The file is damaged, or is no PDF."))
    if not found:
        return PdfCheck(_("The file carries no signature."))
    if len(found) > 1:
        return PdfCheck(
            _("The file carries more than one signature: something was added after it was signed.")
        )
    try:
        return _judged(found[0], {fingerprint_of(c): c for c in trusted})
    except Exception:  # a signature made up of parts that do not fit is as good as none
        return PdfCheck(_("The signature is damaged."))


def _judged(signature: Any, trusted: dict[str, x509.Certificate]) -> PdfCheck:
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.fields import MDPPerm
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    shown = x509.load_der_x509_certificate(signature.signer_cert.dump())
    known = trusted.get(fingerprint_of(shown))
    at = signature.self_reported_timestamp
    # The certificate itself is what is trusted, at the moment of signing: it may have ended since.
    context = ValidationContext(
        trust_roots=[_asn1(known)] if known else [], allow_fetching=False, moment=at, best_signature_time=at
    )
    status = validate_pdf_signature(signature, context)
    faults = (
        (not status.intact, _("The content was changed after it was signed.")),
        (not status.valid, _("The signature does not fit the file.")),
        (
            status.coverage != SignatureCoverageLevel.ENTIRE_FILE,
            _("Something was added to the file after it was signed."),
        ),
        (known is None, _("The file is signed, but by a certificate that is not the one of this site.")),
        (
            signature.docmdp_level != MDPPerm.NO_CHANGES
            or not status.docmdp_ok
            or status.modification_level != ModificationLevel.NONE,
            _("The file was changed after it was signed, or its signature allows changes."),
        ),
        (not status.bottom_line, _("The signature is not valid.")),
    )
    fault = next((words for bad, words in faults if bad), "")
    stamped = status.timestamp_validity is not None and status.timestamp_validity.valid
    return PdfCheck(fault, name_of(shown), fingerprint_of(shown), at, bool(stamped))
