"""The key and certificate that PDF files are signed with: one PKCS#12 file, or a key and a certificate in PEM.

Nothing configured: nothing is signed. What is configured must be whole: a file that cannot sign stops the start.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    pkcs12,
)
from django.conf import settings

SMALLEST_RSA = 3072
SOON = timedelta(days=30)
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class BadPdfKey(Exception):
    """The configured key cannot sign; `str()` says why, for the operator."""


@dataclass(frozen=True, slots=True)
class PdfKey:
    """A key with its certificate and the certificates above it. `fingerprint` is SHA-256 in hexadecimal."""

    key: PrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.certificate)

    @property
    def name(self) -> str:
        return name_of(self.certificate)

    @property
    def ends(self) -> datetime:
        return self.certificate.not_valid_after_utc

    def key_der(self) -> bytes:
        return self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def name_of(certificate: x509.Certificate) -> str:
    """Whom the certificate names: its common name, else the whole subject."""
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


def fingerprint_of(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate (DER), in hexadecimal."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def pdf_key() -> PdfKey | None:
    """The configured key; None when the site signs no PDF. Raises `BadPdfKey`."""
    if not settings.PDF_KEY_FILE:
        if settings.PDF_CERTIFICATE_FILE:
            raise BadPdfKey("BELAY_PDF_CERTIFICATE_FILE is set, BELAY_PDF_KEY_FILE is not")
        return None
    try:
        found = _read()
    except OSError as fault:
        raise BadPdfKey(f"a file cannot be read: {fault.strerror} ({fault.filename})") from fault
    except (ValueError, TypeError, UnsupportedAlgorithm) as fault:
        raise BadPdfKey("the key, its passphrase or the certificate is not readable") from fault
    _judge(found)
    return found


def _read() -> PdfKey:
    phrase = None
    if settings.PDF_KEY_PASSPHRASE_FILE:
        phrase = Path(settings.PDF_KEY_PASSPHRASE_FILE).read_bytes().rstrip(b"\r\n") or None
    raw = Path(settings.PDF_KEY_FILE).read_bytes()
    key: object
    if settings.PDF_CERTIFICATE_FILE:
        key = load_pem_private_key(raw, phrase)
        own, *above = x509.load_pem_x509_certificates(Path(settings.PDF_CERTIFICATE_FILE).read_bytes())
    else:
        key, first, above = pkcs12.load_key_and_certificates(raw, phrase)
        if first is None:
            raise BadPdfKey("the PKCS#12 file holds no certificate for its key")
        own = first
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise BadPdfKey("the key is neither of an elliptic curve nor RSA")
    return PdfKey(key, own, tuple(above))


def _judge(found: PdfKey) -> None:
    own = found.certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if own != found.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo):
        raise BadPdfKey("the certificate belongs to another key")
    if isinstance(found.key, rsa.RSAPrivateKey) and found.key.key_size < SMALLEST_RSA:
        raise BadPdfKey(f"an RSA key needs {SMALLEST_RSA} bits; better take ECDSA P-256")
    if isinstance(found.key, ec.EllipticCurvePrivateKey) and found.key.curve.name not in (
        "secp256r1",
        "secp384r1",
    ):
        raise BadPdfKey("of elliptic curves P-256 and P-384 are taken")
    try:
        usage = found.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        usage = None
    if usage is None or not usage.content_commitment:
        raise BadPdfKey("the certificate does not allow non-repudiation (key usage contentCommitment)")


def trusted_certificates() -> tuple[x509.Certificate, ...]:
    """The certificate in use, then those of earlier years. Raises `BadPdfKey`."""
    key = pdf_key()
    old: list[x509.Certificate] = []
    if settings.PDF_OLD_CERTIFICATES_FILE:
        try:
            old = x509.load_pem_x509_certificates(Path(settings.PDF_OLD_CERTIFICATES_FILE).read_bytes())
        except (OSError, ValueError) as fault:
            raise BadPdfKey("BELAY_PDF_OLD_CERTIFICATES_FILE holds no certificates in PEM") from fault
    return (*((key.certificate,) if key else ()), *old)


def key_fault(key: PdfKey, at: datetime | None = None) -> str:
    """Why a whole key cannot sign at `at` (now by default): not yet valid, or over; else empty."""
    day = at or datetime.now(UTC)
    if day < key.certificate.not_valid_before_utc:
        return f"the certificate is valid from {key.certificate.not_valid_before_utc:%Y-%m-%d} on"
    if day > key.ends:
        return f"the certificate ended on {key.ends:%Y-%m-%d}: reports cannot be signed"
    return ""


def ends_soon(key: PdfKey, at: datetime | None = None) -> str:
    """That the certificate ends within 30 days, in words; else empty."""
    if (at or datetime.now(UTC)) > key.ends - SOON:
        return f"the certificate ends on {key.ends:%Y-%m-%d}"
    return ""


def make_key(name: str, *, days: int, at: datetime | None = None) -> PdfKey:
    """A fresh P-256 key with a certificate signed by itself, for a site without a certificate of an authority."""
    start = at or datetime.now(UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start - timedelta(minutes=5))
        .not_valid_after(start + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return PdfKey(key, made.sign(key, hashes.SHA256()))
