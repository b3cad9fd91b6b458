"""Files are closed until their state is known; a scanner that is away, slow or lost costs time and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from apps.accounts.models import Notification
from apps.assessments import services
from apps.assessments.models import Assessment, Evidence, EvidenceLink
from apps.core import clamav, jobs
from apps.core.errors import Conflict, Refused
from apps.core.models import AuditEntry, OutboxMessage
from tests.assessments import clamd
from tests.assessments.flow import answer, at, begin
from tests.assessments.samples import DOCX, EICAR, locked_zip, packed, pdf
from tests.people import Cast


@pytest.fixture
def scanner(settings: Any) -> Iterator[clamd.FakeClamd]:
    with clamd.running() as server:
        settings.CLAMAV_ADDRESS, settings.CLAMAV_TIMEOUT = server.address, 0.4
        yield server


@pytest.fixture
def running(cast: Cast) -> Assessment:
    return begin(cast.lead, cast.agency)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def add(cast: Cast, row: Assessment, data: bytes = b"Minutes.", name: str = "minutes.txt") -> Evidence:
    item = services.EvidenceInput("file", data=data, file_name=name)
    found = services.add_evidence(actor=cast.respondent, place=at(cast.lead, row, "GOV.1.1"), item=item)
    return Evidence.objects.get(public_id=found)


def fetch(cast: Cast, piece: Evidence, name: str = "evidence_file", who: str = "lead") -> HttpResponse:
    args = [cast.agency.public_id, piece.assessment.public_id, piece.public_id]
    return client_of(cast.people[who]).get(reverse(f"assessments:{name}", args=args))


def work() -> None:
    """Let the workers do everything that waits, also what waits for later."""
    OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING).update(not_before=now() - timedelta(1))
    jobs.run_waiting()


def test_without_a_scanner_files_open_and_pages_say_so(cast: Cast, running: Assessment) -> None:
    piece = add(cast, running)
    assert piece.state == "not_scanned" and fetch(cast, piece).getvalue() == b"Minutes."
    page = fetch(cast, piece, "evidence_piece").content.decode()
    assert "Not scanned for viruses" in page
    args = [cast.agency.public_id, running.public_id]
    page = client_of(cast.lead).get(reverse("assessments:evidence_list", args=args)).content.decode()
    assert "no virus scanner" in page


def test_a_clean_file_opens_once_it_was_scanned(
    cast: Cast, running: Assessment, scanner: clamd.FakeClamd
) -> None:
    piece = add(cast, running)
    assert piece.state == "waiting"
    refused = fetch(cast, piece)
    assert refused.status_code == 409 and "waits for the scanner" in refused.content.decode()
    work()
    piece.refresh_from_db()
    assert piece.state == "clean" and scanner.seen == [b"Minutes."]
    assert fetch(cast, piece).getvalue() == b"Minutes."
    assert AuditEntry.objects.filter(action="evidence.scanned", object_id=piece.public_id).count() == 1


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (EICAR, "a.txt"),
        (packed({"a.txt": EICAR}), "a.zip"),
        (packed({**DOCX, "word/media/a.bin": EICAR}), "a.docx"),
    ],
)
def test_an_infected_file_is_locked_away_and_its_people_are_told(
    cast: Cast, running: Assessment, scanner: clamd.FakeClamd, data: bytes, name: str
) -> None:
    answer(cast.respondent, running, "GOV.1.1", "4")
    piece = add(cast, running, data, name)
    work()
    piece.refresh_from_db()
    assert piece.state == "infected"
    assert fetch(cast, piece).status_code == 409
    assert "locked away" in fetch(cast, piece, "evidence_piece").content.decode()
    told = Notification.objects.filter(kind="evidence_infected").values_list("user__email", flat=True)
    assert sorted(told) == ["lead@example.org", "respondent@example.org"]
    entry = AuditEntry.objects.get(action="evidence.scanned")
    assert entry.detail["state"] == "infected" and "EICAR" in entry.detail["signature"]
    with pytest.raises(Refused, match="supports nothing"):
        services.attach_evidence(actor=cast.lead, place=at(cast.lead, running, "GOV.1.2"), evidence=piece)
    with pytest.raises(Refused, match="cannot be opened"):
        services.agree_answer(
            actor=cast.lead, place=at(cast.lead, running, "GOV.1.1"), expected=1, accepted=[piece.public_id]
        )
    page = client_of(cast.lead).get(
        reverse("assessments:question", kwargs=at(cast.lead, running, "GOV.1.1").url_args)
    )
    assert "Held so far: E0" in page.content.decode()


@pytest.mark.parametrize("trouble", ["down", "slow", "error"])
def test_a_scanner_in_trouble_keeps_the_file_closed_and_is_asked_again(
    cast: Cast, running: Assessment, settings: Any, trouble: str
) -> None:
    with clamd.running() as server:
        settings.CLAMAV_ADDRESS, settings.CLAMAV_TIMEOUT = server.address, 0.3
        server.mood = trouble
        if trouble == "down":
            settings.CLAMAV_ADDRESS = "127.0.0.1:9"
        piece = add(cast, running)
        for _ in range(12):
            work()
        piece.refresh_from_db()
        assert piece.state == "unreachable" and fetch(cast, piece).status_code == 409
        assert AuditEntry.objects.filter(action="evidence.scanner_unreachable").count() == 1
        assert not OutboxMessage.objects.filter(state=OutboxMessage.State.DEAD).exists()
        waiting = OutboxMessage.objects.get(state=OutboxMessage.State.WAITING)
        assert now() < waiting.not_before <= now() + timedelta(minutes=15)
        settings.CLAMAV_ADDRESS, server.mood = server.address, "well"
        work()
    piece.refresh_from_db()
    assert piece.state == "clean" and fetch(cast, piece).status_code == 200


def test_what_the_scanner_cannot_look_into_opens_by_the_leads_decision_only(
    cast: Cast, running: Assessment, scanner: clamd.FakeClamd
) -> None:
    scanner.mood = "encrypted"
    looked = add(cast, running, packed({"a.txt": b"x"}), "a.zip")
    scanner.limit = 50
    work()
    told = add(cast, running, locked_zip(), "b.zip")
    assert told.state == "locked"  # known on arrival: nobody is asked
    looked.refresh_from_db()
    assert looked.state == "locked"
    for piece in (looked, told):
        refused = fetch(cast, piece)
        assert refused.status_code == 409 and "lead decides" in refused.content.decode()
        args = [cast.agency.public_id, running.public_id, piece.public_id]
        where = reverse("assessments:evidence_release", args=args)
        assert client_of(cast.respondent).post(where).status_code == 403
        assert client_of(cast.lead).post(where).status_code == 302
        assert fetch(cast, piece, who="viewer").status_code == 200
        page = fetch(cast, piece, "evidence_piece", "viewer").content.decode()
        assert "decided that it may be opened" in page and "Leila Marwan" in page
    assert AuditEntry.objects.filter(action="evidence.released").count() == 2


def test_a_file_over_the_scanners_limit_cannot_be_scanned(
    cast: Cast, running: Assessment, scanner: clamd.FakeClamd
) -> None:
    scanner.limit = 10
    piece = add(cast, running, b"x" * 400_000)
    work()
    piece.refresh_from_db()
    assert piece.state == "locked"


def test_a_replaced_file_is_scanned_anew_and_the_old_scan_says_nothing_about_it(
    cast: Cast, running: Assessment, scanner: clamd.FakeClamd
) -> None:
    piece = add(cast, running)
    newer = services.EvidenceInput("file", data=b"Newer.", file_name="minutes.txt")
    services.replace_file(actor=cast.respondent, evidence=_known(piece), item=newer)
    first = OutboxMessage.objects.filter(topic="assessments.scan_evidence").order_by("created_at")[0]
    jobs.run_message(str(first.pk))
    piece.refresh_from_db()
    assert piece.state == "waiting" and scanner.seen == []
    work()
    piece.refresh_from_db()
    assert piece.state == "clean" and scanner.seen == [b"Newer."]


def _known(piece: Evidence) -> Evidence:
    return Evidence.objects.select_related("assessment__member", "member").get(pk=piece.pk)


def test_rescanning_closes_what_new_signatures_find(cast: Cast, running: Assessment, settings: Any) -> None:
    piece = add(cast, running, EICAR)
    assert piece.state == "not_scanned"
    with pytest.raises(CommandError, match="no scanner"):
        call_command("evidence", "rescan")
    with clamd.running() as server:
        settings.CLAMAV_ADDRESS = server.address
        out = StringIO()
        call_command("evidence", "rescan", stdout=out)
        assert "1 files wait" in out.getvalue()
        assert fetch(cast, piece).status_code == 409
        work()
        call_command("evidence", "rescan", stdout=out)
        work()
    piece.refresh_from_db()
    assert piece.state == "infected"


def test_what_rested_on_a_file_that_turns_out_harmful_falls(
    cast: Cast, running: Assessment, settings: Any
) -> None:
    row = answer(cast.respondent, running, "GOV.1.1", "4")
    other = answer(cast.respondent, running, "GOV.1.2", "4")
    piece = add(cast, running, EICAR)
    for code, accepted in (("GOV.1.1", [piece.public_id]), ("GOV.1.2", [])):
        services.agree_answer(
            actor=cast.lead, place=at(cast.lead, running, code), expected=1, accepted=accepted
        )
    with clamd.running() as server:
        settings.CLAMAV_ADDRESS = server.address
        call_command("evidence", "rescan", stdout=StringIO())
        work()
    row.refresh_from_db()
    other.refresh_from_db()
    assert EvidenceLink.objects.get().accepted_by is None
    assert (row.agreed_by, other.agreed_by) == (None, cast.lead)


def test_the_scanner_may_go_away_for_good(cast: Cast, running: Assessment, settings: Any) -> None:
    settings.CLAMAV_ADDRESS = "127.0.0.1:9"
    piece = add(cast, running)
    settings.CLAMAV_ADDRESS = ""
    work()
    piece.refresh_from_db()
    assert piece.state == "not_scanned"


def test_a_file_that_waits_cannot_be_accepted(
    cast: Cast, running: Assessment, scanner: clamd.FakeClamd
) -> None:
    answer(cast.respondent, running, "GOV.1.1", "4")
    piece = add(cast, running)
    with pytest.raises(Refused, match="cannot be opened yet"):
        services.agree_answer(
            actor=cast.lead, place=at(cast.lead, running, "GOV.1.1"), expected=1, accepted=[piece.public_id]
        )
    work()
    services.agree_answer(
        actor=cast.lead, place=at(cast.lead, running, "GOV.1.1"), expected=1, accepted=[piece.public_id]
    )
    assert EvidenceLink.objects.get().accepted_by == cast.lead
    with pytest.raises(Conflict):
        services.agree_answer(actor=cast.lead, place=at(cast.lead, running, "GOV.1.1"), expected=9)


@pytest.mark.parametrize("address", ["nowhere", "127.0.0.1:notaport", "/no/such/socket", "127.0.0.1:9"])
def test_an_address_that_answers_nothing_is_unreachable(address: str) -> None:
    with pytest.raises(clamav.Unreachable):
        clamav.scan([b"x"], address=address, timeout=0.2)


def test_a_pdf_with_a_password_waits_for_the_lead_without_a_scanner_too(
    cast: Cast, running: Assessment
) -> None:
    piece = add(cast, running, pdf(password="x"), "a.pdf")
    assert piece.state == "locked" and fetch(cast, piece).status_code == 409
