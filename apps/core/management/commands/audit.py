"""Check the audit chains, print their ends, write one as a file."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.audit import first_bad_link, record_document
from apps.core.models import AuditChain


class Command(BaseCommand):
    help = (
        "verify: recompute every audit chain and name the first bad row of each. heads: print their ends, one a line. "
        "export: write one chain as the file that scripts/verify.py checks away from the server."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["verify", "heads", "export"])
        parser.add_argument(
            "chain", nargs="?", help="a member's id, or “operator” for the site's own; else all"
        )
        parser.add_argument("--out", help="where export writes; without it, to the terminal")

    def handle(self, *args: Any, **options: Any) -> None:
        what, chain, out = options["what"], options["chain"], options["out"]
        if out and what != "export":
            raise CommandError("--out belongs to export.")
        if what == "export" and not chain:
            raise CommandError("Say which chain: a member's id, or operator.")
        if chain and not AuditChain.objects.filter(key=chain).exists():
            raise CommandError(f"There is no chain {chain!r}. `manage.py audit heads` lists them.")
        if what == "export":
            self._export(chain, out)
        else:
            self._look(what, chain)

    def _look(self, what: str, key: str | None) -> None:
        bad = 0
        chains = AuditChain.objects.order_by("key")
        for chain in chains.filter(key=key) if key else chains:
            if what == "heads":
                self.stdout.write(f"{chain.key} {chain.seq} {chain.head}")
                continue
            fault = first_bad_link(
                chain.entries.order_by("seq").iterator(), {"seq": chain.seq, "head": chain.head}
            )
            bad += bool(fault)
            self.stdout.write(f"{chain.key}: {fault or f'{chain.seq} rows fit'}")
        if bad:
            raise CommandError(f"{bad} chains do not fit.")

    def _export(self, chain: str, out: str | None) -> None:
        document = record_document(chain)
        text = json.dumps(document, ensure_ascii=False, indent=1)
        if not out:
            self.stdout.write(text)
            return
        try:
            _write_whole(Path(out), text)
        except OSError as fault:
            raise CommandError(f"{out} cannot be written: {fault.strerror}.") from fault
        self.stderr.write(f"{len(document['entries'])} rows of {chain} are in {out}.")


def _write_whole(place: Path, text: str) -> None:
    """Write the file whole or not at all, readable for its owner alone. Raises `OSError`."""
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(place)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
