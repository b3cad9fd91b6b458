"""Finding in the library: words, filters, figures from three members on, and what helps at a gap."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from apps.resources import selectors
from apps.resources.models import Resource, ResourceUse
from apps.resources.selectors import Asked
from tests.factories import OrganisationFactory, UserFactory, join, manage, take_part
from tests.factories import ProgrammeFactory as Programmes
from tests.people import Cast
from tests.resources.test_resources import NOBODY, add

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def used(resource: Resource, *stars: int, words: str = "", named: bool = False) -> list[ResourceUse]:
    """One use each by a member of its own."""
    return [
        ResourceUse.objects.create(
            resource=resource, member=OrganisationFactory(), used_on=date(2026, 3, 2), stars=number, words=words,
            named=named, told_by=UserFactory(),
        )
        for number in stars
    ]  # fmt: skip


def titles(**asked: str) -> list[str]:
    found = selectors.list_resources(NOBODY, Asked(**asked))
    return [line.title for line in found.page.object_list]


def test_words_are_found_in_any_spelling_and_all_of_them_count() -> None:
    add("plan", title="Plan d’incident", summary="Qui décide la nuit.", language="fr")
    add("other", title="Incident book")
    assert titles(q="DECIDE nuit") == ["Plan d’incident"]
    assert titles(q="incident") == ["Incident book", "Plan d’incident"]
    assert titles(q="incident zebra") == []


def test_filters_narrow_by_level_language_and_label() -> None:
    add("low", levels=[0, 2])
    add("high", levels=[3, 5], language="ar")
    assert titles(level="1") == ["Low"]
    assert titles(level="2") == []
    assert titles(level="4") == ["High"]
    assert titles(language="ar") == ["High"]
    assert titles(tlp="TLP:GREEN") == []
    found = selectors.list_resources(NOBODY, Asked(level="1"))
    assert [(c.value, c.count) for c in found.levels] == [("0", 1), ("1", 1), ("2", 0), ("3", 1), ("4", 1)]
    assert [(c.value, c.name, c.count) for c in found.languages] == [
        ("en", "English", 1),
        ("ar", "العربية", 0),
    ]


def test_address_keeps_what_was_asked(client: Client) -> None:
    for number in range(21):
        add(f"guide-{number:02}")
    page = client.get("/resources/?q=guide&level=1&language=en").content.decode()
    assert "?q=guide&amp;level=1&amp;language=en&amp;page=2" in page
    assert 'name="q" value="guide"' in page
    assert "21 resources fit" in page


def test_figures_are_shown_from_three_members_on(client: Client) -> None:
    row = add("one")
    used(row, 5, 4)
    assert "fewer than three members" in client.get("/resources/one/").content.decode()
    used(row, 4)
    page = client.get("/resources/one/").content.decode()
    assert "4.3 of 5 stars from 3 members" in page
    assert "4.3 of 5 stars from 3 members" in client.get("/resources/").content.decode()


def test_sentence_carries_a_name_only_where_it_was_ticked(client: Client) -> None:
    row = add("one")
    shy = used(row, 5, words="It held in the storm.")[0]
    bold = used(row, 4, words="We changed two lines.", named=True)[0]
    assert "changed two lines" not in client.get("/resources/one/").content.decode(), "visitors read no names"
    client.force_login(UserFactory(), backend=BACKEND)
    page = client.get("/resources/one/").content.decode()
    assert bold.member.name in page
    assert "held in the storm" not in page, "alone among two it would say who wrote it"
    used(row, 3)
    page = client.get("/resources/one/").content.decode()
    assert "held in the storm" in page
    assert shy.member.name not in page


def test_own_use_is_named_to_its_own_people_alone(client: Client, cast: Cast) -> None:
    row = add("one")
    ResourceUse.objects.create(
        resource=row, member=cast.agency, used_on=date(2026, 3, 2), stars=4, told_by=cast.lead
    )
    client.force_login(cast.viewer, backend=BACKEND)
    page = client.get("/resources/one/").content.decode()
    assert "Used on 2 March 2026, 4 of 5 stars." in page
    assert "Change what we said" not in page, "readers only read"
    client.force_login(cast.other_lead, backend=BACKEND)
    assert "Used on" not in client.get("/resources/one/").content.decode()


def test_each_label_reaches_its_own_circle(cast: Cast) -> None:
    add("clear")
    add("green", tlp="TLP:GREEN", programme=cast.programme)
    add("amber", tlp="TLP:AMBER", member=cast.agency)
    add("red", tlp="TLP:RED", member=cast.agency)
    elsewhere = OrganisationFactory()
    stranger = UserFactory()
    join(elsewhere, stranger, "lead")
    take_part(Programmes(), elsewhere)
    office = UserFactory()
    manage(Programmes(), office)

    def seen(user: Any) -> set[str]:
        return {line.slug for line in selectors.list_resources(user).page.object_list}

    assert seen(NOBODY) == seen(cast.outsider) == seen(stranger) == seen(office) == {"clear"}
    assert seen(cast.viewer) == {"clear", "green", "amber"}
    assert seen(cast.other_lead) == seen(cast.manager) == seen(cast.staff) == {"clear", "green"}


def test_retired_entry_is_gone_for_everybody(client: Client) -> None:
    row = add("one")
    Resource.objects.filter(pk=row.pk).update(retired_at="2026-05-03T00:00Z")
    assert client.get("/resources/one/").status_code == 404
    assert titles() == []
    assert selectors.for_areas(NOBODY, ["GOV.1"]) == {}


def test_markdown_is_given_for_own_texts_only(client: Client) -> None:
    add("own", url="", text="## Step\n\nDo it.", title="A plan")
    add("other")
    answer = client.get("/resources/own/markdown/")
    assert answer.content.decode() == "# A plan\n\n## Step\n\nDo it.\n"
    assert answer["Content-Disposition"] == 'attachment; filename="own.md"'
    assert client.get("/resources/other/markdown/").status_code == 404


def test_gap_is_met_by_level_then_language_then_rating() -> None:
    add("a-too-high", levels=[3, 5])
    add("b-french", levels=[1, 3], language="fr")
    add("c-plain", levels=[1, 3])
    add("d-loved", levels=[1, 3])
    used(Resource.objects.get(slug="d-loved"), 5, 5, 5)
    add("e-dead", levels=[1, 3], failures=1)

    def order(**how: Any) -> list[str]:
        return [link.title for link in selectors.for_areas(NOBODY, ["GOV.1"], **how)["GOV.1"]]

    assert order(levels={"GOV.1": 1}) == ["D-Loved", "C-Plain", "B-French", "A-Too-High", "E-Dead"]
    assert order(levels={"GOV.1": Decimal("3.4")}, most=1) == ["A-Too-High"]
    with translation.override("fr"):
        links = selectors.for_areas(NOBODY, ["GOV.1"], levels={"GOV.1": 1}, most=2)["GOV.1"]
    assert [(link.title, link.other_language) for link in links] == [("B-French", ""), ("D-Loved", "English")]
    with translation.override("ar"):
        first = selectors.for_areas(NOBODY, ["GOV.1"], levels={"GOV.1": 1}, languages=["fr"])["GOV.1"][0]
    assert (first.title, first.other_language) == ("B-French", "Français"), (
        "a language of the reader's comes first"
    )


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_members_that_used_it(
    cast: Cast, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        used(add(f"guide-{number}"), *[4] * (count + 2), words="Good.", named=True)
    with django_assert_num_queries(6):
        selectors.list_resources(cast.lead)
    with django_assert_num_queries(4):
        selectors.resource_page(cast.lead, "guide-0")
    with django_assert_num_queries(2):
        selectors.resource_rows(cast.lead, Asked())


def test_api_gives_what_the_caller_may_see(client: Client, cast: Cast) -> None:
    used(add("clear"), 5, 4, 4)
    add("green", tlp="TLP:GREEN", programme=cast.programme, areas=["RES.1"])
    answer = client.get("/api/v1/resources/").json()
    assert [row["slug"] for row in answer["results"]] == ["clear"]
    assert answer["results"][0]["figures"] == {"members": 3, "mean": "4.3"}
    assert (answer["results"][0]["from_level"], answer["results"][0]["to_level"]) == (0, 3)
    assert client.get("/api/v1/resources/green/").status_code == 404
    client.force_login(cast.lead, backend=BACKEND)
    assert client.get("/api/v1/resources/?area=RES.1").json()["count"] == 1
    assert client.get("/api/v1/resources/?area=XYZ.1").json()["count"] == 0
    assert client.get("/api/v1/resources/green/").json()["tlp"] == "TLP:GREEN"
    assert client.get("/api/v1/resources/?level=9").status_code == 400
