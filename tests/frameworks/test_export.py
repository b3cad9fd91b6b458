"""A framework taken along comes back as it was; the OSCAL catalog has the shape of OSCAL 1.1."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from apps.frameworks.choices import VersionState
from apps.frameworks.services import load_framework, read_framework_file
from apps.frameworks.services.exporting import export_framework
from apps.frameworks.services.importing import Choices, read_import
from apps.frameworks.services.load import document_hash
from tests.frameworks.documents import as_text, ladder, small_document
from tests.people import make_cast

FILE = Path(settings.CONTENT_DIR) / "framework" / "shared.yaml"
WHEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOKEN = re.compile(r"^[^\W\d][\w.\-]*$")
UUID = re.compile("^[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")


def rich_document() -> dict[str, Any]:
    """A document with everything that the format has, awkward texts and empty lists among it."""
    document = small_document(
        description="=SUM(A1)\n+ two lines",
        scales=[{"id": "yes-no", "levels": [{"level": 0, "name": "No", "meaning": "No."},
                                            {"level": 1, "name": "Yes", "meaning": "Yes.", "value": "3/2"}]}],
        tiers=[{"id": "high", "name": "High", "at_least": "55.5"}, {"id": "low", "name": "Low", "at_least": 0}],
        source={"title": "Elsewhere", "licence": "Free.", "note": "-1"},
        crosswalks=[{"id": "CSF 2.0", "name": "Other system", "items": {"GV.RM-01": "Risk", "=1": "'=1"}},
                    {"id": "Empty", "name": "Empty", "items": {}}],
        changes={"since": "0.9", "indicators": [
            {"kind": "split", "from": ["G1"], "to": ["GOV.1.1", "GOV.1.2"], "comparable": True, "note": "In two."},
            {"kind": "new", "to": ["RES.1.2"], "from": []}, {"kind": "gone", "from": ["G2"]}]},
        translations={"fr": {"name": "Petit", "scale": [{"name": "Rien"}, {}, {}, {}, {}, {}],
                             "indicators": {"GOV.1.1": {"name": "Stratégie", "look_for": []}}, "tiers": {}}, "ar": {}},
    )  # fmt: skip
    document["scale"]["levels"][1]["value"] = "1.50"
    first, second, third, *_rest = document["indicators"]
    first |= {"levels": {"national": ladder(), "organisational": ladder()}, "weight": "2", "question": " spaced ",
              "look_for": ["one\nin two lines", "two"], "mistakes": [], "crosswalk": {"CSF 2.0": ["GV.RM-01", "1.10"]},
              "words": [{"term": "plan", "meaning": "@paper"}]}  # fmt: skip
    first["levels"]["national"][0]["evidence"] = []
    first["levels"]["national"][1]["text"] = "a\n\nb_x000D_c"
    del first["levels"]["national"][2]["evidence"]
    second |= {"weight": 2, "not_applicable": True, "scale": "yes-no", "crosswalk": {}}
    third |= {"weight": "7/3"}
    document["profiles"].append(
        {"id": "p2", "name": "P2", "scope": "national", "description": "Second.",
         "targets": {"default": 1, "indicators": {"GOV.1.1": 4}}}
    )  # fmt: skip
    return document


@pytest.mark.parametrize("kind", ["yaml", "json", "xlsx"])
def test_what_is_exported_comes_back_exactly(kind: str) -> None:
    for document in (rich_document(), small_document(), read_framework_file(FILE)):
        file = export_framework(document, kind, published_at=WHEN)
        found = read_import(file.content, name=file.name, choices=Choices())
        assert found.document == document
        assert document_hash(found.document) == document_hash(document)


@pytest.mark.parametrize("kind", ["yaml", "json", "xlsx", "oscal"])
def test_the_same_document_gives_the_same_bytes(kind: str) -> None:
    first = export_framework(rich_document(), kind, published_at=WHEN)
    assert export_framework(rich_document(), kind, published_at=WHEN) == first


def test_a_file_that_is_asked_for_again_is_not_written_again() -> None:
    document = rich_document()
    first = export_framework(document, "xlsx", published_at=WHEN, document_hash="a")
    assert export_framework(document, "xlsx", published_at=WHEN, document_hash="a") is first
    other = export_framework(small_document(), "xlsx", published_at=WHEN, document_hash="b")
    assert other.content != first.content
    assert export_framework(document, "json", published_at=WHEN, document_hash="a").name.endswith(".json")


def test_an_oscal_catalog_brings_back_the_tree_and_the_texts() -> None:
    document = read_framework_file(FILE)
    file = export_framework(document, "oscal", published_at=WHEN)
    found = read_import(file.content, name=file.name, choices=Choices()).document
    assert found["dimensions"] == document["dimensions"]
    assert found["areas"] == document["areas"]
    kept = ("id", "area", "name", "intent", "scope", "key", "effort", "question")
    rows = [
        [{name: row.get(name) for name in kept} for row in one["indicators"]] for one in (found, document)
    ]
    assert rows[0] == rows[1]


def test_the_oscal_catalog_has_the_shape_of_oscal() -> None:
    document = rich_document()
    document["indicators"][0]["name"] = "Stars * and [brackets]"
    import json

    found = json.loads(export_framework(document, "oscal", published_at=WHEN).content)["catalog"]
    assert UUID.match(found["uuid"])
    assert {"title", "last-modified", "version", "oscal-version"} <= set(found["metadata"])
    assert datetime.fromisoformat(found["metadata"]["last-modified"]).tzinfo is not None
    ids: list[str] = []

    def walk(node: dict[str, Any], kinds: tuple[str, ...]) -> None:
        allowed = {
            "id",
            "class",
            "title",
            "params",
            "props",
            "links",
            "parts",
            "groups",
            "controls",
            "name",
            "ns",
            "prose",
        }
        assert set(node) <= allowed
        assert node.get("title", "x")
        if "id" in node:
            assert TOKEN.match(node["id"])
            ids.append(node["id"])
        for prop in node.get("props", []):
            assert set(prop) <= {"name", "ns", "value", "class", "uuid", "remarks", "group"}
            assert TOKEN.match(prop["name"])
            assert re.match(r"^\S(.*\S)?$", prop["value"])
        for name in kinds:
            for inner in node.get(name, []):
                walk(inner, ("parts",) if name == "parts" else ("groups", "controls", "parts"))

    walk({"title": "x", "groups": found["groups"]}, ("groups",))
    assert len(ids) == len(set(ids))
    assert found["groups"][0]["groups"][0]["controls"][0]["title"] == r"Stars \* and \[brackets\]"


@pytest.mark.django_db
def test_a_published_framework_is_downloaded_by_anybody_and_not_sent_twice(client: Client) -> None:
    load_framework(actor=None, text=as_text(small_document()))
    for kind, content_type in (("yaml", "application/yaml"), ("json", "application/json"), ("xlsx", "spreadsheetml"),
                               ("oscal", "application/json")):  # fmt: skip
        address = f"/framework/small/1.0/download/{kind}/"
        response = client.get(address)
        assert response.status_code == 200
        assert content_type in response["Content-Type"]
        assert f"small-1.0.{'oscal.json' if kind == 'oscal' else kind}" in response["Content-Disposition"]
        again = client.get(address, headers={"If-None-Match": response["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
    for wrong in ("small/1.0/download/exe", "small/9.9/download/json", "other/1.0/download/json"):
        assert client.get(f"/framework/{wrong}/").status_code == 404


@pytest.mark.django_db
def test_a_framework_of_a_programme_and_drafts_are_kept_from_strangers(client: Client) -> None:
    cast = make_cast()
    load_framework(actor=cast.manager, text=as_text(small_document(id="ours")), programme=cast.programme)
    draft = load_framework(
        actor=cast.manager, text=as_text(small_document(id="later")), programme=cast.programme, draft=True
    )
    assert draft.state == VersionState.DRAFT
    addresses = ["/framework/ours/1.0/download/json/", "/framework/later/1.0/download/json/"]
    expected = {"": [404, 404], "outsider": [404, 404], "lead": [200, 404], "manager": [200, 200]}
    for person, statuses in expected.items():
        if person:
            client.force_login(cast.people[person])
        responses = [client.get(address) for address in addresses]
        assert [response.status_code for response in responses] == statuses
        assert all("public" not in response.get("Cache-Control", "") for response in responses)
