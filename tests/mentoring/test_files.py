"""Files shared in an engagement: by content, for the two sides, on record, withdrawn with the end."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils.timezone import localdate, timedelta

from apps.core.errors import Refused
from apps.core.models import AuditEntry
from apps.mentoring import services
from apps.mentoring.models import Engagement, SharedFile
from apps.mentoring.selectors.files import files_page
from apps.mentoring.services import files
from tests.mentoring.test_flow import signed_in
from tests.mentoring.world import World

TEXT = b"The plan, page one.\n"


@pytest.fixture
def row(world: World, settings: Any, tmp_path: Any) -> Engagement:
    settings.MEDIA_ROOT = tmp_path
    return world.engagement()


def upload(name: str = "plan.txt", content: bytes = TEXT) -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content), "title": "", "tlp": "TLP:AMBER", "key": name}


def where(world: World, row: Engagement, name: str, *more: str, mentor: bool = False) -> str:
    member = world.cast.mentor_partner if mentor else world.cast.agency
    return reverse(f"mentoring:{name}", args=[member.public_id, row.public_id, *more])


def shared(world: World, row: Engagement, name: str = "plan.txt") -> SharedFile:
    sent = signed_in(world.cast.mentor).post(where(world, row, "files", mentor=True), upload(name))
    assert sent.status_code == 302, sent.content.decode()
    return SharedFile.objects.latest("pk")


def test_file_is_shared_opened_by_the_other_side_and_on_record(world: World, row: Engagement) -> None:
    held = shared(world, row)
    with default_storage.open(held.file.name) as stored:
        assert TEXT not in stored.read()
    lead = signed_in(world.cast.lead)
    page = lead.get(where(world, row, "files")).content.decode()
    assert "One file is shared" in page and "plan.txt" in page and "TLP:AMBER" in page
    answer = lead.get(where(world, row, "file", held.public_id))
    assert b"".join(answer) == TEXT and "attachment" in answer["Content-Disposition"]
    read = AuditEntry.objects.get(action="file.read")
    assert (read.actor, read.chain_id) == (world.cast.lead.public_id, world.cast.agency.public_id)
    assert world.cast.lead.notifications.filter(kind="file_shared").count() == 1


def test_nobody_else_opens_it(world: World, row: Engagement) -> None:
    held = shared(world, row)
    for person in (world.cast.other_lead, world.cast.manager, world.cast.staff, world.cast.outsider):
        assert signed_in(person).get(where(world, row, "file", held.public_id)).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("plan.pdf", b"MZ\x90\x00" + b"\x00" * 200, "program"),
        ("plan.pdf", TEXT, "Rename it"),
        ("plan.txt", b"", "empty"),
    ],
)
def test_file_is_judged_by_its_content(
    world: World, row: Engagement, name: str, content: bytes, words: str
) -> None:
    answer = signed_in(world.cast.lead).post(where(world, row, "files"), upload(name, content))
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not SharedFile.objects.exists()


def test_too_large_a_request_is_turned_away_unread(world: World, row: Engagement, settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = 10
    client = signed_in(world.cast.lead)
    assert client.post(where(world, row, "files"), upload()).status_code == 422
    answer = client.post(where(world, row, "files"), upload(content=b"x" * 3_000_000))
    assert answer.status_code == 413 and not SharedFile.objects.exists()


def test_other_sides_file_is_withdrawn_with_the_end(world: World, row: Engagement) -> None:
    held = shared(world, row)
    row.refresh_from_db()
    services.close_engagement(
        actor=world.cast.lead,
        member=world.cast.agency,
        engagement=row.public_id,
        version=row.version,
        note="Done.",
    )
    assert signed_in(world.cast.lead).get(where(world, row, "file", held.public_id)).status_code == 404
    assert "Withdrawn" in signed_in(world.cast.lead).get(where(world, row, "files")).content.decode()
    own = signed_in(world.cast.mentor)
    assert own.get(where(world, row, "file", held.public_id, mentor=True)).status_code == 200
    assert own.post(where(world, row, "remove_file", held.public_id, mentor=True)).status_code == 302


def test_last_day_withdraws_as_closing_does(world: World, row: Engagement) -> None:
    held = shared(world, row)
    Engagement.objects.update(ends_on=localdate() - timedelta(days=2))
    assert signed_in(world.cast.lead).get(where(world, row, "file", held.public_id)).status_code == 404


def test_withdrawn_file_is_destroyed_and_only_its_side_withdraws(
    world: World, row: Engagement, django_capture_on_commit_callbacks: Any
) -> None:
    held = shared(world, row)
    name = str(held.file.name)
    assert (
        signed_in(world.cast.lead).post(where(world, row, "remove_file", held.public_id)).status_code == 404
    )
    signed_in(world.cast.mentor).post(where(world, row, "remove_file", held.public_id, mentor=True))
    files.destroy_file(name=name)
    held.refresh_from_db()
    assert not default_storage.exists(name) and held.file_key == ""
    assert (
        "No file is shared yet" in signed_in(world.cast.lead).get(where(world, row, "files")).content.decode()
    )


def test_waiting_and_infected_files_stay_closed(world: World, row: Engagement) -> None:
    held = shared(world, row)
    for state in ("waiting", "infected", "locked"):
        SharedFile.objects.update(state=state)
        assert signed_in(world.cast.lead).get(where(world, row, "file", held.public_id)).status_code == 409


def test_scanner_that_does_not_answer_is_asked_again(world: World, row: Engagement, settings: Any) -> None:
    settings.CLAMAV_ADDRESS = "127.0.0.1:1"
    held = shared(world, row)
    assert held.state == "waiting"
    files.scan_file(file=held.public_id, attempt=0)
    held.refresh_from_db()
    assert held.state == "unreachable"
    settings.CLAMAV_ADDRESS = ""
    files.scan_file(file=held.public_id, attempt=1)
    held.refresh_from_db()
    assert held.state == "not_scanned"


def test_quota_holds(world: World, row: Engagement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_FILES", 1)
    shared(world, row)
    with pytest.raises(Refused, match="at most"):
        files.share_file(
            actor=world.cast.lead, member=world.cast.agency, engagement=row.public_id, upload=ContentFile(TEXT),
            file_name="b.txt", title="", tlp="TLP:AMBER",
        )  # fmt: skip


@pytest.mark.parametrize("count", [1, 3])
def test_files_ask_the_same_number_of_questions(
    world: World, row: Engagement, count: int, django_assert_num_queries: Any
) -> None:
    for n in range(count):
        shared(world, row, f"plan{n}.txt")
    with django_assert_num_queries(4):
        files_page(world.cast.lead, world.cast.agency.public_id, row.public_id)


def test_rotation_of_a_members_key_takes_its_shared_files_along(world: World, row: Engagement) -> None:
    held = shared(world, row)
    before = (held.file_key, held.key_version)
    out = StringIO()
    call_command("evidence", "rotate", member=world.cast.mentor_partner.public_id, stdout=out)
    assert "new key, 1 files rewrapped" in out.getvalue()
    held.refresh_from_db()
    assert held.key_version == before[1] + 1 and held.file_key != before[0]
    answer = signed_in(world.cast.lead).get(where(world, row, "file", held.public_id))
    assert b"".join(answer) == TEXT
    call_command("evidence", "rotate", member=world.cast.agency.public_id, stdout=out)
    assert SharedFile.objects.get().key_version == held.key_version
