"""A chain written as a file by the operator: the script that needs no Django names whatever was done to it."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from apps.core import audit
from apps.core.models import AuditEntry
from tests.core.test_verify import Document, run, verify, written
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain() -> str:
    user = UserFactory()
    for number in range(6):
        audit.record(actor=user, action="report.made", on=user, n=number, text="é\u2028")
    return audit.OPERATOR_CHAIN


def exported(chain: str, out: Path) -> Document:
    call_command("audit", "export", chain, "--out", str(out), stderr=io.StringIO())
    return dict(json.loads(out.read_text(encoding="utf-8")))


def test_the_exported_chain_passes_and_fits_the_heads(chain: str, tmp_path: Path) -> None:
    document, heads = exported(chain, tmp_path / "operator.json"), io.StringIO()
    call_command("audit", "heads", chain, stdout=heads)
    (tmp_path / "heads.txt").write_text(heads.getvalue())
    code, said = run("record", tmp_path / "operator.json", "--anchors", tmp_path / "heads.txt")
    assert code == 0 and f"{len(document['entries'])} rows" in said
    assert (tmp_path / "operator.json").stat().st_mode & 0o077 == 0, "nobody else on the machine reads it"
    to_terminal = io.StringIO()
    call_command("audit", "export", chain, stdout=to_terminal)
    assert json.loads(to_terminal.getvalue()) == document


def _hashed(row: dict[str, Any]) -> None:
    row["hash"] = verify.digest({name: row[name] for name in verify.ROW_FIELDS}, b"\x00")


def _alter(rows: list[dict[str, Any]]) -> None:
    rows[2]["actor"] = "somebody-else"


def _delete(rows: list[dict[str, Any]]) -> None:
    del rows[2]


def _reorder(rows: list[dict[str, Any]]) -> None:
    rows[2], rows[3] = rows[3], rows[2]


def _forged(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """A row of one's own after row 3, which names the hash of row 3 and has the right number and a valid hash."""
    row = copy.deepcopy(rows[2]) | {"seq": 4, "previous": rows[2]["hash"], "action": "grant.given"}
    _hashed(row)
    return row


def _insert(rows: list[dict[str, Any]]) -> None:
    rows.insert(3, _forged(rows))


def _insert_and_count_on(rows: list[dict[str, Any]]) -> None:
    """All rows after it get the next number and a hash that fits their content."""
    rows.insert(3, _forged(rows))
    for row in rows[4:]:
        row["seq"] += 1
        _hashed(row)


def _cut(rows: list[dict[str, Any]]) -> None:
    del rows[4:]


@pytest.mark.parametrize(
    ("attack", "named"),
    [
        (_alter, "row 3 was changed after it was written"),
        (_delete, "row 4 follows row 2"),
        (_reorder, "row 4 follows row 2"),
        (_insert, "row 4 follows row 4"),
        (_insert_and_count_on, "row 5 does not name the hash of row 4"),
        (_cut, "the record ends at row 4, and its head says row 6"),
    ],
)
def test_whatever_is_done_to_the_file_is_named(
    chain: str, tmp_path: Path, attack: Callable[[Any], None], named: str
) -> None:
    document = exported(chain, tmp_path / "operator.json")
    attack(document["entries"])
    code, said = run("record", written(tmp_path / "operator.json", document))
    assert code == 1 and named in said and "Traceback" not in said


def test_rows_that_are_changed_in_the_database_show_in_what_is_exported(chain: str, tmp_path: Path) -> None:
    """The database refuses this; somebody who holds it can lift that."""
    row = AuditEntry.objects.get(chain_id=chain, seq=3)
    lifted = "audit_no_update" if connection.vendor == "sqlite" else "audit_no_change ON core_auditentry"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {lifted}")
        cursor.execute("UPDATE core_auditentry SET action = %s WHERE id = %s", ["x.y", row.pk])
    exported(chain, tmp_path / "operator.json")
    code, said = run("record", tmp_path / "operator.json")
    assert code == 1 and "row 3 was changed after it was written" in said
    with pytest.raises(CommandError, match="1 chains do not fit"):
        call_command("audit", "verify", chain, stdout=io.StringIO())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("export",), "Say which chain"),
        (("export", "nobody"), "There is no chain 'nobody'"),
        (("heads", "nobody"), "There is no chain 'nobody'"),
        (("verify", "operator", "--out", "x"), "--out belongs to export"),
        (("export", "operator", "--out", "{place}/missing/x.json"), "cannot be written"),
        (("export", "operator", "--out", "{place}"), "cannot be written"),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(
    chain: str, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    with pytest.raises(CommandError, match=said):
        call_command("audit", *(part.format(place=place) for part in arguments), stdout=io.StringIO())
    assert list(tmp_path.iterdir()) == [place] and list(place.iterdir()) == []
