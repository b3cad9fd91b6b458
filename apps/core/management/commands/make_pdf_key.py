"""Make a key and a self-signed certificate for PDF files."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.pdfkeys import make_key

FILES = ("pdf-key.p12", "pdf-key.pass", "pdf-certificate.pem")


class Command(BaseCommand):
    help = (
        "Write pdf-key.p12, pdf-key.pass and pdf-certificate.pem into FOLDER; reports are signed with them."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--name", required=True, help="whom the certificate names, e.g. the office that runs the site"
        )
        parser.add_argument("--days", type=int, default=730)

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if not 1 <= options["days"] <= 3650:
            raise CommandError("--days is a number from 1 to 3650.")
        if not 1 <= len(options["name"].strip()) <= 64:
            raise CommandError("--name has 1 to 64 characters.")
        if there := [name for name in FILES if (folder / name).exists()]:
            raise CommandError(f"{there[0]} is there already. Choose another folder; no key is written over.")
        key = make_key(options["name"].strip(), days=options["days"])
        phrase = secrets.token_urlsafe(24).encode()
        box = pkcs12.serialize_key_and_certificates(
            b"belay", key.key, key.certificate, None, BestAvailableEncryption(phrase)
        )
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, content in zip(
                FILES, (box, phrase, key.certificate.public_bytes(Encoding.PEM)), strict=True
            ):
                _write(folder / name, content)
        except OSError as fault:
            raise CommandError(f"The files cannot be written: {fault.strerror}.") from fault
        self.stdout.write(f"{folder / FILES[0]}\nSHA-256 of the certificate: {key.fingerprint}")


def _write(path: Path, content: bytes) -> None:
    """For the owner's eyes only, from the first byte on."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
