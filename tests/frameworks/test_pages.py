"""The framework browser and API as a visitor meets them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from jsonschema import Draft202012Validator

from apps.frameworks.selectors import SHARED
from apps.frameworks.services import load_framework
from tests.frameworks.documents import as_text, ladder, small_document

FILE = Path(settings.CONTENT_DIR) / "framework" / "shared.yaml"


def load(**changes: Any) -> None:
    load_framework(actor=None, text=as_text(small_document(id=SHARED, **changes)))


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.django_db
def test_tree_shows_areas_counts_and_keys(client: Client) -> None:
    load()
    page = text_of(client, "/framework/")
    assert "5 questions show how ready you are" in page
    assert 'href="/framework/indicator/GOV.1.1/"' in page
    assert 'href="/framework/area/RES.1/"' in page
    assert "3 indicators are marked key" in page


@pytest.mark.django_db
def test_tree_is_filtered_by_scope(client: Client) -> None:
    document = small_document(id=SHARED)
    document["indicators"][0]["scope"] = "national"
    load_framework(actor=None, text=as_text(document))
    page = text_of(client, "/framework/?scope=organisational")
    assert "/framework/indicator/GOV.1.1/" not in page
    assert "4 questions show how ready an organisation is" in page
    assert "5 questions show how ready you are" in text_of(client, "/framework/?scope=%00<x>")


@pytest.mark.django_db
def test_site_without_a_framework_says_so(client: Client) -> None:
    assert "No framework is published yet" in text_of(client, "/framework/")
    text_of(client, "/framework/area/GOV.1/", 404)
    text_of(client, "/framework/indicator/GOV.1.1/", 404)


@pytest.mark.django_db
def test_area_page_leads_to_its_indicators_and_neighbours(client: Client) -> None:
    load()
    page = text_of(client, "/framework/area/GOV.2/")
    assert 'href="/framework/indicator/GOV.2.1/"' in page
    assert 'href="/framework/area/GOV.1/"' in page
    assert 'href="/framework/area/RES.1/"' in page
    text_of(client, "/framework/area/GOV.7/", 404)


@pytest.mark.django_db
def test_indicator_page_has_both_ladders_and_all_help(client: Client) -> None:
    document = small_document(id=SHARED)
    document["indicators"][0] |= {
        "levels": {"national": ladder(), "organisational": ladder()}, "question": "Is there a strategy?",
        "look_for": ["Open the drawer."], "mistakes": ["Counting a plan."], "crosswalk": {"CSF": ["GV.RM-01"]},
        "words": [{"term": "owner", "meaning": "Who answers <b>for</b> it."}],
    }  # fmt: skip
    load_framework(actor=None, text=as_text(document))
    page = text_of(client, "/framework/indicator/GOV.1.1/")
    for part in (
        "Is there a strategy?", "For a nation", "For an organisation", "Open the drawer.", "Counting a plan.", "GV.RM-01",
        "Related, not equivalent", "Who answers &lt;b&gt;for&lt;/b&gt; it.", "This opens the way to:", "Key indicator", "A record.",
    ):  # fmt: skip
        assert part in page
    assert page.count('class="lv3"') == 2
    assert "no descriptors of its own" not in page


@pytest.mark.django_db
def test_indicator_without_descriptors_says_so(client: Client) -> None:
    load()
    page = text_of(client, "/framework/indicator/GOV.1.2/")
    assert "no descriptors of its own" in page
    assert "Meaning 4" in page
    assert "Before this can grow, reach:" in page


@pytest.mark.django_db
def test_pages_change_nothing(client: Client) -> None:
    load()
    for address in ("/framework/", "/framework/area/GOV.1/", "/framework/indicator/GOV.1.1/"):
        assert client.post(address).status_code == 405


@pytest.mark.django_db
def test_api_gives_the_document_that_the_published_schema_describes(client: Client) -> None:
    load()
    listed = client.get("/api/v1/frameworks/").json()
    assert [(row["slug"], row["version"]) for row in listed] == [(SHARED, "1.0")]
    document = client.get(f"/api/v1/frameworks/{SHARED}/").json()
    assert document == small_document(id=SHARED)
    schema = json.loads((Path(settings.CONTENT_DIR) / "schemas" / "framework.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(document)
    assert client.get("/api/v1/frameworks/none/").status_code == 404


@pytest.mark.django_db
def test_api_describes_itself(client: Client) -> None:
    response = client.get("/api/v1/schema/")
    assert response.status_code == 200
    assert "/api/v1/frameworks/{framework}/" in response.content.decode()


@pytest.fixture
def shared(db: None) -> None:
    load_framework(actor=None, path=FILE)


@pytest.mark.usefixtures("shared")
def test_pages_of_the_shared_framework_keep_within_their_weight(client: Client) -> None:
    for address, most in (
        ("/framework/", 14),
        ("/framework/area/RES.3/", 8),
        ("/framework/indicator/GOV.1.1/", 14),
    ):
        size = len(gzip.compress(client.get(address).content))
        assert size < most * 1024, f"{address} is {size} bytes"
