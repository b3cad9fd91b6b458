"""One piece of evidence, many questions: attaching, detaching, dates, acceptance at each question, the register."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate, now

from apps.accounts.models import User
from apps.assessments import services
from apps.assessments.models import Assessment, Draft, Evidence, EvidenceLink, Response
from apps.assessments.selectors import evidence as selectors
from apps.assessments.selectors.board import board_of
from apps.assessments.selectors.inputs import best_support
from apps.core.errors import Conflict, Refused
from apps.core.models import AuditEntry
from apps.scoring.evidence import support_of
from tests.assessments.flow import CODES, answer, at, begin
from tests.factories import UserFactory, join
from tests.people import Cast


@pytest.fixture
def running(cast: Cast) -> Assessment:
    return begin(cast.lead, cast.agency)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def link(who: User, row: Assessment, code: str = "GOV.1.1", **more: Any) -> Evidence:
    values = {"title": "Decree", "url": "https://example.org/decree", "dated": localdate(), **more}
    item = services.EvidenceInput(values.pop("kind", "link"), **values)
    found = services.add_evidence(actor=who, place=at(row.lead, row, code), item=item)
    return Evidence.objects.select_related("assessment__member", "member").get(public_id=found)


def url(row: Assessment, name: str, *more: str) -> str:
    return reverse(f"assessments:{name}", args=[row.member.public_id, row.public_id, *more])


def grade(row: Assessment, code: str) -> str:
    question = next(q for _area, q in board_of(row).questions if q.code == code)
    assert question.response is not None
    best = best_support(question.response, question.evidence, on=localdate())
    return support_of(best, on=localdate()).effective.name


# --- one piece, many questions --------------------------------------------------------------------


def test_a_piece_is_attached_to_another_question_in_one_tap_and_the_words_are_kept(
    cast: Cast, running: Assessment
) -> None:
    piece = link(cast.lead, running)
    client, where = client_of(cast.respondent), at(cast.lead, running, "RES.1.1").url_args
    page = client.get(reverse("assessments:question", kwargs=where)).content.decode()
    assert "Attach what is already held: one piece" in page and piece.public_id in page
    data = {"piece": piece.public_id, "answer": "3", "why": "Not yet saved", "version": "0"}
    for _ in range(2):
        assert client.post(reverse("assessments:evidence_attach", kwargs=where), data).status_code == 302
    assert sorted(piece.links.values_list("indicator__code", flat=True)) == ["GOV.1.1", "RES.1.1"]
    assert Draft.objects.get().content["why"] == "Not yet saved"
    page = client.get(reverse("assessments:question", kwargs=where)).content.decode()
    assert "Also supports <bdi>GOV.1.1</bdi>" in page and "Attach what is already held" not in page
    assert AuditEntry.objects.filter(action="evidence.attached").count() == 1


def test_detaching_one_keeps_the_others_and_the_last_removes_the_piece(
    cast: Cast, running: Assessment
) -> None:
    piece = link(cast.lead, running)
    services.attach_evidence(actor=cast.lead, place=at(cast.lead, running, "RES.1.1"), evidence=piece)
    client = client_of(cast.respondent)
    for code, left, said in (("GOV.1.1", 1, "It stays at its other questions"), ("RES.1.1", 0, "is removed")):
        args = {**at(cast.lead, running, code).url_args, "evidence": piece.public_id}
        response = client.post(reverse("assessments:evidence_remove", kwargs=args), follow=True)
        assert said in response.content.decode()
        assert Evidence.objects.in_force().filter(links__isnull=False).distinct().count() == left
    assert Evidence.objects.get().removed_at is not None
    assert list(AuditEntry.objects.filter(action__in=["evidence.detached", "evidence.removed"]).values_list("action", flat=True)) == ["evidence.detached", "evidence.removed"]  # fmt: skip


def test_pieces_of_other_assessments_and_members_cannot_be_attached(cast: Cast, running: Assessment) -> None:
    theirs = link(cast.other_lead, begin(cast.other_lead, cast.other, version=running.version_of))
    before = link(cast.lead, begin(cast.lead, cast.agency, title="2024", version=running.version_of))
    where = reverse("assessments:evidence_attach", kwargs=at(cast.lead, running, "GOV.1.1").url_args)
    for piece in (theirs.public_id, before.public_id, "x", ""):
        assert client_of(cast.lead).post(where, {"piece": piece}).status_code == 404
    with pytest.raises(Refused, match="another assessment"):
        services.attach_evidence(actor=cast.lead, place=at(cast.lead, running, "GOV.1.1"), evidence=before)
    mine = link(cast.lead, running)
    for code in ("GOV.9.9", "", "'", "x" * 5000):
        response = client_of(cast.lead).post(url(running, "piece_attach", mine.public_id), {"code": code})
        assert response.status_code == 404
    assert EvidenceLink.objects.count() == 3


def test_acceptance_is_of_a_piece_for_a_question(cast: Cast, running: Assessment) -> None:
    second = UserFactory()
    join(cast.agency, second, "reviewer")
    piece = link(cast.respondent, running)
    services.attach_evidence(actor=second, place=at(cast.lead, running, "GOV.1.2"), evidence=piece)
    for code in ("GOV.1.1", "GOV.1.2"):
        answer(cast.respondent, running, code, "5")
    services.agree_answer(
        actor=second, place=at(cast.lead, running, "GOV.1.1"), expected=1, accepted=[piece.public_id]
    )
    assert (grade(running, "GOV.1.1"), grade(running, "GOV.1.2")) == ("E3", "E2")
    # Who chose the piece for this question is not independent of it.
    with pytest.raises(Refused, match="added this evidence yourself"):
        services.agree_answer(
            actor=second, place=at(cast.lead, running, "GOV.1.2"), expected=1, accepted=[piece.public_id]
        )
    answer(cast.respondent, running, "GOV.1.2", "4")
    assert grade(running, "GOV.1.1") == "E3"
    answer(cast.respondent, running, "GOV.1.1", "4")
    assert grade(running, "GOV.1.1") == "E2"


def test_nothing_is_attached_or_changed_after_submitting(cast: Cast, running: Assessment) -> None:
    answer(cast.respondent, running, "GOV.1.1", "2")
    piece = link(cast.lead, running)
    services.submit_assessment(actor=cast.lead, assessment=running)
    client = client_of(cast.lead)
    attach = reverse("assessments:evidence_attach", kwargs=at(cast.lead, running, "GOV.1.2").url_args)
    assert client.post(attach, {"piece": piece.public_id}).status_code == 409
    assert client.post(url(running, "piece_attach", piece.public_id), {"code": "GOV.1.2"}).status_code == 409
    data = {"title": "Other", "version": "1", "url": "https://example.org"}
    assert client.post(url(running, "evidence_piece", piece.public_id), data).status_code == 409
    page = client.get(url(running, "evidence_piece", piece.public_id)).content.decode()
    assert "Words and dates" not in page and "Detach" not in page


# --- kinds, dates and expiry ----------------------------------------------------------------------


def test_what_is_held_but_cannot_be_shared_counts_as_described(cast: Cast, running: Assessment) -> None:
    answer(cast.respondent, running, "GOV.1.1", "4")
    with pytest.raises(Refused, match="Say who holds it"):
        link(cast.lead, running, kind="held", url="", owner="", place="Safe")
    link(cast.lead, running, kind="held", url="", owner="Registry", place="Safe 3")
    assert grade(running, "GOV.1.1") == "E1"
    page = client_of(cast.lead).get(
        reverse("assessments:question", kwargs=at(cast.lead, running, "GOV.1.1").url_args)
    )
    assert "Held, cannot be shared" in page.content.decode()


@pytest.mark.parametrize(
    ("dated", "expires", "wanted", "said"),
    [
        (30, None, "E2", ""),
        (30, 10, "E2", "Expires on"),
        (30, 200, "E2", ""),
        (30, 0, "E2", "Expires on"),
        (30, -1, "E1", "Expired on"),
        (900, None, "E1", "Older than 24 months"),
        (900, -1, "E1", "Expired on"),
        (None, None, "E1", "Without a date"),
        (None, -1, "E1", "Expired on"),
    ],
)
def test_dates_wear_a_piece_once_and_are_said_in_words(
    cast: Cast, running: Assessment, dated: int | None, expires: int | None, wanted: str, said: str
) -> None:
    answer(cast.respondent, running, "GOV.1.1", "4")
    today = localdate()
    link(
        cast.lead, running,
        dated=today - timedelta(days=dated) if dated is not None else None,
        expires_on=today + timedelta(days=expires) if expires is not None else None,
    )  # fmt: skip
    assert grade(running, "GOV.1.1") == wanted
    page = (
        client_of(cast.lead)
        .get(reverse("assessments:question", kwargs=at(cast.lead, running, "GOV.1.1").url_args))
        .content.decode()
    )
    for words in ("Expires on", "Expired on", "Older than 24 months", "Without a date: it"):
        assert (words in page) == (bool(said) and words.startswith(said))


def test_an_expired_description_counts_as_nothing(cast: Cast, running: Assessment) -> None:
    answer(cast.respondent, running, "GOV.1.1", "2")
    day = localdate() - timedelta(days=30)
    link(cast.lead, running, kind="described", url="", owner="o", place="p", dated=day, expires_on=day)
    assert grade(running, "GOV.1.1") == "E0"
    result = services.submit_assessment(actor=cast.lead, assessment=running)
    assert result.inputs["answers"]["GOV.1.1"] == {"level": 2, "evidence": "E0"}


def test_a_piece_cannot_expire_before_its_date(cast: Cast, running: Assessment) -> None:
    with pytest.raises(Refused, match="expire before"):
        link(cast.lead, running, expires_on=localdate() - timedelta(days=1))


# --- mending --------------------------------------------------------------------------------------


def test_a_new_date_makes_it_another_paper(cast: Cast, running: Assessment) -> None:
    answer(cast.respondent, running, "GOV.1.1", "4")
    piece = link(cast.respondent, running)
    services.agree_answer(
        actor=cast.lead, place=at(cast.lead, running, "GOV.1.1"), expected=1, accepted=[piece.public_id]
    )
    client, where = client_of(cast.respondent), url(running, "evidence_piece", piece.public_id)
    data = {"title": "Decree of May", "url": piece.url, "dated": piece.dated.isoformat(), "version": "1"}  # type: ignore[union-attr]
    assert client.post(where, data).status_code == 302
    assert (
        EvidenceLink.objects.get().accepted_by == cast.lead
        and Evidence.objects.get().title == "Decree of May"
    )
    assert client.post(where, {**data, "dated": "2026-01-01", "version": "2"}).status_code == 302
    assert EvidenceLink.objects.get().accepted_by is None and Response.objects.get().agreed_by is None
    stale = client.post(where, {**data, "title": "Mine", "version": "1"})
    assert stale.status_code == 409 and "Mine" in stale.content.decode()
    assert "Decree of May" in stale.content.decode()
    for wrong, said in (
        ({"title": ""}, "required"), ({"url": "javascript:x"}, "valid URL"), ({"dated": "2999-01-01"}, "future"),
        ({"expires_on": "2000-01-01"}, "expire before"),
    ):  # fmt: skip
        response = client.post(where, {**data, "version": "3", **wrong})
        assert response.status_code == 422 and said in response.content.decode()
    with pytest.raises(Conflict):
        services.change_evidence(actor=cast.lead, evidence=piece, expected=1, changes={"title": "x"})


def test_a_link_has_no_file_to_replace_or_save(cast: Cast, running: Assessment) -> None:
    piece = link(cast.lead, running)
    assert client_of(cast.lead).get(url(running, "evidence_file", piece.public_id)).status_code == 400
    item = services.EvidenceInput("file", data=b"x", file_name="a.txt")
    with pytest.raises(Refused, match="no file"):
        services.replace_file(actor=cast.lead, evidence=piece, item=item)


# --- the register ---------------------------------------------------------------------------------


def test_the_register_shows_every_piece_with_its_questions_and_filters(
    cast: Cast, running: Assessment
) -> None:
    client, today = client_of(cast.viewer), localdate()
    empty = client.get(url(running, "evidence_list")).content.decode()
    assert "No evidence is held yet" in empty and "Go to the questions" in empty
    fresh = link(cast.lead, running, title="Fresh")
    services.attach_evidence(actor=cast.lead, place=at(cast.lead, running, "RES.1.1"), evidence=fresh)
    link(cast.lead, running, title="Worn out", expires_on=today, dated=today)
    Evidence.objects.filter(title="Worn out").update(expires_on=today - timedelta(days=1))
    link(cast.lead, running, title="Ancient", dated=today - timedelta(days=900))
    link(cast.lead, running, title="Dateless", dated=None)
    page = client.get(url(running, "evidence_list")).content.decode()
    assert "4 pieces of evidence, 2 expired or old" in page
    assert date_format(today - timedelta(days=1)) in page and ">expired<" in page
    for shown, titles in (
        ("", {"Fresh", "Worn out", "Ancient", "Dateless"}), ("worn", {"Worn out", "Ancient"}),
        ("undated", {"Dateless"}), ("waiting", set()), ("accepted", set()), ("nonsense", {"Fresh", "Worn out", "Ancient", "Dateless"}),
    ):  # fmt: skip
        found = selectors.register_page(cast.viewer, cast.agency.public_id, running.public_id, shown=shown)
        assert {piece.row.title for piece in found.pieces} == titles
    assert (
        "Nothing fits this choice"
        in client.get(url(running, "evidence_list") + "?show=waiting").content.decode()
    )
    one = next(p for p in selectors.register_page(cast.viewer, cast.agency.public_id, running.public_id).pieces if p.row.title == "Fresh")  # fmt: skip
    assert [item.code for item in one.links] == ["GOV.1.1", "RES.1.1"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_register_and_a_piece_cost_the_same(
    cast: Cast, running: Assessment, django_assert_num_queries: Any, count: int
) -> None:
    for n in range(count):
        piece = link(cast.lead, running, title=f"Piece {n}")
        for code in CODES[1 : count + 1]:
            services.attach_evidence(actor=cast.lead, place=at(cast.lead, running, code), evidence=piece)
    where = (cast.agency.public_id, running.public_id)
    with django_assert_num_queries(10):
        selectors.register_page(cast.lead, *where)
    with django_assert_num_queries(10):
        selectors.piece_page(cast.lead, *where, piece.public_id)


# --- carrying rows over ---------------------------------------------------------------------------


def test_the_migration_gives_every_piece_the_question_it_had(cast: Cast, running: Assessment) -> None:
    piece = link(cast.lead, running)
    indicator = EvidenceLink.objects.get().indicator
    EvidenceLink.objects.all().delete()

    class Old:
        """The piece as it was: with one question and one acceptance."""

        def __init__(self) -> None:
            old = SimpleNamespace(
                member_id=piece.member_id, pk=piece.pk, indicator_id=indicator.pk, accepted_by_id=cast.viewer.pk,
                added_by_id=cast.lead.pk, added_at=now(),
            )  # fmt: skip
            self.objects = self
            self.rows = [old]

        def order_by(self, name: str) -> Old:
            return self

        def iterator(self, chunk_size: int) -> list[Any]:
            return self.rows

    class Apps:
        def get_model(self, app: str, name: str) -> Any:
            return Old() if name == "Evidence" else EvidenceLink

    import_module("apps.assessments.migrations.0003_evidence_of_many").link_each_piece(Apps(), None)
    moved = EvidenceLink.objects.get()
    assert (moved.evidence, moved.indicator, moved.accepted_by, moved.attached_by) == (
        piece, indicator, cast.viewer, cast.lead,
    )  # fmt: skip
