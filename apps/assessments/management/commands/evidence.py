"""Keys and files of evidence: status, check, seal, rotate, erase, rescan."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.assessments.services import keeping, scanning, store
from apps.core import crypto
from apps.members.models import Member


class Command(BaseCommand):
    help = "Look after evidence files and their keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("status", help="How many files are sealed, plain and in which state.")
        acts.add_parser("check", help="Read every file and say which are not what was added.")
        acts.add_parser("seal", help="Seal the files that were stored before there were keys.")
        acts.add_parser("rewrap", help="Wrap members' keys under the newest master key.")
        rotate = acts.add_parser("rotate", help="Give members a new version of their key.")
        rotate.add_argument("--member", default="", help="The public id; all members without it.")
        erase = acts.add_parser("erase", help="Destroy a member's key: its files can never be read again.")
        erase.add_argument("--member", required=True)
        erase.add_argument("--name", required=True, help="The member's name, to be sure.")
        acts.add_parser("rescan", help="Ask the scanner again about every file, as after new signatures.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['act']}")(options)
        except crypto.Unreadable as fault:
            raise CommandError(f"A key does not open: {fault}. Nothing was changed.") from fault

    def _status(self, options: dict[str, Any]) -> None:
        kinds: Counter[str] = Counter()
        for row in keeping.stored_files():
            kinds["sealed" if row.file_key else "plain"] += 1
            kinds[f"state {row.state}"] += 1
        self.stdout.write(
            "\n".join(f"{name}: {count}" for name, count in sorted(kinds.items())) or "No files."
        )

    def _check(self, options: dict[str, Any]) -> None:
        good, bad = 0, []
        for row in keeping.stored_files():
            try:
                store.proven(row)
                good += 1
            except store.Unreadable as fault:
                bad.append(f"{row.public_id} of {row.member.public_id}: {fault.cause}")
        self.stdout.write(f"{good} files are what was added.")
        if bad:
            raise CommandError("These are not:\n" + "\n".join(bad))

    def _seal(self, options: dict[str, Any]) -> None:
        sealed, bad = 0, []
        for row in keeping.stored_files():
            try:
                sealed += keeping.seal_plain(actor=None, evidence=row)
            except store.Unreadable as fault:
                bad.append(f"{row.public_id} of {row.member.public_id}: {fault.cause}")
        self.stdout.write(f"{sealed} files sealed; the plain ones are destroyed by the next jobs.")
        if bad:
            raise CommandError("These could not be sealed and were left as they are:\n" + "\n".join(bad))

    def _rewrap(self, options: dict[str, Any]) -> None:
        changed = keeping.rotate_master(actor=None)
        self.stdout.write(f"{changed} members' keys wrapped under the newest master key.")

    def _rotate(self, options: dict[str, Any]) -> None:
        members = (
            [self._member(options["member"])] if options["member"] else list(Member.objects.order_by("pk"))
        )
        for member in members:
            files = keeping.rotate_member(actor=None, member=member)
            self.stdout.write(f"{member.public_id}: new key, {files} files rewrapped.")

    def _erase(self, options: dict[str, Any]) -> None:
        member = self._member(options["member"])
        if options["name"] != member.name:
            raise CommandError(f"The member is called {member.name!r}. Nothing was changed.")
        erased = keeping.erase_member_key(actor=None, member=member)
        self.stdout.write(
            f"{erased} versions of the key erased. Keep {settings.ERASED_KEYS_FILE} apart from backups."
        )

    def _rescan(self, options: dict[str, Any]) -> None:
        if not settings.CLAMAV_ADDRESS:
            raise CommandError("CLAMAV_ADDRESS is not set: there is no scanner to ask.")
        self.stdout.write(f"{scanning.rescan(actor=None)} files wait for the scanner.")

    def _member(self, public_id: str) -> Member:
        member = Member.objects.filter(public_id=public_id).first()
        if member is None:
            raise CommandError(f"There is no member {public_id!r}.")
        return member
