"""Bringing a framework on the pages and at the console: seen first, made once, and then used like the shared one."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.timezone import now

from apps.core.models import AuditEntry
from apps.frameworks.choices import VersionState
from apps.frameworks.models import Framework, FrameworkUpload, FrameworkVersion
from apps.frameworks.services import load_framework
from apps.frameworks.services.exporting import template_workbook
from apps.frameworks.tasks import forget_uploads
from tests.frameworks.documents import as_text, small_document
from tests.frameworks.imports import as_bytes, catalog, control, csf
from tests.people import Cast, make_cast

PAGE = "/framework/import/"


def send(client: Client, content: bytes, *, name: str = "file.json", **fields: Any) -> Any:
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content), "kind": "auto", **fields})


@pytest.fixture
def cast(client: Client) -> Cast:
    people = make_cast()
    client.force_login(people.staff)
    return people


@pytest.mark.django_db
def test_a_file_is_looked_at_first_and_nothing_is_made(client: Client, cast: Cast) -> None:
    response = send(client, csf(), name="csf.xml")
    assert response.status_code == 302
    page = client.get(response["Location"]).content.decode()
    assert "would have 106 indicators" in page
    assert "79 controls have no example" in page
    assert "Organizational Context" in page
    assert "A new framework is made" in page
    assert not FrameworkVersion.objects.exists()


@pytest.mark.django_db
def test_confirming_makes_it_once_however_often_it_is_sent(client: Client, cast: Cast) -> None:
    look = send(client, csf(), name="csf.xml", publish="on")["Location"]
    first = client.post(look)
    version = FrameworkVersion.objects.get()
    assert (version.state, version.indicators.count()) == (VersionState.PUBLISHED, 106)
    assert first["Location"] == "/framework/nist-cybersecurity-framework-2-0/1.0.0/"
    assert client.get(first["Location"]).status_code == 200
    assert client.post(look)["Location"] == first["Location"]
    assert AuditEntry.objects.filter(action="framework.published").count() == 1
    assert "was imported already" in client.get(look).content.decode()


@pytest.mark.django_db
def test_faults_are_listed_with_their_places_and_nothing_is_kept(client: Client, cast: Cast) -> None:
    response = send(client, as_bytes(catalog(groups=[{"id": "g", "title": 7}, 4])), name="a\u202egpj.json")
    page = response.content.decode()
    assert response.status_code == 422
    assert "2 faults keep this file out" in page
    assert "catalog.groups[0].title: it is not text" in page
    assert "\u202e" not in page
    assert not FrameworkUpload.objects.exists()


@pytest.mark.django_db
def test_a_form_without_a_file_or_with_wrong_choices_says_so(client: Client, cast: Cast) -> None:
    assert client.post(PAGE, {"kind": "auto"}).status_code == 422
    assert send(client, b"{}", kind="pdf").status_code == 422
    assert send(client, b"{}", slug="Not Good").status_code == 422
    assert send(client, b"{}", programme="x" * 20).status_code == 422
    page = send(client, b"x" * 5_000_001).content.decode()
    assert "larger than 5 MB" in page


@pytest.mark.django_db
def test_markup_in_texts_is_shown_as_text(client: Client, cast: Cast) -> None:
    evil = control("x", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>")
    look = send(client, as_bytes(catalog(groups=[], controls=[evil])))["Location"]
    page = client.get(look).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<img src=x" not in page


@pytest.mark.django_db
def test_a_manager_brings_a_framework_for_the_own_programme_only(client: Client, cast: Cast) -> None:
    client.force_login(cast.manager)
    assert send(client, template_workbook(), name="t.xlsx").status_code == 422
    look = send(client, template_workbook(), name="t.xlsx", programme=cast.programme.public_id)["Location"]
    after = client.post(look)["Location"]
    assert client.get(after).status_code == 200
    framework = Framework.objects.get(slug="my-framework")
    assert framework.programme == cast.programme
    assert framework.versions.get().state == VersionState.DRAFT


@pytest.mark.django_db
def test_an_id_of_others_and_a_published_version_are_refused_before_the_button(
    client: Client, cast: Cast
) -> None:
    load_framework(actor=None, text=as_text(small_document()))
    look = send(client, as_text(small_document(name="Other words")).encode())["Location"]
    page = client.get(look).content.decode()
    assert "is published with other content" in page
    assert "Import as a draft" not in page
    assert client.post(look).status_code == 400
    client.force_login(cast.manager)
    look = send(client, as_text(small_document()).encode(), programme=cast.programme.public_id)["Location"]
    assert "is in use" in client.get(look).content.decode()
    assert client.post(look).status_code == 400
    assert FrameworkVersion.objects.count() == 1


@pytest.mark.django_db
def test_uploads_are_forgotten_after_an_hour_and_by_the_next_one(client: Client, cast: Cast) -> None:
    look = send(client, template_workbook(), name="t.xlsx")["Location"]
    send(client, template_workbook(), name="t.xlsx")
    assert client.get(look).status_code == 404
    FrameworkUpload.objects.update(at=now() - timedelta(hours=2))
    newest = FrameworkUpload.objects.get()
    assert client.get(f"{PAGE}{newest.public_id}/").status_code == 404
    assert client.post(f"{PAGE}{newest.public_id}/").status_code == 404
    assert forget_uploads() == 1
    assert not FrameworkUpload.objects.exists()


@pytest.mark.django_db
def test_the_template_is_a_workbook(client: Client, cast: Cast) -> None:
    response = client.get("/framework/import/template/")
    assert response.content.startswith(b"PK")
    assert "framework-template.xlsx" in response["Content-Disposition"]


@pytest.mark.django_db
def test_the_console_shows_then_imports(tmp_path: Path) -> None:
    out = StringIO()
    file = tmp_path / "csf.xml"
    file.write_bytes(csf())
    call_command("import_framework", str(file), "--dry-run", stdout=out)
    assert "6 dimensions, 22 areas, 106 indicators" in out.getvalue()
    assert "Nothing was stored" in out.getvalue()
    assert not FrameworkVersion.objects.exists()
    call_command("import_framework", str(file), "--publish", "--scope", "both", "--id", "csf", stdout=out)
    version = FrameworkVersion.objects.get()
    assert (version.framework.slug, version.state) == ("csf", VersionState.PUBLISHED)
    broken = tmp_path / "broken.json"
    broken.write_bytes(as_bytes(catalog(groups=[4])))
    with pytest.raises(CommandError, match=r"catalog.groups\[0\]: it is not a mapping"):
        call_command("import_framework", str(broken))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_framework", str(tmp_path / "none.json"))
    assert FrameworkVersion.objects.count() == 1
