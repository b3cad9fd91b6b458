"""What other apps and pages read of a framework."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from apps.frameworks import selectors
from apps.frameworks.models import FrameworkVersion, Indicator
from apps.frameworks.services import load_framework
from tests.factories import small_version
from tests.frameworks.documents import as_text, ladder, small_document

NOBODY = AnonymousUser()


def load(**changes: Any) -> FrameworkVersion:
    return load_framework(actor=None, text=as_text(small_document(**changes)))


@pytest.mark.django_db
def test_published_version_is_the_newest_and_never_a_draft() -> None:
    load()
    newer = load(version="1.1")
    load_framework(actor=None, text=as_text(small_document(version="2.0")), draft=True)
    assert selectors.published_version(NOBODY, "small") == newer


@pytest.mark.django_db
def test_no_published_version_is_not_found() -> None:
    load_framework(actor=None, text=as_text(small_document()), draft=True)
    with pytest.raises(Http404):
        selectors.published_version(NOBODY, "small")
    with pytest.raises(Http404):
        selectors.published_version(NOBODY)


@pytest.mark.django_db
def test_spec_is_read_once_per_document(django_assert_num_queries: Any) -> None:
    document = small_document()
    document["indicators"][3]["scope"] = "national"
    load_framework(actor=None, text=as_text(document))
    version = selectors.published_version(NOBODY, "small")
    with django_assert_num_queries(0):
        nation = selectors.framework_spec(version, "national")
        firm = selectors.framework_spec(version, "organisational")
        assert selectors.framework_spec(version, "national") is nation
    assert (len(nation.indicators), len(firm.indicators)) == (5, 4)


@pytest.mark.django_db
def test_texts_follow_the_scope_and_the_order(django_assert_num_queries: Any) -> None:
    document = small_document()
    document["indicators"][0]["levels"] = {"national": ladder(), "organisational": ladder()}
    document["indicators"][0]["levels"]["national"][3]["text"] = "For the nation."
    document["indicators"][1]["scope"] = "organisational"
    version = load_framework(actor=None, text=as_text(document))
    with django_assert_num_queries(2):
        texts = selectors.indicator_texts(version, "national")
    assert list(texts) == ["GOV.1.1", "GOV.2.1", "RES.1.1", "RES.1.2"]
    assert texts["GOV.1.1"].levels[3].text == "For the nation."
    assert not texts["GOV.1.1"].levels[3].general
    assert texts["GOV.1.1"].area_name == "Direction"
    assert texts["GOV.1.1"].dimension_name == "Governance"


@pytest.mark.django_db
def test_indicator_without_descriptors_shows_the_scale() -> None:
    level = selectors.indicator_text(load(), "national", "RES.1.1").levels[2]
    assert (level.level, level.title, level.text, level.general) == (2, "L2", "Meaning 2", True)


@pytest.mark.django_db
def test_indicator_of_the_other_scope_is_not_found() -> None:
    document = small_document()
    document["indicators"][1]["scope"] = "organisational"
    version = load_framework(actor=None, text=as_text(document))
    assert selectors.indicator_text(version, "organisational", "GOV.1.2").name == "Plan"
    with pytest.raises(Http404):
        selectors.indicator_text(version, "national", "GOV.1.2")


@pytest.mark.django_db
def test_key_indicator_always_applies_and_others_unless_said() -> None:
    document = small_document()
    document["indicators"][3]["not_applicable"] = False
    texts = selectors.indicator_texts(load_framework(actor=None, text=as_text(document)), "national")
    assert {code: text.may_be_not_applicable for code, text in texts.items()} == {
        "GOV.1.1": False, "GOV.1.2": True, "GOV.2.1": False, "RES.1.1": False, "RES.1.2": False,
    }  # fmt: skip


@pytest.mark.django_db
def test_texts_of_rows_made_by_factories_are_complete() -> None:
    texts = selectors.indicator_texts(small_version(), "organisational")
    assert texts["GOV.1.1"].question == "Strategy?"
    assert [level.text for level in texts["GOV.1.1"].levels][5] == "Text of level 5."


@pytest.mark.django_db
def test_profiles_are_those_of_the_scope() -> None:
    version = load()
    assert selectors.profiles_of(version, "national") == ()
    assert selectors.profiles_of(version, "organisational")[0].default == 3


@pytest.mark.django_db
def test_tree_counts_what_the_filter_leaves(django_assert_num_queries: Any) -> None:
    document = small_document()
    document["indicators"][3]["scope"] = document["indicators"][4]["scope"] = "national"
    load_framework(actor=None, text=as_text(document))
    with django_assert_num_queries(2):
        tree = selectors.framework_tree(NOBODY, scope="organisational", slug="small")
    assert [dimension.code for dimension in tree.dimensions] == ["GOV"]
    assert (tree.shown, tree.total, tree.national, tree.organisational, tree.keys) == (3, 5, 5, 3, 2)
    everything = selectors.framework_tree(NOBODY, scope="nonsense", slug="small")
    assert (everything.scope, everything.shown) == ("", 5)


@pytest.mark.django_db
@pytest.mark.parametrize("more", [0, 3])
def test_pages_need_the_same_queries_however_long_they_are(more: int, django_assert_num_queries: Any) -> None:
    document = small_document()
    row = document["indicators"][0]
    document["indicators"] += [{**row, "id": f"GOV.1.{9 + n}"} for n in range(more)]
    load_framework(actor=None, text=as_text(document))
    page = selectors.area_page(NOBODY, "GOV.1", slug="small")
    with django_assert_num_queries(2):
        selectors.framework_tree(NOBODY, slug="small", number="1.0")
    for read in (
        selectors.framework_tree,
        selectors.terms_page,
        selectors.profiles_page,
        selectors.print_page,
    ):
        with django_assert_num_queries(1):
            read(NOBODY, slug="small")
    for asked in (
        partial(selectors.area_page, NOBODY, "GOV.1"),
        partial(selectors.indicator_page, NOBODY, "GOV.1.1"),
        partial(selectors.search_framework, NOBODY, "strategy"),
        partial(selectors.crosswalks_page, NOBODY),
    ):
        with django_assert_num_queries(1):
            asked(slug="small")
    assert len(page.indicators) == 2 + more


@pytest.mark.django_db
def test_indicator_page_links_prerequisites_both_ways() -> None:
    load()
    first = selectors.indicator_page(NOBODY, "GOV.1.1", slug="small")
    second = selectors.indicator_page(NOBODY, "GOV.1.2", slug="small")
    assert [(link.code, link.at_level, link.level_name) for link in first.opens] == [("GOV.1.2", 2, "L2")]
    assert [(link.code, link.name) for link in second.requires] == [("GOV.1.1", "Strategy")]
    assert (first.previous, first.following.code if first.following else "") == (None, "GOV.1.2")
    assert [ladder.scope for ladder in first.ladders] == ["national", "organisational"]
    assert all(ladder.general for ladder in first.ladders)


@pytest.mark.django_db
def test_unknown_codes_are_not_found() -> None:
    load()
    for page in (selectors.area_page, selectors.indicator_page):
        with pytest.raises(Http404):
            page(NOBODY, "XYZ.9", slug="small")


@pytest.mark.django_db
def test_list_has_the_newest_version_of_each(django_assert_num_queries: Any) -> None:
    load()
    load(version="1.1")
    load(id="another", name="Another framework")
    with django_assert_num_queries(1):
        rows = selectors.list_frameworks(NOBODY)
    assert [(row.slug, row.version) for row in rows] == [("another", "1.0"), ("small", "1.1")]
    assert Indicator.objects.count() == 15
