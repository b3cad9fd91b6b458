"""Everything of a member in one archive: nothing forgotten, nothing of others, checked away from the site."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from contextlib import suppress
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from jsonschema import Draft202012Validator

from apps.accounts.models import Notification
from apps.assessments.models import Comment, Evidence, Response, Talk
from apps.assessments.services import keeping
from apps.core import jobs
from apps.core.errors import Conflict
from apps.core.models import AuditEntry
from apps.core.vault import Unreadable
from apps.members.models import Member
from apps.mentoring import models as work
from apps.reports.choices import ReportState
from apps.reports.models import ExportTaking, MemberExport
from apps.reports.services import exports
from apps.reports.services.whole.archive import write_archive
from apps.reports.services.whole.tables import LEFT_OUT, TABLES
from tests.access.test_matrix import world
from tests.assessments.flow import answer, begin
from tests.assessments.test_files import add, tombstones_of_one_test  # noqa: F401  a fixture for all
from tests.core.test_verify import run
from tests.mentoring.test_flow import signed_in
from tests.mentoring.world import make_world
from tests.people import Cast
from tests.reports.rows import small_result

pytestmark = pytest.mark.django_db
CANARY = "CANARYofOTHERS"


def made(cast: Cast) -> MemberExport:
    """A ready archive of the agency."""
    row = exports.request_export(actor=cast.lead, member=cast.agency.public_id)
    exports.make_export(export=row.public_id)
    row.refresh_from_db()
    assert row.state == ReportState.READY, row.error
    return row


def taken(cast: Cast, row: MemberExport) -> bytes:
    return b"".join(exports.open_export(actor=cast.lead, export=row.public_id).parts)


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows(files: dict[str, bytes], table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(files[f"tables/{table}.json"])["rows"]
    return found


def ways(model: type[models.Model]) -> list[models.ForeignKey[Any, Any]]:
    return [f for f in model._meta.concrete_fields if isinstance(f, models.ForeignKey)]


@cache
def leads_to_a_member(model: type[models.Model], seen: frozenset[type[models.Model]] = frozenset()) -> bool:
    """Whether a chain of foreign keys goes from this model to a member."""
    if model is Member:
        return True
    after = seen | {model}
    targets = {f.related_model for f in ways(model)} - after
    return any(leads_to_a_member(target, after) for target in targets)


def test_every_model_on_the_way_to_a_member_is_exported_or_left_out_for_a_reason() -> None:
    ours = [m for m in apps.get_models() if m.__module__.startswith("apps.")]
    on_the_way = {m for m in ours if leads_to_a_member(m)}
    exported = {table.model for table in TABLES}
    assert len(on_the_way) > 90
    assert {m._meta.label for m in on_the_way - exported - set(LEFT_OUT)} == set()
    assert {m._meta.label for m in (exported | set(LEFT_OUT)) - on_the_way} == set()
    assert not exported & set(LEFT_OUT)
    assert all(len(reason) > 20 for reason in LEFT_OUT.values())


def test_an_archive_holds_answers_words_and_the_record_as_tables_with_schemas(cast: Cast) -> None:
    assessment = begin(cast.lead, cast.agency)
    answer(cast.respondent, assessment, "GOV.1.1", "3", why="=1+1 we have a strategy")
    row = Response.objects.get()
    talk = Talk.objects.create(
        member=cast.agency, assessment=assessment, indicator=row.indicator, opened_by=cast.lead
    )
    Comment.objects.create(member=cast.agency, talk=talk, by=cast.lead, text="Who signed it?")
    files = opened(taken(cast, made(cast)))
    (one,) = rows(files, "answers")
    assert (one["indicator"], one["level"], one["why"]) == ("GOV.1.1", 3, "=1+1 we have a strategy")
    assert one["answered_by"] == cast.respondent.public_id
    assert [r["text"] for r in rows(files, "comments")] == ["Who signed it?"]
    assert {r["name"] for r in rows(files, "people")} >= {"Leila Marwan", "Tomas Ekwe"}
    cells = list(csv.DictReader(io.StringIO(files["tables/answers.csv"].decode("utf-8-sig"))))
    assert cells[0]["why"] == "'=1+1 we have a strategy"  # a spreadsheet must not compute it
    assert json.loads(files["record.json"])["chain"] == cast.agency.public_id
    assert b"verify.py export" in files["README.txt"]
    for table in TABLES:
        schema = json.loads(files[f"schemas/{table.name}.json"])
        Draft202012Validator.check_schema(schema)
        Draft202012Validator(schema).validate(json.loads(files[f"tables/{table.name}.json"]))


def test_an_archive_is_checked_away_from_the_site_and_every_change_shows(cast: Cast, tmp_path: Path) -> None:
    small_result(cast.agency, cast.lead)
    row = made(cast)
    content = taken(cast, row)
    keys = tmp_path / "keys.json"
    keys.write_bytes(Client().get("/.well-known/belay-keys.json").content)
    whole = tmp_path / "whole.zip"
    whole.write_bytes(content)
    status, said = run("export", whole, "--keys", keys)
    assert status == 0 and f"statement {row.statement}" in said, said
    record = tmp_path / "record.json"
    record.write_bytes(opened(content)["record.json"])
    assert run("record", record)[0] == 0
    for change, words in (
        ({"tables/results.json": b"{}"}, "not the one that was signed"),
        ({"tables/team.csv": None}, "is missing"),
        ({"tables/more.csv": b"x"}, "not named"),
    ):
        spoiled = tmp_path / "spoiled.zip"
        with zipfile.ZipFile(spoiled, "w") as archive:
            for name, part in (opened(content) | change).items():
                if part is not None:
                    archive.writestr(name, part)
        status, said = run("export", spoiled, "--keys", keys)
        assert status == 1 and words in said, said
    spoiled.write_bytes(b"PK no archive")
    assert run("export", spoiled, "--keys", keys)[0] == 2


def test_the_same_rows_and_moment_give_the_same_bytes() -> None:
    cast = world()
    moment, found = now(), []
    for _time in range(2):
        target = io.BytesIO()
        write_archive(target, cast.agency, export="e", made_at=moment, progress=lambda *at: None)
        found.append(target.getvalue())
    assert found[0] == found[1]


def test_evidence_leaves_as_it_was_added_and_what_cannot_is_named(cast: Cast) -> None:
    assessment = begin(cast.lead, cast.agency)
    kept = add(cast.respondent, assessment, b"The strategy of 2026.\n", title="Strategy: 2026/A")
    gone = add(cast.respondent, assessment, b"Another paper.\n", title="Paper")
    Evidence.objects.filter(pk=gone.pk).update(sha256="0" * 64)
    row = made(cast)
    files = opened(taken(cast, row))
    named = [name for name in files if name.startswith("files/evidence/")]
    assert len(named) == 1 and kept.public_id in named[0] and files[named[0]] == b"The strategy of 2026.\n"
    left = json.loads(files["manifest.json"])["statement"]["left_out"]
    assert row.left_out == 1 and gone.public_id in left[0]["file"]
    assert "file_key" not in rows(files, "evidence")[0]


def owners_of(row: models.Model, known: dict[Any, set[int]]) -> set[int]:
    """The members that any chain of foreign keys from this row reaches."""
    key = (type(row), row.pk)
    if key not in known:
        known[key] = {row.pk} if isinstance(row, Member) else set()
        if not isinstance(row, Member):
            near = [getattr(row, f.name) for f in ways(type(row)) if getattr(row, f.attname) is not None]
            known[key] = set().union(*(owners_of(one, known) for one in near))
    return known[key]


def marked(model: type[models.Model], pk: Any) -> None:
    """Put the canary into every text of a row that the database lets."""
    for field in model._meta.concrete_fields:
        plain = type(field) in (models.CharField, models.TextField) and not field.choices and not field.unique
        if plain and (field.max_length or 999) >= 60 and not field.name.startswith(("file", "sha", "hash")):
            with suppress(IntegrityError), transaction.atomic():
                model._default_manager.filter(pk=pk).update(**{field.name: f"{CANARY} {pk}"})


def test_nothing_of_other_members_is_in_an_archive() -> None:
    cast = world()
    known: dict[Any, set[int]] = {}
    number = 0
    for model in {table.model for table in TABLES} | set(LEFT_OUT):
        if model is Member or model in (MemberExport,):
            continue
        for row in model._default_manager.all():
            owners = owners_of(row, known)
            if owners and cast.agency.pk not in owners:
                marked(model, row.pk)
                number += 1
    assert number > 20
    files = opened(taken(cast, made(cast)))
    assert [name for name, content in files.items() if CANARY.encode() in content] == []
    addresses = {p["email"] for p in rows(files, "people")} - {None}
    team = set(cast.agency.memberships.values_list("user__email", flat=True))
    assert addresses <= team


def test_what_the_other_side_keeps_to_itself_is_not_in_it(cast: Cast) -> None:
    shared = make_world(cast).engagement()
    common = {"engagement": shared, "by": cast.mentor, "moment": "middle"}
    work.Feedback.objects.create(
        **common, side="mentor", helped="Shown words.", change=CANARY, ratings={"q": 1}, shares_helped=True
    )
    work.Feedback.objects.create(**{**common, "by": cast.lead}, side="member", helped="Our own words.")
    work.Leaving.objects.create(
        engagement=shared, side="mentor", reason="time", words=CANARY, by=cast.mentor, state_before="active",
        ends_before=shared.ends_on, need_before="matched", undone_at=now(),
    )  # fmt: skip
    work.Exclusion.objects.create(member=cast.mentor_partner, other=cast.agency, made_by=cast.mentor)
    work.Exclusion.objects.create(member=cast.agency, other=cast.other, made_by=cast.lead)
    files = opened(taken(cast, made(cast)))
    assert not [name for name, content in files.items() if CANARY.encode() in content]
    (shown,) = rows(files, "feedback_shown")
    assert shown["helped"] == "Shown words." and "change" not in shown and "ratings" not in shown
    assert [r["helped"] for r in rows(files, "feedback")] == ["Our own words."]
    assert [r["other"] for r in rows(files, "never_meets")] == [cast.other.public_id]
    assert len(rows(files, "agreements")) == 1


def test_a_mentor_partner_takes_along_its_own_words_and_no_gaps_of_the_member(cast: Cast) -> None:
    shared = make_world(cast).engagement()
    work.Engagement.objects.filter(pk=shared.pk).update(purpose=CANARY, closing_note=CANARY)
    work.Goal.objects.filter(engagement=shared).update(indicator_name=CANARY)
    for who, notes in ((cast.mentor, "We showed how."), (cast.lead, CANARY)):
        work.Session.objects.create(
            engagement=shared, held_on=shared.starts_on, hours=2, notes=notes, written_by=who
        )
    target = io.BytesIO()
    write_archive(target, cast.mentor_partner, export="e", made_at=now(), progress=lambda *at: None)
    files = opened(target.getvalue())
    assert not [name for name, content in files.items() if CANARY.encode() in content]
    assert [r["notes"] for r in rows(files, "sessions")] == ["We showed how."]
    assert rows(files, "engagements")[0]["id"] == shared.public_id


def test_an_archive_is_asked_for_followed_and_taken_on_pages(cast: Cast) -> None:
    client = signed_in(cast.lead)
    page = reverse("reports:exports", args=[cast.agency.public_id])
    assert "No archive was asked for yet" in client.get(page).content.decode()
    assert client.post(page, {"key": "k1"}).status_code == 302
    assert client.post(page, {"key": "k1"}).status_code == 302  # pressed twice
    assert client.post(page, {"key": "k2"}).status_code == 409
    row = MemberExport.objects.get()
    assert "An archive is being made" in client.get(page).content.decode()
    jobs.run_waiting()
    row.refresh_from_db()
    assert Notification.objects.filter(user=cast.lead, kind="export_ready").count() == 1
    answer = client.post(reverse("reports:export_file", args=[row.public_id]))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert len(content) == row.size and answer["X-SHA256"] == row.sha256
    assert ExportTaking.objects.get().by == cast.lead
    acts = AuditEntry.objects.filter(chain_id=cast.agency.public_id, action__startswith="export.")
    assert sorted(acts.values_list("action", flat=True)) == ["export.asked", "export.made", "export.taken"]
    assert cast.lead.full_name in client.get(page).content.decode()
    assert client.post(reverse("reports:export_delete", args=[row.public_id])).status_code == 302
    assert not MemberExport.objects.exists()


def test_an_archive_goes_after_its_days_with_its_key(cast: Cast) -> None:
    row = made(cast)
    stored = settings.MEDIA_ROOT / row.file.name if hasattr(settings.MEDIA_ROOT, "joinpath") else None
    MemberExport.objects.filter(pk=row.pk).update(expires_at=now() - timedelta(seconds=1))
    with pytest.raises(Conflict):
        exports.open_export(actor=cast.lead, export=row.public_id)
    assert exports.sweep_exports() == 1 and exports.sweep_exports() == 0
    jobs.run_waiting()
    row.refresh_from_db()
    assert (row.state, row.file.name, row.file_key) == (ReportState.EXPIRED, "", "")
    assert stored is None or not stored.exists()


def test_a_new_key_of_the_member_opens_its_archives_and_an_erased_one_closes_them(cast: Cast) -> None:
    row = made(cast)
    before = taken(cast, row)
    assert keeping.rotate_member(actor=None, member=cast.agency) == 1
    row.refresh_from_db()
    assert taken(cast, row) == before
    keeping.erase_member_key(actor=None, member=cast.agency)
    with pytest.raises(Unreadable):
        taken(cast, row)


def test_a_worker_that_comes_twice_or_late_changes_nothing(cast: Cast) -> None:
    row = made(cast)
    exports.make_export(export=row.public_id)
    again = MemberExport.objects.get()
    assert (again.sha256, again.file.name) == (row.sha256, row.file.name)
    assert Notification.objects.filter(kind="export_ready").count() == 1


def test_an_archive_that_is_deleted_while_it_is_made_leaves_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = exports.request_export(actor=cast.lead, member=cast.agency.public_id)

    def deleted(*given: Any, **more: Any) -> Any:
        MemberExport.objects.filter(pk=row.pk).delete()
        return write_archive(*given, **more)

    monkeypatch.setattr(exports, "write_archive", deleted)
    exports.make_export(export=row.public_id)
    assert not MemberExport.objects.exists() and not Notification.objects.filter(kind="export_ready").exists()


def test_who_leads_no_more_gets_no_archive(cast: Cast) -> None:
    row = exports.request_export(actor=cast.lead, member=cast.agency.public_id)
    cast.agency.memberships.filter(user=cast.lead).update(role="viewer")
    exports.make_export(export=row.public_id)
    row.refresh_from_db()
    assert row.state == ReportState.FAILED and "no lead" in row.error


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_the_database_no_more_for_more_archives(
    cast: Cast, number: int, django_assert_num_queries: Any
) -> None:
    for _n in range(number):
        row = MemberExport.objects.create(
            member=cast.agency, asked_by=cast.lead, state="ready", expires_at=now()
        )
        ExportTaking.objects.create(export=row, by=cast.lead)
    client = signed_in(cast.lead)
    page = reverse("reports:exports", args=[cast.agency.public_id])
    client.get(page)
    with django_assert_num_queries(10):
        client.get(page)
