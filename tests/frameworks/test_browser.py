"""The browser beyond the tree: versions, filters, search, words, targets, other systems, translations, print."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from apps.frameworks.models import Framework
from apps.frameworks.selectors import SHARED
from apps.frameworks.services import load_framework
from tests.frameworks.documents import as_text, ladder, small_document
from tests.people import Cast, make_cast

FILE = Path(settings.CONTENT_DIR) / "framework" / "shared.yaml"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def load(document: dict[str, Any] | None = None, **changes: Any) -> None:
    load_framework(actor=None, text=as_text({**(document or small_document(id=SHARED)), **changes}))


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def plain(page: str) -> str:
    """The words of a page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.fixture
def shared(db: None) -> None:
    load_framework(actor=None, path=FILE)


@pytest.mark.django_db
def test_every_version_keeps_its_own_pages(client: Client) -> None:
    load()
    newer = small_document(id=SHARED, version="1.1")
    newer["indicators"][0]["name"] = "Current strategy"
    load(newer)
    assert "Current strategy" in text_of(client, "/framework/indicator/GOV.1.1/")
    old = text_of(client, f"/framework/{SHARED}/1.0/indicator/GOV.1.1/")
    assert "Current strategy" not in old
    assert f'href="/framework/{SHARED}/1.0/indicator/GOV.1.2/"' in old
    assert "A newer version is published: 1.1." in text_of(client, f"/framework/{SHARED}/1.0/")
    assert "newer version" not in text_of(client, f"/framework/{SHARED}/1.1/")
    for address in (f"/framework/{SHARED}/9.9/", "/framework/none/1.0/", f"/framework/{SHARED}/1.0/area/X/"):
        text_of(client, address, 404)


@pytest.mark.django_db
def test_list_has_every_framework_with_its_versions(client: Client) -> None:
    load(id="another", name="Another framework", description="For boats.")
    load()
    load(version="1.1")
    page = text_of(client, "/frameworks/")
    assert "2 frameworks to be assessed against" in page
    assert page.index("Small framework") < page.index("Another framework")
    assert "For boats." in page
    for address in ("/framework/another/1.0/", f"/framework/{SHARED}/1.0/", f"/framework/{SHARED}/1.1/"):
        assert f'href="{address}"' in page


@pytest.mark.django_db
def test_framework_of_a_programme_is_shown_to_its_people_only(client: Client) -> None:
    cast: Cast = make_cast()
    load(id="ours", name="Ours alone")
    Framework.objects.filter(slug="ours").update(programme=cast.programme)
    for who, status in ((None, 404), (cast.manager, 200), (cast.outsider, 404)):
        if who:
            client.force_login(who, backend=BACKEND)
        text_of(client, "/framework/ours/1.0/", status)
        assert ("Ours alone" in text_of(client, "/frameworks/")) == (status == 200)


@pytest.mark.django_db
def test_tree_shows_key_indicators_only_and_opens_without_script(client: Client) -> None:
    load()
    page = text_of(client, "/framework/?key=1&open=all")
    assert "3 questions show how ready you are" in page
    assert "/framework/indicator/GOV.1.2/" not in page
    assert page.count('<details class="more" open>') == 3
    assert '<details class="more" open>' not in text_of(client, "/framework/")


@pytest.mark.django_db
def test_tree_says_so_when_no_indicator_fits(client: Client) -> None:
    document = small_document(id=SHARED)
    for row in document["indicators"]:
        row["scope"] = "national" if row["key"] else "organisational"
    document["profiles"] = []
    load(document)
    assert "No indicator fits both choices" in text_of(client, "/framework/?key=1&scope=organisational")


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["strategie", "STRATÉGIE", "Stratégie  nationale"])
def test_search_ignores_case_and_accents_and_marks_what_it_found(client: Client, query: str) -> None:
    document = small_document(id=SHARED)
    document["indicators"][0]["question"] = "Une Stratégie nationale <i>existe</i> ?"
    load(document)
    page = text_of(client, f"/framework/search/?q={query}")
    assert "1 indicator speaks of" in page
    assert "<mark>Stratégie</mark>" in page
    assert "&lt;i&gt;" in page
    assert "<i>existe" not in page


@pytest.mark.django_db
def test_search_asks_for_every_word_and_puts_names_first(client: Client) -> None:
    document = small_document(id=SHARED)
    document["indicators"][1]["look_for"] = ["Ask who sends warnings."]
    load(document)
    page = plain(text_of(client, "/framework/search/?q=warning"))
    assert page.index("RES.1.2") < page.index("GOV.1.2")
    assert "1 indicator speaks of “warnings ask”" in text_of(client, "/framework/search/?q=warnings+ask")
    assert "No indicator speaks of" in text_of(client, "/framework/search/?q=warnings+moon")


@pytest.mark.django_db
def test_search_that_finds_nothing_suggests_what_would(client: Client) -> None:
    load()
    page = text_of(client, "/framework/search/?q=stratgy")
    assert 'href="?q=strategy"' in page
    assert 'href="/framework/words/"' in page
    assert "Every word that you type must occur." in text_of(client, "/framework/search/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["%00", "((((", "*", "a" * 5000, "<script>alert(1)</script>", "\\", "%F0%9F%92%A5", "İİİ"]
)
def test_search_takes_anything(client: Client, query: str) -> None:
    load()
    assert "<script>alert" not in text_of(client, f"/framework/search/?q={query}")


@pytest.mark.django_db
def test_words_stand_once_with_all_places_and_name_two_meanings(client: Client) -> None:
    document = small_document(id=SHARED)
    owner = {"term": "owner", "meaning": "Who answers for it."}
    document["indicators"][0]["words"] = [owner]
    document["indicators"][2]["words"] = [{**owner, "term": "Owner"}]
    load(document)
    page = text_of(client, "/framework/words/")
    assert "1 word has one meaning here" in page
    assert page.count("Who answers for it.") == 1
    assert 'href="/framework/indicator/GOV.2.1/"' in page
    document["indicators"][3]["words"] = [{**owner, "meaning": "Who paid."}]
    load(document, version="1.1")
    assert "1 of them means different things in different indicators." in text_of(client, "/framework/words/")


@pytest.mark.django_db
def test_targets_stand_side_by_side_in_the_scale_of_each_indicator(client: Client) -> None:
    document = small_document(id=SHARED)
    rows = [{"level": n, "name": f"Y{n}", "meaning": "Yes or no"} for n in range(2)]
    document["scales"] = [{"id": "yes-no", "levels": rows}]
    document["indicators"][2] |= {"scale": "yes-no"}
    document["profiles"] = [
        {
            "id": "low",
            "name": "Low",
            "scope": "organisational",
            "targets": {"default": 1, "indicators": {"GOV.1.2": 4}},
        }
    ]
    load(document)
    words = plain(text_of(client, "/framework/targets/"))
    assert "1 target to start from" in words
    assert "GOV.1.1 Strategy 1 GOV.1.2 Plan 4" in words
    page = text_of(client, "/framework/indicator/GOV.2.1/")
    assert "Has a scale of its own" in page
    assert "Y1" in page
    assert "Low" in page


@pytest.mark.django_db
def test_other_systems_say_related_and_what_is_not_covered(client: Client) -> None:
    document = small_document(id=SHARED)
    document["indicators"][0]["crosswalk"] = {"CSF": ["GV.RM-01"], "H 2": ["7.2", "7.10"]}
    document["indicators"][1]["crosswalk"] = {"CSF": ["GV.RM-01"]}
    document["crosswalks"] = [
        {
            "id": "CSF", "name": "A framework", "version": "2.0", "note": "By <b>others</b>.",
            "items": {"GV": "Govern", "GV.RM": "Risk", "GV.RM-01": "Objectives", "GV.RM-02": "Appetite"},
        },
        {"id": "H 2", "name": "Another"},
    ]  # fmt: skip
    load(document)
    page = text_of(client, "/framework/related/")
    assert "Related to 2 other systems" in page
    assert "1 of 2 items" in page
    assert "By &lt;b&gt;others&lt;/b&gt;." in page
    page = text_of(client, "/framework/related/CSF/")
    assert "1 of 2 items of A framework are related to indicators here" in page
    assert "Related, not equivalent" in page
    assert "1 item without a related indicator" in page
    assert "Appetite" in page
    other = plain(text_of(client, "/framework/related/H%202/"))
    assert other.index("7.2") < other.index("7.10")
    assert "What is not covered" in other
    text_of(client, "/framework/related/XYZ/", 404)
    assert "Objectives" in text_of(client, "/framework/indicator/GOV.1.1/")


@pytest.mark.django_db
def test_texts_are_in_the_readers_language_where_there_are_any(client: Client) -> None:
    document = small_document(id=SHARED)
    document["indicators"][0]["levels"] = {"national": ladder(), "organisational": ladder()}
    document["translations"] = {
        "fr": {
            "name": "Petit cadre",
            "dimensions": {"GOV": {"name": "Gouvernance"}},
            "indicators": {
                "GOV.1.1": {
                    "name": "Stratégie",
                    "levels": {
                        "national": [{"level": 3, "title": "En vigueur", "text": "Elle est en vigueur."}]
                    },
                }
            },
        }
    }
    load(document)
    client.cookies["django_language"] = "fr"
    page = text_of(client, "/framework/indicator/GOV.1.1/")
    assert '<h1 class="q measure" tabindex="-1" lang="fr" dir="auto">Stratégie</h1>' in page
    assert '<p lang="fr" dir="auto">Elle est en vigueur.</p>' in page
    assert '<p lang="en" dir="auto">Text 2.</p>' in page
    assert '<bdi lang="fr">Gouvernance</bdi>' in page
    assert "1 " in text_of(client, "/framework/search/?q=strategie")
    client.cookies["django_language"] = "en"
    assert "Gouvernance" not in text_of(client, "/framework/indicator/GOV.1.1/")
    translation.activate("en")


@pytest.mark.django_db
def test_print_has_everything_or_one_scope(client: Client) -> None:
    document = small_document(id=SHARED)
    document["indicators"][0]["levels"] = {"national": ladder(), "organisational": ladder()}
    document["indicators"][1]["scope"] = "organisational"
    load(document)
    page = text_of(client, "/framework/print/")
    assert "Version 1.0, 5 indicators" in plain(page)
    assert page.count("For a nation") == 4
    nation = text_of(client, "/framework/print/?scope=national")
    assert "Version 1.0, 4 indicators" in plain(nation)
    assert "For an organisation" not in nation


@pytest.mark.django_db
def test_longer_scale_shares_out_the_colours(client: Client) -> None:
    levels = [{"level": n, "name": f"L{n}", "meaning": f"Meaning {n}"} for n in range(11)]
    load(scale={"levels": levels})
    page = text_of(client, "/framework/")
    assert '<span class="chip lv5">10</span>' in page
    assert '<span class="chip lv3">5</span>' in page


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/framework/?open=all", 14),
        ("/framework/search/?q=plan", 14),
        ("/framework/words/", 25),
        ("/framework/targets/", 14),
        ("/framework/related/", 8),
        ("/framework/related/CSF/", 14),
        ("/frameworks/", 8),
        ("/framework/print/", 100),
    ],
)
def test_pages_of_the_browser_keep_within_their_weight(client: Client, address: str, most: int) -> None:
    assert len(gzip.compress(client.get(address).content)) < most * 1024


@pytest.mark.usefixtures("shared")
def test_shared_framework_names_every_system_that_it_points_to(client: Client) -> None:
    page = text_of(client, "/framework/related/CSF/")
    assert "of 106 items of NIST Cybersecurity Framework are related to indicators here" in page
    assert page.index("GV Govern") < page.index("ID Identify") < page.index("RC Recover")
    page = text_of(client, "/framework/related/")
    assert len(re.findall('<li><a href="/framework/related/[A-Z]', page)) == 12


@pytest.mark.django_db
def test_api_addresses_versions_search_and_crosswalks(client: Client) -> None:
    document = small_document(id=SHARED)
    document["indicators"][0]["crosswalk"] = {"XY": ["1.2"]}
    document["crosswalks"] = [{"id": "XY", "name": "XY model", "items": {"1.2": "Two", "1.3": "Three"}}]
    load(document)
    load(document, version="1.1", name="Renamed")
    base = f"/api/v1/frameworks/{SHARED}/"
    assert [row["version"] for row in client.get(f"{base}versions/").json()] == ["1.1", "1.0"]
    assert client.get(f"{base}versions/1.0/").json() == document
    assert client.get(f"{base}versions/1.1/").json()["name"] == "Renamed"
    found = client.get(f"{base}search/", {"q": "stratégy", "version": "1.0"}).json()
    assert (found["version"], found["total"]) == ("1.0", 1)
    assert (found["results"][0]["code"], found["results"][0]["language"]) == ("GOV.1.1", "en")
    crosswalk = client.get(f"{base}crosswalks/XY/").json()
    assert crosswalk["relation"] == "related"
    assert crosswalk["items"] == [
        {"id": "1.2", "title": "Two", "indicators": ["GOV.1.1"]},
        {"id": "1.3", "title": "Three", "indicators": []},
    ]
    for missing in ("versions/9.9/", "crosswalks/Z/", "search/?version=7"):
        response = client.get(base + missing)
        assert response.status_code == 404
        assert "application/" in response["Content-Type"]
    assert client.get("/api/v1/frameworks/none/versions/").status_code == 404
