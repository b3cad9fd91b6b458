"""Quality checks: what they find, what they let pass, and where people see them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate

from apps.accounts.models import User
from apps.assessments import services
from apps.assessments.models import Assessment, Draft
from apps.assessments.selectors.checks import Fact, Need, Piece, find_all, titles
from apps.core.errors import Refused
from tests.assessments.flow import answer, at, begin, submitted
from tests.factories import small_version
from tests.people import Cast

DAY = date(2026, 5, 1)
GOOD = Fact("A.1.1", "A.1", "level", 3, agreed=True, grade="E2", supports=4)
NEEDS = (Need("A.1.2", "A.1.1", 2),)


def found(*facts: Fact) -> list[str]:
    return [row.check for row in find_all(facts, NEEDS, on=DAY)]


def test_an_agreed_answer_with_enough_evidence_passes_every_check() -> None:
    assert found(GOOD) == []


@pytest.mark.parametrize(
    ("change", "checks"),
    [
        ({"kind": "", "level": None, "asked": "x"}, ["unanswered"]),
        ({"supports": 2, "grade": "E0"}, ["evidence"]),
        ({"level": 2, "supports": 2}, []),
        ({"before": 1}, []),
        ({"before": 0}, ["step"]),
        ({"level": 0, "before": 3}, ["step"]),
        ({"agreed": False}, ["review"]),
        ({"asked": "Which?"}, ["asked"]),
        ({"second": True}, ["two"]),
        ({"pieces": (Piece("a", DAY - timedelta(1)),)}, ["expired"]),
        ({"pieces": (Piece("a", DAY),)}, ["expiring"]),
        ({"pieces": (Piece("a", DAY + timedelta(60)),)}, ["expiring"]),
        ({"pieces": (Piece("a", DAY + timedelta(61)),)}, []),
        ({"pieces": (Piece("a", None, old=True),)}, ["expired"]),
        ({"kind": "not_applicable", "level": None}, []),
        ({"kind": "not_applicable", "level": None, "agreed": False}, ["not_applicable"]),
        ({"kind": "not_applicable", "level": None, "key": True}, ["not_applicable_key"]),
        ({"kind": "unknown", "level": None}, ["unknown", "unknowns"]),
    ],
)
def test_each_check_finds_what_it_is_for(change: dict[str, object], checks: list[str]) -> None:
    assert found(replace(GOOD, **change)) == checks  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "then", "odd"),
    [(1, 3, True), (1, 2, True), (1, 1, False), (2, 5, False), (0, 1, True), (None, 1, True)],
)
def test_a_level_above_what_has_to_come_first_contradicts(first: int | None, then: int, odd: bool) -> None:
    kind = "level" if first is not None else "unknown"
    facts = [replace(GOOD, kind=kind, level=first), replace(GOOD, code="A.1.2", level=then)]
    assert ("contradiction" in found(*facts)) is odd


def test_what_is_unanswered_or_does_not_apply_contradicts_nothing() -> None:
    for kind in ("", "not_applicable"):
        assert "contradiction" not in found(replace(GOOD, kind=kind, level=None), replace(GOOD, code="A.1.2"))


def test_more_than_a_fifth_unknown_is_too_many() -> None:
    facts = [replace(GOOD, code=str(n)) for n in range(10)]
    for n, many in ((2, False), (3, True)):
        some = [replace(f, kind="unknown", level=None) if i < n else f for i, f in enumerate(facts)]
        assert ("unknowns" in found(*some)) is many


def test_only_two_answers_block_and_every_check_has_a_heading() -> None:
    odd = replace(GOOD, before=0, supports=2, agreed=False, second=True, pieces=(Piece("a", DAY),))
    rows = find_all([odd], NEEDS, on=DAY)
    assert [row.check for row in rows if row.blocks] == ["two"]
    assert {row.check for row in rows} <= set(titles())


# --- on the pages ---------------------------------------------------------------------------------


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def place(row: Assessment, more: str) -> str:
    return f"/o/{row.member.public_id}/assessments/{row.public_id}/{more}"


@pytest.fixture
def running(cast: Cast) -> Assessment:
    version = small_version()
    submitted(cast, "0", "0", title="2024", version=version)
    return begin(cast.lead, cast.agency, version=version)


def test_the_question_page_warns_of_a_saved_answer(cast: Cast, running: Assessment) -> None:
    answer(cast.respondent, running, "GOV.1.1", "1")
    answer(cast.respondent, running, "GOV.1.2", "4")
    page = client_of(cast.respondent).get(place(running, "GOV.1/GOV.1.2/")).content.decode()
    assert "Level 4 cannot stand on GOV.1.1 at level 1: it needs level 2." in page
    assert "From level 0 last time to level 4." in page and "supports level 2." in page


def test_writing_shows_the_warnings_before_anything_is_saved(cast: Cast, running: Assessment) -> None:
    sent = {"answer": "3", "why": "x", "version": "0"}
    page = client_of(cast.respondent).post(place(running, "GOV.1/GOV.1.1/draft/"), sent).content.decode()
    assert "From level 0 last time to level 3." in page and 'hx-swap-oob="true"' in page
    page = client_of(cast.respondent).post(place(running, "GOV.1/GOV.1.1/draft/"), {**sent, "answer": "1"})
    assert "From level" not in page.content.decode()


def test_check_and_submit_pages_list_what_was_found_with_its_place(cast: Cast, running: Assessment) -> None:
    item = services.EvidenceInput(
        "link", title="Decree", url="https://example.org/d", dated=localdate() - timedelta(9), expires_on=localdate() - timedelta(1)
    )  # fmt: skip
    answer(cast.respondent, running, "GOV.1.1", "3")
    services.add_evidence(actor=cast.respondent, place=at(cast.lead, running, "GOV.1.1"), item=item)
    for name in ("review/", "submit/"):
        page = client_of(cast.lead).get(place(running, name)).content.decode()
        assert "“Decree” expired on" in page and place(running, "GOV.1/GOV.1.1/") in page


def test_two_answers_block_submitting_until_the_reviewer_has_chosen(cast: Cast, running: Assessment) -> None:
    answer(cast.respondent, running, "GOV.1.1", "1")
    spot = at(cast.lead, running, "GOV.1.1")
    rival = Draft.objects.create(
        member=running.member, assessment=running, indicator=spot.indicator, user=cast.lead, base_version=1,
        content={"choice": "2", "reason": "", "why": ""}, for_review=True,
    )  # fmt: skip
    client = client_of(cast.lead)
    assert "Decide these before you submit" in client.get(place(running, "submit/")).content.decode()
    with pytest.raises(Refused, match=r"GOV\.1\.1 wait for a decision"):
        services.submit_assessment(actor=cast.lead, assessment=running)
    rival.delete()
    services.submit_assessment(actor=cast.lead, assessment=running)
