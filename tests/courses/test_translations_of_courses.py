"""A translation has the same parts and answers as its course, and is offered in its language."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.courses.models import CourseVersion
from apps.courses.services import CourseFaults, load_course
from tests.courses.small import course_files, write_course

pytestmark = pytest.mark.django_db


def both(change: Callable[[dict[str, Any]], None] | None = None) -> dict[str, Any]:
    files = course_files()
    french = copy.deepcopy(files)
    french["course.yaml"] |= {"language": "fr", "title": "Portes"}
    for row in french["questions/l11.yaml"]:
        row["text"] = f"En français : {row['id']} ?"
    french["lessons/1-l11.md"] = files["lessons/1-l11.md"].replace(
        "After this you can lock a door.", "Vous saurez fermer une porte."
    )
    if change:
        change(french)
    return files | {f"fr/{path}": content for path, content in french.items()}


def test_both_languages_are_published_and_read(tmp_path: Path, client: Any) -> None:
    load_course(actor=None, folder=write_course(tmp_path, both()))
    assert set(CourseVersion.objects.values_list("language", "title")) == {
        ("en", "Doors C9"),
        ("fr", "Portes"),
    }
    client.cookies["django_language"] = "fr"
    assert "Portes" in client.get("/learn/c9-doors/").content.decode()


def test_a_translation_may_come_later(tmp_path: Path) -> None:
    load_course(actor=None, folder=write_course(tmp_path, course_files()))
    load_course(actor=None, folder=write_course(tmp_path, both()))
    assert CourseVersion.objects.count() == 2


def swap(french: dict[str, Any]) -> None:
    options = french["questions/l11.yaml"][0]["options"]
    options[0]["correct"], options[1]["correct"] = False, True


def shorten(french: dict[str, Any]) -> None:
    french["lessons/1-l11.md"] = french["lessons/1-l11.md"].partition("---screen---")[0] + "Fin.\n"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (swap, "fr/questions/l11.yaml: [0]: ids, kinds, right answers or numbers differ"),
        (shorten, "fr/lessons/1-l11.md: the course has 2 screens here"),
        (lambda french: french["course.yaml"].update(language="de"), "this folder holds the language “fr”"),
        (lambda french: french["course.yaml"].update(hours=9), "fr/course.yaml: hours: this differs"),
        (lambda french: french["questions/test-m1.yaml"].reverse(), "not those of the course, in its order"),
        (lambda french: french.pop("questions/l11.yaml"), "fr/questions/l11.yaml: this file is missing"),
    ],
)
def test_a_translation_that_is_another_course_is_refused(tmp_path: Path, change: Any, said: str) -> None:
    with pytest.raises(CourseFaults) as faults:
        load_course(actor=None, folder=write_course(tmp_path, both(change)))
    assert said in str(faults.value)
    assert not CourseVersion.objects.exists()
