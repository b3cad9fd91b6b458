"""The archive of a whole member: tables twice, their schemas, files, signed documents, the record, words, the manifest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.seals import content_hash, sign
from apps.core.workbooks import write_csv
from apps.members.models import Member
from apps.reports.services.whole import originals
from apps.reports.services.whole.bundle import Bundle, as_file, as_text
from apps.reports.services.whole.gathering import Names, cells_of, rows_of, schema_of
from apps.reports.services.whole.tables import LEFT_OUT, TABLES, Table

FORMAT = "belay-member-export"
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: how many files, how many could not be put in, and the hash of the signed statement."""

    files: int
    left_out: int
    statement: str


def write_archive(
    target: IO[bytes], member: Member, *, export: str, made_at: datetime, progress: Progress
) -> Written:
    """Write everything the site holds of `member` to `target` as a ZIP, its words in the active language.

    The same rows, files and `made_at` give the same bytes. `progress` is told the stage and the percentage.
    """
    with Bundle(target) as bundle:
        names = Names()
        tables = _put_tables(bundle, member, names, progress)
        _put_named(bundle, member, names)
        for place, (stage, put) in enumerate(FILES):
            progress(stage, 50 + 10 * place)
            put(bundle, member)
        record = audit.record_document(member.public_id)
        bundle.add("record.json", as_file(record))
        bundle.add("README.txt", _readme(member, tables, bundle).encode())
        statement = _statement(bundle, member, export, made_at, tables, record["head"])
        manifest = {"format": FORMAT, "version": 1, "statement": statement, "proof": sign(statement)}
        bundle.add("manifest.json", as_file(manifest))
        return Written(len(bundle.files), len(bundle.left_out), content_hash(statement))


FILES = (
    ("signed", originals.put_signed),
    ("evidence", originals.put_evidence),
    ("shared", originals.put_shared),
    ("papers", originals.put_reports),
)


def _put_tables(bundle: Bundle, member: Member, names: Names, progress: Progress) -> dict[str, int]:
    """Every table as JSON and CSV with its schema; return how many rows each has."""
    counts = {}
    for place, table in enumerate(TABLES):
        progress("tables", 5 + 45 * place // len(TABLES))
        rows = rows_of(table, member, names)
        _put_table(bundle, table.name, rows)
        bundle.add(f"schemas/{table.name}.json", as_file(schema_of(table)))
        bundle.add(f"tables/{table.name}.csv", _csv(rows, table))
        counts[table.name] = len(rows)
    return counts


def _put_table(bundle: Bundle, name: str, rows: list[dict[str, Any]]) -> None:
    document = {"format": "belay-member-table", "version": 1, "table": name, "rows": rows}
    bundle.add(f"tables/{name}.json", as_file(document))


def _csv(rows: list[dict[str, Any]], table: Table) -> bytes:
    return ("\ufeff" + write_csv(cells_of(rows, table, as_text))).encode()


def _put_named(bundle: Bundle, member: Member, names: Names) -> None:
    """The names behind the ids: people, and other members; addresses of the member's own team only."""
    team = set(member.memberships.values_list("user", flat=True))
    people = User.objects.filter(pk__in=names.people).order_by("public_id")
    rows = [
        {"id": one.public_id, "name": one.full_name, "email": one.email if one.pk in team else None}
        for one in people
    ]
    _put_table(bundle, "people", rows)
    others = Member.objects.filter(pk__in=names.members).order_by("public_id")
    _put_table(bundle, "members_named", [{"id": one.public_id, "name": one.name} for one in others])


def _statement(
    bundle: Bundle,
    member: Member,
    export: str,
    made_at: datetime,
    tables: dict[str, int],
    head: dict[str, Any],
) -> dict[str, Any]:
    """What the site signs: whose data it is, when it was written, the head of the record, and a hash for each file."""
    return {
        "kind": FORMAT,
        "export": export,
        "member": {"id": member.public_id, "name": member.name},
        "site": settings.SITE_URL,
        "made_at": made_at.astimezone(UTC).isoformat(),
        "head": head,
        "tables": tables,
        "files": dict(bundle.files),
        "left_out": list(bundle.left_out),
    }


def _readme(member: Member, tables: dict[str, int], bundle: Bundle) -> str:
    """What is in the archive and how to read and check it, in words."""
    parts = [
        _("Everything this site holds of %(member)s") % {"member": member.name},
        _(
            "tables/ has every table twice: JSON with all details, and CSV for a spreadsheet. schemas/ says what stands "
            "in each column of the JSON. A row names other rows by their ids; people.json and members_named.json say "
            "who is behind an id."
        ),
        _(
            "files/ has evidence, shared files and reports as they were stored. results/ and reviews/ have every signed "
            "result and review, record.json who did what and when."
        ),
        _(
            "manifest.json has the SHA-256 of each file and the site's signature. To check it away from the site: "
            "python3 verify.py export ARCHIVE.zip --keys belay-keys.json"
        ),
        _("Rows in each table:") + "".join(f"\n  {name}: {count}" for name, count in sorted(tables.items())),
        _("Not in it, and why:") + "".join(f"\n  {line}" for line in _missing(bundle)),
    ]
    return "\n\n".join(parts) + "\n"


def _missing(bundle: Bundle) -> list[str]:
    kinds = sorted(f"{model._meta.verbose_name}: {why}" for model, why in LEFT_OUT.items())
    others = [
        _(
            "Words that the other side of your work keeps to itself, and what it shares with you: those are its own."
        ),
        _("Accounts and course work of your people: each takes their own from their own page."),
    ]
    return [*others, *kinds, *(f"{row['file']}: {row['why']}" for row in bundle.left_out)]
