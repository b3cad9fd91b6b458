"""A course taken out as a package: what is in it, what is never in it, and that its manifest holds."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse
from lxml import etree

from apps.courses import services
from apps.courses.models import Question
from apps.courses.services.packages.intake import vet_package
from apps.courses.services.scorm import ADLCP, IMSCP, take_out_course
from tests.courses.small import SECRET, every_kind_files, small_course, write_course
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(tmp_path: Path) -> str:
    """A course with a question of every kind, a final test and the two forms."""
    services.load_course(actor=None, folder=write_course(tmp_path, every_kind_files()))
    return "c9-doors"


def unzipped(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_lessons_and_practice_are_in_it_and_no_question_of_a_test(course: str) -> None:
    page = unzipped(take_out_course(actor=None, course=course)[1])["index.html"]
    assert "Text of l11." in page
    practice = Question.objects.filter(pool="practice")
    others = Question.objects.exclude(pool="practice")
    assert practice.count() == 6
    assert others.count() > 8
    assert [row.code for row in practice if row.code not in page] == []
    assert [row.code for row in others if row.code in page or f"in {row.code}" in page] == []
    assert "Because C9.m1.l1.q1 is so." in page
    assert SECRET not in page


def test_feedback_that_only_authors_read_stays_here() -> None:
    small_course("C7", modules=2)
    for module in ("", "m1", "m2"):
        content = take_out_course(actor=None, course="c7-doors", module=module)[1]
        assert SECRET not in "".join(unzipped(content).values())


def test_the_manifest_keeps_the_order_and_the_references_of_its_schema(course: str) -> None:
    files = unzipped(take_out_course(actor=None, course=course)[1])
    root = etree.fromstring(files["imsmanifest.xml"].encode())
    names = [etree.QName(child).localname for child in root]
    assert root.tag == f"{{{IMSCP}}}manifest"
    assert names == ["metadata", "organizations", "resources"]
    assert root.findtext(f"{{{IMSCP}}}metadata/{{{IMSCP}}}schema") == "ADL SCORM"
    assert root.findtext(f"{{{IMSCP}}}metadata/{{{IMSCP}}}schemaversion") == "1.2"
    (organization,) = root.findall(f".//{{{IMSCP}}}organization")
    assert root.find(f"{{{IMSCP}}}organizations").get("default") == organization.get("identifier")  # type: ignore[union-attr]
    assert [etree.QName(child).localname for child in organization] == ["title", "item"]
    (item,) = root.findall(f".//{{{IMSCP}}}item")
    (resource,) = root.findall(f".//{{{IMSCP}}}resource")
    assert item.get("identifierref") == resource.get("identifier")
    assert (resource.get("type"), resource.get(f"{{{ADLCP}}}scormtype"), resource.get("href")) == (
        "webcontent",
        "sco",
        "index.html",
    )
    listed = {file.get("href") for file in resource}
    assert listed == set(files) - {"imsmanifest.xml"}
    identifiers = [element.get("identifier", "") for element in root.iter() if element.get("identifier")]
    assert len(identifiers) == len(set(identifiers))
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", name) for name in identifiers)


def test_it_comes_back_through_our_own_door_without_a_note(course: str) -> None:
    found = vet_package(io.BytesIO(take_out_course(actor=None, course=course)[1]), name="own.zip")
    assert (found.manifest.kind, found.manifest.notes) == ("scorm12", [])


def test_the_package_names_no_address_that_it_would_load(course: str) -> None:
    files = unzipped(take_out_course(actor=None, course=course)[1])
    loaded = re.findall(r"(?:src|href)=[\"']([^\"']+)", files["index.html"])
    assert {name for name in loaded if not name.startswith("data:")} == {"lesson.css", "lesson.js"}
    assert "default-src 'none'" in files["index.html"]
    assert not re.search(r"fetch\(|XMLHttpRequest|import\(|url\(", files["lesson.js"] + files["lesson.css"])
    assert not re.search(r"<script(?![^>]+(src|json))|style=|onclick", files["index.html"])


def test_right_to_left_is_kept_and_our_words_are_in_the_courses_language() -> None:
    small_course("C7", language="ar")
    page = unzipped(take_out_course(actor=None, course="c7-doors")[1])["index.html"]
    assert '<html lang="ar" dir="rtl">' in page
    assert "Check yourself" not in page


def test_one_module_or_all_and_the_same_course_makes_the_same_bytes() -> None:
    small_course("C7", modules=2)
    name, whole = take_out_course(actor=None, course="c7-doors")
    module_name, part = take_out_course(actor=None, course="c7-doors", module="m2")
    assert (name, module_name) == ("c7-doors-1.0-en-scorm12.zip", "c7-doors-m2-1.0-en-scorm12.zip")
    assert whole == take_out_course(actor=None, course="c7-doors")[1]
    assert "Lesson 1-1" in unzipped(whole)["index.html"]
    assert "Lesson 1-1" not in unzipped(part)["index.html"]
    assert "Doors C7: Module 2" in unzipped(part)["imsmanifest.xml"]


def test_keys_hold_what_the_practice_needs_for_every_kind(course: str) -> None:
    page = unzipped(take_out_course(actor=None, course=course)[1])["index.html"]
    found = re.search(r'<script id="keys" type="application/json">(.+?)</script>', page)
    assert found is not None
    keys: dict[str, Any] = json.loads(found[1])
    assert keys["C9.m1.l1.q2"] == {"kind": "matching", "right": {"a": "Key", "b": "Bolt"}}
    assert keys["C9.m1.l1.q3"]["right"] == {"a": "1", "b": "2", "c": "3"}
    assert keys["C9.m1.l1.q4"]["answers"] == [{"value": 2, "tolerance": 0.5}]


def test_managers_take_a_course_out_on_its_page(cast: Cast) -> None:
    small_course("C7")
    client = Client()
    client.force_login(cast.manager, backend="allauth.account.auth_backends.AuthenticationBackend")
    url = reverse("courses:scorm", kwargs={"course": "c7-doors"})
    assert "?language=en&amp;module=m1" in client.get(url).content.decode()
    file = client.get(reverse("courses:scorm_file", kwargs={"course": "c7-doors"}), {"module": "m1"})
    assert 'filename="c7-doors-m1-1.0-en-scorm12.zip"' in file["Content-Disposition"]
    assert "index.html" in unzipped(b"".join(file.streaming_content))  # type: ignore[attr-defined]
    missing = client.get(reverse("courses:scorm_file", kwargs={"course": "c7-doors"}), {"module": "m9"})
    assert missing.status_code == 404


def test_the_command_writes_the_file_and_says_what_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small_course("C7")
    call_command("export_scorm", "c7-doors", tmp_path / "out")
    assert unzipped((tmp_path / "out" / "c7-doors-1.0-en-scorm12.zip").read_bytes())
    for wrong in (["nothing"], ["c7-doors", "--module=m9"], ["c7-doors", "--language=xx"]):
        with pytest.raises(CommandError, match="no such course"):
            call_command("export_scorm", wrong[0], tmp_path, *wrong[1:])
    (tmp_path / "file").write_text("x")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_scorm", "c7-doors", tmp_path / "file")
