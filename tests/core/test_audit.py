"""The audit record: in the same transaction, chained, append-only, and tampering is named."""

from __future__ import annotations

import itertools

import pytest
from django.db import DatabaseError, connection, transaction

from apps.core import audit
from apps.core.models import AuditChain, AuditEntry
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_lock_is_on(db: None) -> None:
    """On SQLite transactional tests before this one lifted the lock against DELETE to clean up; put it back."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TRIGGER IF NOT EXISTS audit_no_delete BEFORE DELETE ON core_auditentry "
                "BEGIN SELECT RAISE(ABORT, 'the audit record is append-only'); END"
            )


def write(n: int) -> list[AuditEntry]:
    user = UserFactory()
    with transaction.atomic():
        return [audit.record(actor=user, action="thing.done", on=user, chain="m", number=i) for i in range(n)]


def test_rows_chain_and_verify() -> None:
    rows = write(4)
    assert [r.seq for r in rows] == [1, 2, 3, 4]
    assert all(later.previous == earlier.hash for earlier, later in itertools.pairwise(rows))
    head = AuditChain.objects.get(key="m")
    assert (
        audit.first_bad_link(AuditEntry.objects.order_by("seq"), {"seq": head.seq, "head": head.head}) == ""
    )


@pytest.mark.parametrize(
    "statement", ["UPDATE core_auditentry SET actor = 'x'", "DELETE FROM core_auditentry"]
)
def test_database_refuses_to_change_the_record(statement: str) -> None:
    write(1)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_tampering_is_named() -> None:
    rows = write(4)
    changed = list(rows)
    changed[1].detail = {"number": 99}
    assert "row 2 was changed" in audit.first_bad_link(changed)
    rows[1].detail = {"number": 1}
    assert "row 3 follows row 1" in audit.first_bad_link([rows[0], *rows[2:]])
    head = AuditChain.objects.get(key="m")
    assert "ends at row 3" in audit.first_bad_link(rows[:3], {"seq": head.seq, "head": head.head})


def test_row_falls_with_the_act_that_it_records() -> None:
    user = UserFactory()
    with pytest.raises(RuntimeError), transaction.atomic():
        audit.record(actor=user, action="thing.done", on=user)
        raise RuntimeError
    assert not AuditEntry.objects.exists()
