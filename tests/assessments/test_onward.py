"""Where a save leads, and what it costs: the short way says the same as the whole board."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils.timezone import now

from apps.assessments import services
from apps.assessments.models import Assessment, Assignment, Response
from apps.assessments.selectors.board import board_of
from apps.assessments.selectors.onward import next_question
from apps.assessments.selectors.pages import viewer_of
from apps.assessments.selectors.progress import next_open
from apps.frameworks.models import Area
from tests.assessments.flow import CODES, answer, at, begin
from tests.people import Cast


def shuffled(cast: Cast, row: Assessment, dice: Random) -> None:
    """Give areas to anybody or nobody, answer some questions, ask some answers back."""
    people = [cast.lead, cast.respondent, None]
    for area in Area.objects.filter(version=row.version_of):
        Assignment.objects.update_or_create(
            member=row.member, assessment=row, area=area, defaults={"respondent": dice.choice(people)}
        )
    for code in dice.sample(CODES, dice.randint(0, 5)):
        found = answer(dice.choice(people[:2]), row, code, str(dice.randint(0, 4)), f"{dice.random()}")
        if dice.random() < 0.5:
            asker = next(p for p in people[:2] if p != found.answered_by)
            found.remarks.create(member=row.member, by=asker, text="Which?", version=found.version)


def test_the_short_way_leads_where_the_board_leads(cast: Cast) -> None:
    dice, row = Random(7), begin(cast.lead, cast.agency)
    for _ in range(12):
        shuffled(cast, row, dice)
        board = board_of(row)
        for user in (cast.lead, cast.respondent):
            for code in CODES:
                found = next_open(board, viewer_of(user, row), after=code)
                wanted = (found[0].code, found[1].code) if found else None
                assert next_question(user, at(user, row, code)) == wanted


def test_a_remark_is_settled_by_the_next_save_also_when_nothing_changed(cast: Cast) -> None:
    row = begin(cast.lead, cast.agency)
    found = answer(cast.respondent, row, "GOV.1.1", "2", "As before.")
    remark = found.remarks.create(member=row.member, by=cast.lead, text="Sure?", version=1)
    place = at(cast.respondent, row, "GOV.1.1")
    again = services.AnswerInput("2", "", "As before.")
    assert services.save_answer(actor=cast.respondent, place=place, answer=again, expected=1).version == 2
    remark.refresh_from_db()
    assert remark.resolved_at is not None
    assert services.save_answer(actor=cast.respondent, place=place, answer=again, expected=2).version == 2
    assert Response.objects.get().revisions.count() == 2


def test_a_session_is_noted_once_in_five_minutes_and_at_once_from_elsewhere(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/me/account/", headers={"User-Agent": "One"})
    UserSession.objects.update(last_seen_at=(before := now() - timedelta(minutes=4)))
    client.get("/me/account/", headers={"User-Agent": "One"})
    assert UserSession.objects.get().last_seen_at == before
    client.get("/me/account/", headers={"User-Agent": "Two"})
    assert UserSession.objects.get().user_agent == "Two" and UserSession.objects.get().last_seen_at > before
    UserSession.objects.update(last_seen_at=now() - timedelta(minutes=6))
    client.get("/me/account/", headers={"User-Agent": "Two"})
    assert UserSession.objects.get().last_seen_at > now() - timedelta(minutes=1)
