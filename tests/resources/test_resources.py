"""The library of resources: loading it, finding in it, reading it."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.http import Http404
from django.test import Client

from apps.core.models import AuditEntry
from apps.frameworks.selectors import SHARED
from apps.frameworks.services import load_framework
from apps.resources import selectors
from apps.resources.models import Resource
from apps.resources.services import Loaded, ResourceFaults, load_resources
from tests.factories import OrganisationFactory, ProgrammeFactory, UserFactory, join, take_part
from tests.frameworks.documents import as_text, small_document
from tests.resources.test_shipped_library import TEMPLATES

NOBODY = AnonymousUser()
FOLDER = Path(settings.CONTENT_DIR) / "resources"
GUIDE = """
guide-one:
  title: A guide
  kind: guide
  publisher: Someone
  summary: It helps.
  url: https://example.org/guide
  language: en
  areas: [GOV.1]
  levels: [0, 3]
"""


def folder(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def add(slug: str, **fields: Any) -> Resource:
    values = {
        "title": slug.title(), "kind": "guide", "publisher": "Someone", "summary": "It helps.",
        "url": "https://example.org/", "areas": ["GOV.1"], "levels": [0, 3],
    }  # fmt: skip
    return Resource.objects.create(slug=slug, **{**values, **fields})


@pytest.fixture
def shared(db: None) -> None:
    load_framework(actor=None, text=as_text(small_document(id=SHARED)))


@pytest.mark.django_db
def test_shipped_library_fits_the_shared_framework() -> None:
    load_framework(actor=None, path=FOLDER.parent / "framework" / "shared.yaml")
    done = load_resources(actor=None, folder=FOLDER)
    assert done.added == Resource.objects.count() >= 66
    assert set(Resource.objects.filter(url="").values_list("slug", flat=True)) == TEMPLATES
    assert load_resources(actor=None, folder=FOLDER) == Loaded(0, 0, done.added)
    assert AuditEntry.objects.filter(action="resource.added").count() == done.added


@pytest.mark.django_db
def test_every_page_of_the_shipped_library_opens_and_is_light(client: Client) -> None:
    load_framework(actor=None, path=FOLDER.parent / "framework" / "shared.yaml")
    load_resources(actor=None, folder=FOLDER)
    for slug in Resource.objects.values_list("slug", flat=True):
        response = client.get(f"/resources/{slug}/")
        assert response.status_code == 200
        assert len(gzip.compress(response.content)) < 14 * 1024
    assert len(gzip.compress(client.get("/resources/").content)) < 14 * 1024


@pytest.mark.django_db
def test_changed_file_changes_the_row_and_nothing_else(tmp_path: Path) -> None:
    load_resources(actor=None, folder=folder(tmp_path, a=GUIDE, b=GUIDE.replace("guide-one", "guide-two")))
    changed = folder(tmp_path, a=GUIDE.replace("A guide", "A better guide"))
    assert load_resources(actor=None, folder=changed) == Loaded(0, 1, 1)
    assert Resource.objects.get(slug="guide-one").title == "A better guide"


@pytest.mark.django_db
def test_only_administrators_load(tmp_path: Path) -> None:
    with pytest.raises(PermissionDenied):
        load_resources(actor=UserFactory(), folder=folder(tmp_path, a=GUIDE))
    assert load_resources(actor=UserFactory(is_staff=True), folder=tmp_path).added == 1


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "a.yaml: None is not a mapping"),
        ("- a", "a.yaml: a list is not a mapping"),
        (GUIDE + GUIDE.strip(), "a.yaml line 11 column 1: the key 'guide-one' appears twice"),
        ("guide-one: &a {x: 1}", "anchors and aliases"),
        (GUIDE.replace("guide-one", "Guide One"), "a.yaml: 'Guide One' is not written"),
        (GUIDE.replace("kind: guide", "kind: book"), "a.yaml.guide-one.kind: 'book' is not one of"),
        (
            GUIDE.replace("GOV.1", "XYZ.1"),
            "a.yaml.guide-one.areas[0]: 'XYZ.1' is not an area of the shared framework",
        ),
        (GUIDE.replace("[GOV.1]", "[]"), "a.yaml.guide-one.areas: 0 entries"),
        (GUIDE.replace("[0, 3]", "[3, 3]"), "a.yaml.guide-one.levels: it leads from a lower level"),
        (GUIDE.replace("[0, 3]", "[0, 9]"), "a.yaml.guide-one.levels[1]: 9 is outside"),
        (GUIDE.replace("  title: A guide\n", ""), "a.yaml.guide-one: title: missing"),
        (GUIDE.replace("https://example.org/guide", "javascript:alert(1)"), "a.yaml.guide-one.url: "),
        (GUIDE.replace("https:", "http:"), "a.yaml.guide-one.url: "),
        (
            GUIDE.replace("  url: https://example.org/guide\n", ""),
            "a.yaml.guide-one: it has either a url or a file",
        ),
        (GUIDE + "  file: a.md\n", "a.yaml.guide-one: it has either a url or a file"),
        (
            GUIDE.replace("url: https://example.org/guide", "file: ../a.md"),
            "a.yaml.guide-one.file: '../a.md' is not written",
        ),
        (
            GUIDE.replace("url: https://example.org/guide", "file: none.md"),
            "a.yaml.guide-one.file: none.md: it cannot be read",
        ),
        (GUIDE + "  tlp: TLP:RED\n", "a.yaml.guide-one.tlp: 'TLP:RED' is not one of"),
        (GUIDE + "  colour: red\n", "a.yaml.guide-one: 'colour': not known here"),
    ],
)
def test_bad_file_is_refused_in_words_and_nothing_is_kept(tmp_path: Path, text: str, wanted: str) -> None:
    with pytest.raises(CommandError, match="was not loaded") as caught:
        call_command("load_resources", str(folder(tmp_path, a=text, b=GUIDE.replace("guide-one", "fine"))))
    assert wanted in str(caught.value)
    assert Resource.objects.count() == 0


@pytest.mark.django_db
def test_same_name_in_two_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResourceFaults, match="another file"):
        load_resources(actor=None, folder=folder(tmp_path, a=GUIDE, b=GUIDE))


@pytest.mark.django_db
def test_folder_without_files_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(CommandError, match="0 files"):
            call_command("load_resources", str(path))


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_reads_need_the_same_queries_however_many_rows(rows: int, django_assert_num_queries: Any) -> None:
    for number in range(rows):
        add(f"guide-{number}")
    load_framework(actor=None, text=as_text(small_document(id=SHARED)))
    with django_assert_num_queries(2):
        links = selectors.for_areas(NOBODY, ["GOV.1", "RES.1"])
    with django_assert_num_queries(4):
        found = selectors.list_resources(NOBODY)
    with django_assert_num_queries(4):
        selectors.resource_page(NOBODY, "guide-0")
    assert len(links["GOV.1"]) == len(found.page.object_list) == rows
    assert "RES.1" not in links


@pytest.mark.django_db
def test_own_templates_come_first_beside_an_area() -> None:
    add("a-guide")
    add("z-template", kind="template", url="", text="# Text")
    links = selectors.for_areas(NOBODY, {"GOV.1"})["GOV.1"]
    assert [(link.title, link.url, link.kind) for link in links] == [
        ("Z-Template", "/resources/z-template/", "Template"),
        ("A-Guide", "/resources/a-guide/", "Guide"),
    ]


@pytest.mark.django_db
def test_resources_for_the_community_are_hidden_from_visitors(client: Client) -> None:
    add("inner", tlp="TLP:GREEN")
    add("secret", tlp="TLP:RED")
    assert selectors.for_areas(NOBODY, ["GOV.1"]) == {}
    assert client.get("/resources/inner/").status_code == 404
    reader = UserFactory()
    client.force_login(reader, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/resources/inner/").status_code == 404, "an account alone is no community"
    member = OrganisationFactory()
    join(member, reader, "viewer")
    take_part(ProgrammeFactory(), member)
    assert client.get("/resources/inner/").status_code == 200
    assert client.get("/resources/secret/").status_code == 404


@pytest.mark.usefixtures("shared")
def test_list_is_filtered_by_area_and_kind(client: Client) -> None:
    add("one")
    add("two", kind="tool", areas=["RES.1"])
    page = client.get("/resources/?area=RES.1").content.decode()
    assert "1 resource fits" in page
    assert "/resources/two/" in page
    assert "/resources/one/" not in page
    assert "RES.1 Threats (1)" in page
    assert "Nothing fits all of this" in client.get("/resources/?area=RES.1&kind=guide").content.decode()
    for odd in ("?area=<x>&kind=%00", "?page=99", "?page=x", "?page=-1"):
        assert "2 resources help you rise a level" in client.get(f"/resources/{odd}").content.decode()


@pytest.mark.django_db
def test_long_list_is_cut_into_pages(client: Client) -> None:
    for number in range(21):
        add(f"guide-{number:02}")
    first = client.get("/resources/?kind=guide").content.decode()
    assert "?kind=guide&amp;page=2" in first
    assert "/resources/guide-20/" not in first
    assert "/resources/guide-20/" in client.get("/resources/?kind=guide&page=2").content.decode()


@pytest.mark.usefixtures("shared")
def test_own_text_is_shown_and_cannot_carry_html(client: Client) -> None:
    add(
        "own",
        url="",
        text="## Step\n\n<script>alert(1)</script> ![x](https://example.org/x.png)",
        areas=["GOV.1", "XYZ.9"],
    )
    page = client.get("/resources/own/").content.decode()
    assert '<h2 dir="auto">Step</h2>' in page
    assert "<script>alert" not in page
    assert "example.org/x.png" not in page
    assert 'href="/framework/area/GOV.1/"' in page
    assert "XYZ.9" in page
    assert "area/XYZ.9" not in page


@pytest.mark.django_db
def test_foreign_resource_says_that_one_leaves(client: Client) -> None:
    add("other", url="https://example.org/there")
    page = client.get("/resources/other/").content.decode()
    assert 'href="https://example.org/there" rel="noopener noreferrer external"' in page
    assert "You leave this site" in page


@pytest.mark.django_db
def test_unknown_resource_is_not_found_and_nothing_can_be_posted(client: Client) -> None:
    with pytest.raises(Http404):
        selectors.resource_page(NOBODY, "none")
    assert client.get("/resources/none/").status_code == 404
    assert client.post("/resources/").status_code == 405
