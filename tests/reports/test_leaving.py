"""A member leaves: two people, days to take it back, then everything goes and a receipt stays."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import now

from apps.accounts.models import Notification
from apps.core import audit, jobs
from apps.core.errors import Conflict, Refused
from apps.core.models import AuditChain, AuditEntry
from apps.mentoring import models as work
from apps.reports.choices import LeavingState
from apps.reports.models import MemberLeaving
from apps.reports.services import leaving
from apps.reports.services.whole import erasing
from apps.reports.services.whole.tables import TABLES
from tests.access.test_matrix import rows as matrix_rows
from tests.access.test_matrix import url_of, world
from tests.assessments.flow import begin
from tests.assessments.test_files import add, tombstones_of_one_test  # noqa: F401  a fixture for all
from tests.core.test_verify import run
from tests.factories import UserFactory, join
from tests.mentoring.test_flow import signed_in
from tests.mentoring.world import make_world
from tests.people import Cast

pytestmark = pytest.mark.django_db


def asked(cast: Cast) -> MemberLeaving:
    held = MemberLeaving.objects.open().filter(member=cast.agency).first()
    return held or leaving.ask_to_leave(actor=cast.lead, member=cast.agency.public_id, name=cast.agency.name)


def gone(cast: Cast) -> MemberLeaving:
    """The agency has left."""
    row = asked(cast)
    leaving.confirm_leaving(actor=cast.staff, leaving=row.public_id)
    MemberLeaving.objects.filter(pk=row.pk).update(due_at=now() - timedelta(seconds=1))
    assert leaving.ring_leavings() == 1
    jobs.run_waiting()
    row.refresh_from_db()
    assert row.state == LeavingState.DONE
    return row


def test_two_people_are_needed_and_the_name(cast: Cast) -> None:
    with pytest.raises(Refused):
        leaving.ask_to_leave(actor=cast.lead, member=cast.agency.public_id, name="agency")
    row = asked(cast)
    with pytest.raises(Conflict):
        leaving.ask_to_leave(actor=cast.lead, member=cast.agency.public_id, name=cast.agency.name)
    client = signed_in(cast.lead)
    answer = client.post(reverse("reports:leaving_confirm", args=[row.public_id]))
    assert answer.status_code == 403 and "somebody else" in answer.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        MemberLeaving.objects.filter(pk=row.pk).update(confirmed_by=cast.lead)
    second = UserFactory()
    join(cast.agency, second, "lead")
    leaving.confirm_leaving(actor=second, leaving=row.public_id)
    with pytest.raises(PermissionDenied):
        leaving.confirm_leaving(actor=cast.staff, leaving=row.public_id)
    cast.agency.refresh_from_db()
    assert cast.agency.leaves_at is not None


def test_it_waits_its_days_is_shown_and_can_be_taken_back(cast: Cast) -> None:
    row = asked(cast)
    leaving.confirm_leaving(actor=cast.staff, leaving=row.public_id)
    overview = reverse("home:member", args=[cast.agency.public_id])
    assert "Everything here is deleted on" in signed_in(cast.viewer).get(overview).content.decode()
    assert leaving.ring_leavings() == 0
    leaving.carry_out_leaving(leaving=row.public_id)  # too early: nothing happens
    assert cast.agency.memberships.count() == 3
    client = signed_in(cast.lead)
    assert client.post(reverse("reports:leaving_cancel", args=[row.public_id])).status_code == 302
    assert client.post(reverse("reports:leaving_cancel", args=[row.public_id])).status_code == 409
    assert "Everything here is deleted on" not in client.get(overview).content.decode()
    assert asked(cast).public_id != row.public_id  # it can be asked for again


def test_everything_goes_and_the_receipt_is_checked_away_from_the_site(cast: Cast, tmp_path: Path) -> None:
    assessment = begin(cast.lead, cast.agency)
    piece = add(cast.respondent, assessment, b"Minutes.\n", title="Minutes")
    name, stored = cast.agency.name, str(piece.file.name)
    people = [cast.lead, cast.respondent, cast.viewer]
    row = gone(cast)
    jobs.run_waiting()
    assert not default_storage.exists(stored)
    cast.agency.refresh_from_db()
    assert name not in cast.agency.name and cast.agency.left_at is not None and cast.agency.leaves_at is None
    assert all(person.memberships.count() == 0 for person in people)
    left = {k: len(v) for k, v in erasing.rows_of_each(cast.agency).items() if v}
    assert left == {"member": 1}
    client = Client()
    keys, receipt = tmp_path / "keys.json", tmp_path / "receipt.json"
    keys.write_bytes(client.get("/.well-known/belay-keys.json").content)
    reader = signed_in(cast.lead)  # asked for it, and keeps the receipt
    content = reader.get(reverse("reports:leaving_receipt_file", args=[row.public_id])).content
    receipt.write_bytes(content)
    status, said = run("receipt", receipt, "--keys", keys)
    assert status == 0 and name in said and row.statement in said, said
    document = json.loads(content)
    assert document["statement"]["erased"]["team"] == 3 and document["statement"]["files"] >= 1
    document["statement"]["erased"]["team"] = 2
    receipt.write_text(json.dumps(document))
    assert run("receipt", receipt, "--keys", keys)[0] == 1
    page = reader.get(reverse("reports:leaving_receipt", args=[row.public_id]))
    assert page.status_code == 200 and name in page.content.decode()
    assert (
        signed_in(cast.viewer).get(reverse("reports:leaving_receipt", args=[row.public_id])).status_code
        == 404
    )
    assert Notification.objects.filter(user=cast.lead, kind="leaving_done").count() == 1


def test_the_record_stays_whole_and_names_the_receipt(cast: Cast) -> None:
    row = gone(cast)
    entries = list(AuditEntry.objects.filter(chain_id=cast.agency.public_id).order_by("seq"))
    head = AuditChain.objects.get(key=cast.agency.public_id)
    assert audit.first_bad_link(entries, {"seq": head.seq, "head": head.head}) == ""
    assert entries[-1].action == "leaving.done" and entries[-1].detail["statement"] == row.statement
    said = row.receipt["statement"]["head"]
    assert entries[said["seq"] - 1].hash == said["hash"]


def test_a_worker_that_dies_in_it_leaves_all_and_the_next_one_ends_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assessment = begin(cast.lead, cast.agency)
    add(cast.respondent, assessment, b"Minutes.\n", title="Minutes")
    row = asked(cast)
    leaving.confirm_leaving(actor=cast.staff, leaving=row.public_id)
    MemberLeaving.objects.filter(pk=row.pk).update(due_at=now() - timedelta(seconds=1))
    before = erasing.rows_of_each(cast.agency)

    def killed(member: Any) -> None:
        erasing._let_go(member)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(erasing, "erase_rows", killed)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            leaving.carry_out_leaving(leaving=row.public_id)
    assert erasing.rows_of_each(cast.agency) == before
    leaving.carry_out_leaving(leaving=row.public_id)
    leaving.carry_out_leaving(leaving=row.public_id)
    row.refresh_from_db()
    assert row.state == LeavingState.DONE
    assert AuditEntry.objects.filter(chain_id=cast.agency.public_id, action="leaving.done").count() == 1


def test_work_in_which_it_helped_stays_with_the_other_and_names_a_member_that_left(cast: Cast) -> None:
    shared = make_world(cast).engagement()
    work.Session.objects.create(
        engagement=shared, held_on=shared.starts_on, hours=2, notes="We showed how.", written_by=cast.mentor
    )
    cast.agency, cast.mentor_partner = cast.mentor_partner, cast.agency  # now the partner leaves
    lead = UserFactory()
    join(cast.agency, lead, "lead")
    row = leaving.ask_to_leave(actor=lead, member=cast.agency.public_id, name=cast.agency.name)
    leaving.confirm_leaving(actor=cast.staff, leaving=row.public_id)
    MemberLeaving.objects.filter(pk=row.pk).update(due_at=now() - timedelta(seconds=1))
    leaving.carry_out_leaving(leaving=row.public_id)
    row.refresh_from_db()
    shared.refresh_from_db()
    assert shared.state == "closed" and (shared.grant is None or shared.grant.withdrawn_at is not None)
    stays = row.receipt["statement"]["stays"]
    assert {one["table"] for one in stays} >= {"engagements", "sessions"} and all(one["why"] for one in stays)
    page = signed_in(cast.lead).get(
        reverse("mentoring:engagement", args=[cast.mentor_partner.public_id, shared.public_id])
    )
    assert page.status_code == 200 and "A member that left" in page.content.decode()


def test_in_a_full_world_nothing_of_it_is_left_and_pages_of_others_work() -> None:
    cast = world()
    row = gone(cast)
    left = {name: len(keys) for name, keys in erasing.rows_of_each(cast.agency).items() if keys}
    assert set(left) <= set(erasing.STAYS), left
    assert {one["table"] for one in row.receipt["statement"]["stays"]} <= set(erasing.STAYS)
    assert set(erasing.STAYS) <= {table.name for table in TABLES}
    broken = []
    sides = (("other_lead", cast.other), ("mentor", cast.mentor_partner), ("manager", cast.other))
    for person, member in sides:
        client = signed_in(cast.people[person])
        client.raise_request_exception = False
        cast.ids["member"] = member.public_id
        # /readyz is about the site's worker, which a test has not
        for name in sorted(
            {name for method, name, *_more in matrix_rows() if method == "GET"} - {"core:readyz"}
        ):
            try:
                url = url_of(name, cast)
            except (KeyError, NoReverseMatch):
                continue
            point = transaction.savepoint()
            if client.get(url).status_code >= 500:
                broken.append((person, name))
            transaction.savepoint_rollback(point)
    assert broken == []
