"""Our own courses: every folder keeps the rules, and a complete course holds what a complete course promises."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from apps.courses.services.checking import check_folder
from apps.courses.services.reading import read_folder

FOLDERS = sorted(path for path in (settings.CONTENT_DIR / "courses").iterdir() if path.is_dir())
COMPLETE = [path for path in FOLDERS if read_folder(path).course.get("status") == "complete"]
AREAS = {
    line.split(":")[1].strip()
    for path in (settings.CONTENT_DIR / "framework").rglob("*.yaml")
    for line in path.read_text().splitlines()
    if line.startswith("  area:")
}
INDICATORS = {line.rstrip(":") for path in (settings.CONTENT_DIR / "framework" / "indicators").glob("*.yaml") for line in path.read_text().splitlines() if line[:3].isupper() and line.endswith(":")}  # fmt: skip


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_course_has_no_fault_and_links_to_what_exists(folder: Path) -> None:
    faults, _held = check_folder(folder)
    assert faults == []
    course = read_folder(folder).course
    assert set(course["areas"]) <= AREAS
    assert set(course.get("indicators", [])) <= INDICATORS
    if isinstance(course["artefact"], dict):
        assert set(course["artefact"].get("indicators", [])) <= INDICATORS


@pytest.mark.parametrize("folder", COMPLETE, ids=lambda path: path.name)
def test_a_complete_course_has_enough_of_everything(folder: Path) -> None:
    _faults, held = check_folder(folder)
    assert held["practice"] >= 60
    assert held["test"] + held["final"] >= 40
    assert held["form-a"] == held["form-b"] == 10
    assert held["figures"] >= len(read_folder(folder).course["modules"])


@pytest.mark.parametrize("folder", COMPLETE, ids=lambda path: path.name)
def test_the_right_answer_is_not_the_long_one_or_the_one_in_the_same_place(folder: Path) -> None:
    """A learner who knows nothing must not pass by choosing the longest option, or always the same letter."""
    places, longest, singles = Counter[str](), 0, 0
    for pool in read_folder(folder).pools.values():
        for row in pool:
            if row["kind"] != "single":
                continue
            singles += 1
            right = next(option for option in row["options"] if option["correct"])
            places[right["id"]] += 1
            longest += all(
                len(right["text"]) > len(one["text"]) for one in row["options"] if one is not right
            )
    assert longest <= singles * 0.4
    assert max(places.values()) <= singles * 0.4
