"""The record of a member: read by its people, taken by its leads, the same in the file."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from apps.accounts.models import User
from apps.core import audit, jobs
from apps.home.choices import ACTS
from apps.members.services import send_heads
from tests.factories import UserFactory, join
from tests.people import Cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def enter(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(cast: Cast) -> Any:
    for number in range(60):
        audit.record(
            actor=cast.lead,
            action="answer.saved",
            on=cast.lead,
            chain=cast.ids["member"],
            indicator=f"GOV.{number}",
        )
    return cast


def test_people_of_the_member_read_acts_in_words_newest_first(busy: Cast) -> None:
    page = enter(busy.viewer).get(f"/o/{busy.ids['member']}/record/").content.decode()
    assert page.index("GOV.59") < page.index("GOV.58")
    assert "saved an answer" in page and "GOV.0<" not in page
    older = enter(busy.viewer).get(f"/o/{busy.ids['member']}/record/?page=2").content.decode()
    assert "GOV.0<" in older


@pytest.mark.parametrize("number", ["0", "x", "99999999999999999999", "-1"])
def test_a_page_that_is_none_shows_the_nearest(busy: Cast, number: str) -> None:
    assert enter(busy.viewer).get(f"/o/{busy.ids['member']}/record/?page={number}").status_code == 200


def test_the_file_holds_every_act_and_its_own_taking(busy: Cast) -> None:
    answer = enter(busy.lead).post(f"/o/{busy.ids['member']}/record/file/")
    rows = answer.json()["entries"]
    assert rows[-1]["action"] == "record.taken" and rows[-1]["hash"] == answer.json()["head"]["hash"]
    assert "attachment" in answer["Content-Disposition"]


@pytest.mark.parametrize("acts", [1, 3])
def test_the_page_asks_as_many_queries_for_one_act_as_for_three(
    cast: Cast, acts: int, django_assert_num_queries: Any
) -> None:
    from apps.members.selectors import record_page

    for _ in range(acts):
        audit.record(actor=cast.lead, action="answer.saved", on=cast.lead, chain=cast.ids["member"])
    with django_assert_num_queries(5):
        record_page(cast.lead, cast.ids["member"])


def test_leads_get_the_head_by_mail_once_a_week(cast: Cast) -> None:
    audit.record(actor=cast.lead, action="answer.saved", on=cast.lead, chain=cast.ids["member"])
    for day in (date(2026, 11, 16), date(2026, 11, 18)):
        send_heads(day=day)
    jobs.run_waiting()
    mine = [letter for letter in mail.outbox if letter.to == [cast.lead.email]]
    assert len(mine) == 1
    assert audit.head_line(cast.ids["member"]) in mine[0].body
    send_heads(day=date(2026, 11, 23))
    jobs.run_waiting()
    assert len([letter for letter in mail.outbox if letter.to == [cast.lead.email]]) == 2


def test_only_leads_get_it(cast: Cast) -> None:
    reader = UserFactory()
    join(cast.agency, reader, "viewer")
    send_heads(day=date(2026, 11, 16))
    jobs.run_waiting()
    assert all(letter.to != [reader.email] for letter in mail.outbox)


def test_operators_get_the_head_of_the_sites_own_record_once_a_week(cast: Cast, settings: Any) -> None:
    audit.record(actor=cast.manager, action="reviewer.certified", on=cast.manager)
    for day in (date(2026, 11, 16), date(2026, 11, 18)):
        send_heads(day=day)
    jobs.run_waiting()
    mine = [letter for letter in mail.outbox if letter.to == [cast.staff.email]]
    assert len(mine) == 1 and audit.head_line("operator") in mine[0].body
    assert "/verify/script/" in mine[0].body and "audit export operator" in mine[0].body
    settings.OPERATORS = ["auditor@example.org", "council@example.org"]
    send_heads(day=date(2026, 11, 23))
    jobs.run_waiting()
    told = [letter.to[0] for letter in mail.outbox if audit.head_line("operator") in letter.body]
    assert sorted(told) == sorted([cast.staff.email, "auditor@example.org", "council@example.org"])


def test_the_sites_own_record_goes_to_no_lead(cast: Cast) -> None:
    audit.record(actor=cast.manager, action="reviewer.certified", on=cast.manager)
    send_heads(day=date(2026, 11, 16))
    jobs.run_waiting()
    line = audit.head_line("operator")
    assert all(line not in letter.body for letter in mail.outbox if letter.to != [cast.staff.email])


ACT = re.compile(r'"([a-z_]+\.[a-z_]+)"')


def test_every_act_that_services_record_has_words() -> None:
    """An act is written as "thing.done"; whatever names a known thing in a service or an adapter must be said in words."""
    things = {act.partition(".")[0] for act in ACTS}
    files = [*Path("apps").glob("*/services/**/*.py"), *Path("apps").glob("*/services.py")]
    found = {
        act for file in files for act in ACT.findall(file.read_text()) if act.partition(".")[0] in things
    }
    others = {
        "course.yaml",
        "evidence.yaml",
        "exercise.yaml",
        "record.json",
        "need.send",
        "offer.make",
    }  # files, and the scopes of repeated saves
    assert found - ACTS.keys() - others == set()
