"""Check the audit chains."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.audit import first_bad_link
from apps.core.models import AuditChain


class Command(BaseCommand):
    help = "Recompute every audit chain and name the first bad row of each."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["verify", "heads"])

    def handle(self, *args: Any, **options: Any) -> None:
        bad = 0
        for chain in AuditChain.objects.order_by("key"):
            if options["what"] == "heads":
                self.stdout.write(f"{chain.key} {chain.seq} {chain.head}")
                continue
            fault = first_bad_link(
                chain.entries.order_by("seq").iterator(), {"seq": chain.seq, "head": chain.head}
            )
            bad += bool(fault)
            self.stdout.write(f"{chain.key}: {fault or f'{chain.seq} rows fit'}")
        if bad:
            raise CommandError(f"{bad} chains do not fit.")
