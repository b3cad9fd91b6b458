"""Drafts of courses: begun, written, checked, read by a second person and published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.exceptions import PermissionDenied
from django.test import Client

from apps.accounts.models import User
from apps.core.errors import Conflict, Refused, Stale
from apps.courses.models import CourseDraft, CourseVersion, DraftFile
from apps.courses.services import CourseFaults
from apps.courses.services.authoring import drafts, looking, publishing, units
from tests.courses.drafts import begun, loaded, name, unit, written
from tests.courses.files import course_files, write_course
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
LESSON = "lessons/1-l11.md"


@pytest.fixture
def author() -> User:
    return name(UserFactory(full_name="Nadia Brandt"))


@pytest.fixture
def reader() -> User:
    return name(UserFactory(full_name="Ada Stone"))


@pytest.fixture
def draft(author: User, tmp_path: Path) -> CourseDraft:
    return begun(author, tmp_path)


def page(client: Client, draft: CourseDraft, rest: str = "", **kw: Any) -> Any:
    return client.get(f"/write/{draft.public_id}/{rest}", kw)


def put(client: Client, draft: CourseDraft, path: str, changes: dict[str, Any]) -> Any:
    """Send the form of a lesson with some fields changed."""
    row = unit(draft, path)
    url = f"/write/{draft.public_id}/{row.public_id}/"
    form = client.get(url).context["form"]
    data = {field: form[field].value() or "" for field in form.fields}
    for field, value in data.items():
        data[field] = "\n".join(value) if isinstance(value, list) else value
    return client.post(url, data | {"action": "save"} | changes)


def test_a_draft_is_the_folder_with_the_next_number(draft: CourseDraft) -> None:
    assert draft.number == "1.1"
    assert 'version: "1.1"' in written(draft, "course.yaml")
    assert {row.path for row in draft.files.all()} == set(course_files())


def test_only_one_draft_of_a_course_is_open(draft: CourseDraft, reader: User) -> None:
    with pytest.raises(Refused, match="open draft"):
        drafts.begin_draft(actor=reader, course="c9-doors")


def test_others_find_no_draft_and_no_list(client: Client, draft: CourseDraft) -> None:
    client.force_login(UserFactory())
    assert page(client, draft).status_code == 404
    assert page(client, draft, f"{unit(draft, LESSON).public_id}/").status_code == 404
    assert client.get("/write/").status_code == 403
    with pytest.raises(PermissionDenied):
        drafts.save_files(actor=UserFactory(), draft=draft, files={LESSON: b"x"}, expected={})


def test_a_lesson_is_saved_and_its_other_words_stay(client: Client, draft: CourseDraft, author: User) -> None:
    client.force_login(author)
    answer = put(client, draft, LESSON, {"body": "## New\r\n\r\nWords.\r\n"})
    assert answer.status_code == 302
    text = written(draft, LESSON)
    assert text.endswith("---\n## New\n\nWords.\n")
    assert yaml.safe_load(text.split("---")[1])["do_it_at_work"] == "Lock one door."


def test_two_people_writing_see_both_texts(client: Client, draft: CourseDraft, author: User) -> None:
    client.force_login(author)
    put(client, draft, LESSON, {"body": "Theirs."})
    late = put(client, draft, LESSON, {"body": "Mine.", "version": "1"})
    assert late.status_code == 409
    assert b"Theirs." in late.content
    assert b"Mine." in late.content
    assert "Mine." not in written(draft, LESSON)
    again = put(client, draft, LESSON, {"body": "Mine.", "version": "2"})
    assert again.status_code == 302
    assert "Mine." in written(draft, LESSON)


def test_the_preview_shows_screens_and_stores_nothing(
    client: Client, draft: CourseDraft, author: User
) -> None:
    client.force_login(author)
    body = "A <script>alert(1)</script>\n\n---screen---\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n![](figures/none.svg)\n"
    answer = put(client, draft, LESSON, {"body": body, "action": "preview"})
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "Screen 2 of 2" in html
    assert '<table class="tbl"' in html
    assert "<script>alert" not in html
    assert "a picture needs words" in html
    assert draft.saves.count() == 0


def test_a_lesson_without_a_title_says_so(client: Client, draft: CourseDraft, author: User) -> None:
    client.force_login(author)
    answer = put(client, draft, LESSON, {"title": ""})
    assert answer.status_code == 422
    assert draft.saves.count() == 0


def test_the_checks_lead_to_the_place(client: Client, draft: CourseDraft, author: User) -> None:
    client.force_login(author)
    pool = unit(draft, "questions/l11.yaml")
    rows = yaml.safe_load(bytes(pool.raw))
    rows[1]["objective"] = "C9.O7"
    drafts.save_files(
        actor=author, draft=draft, files={pool.path: yaml.safe_dump(rows).encode()}, expected={pool.path: 1}
    )
    answer = page(client, draft, "checks/")
    assert f"/write/{draft.public_id}/{pool.public_id}/question/2/" in answer.content.decode()
    with pytest.raises(CourseFaults):
        publishing.ask_review(actor=author, draft=draft, revision=CourseDraft.objects.get().revision)


def test_the_author_never_publishes_and_a_second_person_does(
    client: Client, draft: CourseDraft, author: User, reader: User
) -> None:
    client.force_login(author)
    put(client, draft, LESSON, {"body": "Better words."})
    revision = CourseDraft.objects.get().revision
    publishing.ask_review(actor=author, draft=draft, revision=revision)
    answer = client.post(f"/write/{draft.public_id}/review/", {"action": "publish", "revision": revision})
    assert answer.status_code == 403
    client.force_login(reader)
    assert "Better words." in page(client, draft, "review/").content.decode()
    answer = client.post(f"/write/{draft.public_id}/review/", {"action": "publish", "revision": revision})
    assert answer.status_code == 302
    version = CourseVersion.objects.get(version="1.1")
    assert "Better words." in version.lessons.get(slug="l11").screens[0]
    with pytest.raises(Refused, match="never changes"):
        drafts.save_files(actor=reader, draft=draft, files={LESSON: b"x"}, expected={LESSON: 2})


def test_a_save_takes_the_draft_back_from_review(draft: CourseDraft, author: User, reader: User) -> None:
    publishing.ask_review(actor=author, draft=draft, revision=1)
    drafts.save_files(actor=author, draft=draft, files={LESSON: b"---\nx: 1\n---\n"}, expected={LESSON: 1})
    with pytest.raises(Conflict):
        publishing.publish_draft(actor=reader, draft=draft, revision=1)
    assert CourseDraft.objects.get().state == "writing"


def test_an_administrator_who_wrote_is_an_author_too(draft: CourseDraft, author: User) -> None:
    staff = UserFactory(is_staff=True)
    text = written(draft, LESSON).replace("More.", "More!").encode()
    drafts.save_files(actor=staff, draft=draft, files={LESSON: text}, expected={LESSON: 1})
    publishing.ask_review(actor=author, draft=draft, revision=2)
    with pytest.raises(PermissionDenied, match="second person"):
        publishing.publish_draft(actor=staff, draft=draft, revision=2)


def test_open_comments_keep_a_draft_from_being_published(
    draft: CourseDraft, author: User, reader: User
) -> None:
    said = publishing.add_comment(actor=reader, draft=draft, path=LESSON, text="Which door?")
    publishing.ask_review(actor=author, draft=draft, revision=1)
    with pytest.raises(Refused, match="open comments"):
        publishing.publish_draft(actor=reader, draft=draft, revision=1)
    publishing.settle_comment(actor=author, draft=draft, comment=said.public_id)
    assert publishing.publish_draft(actor=reader, draft=draft, revision=1).version == "1.1"


def test_history_puts_a_file_back(client: Client, draft: CourseDraft, author: User) -> None:
    client.force_login(author)
    before = written(draft, LESSON)
    put(client, draft, LESSON, {"body": "Gone wrong."})
    assert "Gone wrong." in page(client, draft, "changes/").content.decode()
    client.post(f"/write/{draft.public_id}/changes/", {"save": draft.saves.get().pk})
    assert written(draft, LESSON) == before


def test_a_stale_save_names_the_stored_file(draft: CourseDraft, author: User) -> None:
    with pytest.raises(Stale) as told:
        drafts.save_files(actor=author, draft=draft, files={LESSON: b"x"}, expected={LESSON: 7})
    assert told.value.current.path == LESSON


@pytest.mark.parametrize(
    "path",
    ["../course.yaml", "lessons/../../x.md", "lessons\\x.md", "x.sh", "figures/x.html", "/course.yaml"],
)
def test_no_file_is_written_outside_the_folder(draft: CourseDraft, author: User, path: str) -> None:
    with pytest.raises(Refused):
        drafts.save_files(actor=author, draft=draft, files={path: b"x"}, expected={})


def test_moving_a_lesson_renumbers_files_ids_and_questions(
    client: Client, author: User, tmp_path: Path
) -> None:
    draft = begun(author, tmp_path, course_files(lessons=2))
    client.force_login(author)
    client.post(f"/write/{draft.public_id}/arrange/", {"move": "lesson down l11"})
    assert "id: C9.m1.l2" in written(draft, "lessons/2-l11.md")
    assert "id: C9.m1.l1" in written(draft, "lessons/1-l12.md")
    assert "C9.m1.l2.q1" in written(draft, "questions/l11.yaml")
    assert looking.faults_of_draft(CourseDraft.objects.get()) == []


def test_moving_a_module_keeps_its_name(client: Client, author: User, tmp_path: Path) -> None:
    draft = begun(author, tmp_path, course_files(modules=2))
    client.force_login(author)
    client.post(f"/write/{draft.public_id}/arrange/", {"move": "module up m2"})
    document = yaml.safe_load(written(draft, "course.yaml"))
    assert [row["id"] for row in document["modules"]] == ["m2", "m1"]
    assert "id: C9.m2.l1" in written(draft, "lessons/1-l21.md")
    assert looking.faults_of_draft(CourseDraft.objects.get()) == []


def test_adding_a_lesson_and_a_module(client: Client, draft: CourseDraft, author: User) -> None:
    client.force_login(author)
    url = f"/write/{draft.public_id}/arrange/"
    client.post(url, {"add": "lesson", "module": "m1", "slug": "windows", "title": "Windows"})
    assert "title: Windows" in written(draft, "lessons/2-windows.md")
    client.post(url, {"add": "module", "title": "Roofs"})
    assert yaml.safe_load(written(draft, "course.yaml"))["modules"][1]["planned"] == ["Roofs"]
    bad = client.post(url, {"add": "lesson", "module": "m1", "slug": "../x", "title": "X"}, follow=True)
    assert "small letters" in bad.content.decode()


def test_arranging_never_writes_over_what_was_saved_meanwhile(
    client: Client, author: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = begun(author, tmp_path, course_files(lessons=2))
    client.force_login(author)
    arranged = units.moved_lesson

    def slowly(*args: Any) -> Any:
        """A colleague saves a lesson while the new order is worked out."""
        change = arranged(*args)
        row = DraftFile.objects.get(draft=draft, path="lessons/1-l11.md")
        raw = bytes(row.raw) + b"\nWords of a colleague.\n"
        drafts.save_files(actor=author, draft=draft, files={row.path: raw}, expected={row.path: row.version})
        return change

    monkeypatch.setattr(units, "moved_lesson", slowly)
    late = client.post(f"/write/{draft.public_id}/arrange/", {"move": "lesson down l11"})
    assert late.status_code == 409
    assert "Words of a colleague." in written(draft, "lessons/1-l11.md")


def test_about_changes_course_yaml_and_nothing_else(client: Client, draft: CourseDraft, author: User) -> None:
    client.force_login(author)
    url = f"/write/{draft.public_id}/about/"
    form = client.get(url).context["form"]
    data = {field: form.fields[field].prepare_value(form[field].value()) or "" for field in form.fields}
    assert client.post(url, data).status_code == 302
    assert draft.saves.count() == 0
    assert client.post(url, data | {"summary": "Bolts too.", "hours": "1.5"}).status_code == 302
    document = yaml.safe_load(written(draft, "course.yaml"))
    assert (document["summary"], document["hours"], document["artefact"]) == (
        "Bolts too.",
        1.5,
        "A list of doors.",
    )
    assert client.post(url, data | {"number": "../9"}).status_code == 422


def test_an_unreadable_course_yaml_can_be_mended_as_text(
    client: Client, draft: CourseDraft, author: User
) -> None:
    client.force_login(author)
    row = unit(draft, "course.yaml")
    url = f"/write/{draft.public_id}/{row.public_id}/text/"
    assert client.post(url, {"text": "a: [", "version": "1"}).status_code == 302
    assert page(client, draft).status_code == 200
    assert page(client, draft, "about/").status_code == 302
    assert b"course.yaml" in page(client, draft, "checks/").content
    for odd in ("- 1\n- 2", "modules: 7", "modules: [1, {id: 3}]", "&a [*a]", "objectives: x\nmodules: []"):
        answer = client.post(url, {"text": odd, "version": unit(draft, "course.yaml").version}, follow=True)
        assert answer.status_code == 200
        for rest in ("", "checks/", "review/", "changes/", f"{unit(draft, LESSON).public_id}/"):
            assert page(client, draft, rest).status_code == 200, (odd, rest)


def test_a_new_course_is_begun_by_an_administrator(client: Client, author: User) -> None:
    data = {"title": "Windows", "code": "C88", "slug": "c88-windows", "language": "en"}
    client.force_login(author)
    assert client.post("/write/new/", data).status_code == 403
    client.force_login(UserFactory(is_staff=True))
    assert client.post("/write/new/", data).status_code == 302
    draft = CourseDraft.objects.get(slug="c88-windows")
    assert looking.faults_of_draft(draft) == []


def test_naming_authors(client: Client, tmp_path: Path) -> None:
    loaded(tmp_path)
    person = UserFactory(email="pen@example.org")
    client.force_login(UserFactory(is_staff=True))
    assert client.post("/write/authors/c9-doors/", {"email": "nobody@example.org"}).status_code == 422
    assert client.post("/write/authors/c9-doors/", {"email": "PEN@example.org"}).status_code == 302
    assert person.authorships.get().slug == "c9-doors"
    client.post("/write/authors/c9-doors/", {"person": person.public_id})
    assert not person.authorships.exists()


def test_the_lists_ask_the_same_number_of_queries(
    client: Client, draft: CourseDraft, author: User, tmp_path: Path, django_assert_num_queries: Any
) -> None:
    client.force_login(author)
    client.get("/write/")
    with django_assert_num_queries(12):
        client.get("/write/")
    for code in ("C7", "C8"):
        slug = f"{code.lower()}-doors"
        files = course_files(code)
        folder = write_course(tmp_path / code, files)
        from apps.courses.services import load_course

        load_course(actor=None, folder=folder.rename(folder.with_name(slug)))
        name(author, slug)
        drafts.begin_draft(actor=author, course=slug)
    with django_assert_num_queries(12):
        client.get("/write/")


def test_a_figure_comes_with_its_words(client: Client, draft: CourseDraft, author: User) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client.force_login(author)
    url = f"/write/{draft.public_id}/figure/"
    good = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="4" height="4"/></svg>'
    )
    data = {"alt": "A door", "name": "door", "lesson": unit(draft, LESSON).public_id}
    bad = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><script>1</script></svg>'
    answer = client.post(url, data | {"file": SimpleUploadedFile("x.svg", bad)})
    assert answer.status_code == 422
    assert client.post(url, data | {"alt": "", "file": SimpleUploadedFile("x.svg", good)}).status_code == 422
    assert client.post(url, data | {"file": SimpleUploadedFile("x.svg", good)}).status_code == 302
    assert written(draft, LESSON).endswith("![A door](figures/door.svg)\n")
    assert looking.faults_of_draft(CourseDraft.objects.get()) == []


def test_a_png_is_drawn_anew(client: Client, draft: CourseDraft, author: User) -> None:
    import io

    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    info, out = PngInfo(), io.BytesIO()
    info.add_text("Comment", "where I live")
    Image.new("RGB", (1600, 400), "teal").save(out, "PNG", pnginfo=info)
    client.force_login(author)
    data = {"alt": "A door", "name": "door", "lesson": unit(draft, LESSON).public_id}
    url = f"/write/{draft.public_id}/figure/"
    assert client.post(url, data | {"file": SimpleUploadedFile("x.png", out.getvalue())}).status_code == 302
    kept = bytes(unit(draft, "figures/door.png").raw)
    assert b"where I live" not in kept
    assert Image.open(io.BytesIO(kept)).size == (960, 240)
    assert looking.faults_of_draft(CourseDraft.objects.get()) == []
    cut = SimpleUploadedFile("x.png", out.getvalue()[:60])
    assert client.post(url, data | {"name": "cut", "file": cut}).status_code == 422
