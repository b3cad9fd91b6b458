"""Say whether a PDF file is one that this site signed, untouched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cryptography import x509
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.pdfkeys import BadPdfKey, trusted_certificates
from apps.core.pdfseals import check_pdf

LARGEST = 300 * 1024 * 1024


class Command(BaseCommand):
    help = "Check the signature of a PDF file: by the certificate of this site, over the whole file, nothing added."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--certificates", type=Path, help="PEM file to trust instead of the site's own")

    def handle(self, *args: Any, **options: Any) -> None:
        trusted = _trusted(options["certificates"])
        try:
            if options["file"].stat().st_size > LARGEST:
                raise CommandError("The file is larger than 300 MB.")
            content = options["file"].read_bytes()
        except OSError as fault:
            raise CommandError(f"The file cannot be read: {fault.strerror}.") from fault
        found = check_pdf(content, trusted=trusted)
        if found.fault:
            raise CommandError(f"NOT VALID. {found.fault}")
        stamp = ", with a time stamp" if found.stamped else ""
        self.stdout.write(
            f"VALID. Signed by {found.name} on {found.signed_at:%Y-%m-%d %H:%M %Z}{stamp}; nothing was changed since.\n"
            f"SHA-256 of the certificate: {found.fingerprint}"
        )


def _trusted(path: Path | None) -> tuple[x509.Certificate, ...]:
    try:
        found = tuple(x509.load_pem_x509_certificates(path.read_bytes())) if path else trusted_certificates()
    except (OSError, ValueError) as fault:
        raise CommandError("The certificates cannot be read: a PEM file is needed.") from fault
    except BadPdfKey as fault:
        raise CommandError(f"The certificate of this site cannot be read: {fault}.") from fault
    if not found:
        raise CommandError("This site signs no PDF files. Name certificates to trust with --certificates.")
    return found
