"""From a request to a closed engagement, as people do it in the browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from apps.core.models import AuditEntry
from apps.members.models import Grant
from apps.mentoring.models import Engagement, MatchingRound, Need, Offer, Proposal
from tests.mentoring.world import World

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def test_request_offer_match_engagement_and_close_in_the_browser(world: World) -> None:
    cast = world.cast
    lead, mentor, manager = signed_in(cast.lead), signed_in(cast.mentor), signed_in(cast.manager)
    agency, partner, programme = (
        cast.agency.public_id,
        cast.mentor_partner.public_id,
        cast.programme.public_id,
    )

    page = lead.get(reverse("mentoring:needs", args=[agency])).content.decode()
    assert "Direction" in page and "priority" in page
    sent = lead.post(
        reverse("mentoring:new_need", args=[agency, "GOV.1"]),
        {
            "programme": programme, "wanted_level": "3", "note": "We start from nothing.", "first_language": "en",
            "mode": "either", "sponsor": "A", "counterpart": "B", "staff_time": "on", "legal_basis": "on",
        },
    )  # fmt: skip
    assert sent.status_code == 302
    need = Need.objects.get()
    assert (need.now_level, need.missing) == (1, ())

    made = mentor.post(
        reverse("mentoring:new_offer", args=[partner, "GOV.1"]),
        {
            "programme": programme,
            "places": "1",
            "hours_per_month": "6",
            "languages": ["en"],
            "mode": "remote",
            "pays": "mentor",
        },
    )
    assert made.status_code == 302, made.content.decode()
    assert Offer.objects.get().level == 4

    manager.post(reverse("mentoring:rounds", args=[programme]), {"name": "Round 1"})
    round_ = MatchingRound.objects.get()
    board = reverse("mentoring:board", args=[programme, round_.public_id])
    assert "One request waits" in manager.get(reverse("mentoring:rounds", args=[programme])).content.decode()
    manager.post(reverse("mentoring:solve", args=[programme, round_.public_id]))
    page = manager.get(board).content.decode()
    assert "1 of 1 request has a mentor in sight" in page
    assert "Level 4, 3 levels above" in page and "English in common" in page

    proposal = Proposal.objects.get()
    decide = reverse("mentoring:decide", args=[programme, round_.public_id, proposal.public_id])
    manager.post(decide, {"choice": "accept", "version": proposal.version})
    assert lead.get(reverse("mentoring:invitation", args=[agency, proposal.public_id])).status_code == 404
    publish = reverse("mentoring:publish", args=[programme, round_.public_id])
    assert "Send one invitation?" in manager.get(publish).content.decode()
    round_.refresh_from_db()
    manager.post(publish, {"version": round_.version})
    assert cast.lead.notifications.filter(kind="proposal").count() == 1
    assert cast.mentor.notifications.filter(kind="proposal").count() == 1

    page = lead.get(reverse("mentoring:invitation", args=[agency, proposal.public_id])).content.decode()
    assert "Accepting shares nothing yet" in page
    lead.post(reverse("mentoring:accept", args=[agency, proposal.public_id]))
    assert not Engagement.objects.exists() and not Grant.objects.exists()
    mentor.post(reverse("mentoring:accept", args=[partner, proposal.public_id]))
    engagement = Engagement.objects.get()
    assert not Grant.objects.exists()
    world.sign(engagement, cast.lead, cast.agency)
    assert not Grant.objects.exists()
    world.sign(engagement, cast.mentor, cast.mentor_partner)
    grant = Grant.objects.in_force().get()
    assert (grant.member, grant.to_member, grant.areas, grant.given_by) == (
        cast.agency,
        cast.mentor_partner,
        ["GOV.1"],
        cast.lead,
    )
    assert grant.with_evidence is False and grant.ends_on == engagement.ends_on
    assert [(g.indicator, g.from_level, g.to_level) for g in engagement.goals.all()] == [
        ("GOV.1.1", 1, 2),
        ("GOV.1.2", 1, 2),
    ]

    for client, side in ((lead, agency), (mentor, partner)):
        assert (
            client.get(reverse("mentoring:engagement", args=[side, engagement.public_id])).status_code == 200
        )
    logged = mentor.post(
        reverse("mentoring:new_session", args=[partner, engagement.public_id]),
        {
            "held_on": engagement.starts_on.isoformat(),
            "hours": "1.5",
            "notes": "We drew the map.",
            "idempotency": "once-only",
        },
    )
    assert logged.status_code == 302
    page = lead.get(reverse("mentoring:engagement", args=[agency, engagement.public_id])).content.decode()
    assert "We drew the map." in page and "1 session held of 6 planned" in page

    engagement.refresh_from_db()
    closed = lead.post(
        reverse("mentoring:close", args=[agency, engagement.public_id]),
        {"version": engagement.version, "note": "We have a strategy."},
    )
    assert closed.status_code == 302
    assert not Grant.objects.in_force().exists()
    need.refresh_from_db()
    assert need.state == "done"
    assert (
        "We have a strategy."
        in mentor.get(reverse("mentoring:engagement", args=[partner, engagement.public_id])).content.decode()
    )
    acts = set(AuditEntry.objects.values_list("action", flat=True))
    assert {
        "need.sent",
        "offer.made",
        "matching_round.solved",
        "proposal.accepted",
        "engagement.started",
        "grant.given",
    } <= acts


def test_programme_office_sees_counts_but_no_notes(world: World) -> None:
    engagement = world.engagement()
    engagement.purpose = "A private purpose"
    engagement.save()
    manager = signed_in(world.cast.manager)
    page = manager.get(
        reverse("mentoring:programme_engagements", args=[world.cast.programme.public_id])
    ).content.decode()
    assert "Direction" in page and "0 held of 6 planned" in page
    assert "A private purpose" not in page
    url = reverse("mentoring:engagement", args=[world.cast.agency.public_id, engagement.public_id])
    assert manager.get(url).status_code == 404


@pytest.mark.parametrize(
    "data, words",
    [
        ({"wanted_level": "9"}, "Select a valid choice"),
        ({"first_language": "xx"}, "Select a valid choice"),
        ({"note": "x" * 2001}, "at most 2000"),
        ({"mode": ""}, "required"),
    ],
)
def test_bad_request_is_refused_in_words(world: World, data: dict[str, str], words: str) -> None:
    good = {
        "programme": world.cast.programme.public_id,
        "wanted_level": "3",
        "first_language": "en",
        "mode": "either",
    }
    url = reverse("mentoring:new_need", args=[world.cast.agency.public_id, "GOV.1"])
    answer = signed_in(world.cast.lead).post(url, {**good, **data})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Need.objects.exists()


def test_request_without_result_says_what_to_do_first(world: World) -> None:
    member, user = world.another("New body", {"GOV.1": 1})
    member.results.all().delete()
    page = signed_in(user).get(reverse("mentoring:needs", args=[member.public_id])).content.decode()
    assert "Requests grow from a result" in page


def test_same_request_sent_twice_is_one_request(world: World) -> None:
    world.need(idempotency="abc")
    world.need(idempotency="abc")
    assert Need.objects.count() == 1


def test_stale_change_of_a_request_shows_both_texts(world: World) -> None:
    need = world.need(note="First words")
    client = signed_in(world.cast.lead)
    url = reverse("mentoring:edit_need", args=[world.cast.agency.public_id, need.public_id])
    data = {"wanted_level": "3", "first_language": "en", "mode": "either", "version": need.version}
    assert client.post(url, {**data, "note": "Theirs"}).status_code == 302
    answer = client.post(url, {**data, "note": "Mine"})
    assert answer.status_code == 409
    assert "Theirs" in answer.content.decode() and "Mine" in answer.content.decode()
    need.refresh_from_db()
    assert need.note == "Theirs"


def test_stale_session_note_shows_both_texts(world: World) -> None:
    engagement = world.engagement()
    client, side = signed_in(world.cast.lead), world.cast.agency.public_id
    new = reverse("mentoring:new_session", args=[side, engagement.public_id])
    data = {"held_on": engagement.starts_on.isoformat(), "hours": "1", "notes": "Start"}
    client.post(new, data)
    note = engagement.sessions.get()
    url = reverse("mentoring:edit_session", args=[side, engagement.public_id, note.public_id])
    assert client.post(url, {**data, "notes": "Theirs", "version": 1}).status_code == 302
    answer = client.post(url, {**data, "notes": "Mine", "version": 1})
    assert answer.status_code == 409
    assert "Theirs" in answer.content.decode() and "Mine" in answer.content.decode()


def test_session_in_the_future_is_refused(world: World) -> None:
    engagement = world.engagement()
    url = reverse("mentoring:new_session", args=[world.cast.agency.public_id, engagement.public_id])
    answer = signed_in(world.cast.lead).post(url, {"held_on": "2999-01-01", "hours": "1", "notes": "x"})
    assert answer.status_code == 422 and "after the session" in answer.content.decode()


def test_goal_and_pause(world: World) -> None:
    engagement = world.engagement()
    client, side = signed_in(world.cast.mentor), world.cast.mentor_partner.public_id
    goal = engagement.goals.first()
    assert goal is not None
    args = [side, engagement.public_id]
    client.post(
        reverse("mentoring:goal", args=[*args, goal.public_id]), {"state": "reached", "version": goal.version}
    )
    rest = {"version": 1, "reason": "people", "back_on": (localdate() + timedelta(days=9)).isoformat()}
    assert client.post(reverse("mentoring:pause", args=args), rest).status_code == 302
    page = client.get(reverse("mentoring:engagement", args=args)).content.decode()
    assert "1 of 2 goals reached" in page and "Resume" in page
    assert client.post(reverse("mentoring:pause", args=args), rest).status_code == 409


def test_offer_needs_strength(world: World) -> None:
    from apps.core.errors import Refused

    with pytest.raises(Refused, match="what you have done"):
        world.offer(area="RES.1")
    assert world.offer(area="RES.1", track_record="We built a warning service.").level == 3
    world.cast.agency.is_mentor = True
    world.cast.agency.save()
    with pytest.raises(Refused, match="at least 3"):
        world.offer(world.cast.agency, world.cast.lead, area="GOV.2")
