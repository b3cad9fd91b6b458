"""The catalogue: search in any spelling, filters that stay in the address, what to take next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.core.folding import fold, has_words
from apps.courses import selectors, services
from apps.courses.models import CourseVersion
from apps.courses.selectors.finding import Wanted
from tests.courses.small import finish_course, small_course
from tests.factories import UserFactory

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
Counter = Callable[[int], Any]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Réponse aux incidents", "reponse INCIDENTS"),
        ("أمن المعلومات", "امن معلومات"),
        ("اِسْتِجَابَة", "استجابه"),
        ("الاستجـــابة", "الاستجابة"),
        ("مستشفى", "مستشفي"),
        ("ISO ٢٧٠٠١", "iso 27001"),
        ("Straße", "STRASSE"),
    ],
)
def test_search_finds_what_is_spelt_otherwise(text: str, query: str) -> None:
    assert has_words(text, query)


def test_every_word_has_to_be_there() -> None:
    assert not has_words("Doors and locks", "doors windows")
    assert fold("") == ""


@pytest.fixture
def three(db: None) -> list[CourseVersion]:
    ready = small_course("C1", title="Réponse", nice_roles=["PD-WRL-003"], hours=2)
    other = small_course("C2", nice_roles=["PD-WRL-003"], areas=["RES.9"], hours=5)
    later = small_course("C3", status="preparation", areas=["RES.9"], hours=9)
    arabic = small_course("C1", title="الاستجابة", language="ar", version="1.0")
    return [ready, other, later, arabic]


def codes(user: Any, **wanted: str) -> list[str]:
    return [row.card.code for row in selectors.catalogue(user, Wanted(**wanted)).courses]


def test_filters_narrow_the_list(three: list[CourseVersion]) -> None:
    user = UserFactory()
    assert codes(user) == ["C1", "C2", "C3"]
    assert codes(user, q="reponse") == ["C1"]
    assert codes(user, q="الاستجابه") == ["C1"]
    assert codes(user, area="RES.9") == ["C2", "C3"]
    assert codes(user, role="PD-WRL-003") == ["C1", "C2"]
    assert codes(user, language="ar") == ["C1"]
    assert codes(user, length="short") == ["C1"]
    assert codes(user, length="long") == ["C3"]
    assert codes(user, stage="preparation") == ["C3"]
    assert codes(user, stage="ready", area="RES.9") == ["C2"]


def test_address_keeps_what_was_asked(client: Client, three: list[CourseVersion]) -> None:
    page = client.get("/learn/?q=Reponse&area=GOV.1&length=short").content.decode()
    assert "One course fits" in page
    assert 'value="Reponse"' in page
    assert 'value="short" selected' in page
    assert "0.01 MB" in page
    none = client.get("/learn/?q=nothing+like+it").content.decode()
    assert "No course fits all of this" in none
    assert client.get("/learn/?length=%00&stage=never&q=%00").status_code == 200


def test_interrupted_comes_first_then_what_goes_on(three: list[CourseVersion]) -> None:
    user = UserFactory()
    assert selectors.catalogue(user, Wanted()).recommended == ()
    finish_course(user, three[0])
    (next_one,) = selectors.catalogue(user, Wanted()).recommended
    assert (next_one.card.code, next_one.why) == ("C2", "It goes on from “Réponse”.")
    services.enrol(actor=user, course=three[2].course.slug)
    first = selectors.catalogue(user, Wanted()).recommended[0]
    assert (first.card.code, first.why) == ("C3", "You began this one.")
    assert selectors.catalogue(user, Wanted(area="RES.9")).recommended == ()


def test_one_tap_starts_a_course(client: Client, three: list[CourseVersion]) -> None:
    client.force_login(UserFactory(), backend=BACKEND)
    address = f"/learn/{three[0].course.slug}/enrol/"
    assert f'action="{address}"' in client.get("/learn/").content.decode()
    assert client.post(address).url == f"/learn/{three[0].course.slug}/l11/"
    assert f'action="{address}"' not in client.get("/learn/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_catalogue_asks_the_same_for_one_and_three(count: int, django_assert_num_queries: Counter) -> None:
    user = UserFactory()
    for n in range(count):
        services.enrol(actor=user, course=small_course(f"C{n + 1}").course.slug)
    with django_assert_num_queries(5):
        assert selectors.catalogue(user, Wanted()).total == count


@pytest.mark.django_db
def test_work_roles_are_offered_by_name_and_found_by_name() -> None:
    user = UserFactory()
    small_course("C1", nice_roles=["PD-WRL-003"])
    small_course("C2", nice_roles=["XX-WRL-999"])
    page = selectors.catalogue(user, selectors.read_wanted({"q": "incident response"}))
    assert [row.card.code for row in page.courses] == ["C1"]
    assert [one.name for one in page.roles] == ["Incident Response (PD-WRL-003)", "XX-WRL-999"]
