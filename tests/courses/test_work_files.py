"""A piece of work as a file: judged, sealed, closed until it is scanned, and read by whom the learner chose."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.core.clamav import Answer
from apps.core.errors import Conflict, Refused
from apps.core.jobs import run_waiting
from apps.core.models import AuditEntry
from apps.courses import services as learning
from apps.courses.models import Cohort, WorkFile
from apps.courses.services import work_files
from tests.assessments.samples import locked_zip, pdf, picture
from tests.courses.groups import bring, make_cohort
from tests.courses.small import small_course
from tests.courses.test_player import signed_in
from tests.people import Cast

pytestmark = pytest.mark.django_db
COURSE = "c9-doors"
URL = f"/learn/{COURSE}/my-work/file/"
WORDS = b"Whom to call: the registrar.\n"


@pytest.fixture
def work(cast: Cast) -> Any:
    small_course()
    learning.enrol(actor=cast.viewer, course=COURSE)
    return learning.save_artefact(
        actor=cast.viewer, course=COURSE, title="Card", text="See the file.", expected=0
    )


def add(cast: Cast, data: bytes = WORDS, name: str = "card.txt") -> WorkFile:
    return work_files.add_work_file(actor=cast.viewer, course=COURSE, upload=io.BytesIO(data), name=name)


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def stored(row: WorkFile) -> Path:
    return Path(default_storage.path(str(row.file.name)))


def test_learner_adds_replaces_and_takes_away_a_file(cast: Cast, work: Any) -> None:
    browser = signed_in(cast.viewer)
    answer = browser.post(URL, {"file": SimpleUploadedFile("../../card.pdf", pdf())}, follow=True)
    assert "The file is kept." in answer.content.decode() and "card.pdf" in answer.content.decode()
    first = WorkFile.objects.get()
    assert pdf()[:20] not in stored(first).read_bytes() and "card" not in first.file.name
    browser.post(URL, {"file": SimpleUploadedFile("card.txt", WORDS)})
    got = browser.get(URL)
    assert (
        body(got) == WORDS
        and "attachment" in got["Content-Disposition"]
        and "no-store" in got["Cache-Control"]
    )
    assert AuditEntry.objects.filter(action="work.file_read", actor=cast.viewer.public_id).count() == 1
    assert browser.head(URL)["Content-Disposition"] == got["Content-Disposition"]
    run_waiting()
    assert WorkFile.objects.filter(removed_at__isnull=True).count() == 1 and not stored(first).is_file()
    assert browser.post(f"{URL}remove/").status_code == 302
    assert browser.get(URL).status_code == 404 and browser.post(f"{URL}remove/").status_code == 404
    run_waiting()
    assert not WorkFile.objects.exclude(file="").exists()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("card.txt", b"MZ\x90\x00" + b"\0" * 200, "program"),
        ("card.txt", b"", "empty"),
        ("card.txt", b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
        ("card.zip", None, "password"),
        ("card.pdf", WORDS, "ends in"),
    ],
)
def test_what_is_not_taken_is_said_and_the_older_file_stays(
    cast: Cast, work: Any, name: str, data: bytes | None, said: str
) -> None:
    held = add(cast)
    file = SimpleUploadedFile(name, locked_zip() if data is None else data)
    answer = signed_in(cast.viewer).post(URL, {"file": file})
    assert answer.status_code == 422 and said in answer.content.decode()
    assert WorkFile.objects.get(removed_at__isnull=True) == held


def test_upload_that_says_it_is_too_long_is_not_read(cast: Cast, work: Any) -> None:
    answer = signed_in(cast.viewer).post(
        URL, b"x", content_type="multipart/form-data; boundary=x", headers={"Content-Length": "99999999"}
    )
    assert answer.status_code in (413, 422)
    assert not WorkFile.objects.exists()
    forger = Client(enforce_csrf_checks=True)
    forger.force_login(cast.viewer, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert forger.post(URL, {"file": SimpleUploadedFile("card.txt", WORDS)}).status_code == 403


def test_file_comes_after_the_words_and_only_to_ones_own_course(cast: Cast, work: Any) -> None:
    learning.enrol(actor=cast.respondent, course=COURSE)
    answer = signed_in(cast.respondent).post(URL, {"file": SimpleUploadedFile("card.txt", WORDS)})
    assert answer.status_code == 404
    add(cast)
    assert signed_in(cast.respondent).get(URL).status_code == 404
    assert signed_in(cast.staff).get(URL).status_code in (302, 404)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (Answer(looked=True), "clean"),
        (Answer(looked=True, signature="Eicar"), "infected"),
        (Answer(looked=False), "locked"),
    ],
)
def test_file_stays_closed_until_the_scanner_has_looked(
    cast: Cast, work: Any, monkeypatch: pytest.MonkeyPatch, settings: Any, said: Answer, state: str
) -> None:
    settings.CLAMAV_ADDRESS = "scanner:3310"
    monkeypatch.setattr(work_files, "scan", lambda parts, **_more: said if b"".join(parts) == WORDS else None)
    row = add(cast)
    browser = signed_in(cast.viewer)
    assert browser.get(URL).status_code == 409
    run_waiting()
    row.refresh_from_db()
    assert row.state == state
    assert browser.get(URL).status_code == (200 if state == "clean" else 409)
    told = cast.viewer.notifications.filter(kind="work_file_harmful").count()
    assert told == (state == "infected")


def test_scanner_that_does_not_answer_is_asked_again(
    cast: Cast, work: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.CLAMAV_ADDRESS = "scanner:3310"

    def silent(parts: Any, **_more: Any) -> Answer:
        raise work_files.Unreachable("silence")

    monkeypatch.setattr(work_files, "scan", silent)
    row = add(cast)
    work_files.scan_work_file(work_file=row.public_id, attempt=0)
    row.refresh_from_db()
    assert row.state == "waiting"
    with pytest.raises(Conflict):
        work_files.read_work_file(actor=cast.viewer, file=row)


def test_swapped_file_is_refused_and_on_record(cast: Cast, work: Any) -> None:
    row = add(cast)
    stored(row).write_bytes(stored(row).read_bytes()[:-3] + b"xyz")
    with pytest.raises(Refused):
        work_files.read_work_file(actor=cast.viewer, file=row)
    assert AuditEntry.objects.filter(action="work.file_unreadable").count() == 1


@pytest.fixture
def group(cast: Cast, work: Any) -> Cohort:
    made = make_cohort(cast.manager, COURSE, programme=cast.programme)
    bring(made, cast.manager, cast.mentor, "trainer")
    return made


def test_trainers_read_work_only_while_the_learner_shows_it(cast: Cast, group: Cohort) -> None:
    person = bring(group, cast.manager, cast.viewer)
    add(cast, picture(), "card.png")
    url = f"/cohorts/{group.public_id}/people/{person.public_id}/piece/file/"
    trainer, learner = signed_in(cast.mentor), signed_in(cast.viewer)
    pieces = f"/cohorts/{group.public_id}/pieces/"
    assert trainer.get(url).status_code == 404 and "See the file." not in trainer.get(pieces).content.decode()
    learner.post(f"/learn/{COURSE}/my-work/show/", {"shown": "yes"})
    page = trainer.get(pieces).content.decode()
    assert "See the file." in page and "card.png" in page
    assert trainer.get(url)["Content-Type"] == "image/png"
    assert AuditEntry.objects.filter(action="work.file_read", actor=cast.mentor.public_id).count() == 1
    assert signed_in(cast.lead).get(url).status_code == 404
    learner.post(f"/learn/{COURSE}/my-work/show/", {"shown": "no"})
    assert trainer.get(url).status_code == 404
    learner.post(f"/learn/{COURSE}/my-work/show/", {"shown": "yes"})
    group.people.filter(user=cast.mentor).delete()
    assert trainer.get(url).status_code == 404
