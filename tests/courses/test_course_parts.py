"""Parts of course.yaml by forms: saved, previewed, shown side by side after a conflict, followed by translations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

from apps.accounts.models import User
from apps.courses.models import CourseDraft
from apps.courses.services.authoring import drafts
from tests.courses.drafts import begun, name, unit, written
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
FACT = {"id": "F1", "text": "Doors have two sides.", "checked_on": "2026-01-02", "title": "On doors", "url": "https://doors.example/"}  # fmt: skip
LINE = {
    "criterion": "Owner",
    "good": "Each door has one.",
    "enough": "Most have one.",
    "missing": "None has.",
}


@pytest.fixture
def author() -> User:
    return name(UserFactory())


@pytest.fixture
def draft(author: User, tmp_path: Path, client: Client) -> CourseDraft:
    client.force_login(author)
    made = begun(author, tmp_path)
    text = document(made) | {"facts": [FACT], "final": {"draw": 3, "pass_mark": 80}}
    drafts.save_files(
        actor=author, draft=made, files={"course.yaml": yaml.safe_dump(text).encode()}, expected={"course.yaml": 1}
    )  # fmt: skip
    return CourseDraft.objects.get()


def url(draft: CourseDraft, part: str) -> str:
    return f"/write/{draft.public_id}/part/{part}/"


def held(client: Client, draft: CourseDraft, part: str) -> dict[str, Any]:
    """What the form of a part holds now, as a browser would send it."""
    form = client.get(url(draft, part)).context["form"]
    return {field: form.fields[field].prepare_value(form[field].value()) or "" for field in form.fields}


def document(draft: CourseDraft, path: str = "course.yaml") -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(written(draft, path))
    return found


@pytest.mark.parametrize("part", ["glossary", "facts", "artefact", "tests"])
def test_saving_what_is_stored_changes_nothing(client: Client, draft: CourseDraft, part: str) -> None:
    before = written(draft, "course.yaml")
    assert client.post(url(draft, part), held(client, draft, part)).status_code == 302
    assert (draft.saves.count(), written(draft, "course.yaml")) == (1, before)
    titles = {"glossary": "Glossary", "facts": "Facts that may age", "artefact": "Piece of work", "tests": "Tests and certificate"}  # fmt: skip
    assert f">{titles[part]}</h1>" in client.get(url(draft, part)).content.decode()
    assert client.get(url(draft, "other")).status_code == 404


def test_words_are_added_changed_and_taken_out(client: Client, draft: CourseDraft) -> None:
    data = held(client, draft, "glossary")
    data |= {"term.1": "bolt", "meaning.1": "It slides.", "meaning.0": "A way in and out."}
    assert client.post(url(draft, "glossary"), data).status_code == 302
    assert document(draft)["glossary"] == [
        {"term": "door", "meaning": "A way in and out."},
        {"term": "bolt", "meaning": "It slides."},
    ]
    data = held(client, draft, "glossary") | {"term.0": "", "meaning.0": ""}
    assert client.post(url(draft, "glossary"), data).status_code == 302
    assert [row["term"] for row in document(draft)["glossary"]] == ["bolt"]


@pytest.mark.parametrize(
    ("part", "change", "said"),
    [
        ("glossary", {"term.1": "bolt"}, "or empty the whole row"),
        ("facts", {"id.0": "door"}, "valid value"),
        ("facts", {"checked_on.0": "soon"}, "valid date"),
        ("facts", {"url.0": "http://doors.example/"}, "valid value"),
        ("facts", {f"{key}.1": value for key, value in FACT.items()}, "Another fact has this name."),
        ("artefact", {f"{key}.0": value for key, value in LINE.items()}, "has a name"),
        ("artefact", {"name": "List"}, "at least one row"),
        ("artefact", {"indicators": "GOV"}, "is no code"),
        ("artefact", {"text": ""}, "required"),
        ("tests", {"pass_mark": "101"}, "100"),
        ("tests", {"final_pass_mark": ""}, "both a number of questions"),
        ("tests", {"m1_draw": ""}, "required"),
        ("tests", {"certificate": "gold"}, "valid choice"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_saved(
    client: Client, draft: CourseDraft, part: str, change: dict[str, str], said: str
) -> None:
    answer = client.post(url(draft, part), held(client, draft, part) | change)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert draft.saves.count() == 1


def test_work_gets_a_rubric_and_can_lose_it(client: Client, draft: CourseDraft) -> None:
    data = held(client, draft, "artefact") | {f"{key}.0": value for key, value in LINE.items()}
    data |= {"name": "List of doors", "indicators": "GOV.1.1, RES.1.1"}
    page = client.post(url(draft, "artefact"), data | {"action": "preview"})
    assert page.status_code == 200 and '<b dir="auto">List of doors</b>' in page.content.decode()
    assert draft.saves.count() == 1
    assert client.post(url(draft, "artefact"), data | {"action": "save"}).status_code == 302
    assert document(draft)["artefact"] == {
        "title": "List of doors", "text": "A list of doors.", "indicators": ["GOV.1.1", "RES.1.1"], "rubric": [LINE],
    }  # fmt: skip
    data = held(client, draft, "artefact") | dict.fromkeys((f"{key}.0" for key in LINE), "")
    data |= {"name": "", "indicators": ""}
    assert client.post(url(draft, "artefact"), data).status_code == 302
    assert document(draft)["artefact"] == "A list of doors."


def test_final_test_is_changed_and_left_out(client: Client, draft: CourseDraft) -> None:
    data = held(client, draft, "tests")
    change = {"certificate": "practice", "final_minutes": "30", "m1_draw": "5", "validity_months": "24"}
    assert client.post(url(draft, "tests"), data | change).status_code == 302
    now = document(draft)
    assert (now["certificate"], now["validity_months"]) == ("practice", 24)
    assert now["final"] == {"draw": 3, "pass_mark": 80, "minutes": 30}
    assert now["modules"][0]["test"] == {"draw": 5, "pass_mark": 75}
    none = dict.fromkeys(("final_draw", "final_pass_mark", "final_minutes"), "")
    assert client.post(url(draft, "tests"), held(client, draft, "tests") | none).status_code == 302
    assert "final" not in document(draft)


def test_two_people_see_both_texts(client: Client, draft: CourseDraft) -> None:
    data = held(client, draft, "glossary")
    client.post(url(draft, "glossary"), data | {"meaning.0": "Theirs."})
    late = client.post(url(draft, "glossary"), data | {"meaning.0": "Mine."})
    assert late.status_code == 409
    assert b"Theirs." in late.content and b"Mine." in late.content
    again = client.post(url(draft, "glossary"), data | {"meaning.0": "Mine.", "version": "3"})
    assert again.status_code == 302 and document(draft)["glossary"][0]["meaning"] == "Mine."


def test_translated_course_follows_in_dates_and_numbers_and_keeps_its_words(
    client: Client, draft: CourseDraft, author: User
) -> None:
    own = document(draft)
    french = {**own, "language": "fr", "facts": [{**FACT, "text": "Une porte a deux côtés."}]}
    drafts.save_files(
        actor=author, draft=draft, files={"fr/course.yaml": yaml.safe_dump(french).encode()}, expected={"fr/course.yaml": 0}
    )  # fmt: skip
    client.post(url(draft, "facts"), held(client, draft, "facts") | {"checked_on.0": "2026-11-01"})
    client.post(url(draft, "tests"), held(client, draft, "tests") | {"final_draw": "2"})
    now = document(draft, "fr/course.yaml")
    assert (now["facts"][0]["checked_on"], now["facts"][0]["text"]) == (
        "2026-11-01",
        "Une porte a deux côtés.",
    )
    assert now["final"]["draw"] == 2


def test_published_draft_and_strangers(client: Client, draft: CourseDraft) -> None:
    stranger = Client()
    stranger.force_login(name(UserFactory(), "c8-other"))
    assert stranger.get(url(draft, "glossary")).status_code == 404
    row = unit(draft, "course.yaml")
    client.post(f"/write/{draft.public_id}/{row.public_id}/text/", {"text": "a: [", "version": "2"})
    assert client.get(url(draft, "glossary")).status_code == 302


def test_translators_see_the_screens_of_what_they_write(client: Client, draft: CourseDraft) -> None:
    place = f"/write/{draft.public_id}/{unit(draft, 'lessons/1-l11.md').public_id}/into/ar/"
    page = client.get(place).context
    data = {"version": page["version"], "seen": page["seen"], "action": "preview"}
    answer = client.post(
        place, data | {"w:body": "## الباب\n\n**أغلق** <script>x</script>\n\n---screen---\n\nثانيا"}
    )
    text = answer.content.decode()
    assert answer.status_code == 200 and "<strong>أغلق</strong>" in text and 'dir="rtl"' in text
    assert "<script>x" not in text and len(answer.context["screens"]) == 2
    assert "ar/lessons/1-l11.md" not in set(draft.files.values_list("path", flat=True))
