"""The question editor, questions of other systems, and folders as ZIP."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.accounts.models import User
from apps.courses.models import CourseDraft, CourseUpload
from apps.courses.services.authoring import drafts, exchange, looking
from apps.courses.services.packing import pack_files
from tests.courses.drafts import begun, name, unit, written
from tests.courses.files import WHY, every_kind_files, kinds, question
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
POOL = "questions/l11.yaml"
ESSAY = {
    "id": "C9.m1.l1.q8", "objective": "C9.O1", "kind": "essay", "text": "Describe a door.", "critical": False, "words": 50,
    "explanation": WHY, "rubric": [{"criterion": "Lock", "good": "Two", "enough": "One", "missing": "None"}],
}  # fmt: skip


@pytest.fixture
def author() -> User:
    return name(UserFactory())


@pytest.fixture
def draft(author: User, tmp_path: Path, client: Client) -> CourseDraft:
    client.force_login(author)
    return begun(author, tmp_path, every_kind_files())


def rows(draft: CourseDraft, path: str = POOL) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(written(draft, path))
    return found


def fields(client: Client, url: str) -> dict[str, Any]:
    """The question form as a browser would send it."""
    form = client.get(url).context["form"]
    data = {}
    for field in form.fields:
        value = form.fields[field].prepare_value(form[field].value())
        if value not in (None, "", False):
            data[field] = "on" if value is True else value
    return data


def place(draft: CourseDraft, number: int, path: str = POOL) -> str:
    return f"/write/{draft.public_id}/{unit(draft, path).public_id}/question/{number}/"


@pytest.mark.parametrize("number", range(1, 7))
def test_every_kind_comes_back_from_its_form_as_it_was(
    client: Client, draft: CourseDraft, number: int
) -> None:
    before = rows(draft)
    url = place(draft, number)
    data = fields(client, url)
    assert client.post(url, data | {"action": "save"}).status_code == 302
    assert rows(draft) == before
    answer = client.post(
        url, data | {"action": "save", "text": "Anew [[1]] and [[2]]", "version": unit(draft, POOL).version}
    )
    assert answer.status_code == 302
    after = rows(draft)
    assert after[number - 1]["text"] == "Anew [[1]] and [[2]]"
    assert [row for n, row in enumerate(after) if n != number - 1] == [
        row for n, row in enumerate(before) if n != number - 1
    ]


@pytest.mark.parametrize(
    "row",
    [
        ESSAY,
        {**question("C9.m1.l1.q9", "C9.O1"), "kind": "truefalse"},
        question("C9.m1.l1.q9", "C9.O1", kind="multiple"),
    ],
)
def test_the_other_kinds_have_forms(client: Client, draft: CourseDraft, row: dict[str, Any]) -> None:
    if row["kind"] == "truefalse":
        row = {**row, "options": row["options"][:2]}
    if row["kind"] == "multiple":
        row["options"][1]["correct"] = True
    kept = yaml.safe_dump([*rows(draft), row], sort_keys=False).encode()
    drafts.save_files(actor=draft.begun_by, draft=draft, files={POOL: kept}, expected={POOL: 1})
    url = place(draft, 7)
    data = fields(client, url) | {"text": "Another text."}
    assert client.post(url, data | {"action": "save"}).status_code == 302
    assert rows(draft)[6] == {**row, "text": "Another text."}


def test_a_new_question_gets_the_next_id(client: Client, draft: CourseDraft) -> None:
    url = place(draft, 0) + "?kind=numeric"
    data = {
        "text": "How many locks?",
        "objective": "C9.O1",
        "explanation": "Two.",
        "answers-0-value": "2",
        "version": "1",
    }
    assert client.post(url, data).status_code == 302
    new = rows(draft)[-1]
    assert (new["id"], new["answers"]) == ("C9.m1.l1.q7", [{"value": 2}])


def test_the_engines_faults_are_said_and_nothing_is_saved(client: Client, draft: CourseDraft) -> None:
    url = place(draft, 1)
    data = fields(client, url)
    data.pop("options-0-correct")
    answer = client.post(url, data | {"action": "save"})
    assert answer.status_code == 422
    assert "options" in answer.content.decode()
    gaps = place(draft, 6)
    answer = client.post(gaps, fields(client, gaps) | {"text": "No gap here."})
    assert answer.status_code == 422
    assert draft.saves.count() == 0


def test_trying_a_question_marks_and_stores_nothing(client: Client, draft: CourseDraft) -> None:
    url = place(draft, 4)
    data = fields(client, url)
    shown = client.post(url, data | {"action": "preview"})
    assert 'name="typed"' in shown.content.decode()
    right = client.post(url, data | {"action": "mark", "typed": "2,5"}).content.decode()
    wrong = client.post(url, data | {"action": "mark", "typed": "9"}).content.decode()
    assert "earns 100 %" in right
    assert "earns 0 %" in wrong
    odd = client.post(
        place(draft, 1), fields(client, place(draft, 1)) | {"action": "mark", "chosen": ["z", "a"]}
    )
    assert odd.status_code == 200
    assert "no answer to the question" in odd.content.decode()
    assert draft.saves.count() == 0


def test_questions_move_and_go(client: Client, draft: CourseDraft) -> None:
    before = [row["id"] for row in rows(draft)]
    client.post(place(draft, 1), {"action": "down", "version": "1"})
    assert [row["id"] for row in rows(draft)][:2] == [before[1], before[0]]
    client.post(place(draft, 1), {"action": "delete", "version": "1"})
    assert len(rows(draft)) == 6, "a stale page moves nothing"
    client.post(place(draft, 1), {"action": "delete", "version": "2"})
    assert [row["id"] for row in rows(draft)] == [before[0], *before[2:]]
    assert client.get(place(draft, 99)).status_code == 404


def bring(client: Client, draft: CourseDraft, raw: bytes, form: str = "gift") -> Any:
    url = f"/write/{draft.public_id}/{unit(draft, POOL).public_id}/bring/"
    data = {"file": SimpleUploadedFile("their.txt", raw), "format": form, "objective": "C9.O1"}
    return client.post(url, data, follow=True)


GIFT = (
    "::One:: What locks a door? {=A bolt#It does. ~A hat#It does not. ~A song#No.}\n\n"
    "::Two:: Broken {=no end\n\n"
    "::Three:: Caf\u00e9 or bar? {=Caf\u00e9 ~Bar ~Inn}\n\n"
    "::Four:: Match in C9.m1.l1. {T}\n"
)


def test_questions_are_listed_line_by_line_before_they_are_stored(client: Client, draft: CourseDraft) -> None:
    answer = bring(client, draft, GIFT.encode("windows-1252"))
    text = answer.content.decode()
    assert "windows-1252" in text
    assert "imported" in text
    assert "refused" in text
    assert "has no feedback" in text
    assert "asks the same already" in text
    assert len(rows(draft)) == 6
    row = CourseUpload.objects.get()
    client.post(f"/write/uploads/{row.public_id}/")
    assert [one["id"] for one in rows(draft)][6:] == ["C9.m1.l1.q7", "C9.m1.l1.q8"]
    assert rows(draft)[7]["text"] == "Caf\u00e9 or bar?"
    client.post(f"/write/uploads/{row.public_id}/")
    assert len(rows(draft)) == 8, "an upload is taken once"


@pytest.mark.parametrize(
    ("raw", "form"),
    [
        (b"\0\1", "gift"),
        (b"<quiz><question", "moodle"),
        (b"", "aiken"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><quiz>&a;</quiz>", "moodle"),
    ],
)
def test_what_is_no_file_of_questions_is_said(
    client: Client, draft: CourseDraft, raw: bytes, form: str
) -> None:
    answer = bring(client, draft, raw or b" ", form)
    assert answer.status_code == 200
    assert "cannot be imported" in answer.content.decode()
    answer = client.post(f"/write/uploads/{CourseUpload.objects.get().public_id}/", follow=True)
    assert answer.status_code == 200
    assert len(rows(draft)) == 6


@pytest.mark.parametrize("form", ["gift", "moodle"])
def test_questions_leave_and_come_back_the_same(client: Client, draft: CourseDraft, form: str) -> None:
    pool = unit(draft, POOL)
    page = client.get(f"/write/{draft.public_id}/{pool.public_id}/take/")
    assert "left out" in page.content.decode(), "Aiken holds single choices only"
    answer = client.get(f"/write/{draft.public_id}/{pool.public_id}/take/", {"format": form})
    assert answer["Content-Disposition"].startswith("attachment")
    before = [{**row, "id": ""} for row in rows(draft)]
    for row in before:
        row.pop("unit", None)  # no other system has units beside the box
    drafts.save_files(actor=draft.begun_by, draft=draft, files={POOL: b"[]\n"}, expected={POOL: 1})
    bring(client, draft, answer.content, form)
    client.post(f"/write/uploads/{CourseUpload.objects.get().public_id}/")
    back = {row["text"]: {**row, "id": ""} for row in rows(draft)}
    for row in before:
        if row["text"] in back:
            assert back[row["text"]] == row
    assert len(back) >= 4


def zipped(files: dict[str, bytes], **odd: Any) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for path, raw in files.items():
            archive.writestr(path, raw)
    return made.getvalue()


def send(client: Client, raw: bytes) -> Any:
    return client.post("/write/import/", {"file": SimpleUploadedFile("c.zip", raw)}, follow=True)


def test_a_folder_goes_out_and_comes_back_as_it_was(client: Client, draft: CourseDraft) -> None:
    answer = client.get(f"/write/{draft.public_id}/download/")
    packed = b"".join(answer.streaming_content)
    before = looking.raws({row.path: row for row in draft.files.all()})
    client.post(f"/write/{draft.public_id}/delete/", {"sure": "yes"})
    assert not CourseDraft.objects.exists()
    page = send(client, packed)
    assert "would become a draft" in page.content.decode()
    assert not CourseDraft.objects.exists()
    client.post(f"/write/uploads/{CourseUpload.objects.get().public_id}/")
    new = CourseDraft.objects.get()
    assert looking.raws({row.path: row for row in new.files.all()}) == before
    assert new.base is not None


def test_odd_files_of_a_folder_are_named_and_left_out(client: Client, draft: CourseDraft) -> None:
    files = looking.raws({row.path: row for row in draft.files.all()})
    drafts.delete_draft(actor=draft.begun_by, draft=draft)
    odd = {
        **{f"c9-doors/{path}": raw for path, raw in files.items()}, "c9-doors/run.sh": b"x", "__MACOSX/._x": b"x",
        "c9-doors/figures/bad.svg": b"<svg onload='x'/>", "c9-doors/lessons/9-old.md": "Caf\u00e9".encode("windows-1252"),
    }  # fmt: skip
    text = send(client, zipped(odd)).content.decode()
    assert "run.sh" in text
    assert "has no place in a course folder" in text
    assert "windows-1252" in text
    client.post(f"/write/uploads/{CourseUpload.objects.get().public_id}/")
    new = CourseDraft.objects.get()
    assert not new.files.filter(path__endswith="run.sh").exists()
    assert not new.files.filter(path__endswith="bad.svg").exists()
    assert "Caf\u00e9" in written(new, "lessons/9-old.md")


@pytest.mark.parametrize(
    "path", ["../course.yaml", "/etc/passwd", "a\\b.md", "C:/x.md", "lessons/\u202egpj.md"]
)
def test_a_hostile_zip_is_refused_whole(client: Client, draft: CourseDraft, path: str) -> None:
    drafts.delete_draft(actor=draft.begun_by, draft=draft)
    answer = send(client, zipped({"course.yaml": b"id: C9", path: b"x"}))
    assert "cannot be imported" in answer.content.decode()
    client.post(f"/write/uploads/{CourseUpload.objects.get().public_id}/")
    assert not CourseDraft.objects.exists()


def test_no_zip_and_a_bomb_are_refused(client: Client, draft: CourseDraft) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("course.yaml", b"a" * 30_000_000)
    for raw in (b"nothing", made.getvalue(), b"PK\x03\x04 cut"):
        assert "cannot be imported" in send(client, raw).content.decode()


def test_a_folder_of_a_course_that_one_does_not_write_is_refused(client: Client, draft: CourseDraft) -> None:
    files = looking.raws({row.path: row for row in draft.files.all()})
    other = {path: raw.replace(b"c9-doors", b"c5-gates") for path, raw in files.items()}
    answer = send(client, pack_files(other, folder="c5-gates"))
    assert "cannot be imported" in answer.content.decode()
    row = CourseUpload.objects.get()
    client.force_login(name(UserFactory(), "c5-gates"))
    assert client.get(f"/write/uploads/{row.public_id}/").status_code == 404


def test_formats_cover_every_reader() -> None:
    assert exchange.FORMATS.keys() == exchange.READERS.keys() == exchange.WRITERS.keys()
    assert len(kinds("C9.m1.l1", "C9.O1")) == 6
