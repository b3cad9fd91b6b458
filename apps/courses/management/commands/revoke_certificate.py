"""Withdraw a certificate."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import Http404

from apps.core.errors import Refused
from apps.courses.choices import WithdrawnFor
from apps.courses.services import revoke_certificate


class Command(BaseCommand):
    help = "Withdraw a certificate for good. The public page then shows the reason."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code")
        parser.add_argument("--reason", required=True)
        parser.add_argument(
            "--because", choices=WithdrawnFor.values, default=WithdrawnFor.OTHER.value,
            help="After an error of this site the holder may take a correct certificate in the same edition.",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            row = revoke_certificate(
                actor=None, code=options["code"], reason=options["reason"], because=options["because"]
            )
        except (Refused, Http404) as fault:
            raise CommandError(str(fault)) from None
        self.stdout.write(f"Withdrawn: {row.revoked_reason}")
