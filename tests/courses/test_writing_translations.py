"""Translations of a draft side by side: states, progress, parity by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

from apps.accounts.models import User
from apps.courses.models import CourseDraft
from apps.courses.selectors.authoring import files_of
from apps.courses.services.authoring import drafts, looking, translating
from tests.courses.drafts import begun, name, unit, written
from tests.courses.files import every_kind_files
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
LESSON = "lessons/1-l11.md"


@pytest.fixture
def author() -> User:
    return name(UserFactory())


@pytest.fixture
def draft(author: User, tmp_path: Path, client: Client) -> CourseDraft:
    client.force_login(author)
    return begun(author, tmp_path, every_kind_files())


def url(draft: CourseDraft, path: str) -> str:
    return f"/write/{draft.public_id}/{unit(draft, path).public_id}/into/fr/"


def words(client: Client, draft: CourseDraft, path: str, part: int = 1) -> dict[str, str]:
    """Every text of one part, translated by putting it into French quotation marks."""
    page = client.get(url(draft, path), {"part": part}).context
    data = {f"w:{pair.way}": f"\u00ab {pair.source} \u00bb" for pair in page["pairs"]}
    return data | {"version": str(page["version"]), "seen": page["seen"]}


def states(draft: CourseDraft) -> dict[str, str]:
    return {one.path: one.state for one in translating.progress_of(files_of(draft), "fr").units}


def translate(client: Client, draft: CourseDraft, path: str) -> None:
    parts = client.get(url(draft, path)).context["parts"]
    for part in parts:
        data = words(client, draft, path, part)
        data |= {"done": "yes"} if part == parts[-1] else {}
        answer = client.post(f"{url(draft, path)}?part={part}", data)
        assert answer.status_code == 302, answer.context["error"]


def test_a_course_translated_side_by_side_passes_the_checks(client: Client, draft: CourseDraft) -> None:
    assert set(states(draft).values()) == {"missing"}
    for path in states(draft):
        translate(client, draft, path)
    assert set(states(draft).values()) == {"done"}
    assert looking.faults_of_draft(CourseDraft.objects.get()) == []
    assert yaml.safe_load(written(draft, "fr/course.yaml"))["language"] == "fr"
    assert "100 %" in client.get(f"/write/{draft.public_id}/").content.decode()


def test_part_of_the_words_is_a_draft_and_not_finished(client: Client, draft: CourseDraft) -> None:
    data = words(client, draft, LESSON)
    data["w:/title"] = ""
    answer = client.post(url(draft, LESSON), data | {"done": "yes"})
    assert answer.status_code == 422
    assert "\u00ab Look. \u00bb" in answer.content.decode(), "what was written stays on the page"
    assert states(draft)[LESSON] == "missing"
    client.post(url(draft, LESSON), data)
    assert states(draft)[LESSON] == "draft"
    assert yaml.safe_load(written(draft, f"fr/{LESSON}").split("---")[1])["title"] == "Lesson 1-1"


def test_a_changed_source_asks_for_a_review_and_keeps_the_words(client: Client, draft: CourseDraft) -> None:
    translate(client, draft, LESSON)
    text = written(draft, LESSON).replace("More.", "More and more.").encode()
    drafts.save_files(actor=draft.begun_by, draft=draft, files={LESSON: text}, expected={LESSON: 1})
    assert states(draft)[LESSON] == "review"
    page = client.get(url(draft, LESSON)).content.decode()
    assert "changed since this was translated" in page
    assert "\u00ab Look. \u00bb" in page


def test_answers_and_ids_are_never_the_translators(client: Client, draft: CourseDraft) -> None:
    path = "questions/l11.yaml"
    data = words(client, draft, path)
    assert not any("correct" in key or "/id" in key or "value" in key for key in data)
    odd = {"w:/@C9.m1.l1.q1/kind": "essay", "w:/@C9.m1.l1.q1/options/@b/correct": "true", "w:/nowhere": "x"}
    client.post(url(draft, path), data | odd)
    row = yaml.safe_load(written(draft, f"fr/{path}"))[0]
    assert row["kind"] == "single"
    assert row["options"][1]["correct"] is False


def test_two_translators_see_both_texts(client: Client, draft: CourseDraft) -> None:
    data = words(client, draft, LESSON)
    client.post(url(draft, LESSON), data)
    late = client.post(url(draft, LESSON), data | {"w:/title": "Portes"})
    assert late.status_code == 409
    text = late.content.decode()
    assert "Portes" in text
    assert "\u00ab Lesson 1-1 \u00bb" in text
    again = client.post(url(draft, LESSON), data | {"w:/title": "Portes", "version": "1"})
    assert again.status_code == 302
    assert "Portes" in written(draft, f"fr/{LESSON}")


def test_a_language_can_be_left_out_and_comes_back(client: Client, draft: CourseDraft) -> None:
    translate(client, draft, LESSON)
    page = f"/write/{draft.public_id}/into/fr/"
    client.post(page)
    assert draft.files.filter(path__startswith="fr/").exists()
    client.post(page, {"sure": "yes"})
    assert not draft.files.filter(path__startswith="fr/").exists()
    client.post(f"/write/{draft.public_id}/changes/", {"save": draft.saves.first().pk})
    assert draft.files.filter(path=f"fr/{LESSON}").exists()


@pytest.mark.parametrize("into", ["en", "xx", "questions"])
def test_only_languages_of_the_site_are_offered(client: Client, draft: CourseDraft, into: str) -> None:
    assert client.get(f"/write/{draft.public_id}/into/{into}/").status_code == 404


def test_numbers_of_the_course_follow_into_its_translation(client: Client, draft: CourseDraft) -> None:
    translate(client, draft, "course.yaml")
    about = f"/write/{draft.public_id}/about/"
    form = client.get(about).context["form"]
    data: dict[str, Any] = {
        field: form.fields[field].prepare_value(form[field].value()) or "" for field in form.fields
    }
    assert client.post(about, data | {"number": "3.0", "hours": "2"}).status_code == 302
    held = yaml.safe_load(written(draft, "fr/course.yaml"))
    assert (held["version"], held["hours"], held["title"]) == ("3.0", 2, "\u00ab Doors C9 \u00bb")
    assert states(draft)["course.yaml"] == "review"
