"""Loading a course: the real one, and every kind of slip."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from apps.core.errors import Refused
from apps.core.models import AuditEntry
from apps.courses.models import Course, CourseVersion, Lesson, Question
from apps.courses.services import CourseFaults, load_course
from tests.courses.small import course_files, question, write_course

pytestmark = pytest.mark.django_db
C1 = settings.CONTENT_DIR / "courses" / "c1-cyber-hygiene"
FIGURES = len(list((C1 / "figures").glob("*.svg")))
LANGUAGES = 1 + sum(len(path.name) == 2 for path in C1.iterdir())
LESSONS = len(list((C1 / "lessons").glob("*.md")))
ONE_LESSON = "lessons/1-l11.md"


def test_the_first_course_loads_whole() -> None:
    version = load_course(actor=None, folder=C1)
    assert version.lessons.count() == LESSONS
    assert Question.objects.filter(version=version, pool="exam").count() >= 40
    assert all(
        "<script" not in screen and "{%" not in screen
        for row in Lesson.objects.all()
        for screen in row.screens
    )
    assert (
        sum("data:image/svg+xml" in screen for row in Lesson.objects.all() for screen in row.screens)
        == LANGUAGES * FIGURES
    )
    assert version.size < 200 * 1024
    assert AuditEntry.objects.filter(action="course.published").count() == LANGUAGES


def test_loading_again_changes_nothing() -> None:
    first = load_course(actor=None, folder=C1)
    assert load_course(actor=None, folder=C1) == first
    assert (CourseVersion.objects.count(), Lesson.objects.count()) == (LANGUAGES, LANGUAGES * LESSONS)


def test_published_version_never_changes(tmp_path: Path) -> None:
    files = course_files()
    load_course(actor=None, folder=write_course(tmp_path, files))
    files["course.yaml"]["title"] = "Another title"
    with pytest.raises(Refused, match="raise the version"):
        load_course(actor=None, folder=write_course(tmp_path, files))
    assert CourseVersion.objects.get().title == "Doors C9"
    files["course.yaml"]["version"] = "1.1"
    load_course(actor=None, folder=write_course(tmp_path, files))
    assert CourseVersion.objects.count() == 2


def put(path: str, *way: Any) -> Callable[[dict[str, Any]], None]:
    """Change one value inside a YAML file of the course."""

    def change(files: dict[str, Any]) -> None:
        target = files[path]
        for step in way[:-2]:
            target = target[step]
        target[way[-2]] = way[-1]

    return change


def text(path: str, old: str, new: str) -> Callable[[dict[str, Any]], None]:
    def change(files: dict[str, Any]) -> None:
        assert old in files[path]
        files[path] = files[path].replace(old, new)

    return change


def add(path: str, content: Any) -> Callable[[dict[str, Any]], None]:
    return lambda files: files.__setitem__(path, content)


def drop(path: str) -> Callable[[dict[str, Any]], None]:
    return lambda files: files.pop(path)


POOL, EXAM = "questions/l11.yaml", "questions/test-m1.yaml"
SLIPS = [
    (drop("course.yaml"), "course.yaml: this file is missing."),
    (add("course.yaml", "- a\n- b\n"), "course.yaml: expected names with values."),
    (add("course.yaml", "id: C9\nid: C8\n"), "course.yaml line 2: “id” is written twice."),
    (add("course.yaml", "a: &x 1\nb: *x\n"), "course.yaml line 1: anchors and aliases are not used here"),
    (add("course.yaml", "a: !!python/object:os.system x\n"), "course.yaml line 1: could not determine a constructor"),
    (add("course.yaml", "a: [1, 2\n"), "course.yaml line 2:"),
    (add("course.yaml", b"title: \xff\xfe\n"), "course.yaml: byte 7 is not UTF-8."),
    (add("course.yaml", "[" * 5000), "course.yaml"),
    (put("course.yaml", "hours", "two"), "course.yaml: hours: 'two' is not of type 'number'"),
    (put("course.yaml", "modules", 0, "test", "draw", 0), "course.yaml: modules[0].test.draw: 0 is less than"),
    (put("course.yaml", "slug", "c9-other"), "course.yaml: slug: the folder is called “c9-doors”."),
    (put("course.yaml", "certificate", "practice"), "course.yaml: certificate: a practice certificate"),
    (put("course.yaml", "modules", 0, "lessons", ["l11", "l99"]), "modules[0].lessons[1]: there is no lesson file lessons/2-l99"),
    (put("course.yaml", "modules", 0, "test", "draw", 6), f"{EXAM}: the test draws 6 questions, the pool has 5."),
    (add("notes.txt", "x"), "notes.txt: this file has no place"),
    (add("lessons/first.md", "---\na: 1\n---\nx"), "lessons/first.md: a lesson file is called"),
    (add("lessons/2-l12.md", "no front"), "lessons/2-l12.md: expected front matter"),
    (add("questions/other.yaml", [question("C9.m1.l2.q1", "C9.O1")]), "questions/other.yaml: no lesson or module"),
    (text(ONE_LESSON, "minutes: 8", "minutes: 80"), f"{ONE_LESSON}: minutes: 80 is greater than the maximum"),
    (text(ONE_LESSON, "C9.m1.l1", "C9.m1.l2"), f"{ONE_LESSON}: id: by its place this is C9.m1.l1."),
    (text(ONE_LESSON, "objective_id: C9.O1", "objective_id: C9.O7"), f"{ONE_LESSON}: objective_id: there is no objective"),
    (text(ONE_LESSON, "## Two\n\nMore.\n", ""), f"{ONE_LESSON}: screen 2: this screen is empty."),
    (text(ONE_LESSON, "More.", "![Door](figures/door.svg)"), "screen 2: there is no figure “figures/door.svg”."),
    (text(ONE_LESSON, "More.", "See ![Door](figures/door.svg)."), "screen 2: a picture stands on a line of its own"),
    (add("figures/door.svg", b"<svg/>"), "figures/door.svg: no lesson shows this figure."),
    (put(POOL, 0, "options", 0, "feedback", ""), f"{POOL}: [0].options[0].feedback: '' "),
    (put(POOL, 0, "options", 1, "correct", True), f"{POOL}: [0].options: "),
    (put(POOL, 0, "id", "C9.m1.l4.q1"), f"{POOL}: [0].id: questions of this file begin with C9.m1.l1."),
    (put(POOL, 0, "objective", "C9.O4"), f"{POOL}: [0].objective: there is no objective C9.O4."),
    (put(POOL, 1, "id", "C9.m1.l1.q1"), f"{POOL}: “C9.m1.l1.q1” stands here 2 times."),
    (put(POOL, 0, "text", "What of C9.m1.test.q1?"), "asks the same; a test never repeats the practice."),
    (put(EXAM, 0, "options", 1, "text", "Right of C9.m1.test.q1"), "“Right of C9.m1.test.q1” stands here 2 times."),
    (drop(POOL), f"{POOL}: this file is missing."),
    (drop(EXAM), f"{EXAM}: this file is missing."),
]  # fmt: skip


@pytest.mark.parametrize(("slip", "said"), SLIPS, ids=[said[:60] for _slip, said in SLIPS])
def test_slip_is_named_with_its_place_and_nothing_is_loaded(slip: Any, said: str, tmp_path: Path) -> None:
    files = course_files()
    slip(files)
    with pytest.raises(CourseFaults) as raised:
        load_course(actor=None, folder=write_course(tmp_path, files))
    assert said in str(raised.value)
    assert not Course.objects.exists()


def test_every_fault_is_listed_at_once(tmp_path: Path) -> None:
    files = course_files(modules=2)
    put("course.yaml", "hours", "two")(files)
    put("questions/l21.yaml", 2, "kind", "poem")(files)
    with pytest.raises(CourseFaults) as raised:
        load_course(actor=None, folder=write_course(tmp_path, files))
    places = [fault.place for fault in raised.value.faults]
    assert places == ["course.yaml: hours", "questions/l21.yaml: [2].kind"]


def test_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = write_course(tmp_path, course_files())
    (tmp_path / "outside.svg").write_bytes(b"<svg/>")
    (folder / "figures").mkdir()
    (folder / "figures" / "x.svg").symlink_to(tmp_path / "outside.svg")
    with pytest.raises(CourseFaults, match="links to other places are not followed"):
        load_course(actor=None, folder=folder)


def test_code_of_another_course_is_refused(tmp_path: Path) -> None:
    Course.objects.create(slug="c9-older", code="C9")
    with pytest.raises(CourseFaults, match="C9 is called “c9-older” on this site"):
        load_course(actor=None, folder=write_course(tmp_path, course_files()))


def test_command_says_faults_without_a_trace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="this is not a folder"):
        call_command("load_course", tmp_path / "nowhere")
    call_command("load_course", write_course(tmp_path, course_files()))
    assert "Doors C9, version 1.0 (en), is published." in capsys.readouterr().out


def test_html_of_an_author_is_shown_as_written(tmp_path: Path) -> None:
    files = course_files()
    text(ONE_LESSON, "More.", "<script>alert(1)</script> [x](javascript:alert(1))")(files)
    load_course(actor=None, folder=write_course(tmp_path, files))
    screen = Lesson.objects.get().screens[1]
    assert "<script" not in screen
    assert 'href="javascript' not in screen
