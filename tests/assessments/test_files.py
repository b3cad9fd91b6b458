"""Files at rest and on their way out: sealed, whole or not at all, within a quota, on record, gone when removed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, connections
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from apps.accounts.models import User
from apps.assessments import services
from apps.assessments.models import Assessment, Evidence, EvidenceLink, Response
from apps.assessments.services import evidence as evidence_services
from apps.assessments.services import store
from apps.core import jobs
from apps.core.errors import Refused
from apps.core.models import AuditEntry, DataKey, OutboxMessage
from apps.members.models import Grant, GrantReading
from tests.assessments.flow import answer, at, begin
from tests.factories import share, small_version
from tests.people import Cast, make_cast

SECRET = b"Minutes that nobody else may read. " * 20_000  # 700 kB: several chunks


@pytest.fixture
def running(cast: Cast) -> Assessment:
    return begin(cast.lead, cast.agency)


@pytest.fixture(autouse=True)
def tombstones_of_one_test(settings: Any, tmp_path: Path) -> None:
    settings.ERASED_KEYS_FILE = str(tmp_path / "erased-keys")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def add(who: User, row: Assessment, data: bytes = SECRET, *, code: str = "GOV.1.1", **more: Any) -> Evidence:
    item = services.EvidenceInput("file", data=data, file_name="minutes.txt", **more)
    return known(services.add_evidence(actor=who, place=at(row.lead, row, code), item=item))


def known(public_id: str) -> Evidence:
    return Evidence.objects.select_related("assessment__member", "member").get(public_id=public_id)


def address(piece: Evidence, name: str = "evidence_file") -> str:
    row = piece.assessment
    return reverse(f"assessments:{name}", args=[row.member.public_id, row.public_id, piece.public_id])


def stored(piece: Evidence) -> Path:
    return Path(default_storage.path(piece.file.name))


def all_stored() -> list[Path]:
    return [p for p in Path(default_storage.location).rglob("*") if p.is_file()]  # type: ignore[attr-defined]


def work() -> None:
    OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING).update(not_before=now() - timedelta(1))
    jobs.run_waiting()


# --- at rest (3.4, C17, C19, C20) -----------------------------------------------------------------


def test_a_file_lies_sealed_under_a_random_name_and_comes_back_whole(cast: Cast, running: Assessment) -> None:
    piece = add(cast.respondent, running, title="../../etc/passwd")
    raw = stored(piece).read_bytes()
    assert raw.startswith(b"BELAYF1\n") and b"Minutes" not in raw and len(raw) > len(SECRET)
    assert store.NAME.fullmatch(piece.file.name) and "passwd" not in piece.file.name
    response = client_of(cast.viewer).get(address(piece))
    assert response.getvalue() == SECRET and response["Content-Length"] == str(len(SECRET))


def test_two_members_add_the_same_file_and_share_nothing(cast: Cast, running: Assessment) -> None:
    theirs = begin(cast.other_lead, cast.other, version=running.version_of)
    one, two = add(cast.lead, running), add(cast.other_lead, theirs)
    assert one.sha256 == two.sha256 and one.file.name != two.file.name and one.file_key != two.file_key
    assert stored(one).read_bytes()[100:200] != stored(two).read_bytes()[100:200]
    assert set(DataKey.objects.values_list("owner", "version")) == {
        (cast.agency.public_id, 1), (cast.other.public_id, 1),
    }  # fmt: skip


Harm = Callable[[Evidence, Evidence], None]


def _cut(piece: Evidence, other: Evidence) -> None:
    stored(piece).write_bytes(stored(piece).read_bytes()[: store.CHUNK + 35])


def _flip(piece: Evidence, other: Evidence) -> None:
    raw = bytearray(stored(piece).read_bytes())
    raw[-1] ^= 1
    stored(piece).write_bytes(bytes(raw))


def _swap(piece: Evidence, other: Evidence) -> None:
    mine, theirs = stored(piece).read_bytes(), stored(other).read_bytes()
    stored(piece).write_bytes(theirs)
    stored(other).write_bytes(mine)


def _swap_with_keys(piece: Evidence, other: Evidence) -> None:
    Evidence.objects.filter(pk=piece.pk).update(
        file=other.file.name, file_key=other.file_key, key_version=other.key_version, sha256=other.sha256
    )


def _older(piece: Evidence, other: Evidence) -> None:
    before, key = stored(piece).read_bytes(), piece.file_key
    item = services.EvidenceInput("file", data=b"Newer.", file_name="minutes.txt")
    newer = services.replace_file(actor=piece.added_by, evidence=piece, item=item)
    stored(newer).write_bytes(before)
    Evidence.objects.filter(pk=piece.pk).update(file_key=key)


def _gone(piece: Evidence, other: Evidence) -> None:
    stored(piece).unlink()


def _pointed_elsewhere(piece: Evidence, other: Evidence) -> None:
    Evidence.objects.filter(pk=piece.pk).update(file="evidence_evil/" + "a" * 20, file_key="")


def _symlink(piece: Evidence, other: Evidence) -> None:
    outside = stored(piece).parent / "outside"
    outside.write_bytes(b"root:x:0:0")
    stored(piece).unlink()
    stored(piece).symlink_to(outside)


@pytest.mark.parametrize(
    "harm", [_cut, _flip, _swap, _swap_with_keys, _older, _gone, _pointed_elsewhere, _symlink]
)
def test_a_harmed_store_gives_an_error_and_a_record_and_never_other_content(
    cast: Cast, running: Assessment, harm: Harm
) -> None:
    piece, other = add(cast.respondent, running), add(cast.respondent, running, b"Other.", code="GOV.1.2")
    harm(piece, other)
    response = client_of(cast.lead).get(address(piece))
    assert response.status_code == 400 and "Tell the administrators" in response.content.decode()
    assert AuditEntry.objects.filter(action="evidence.unreadable", object_id=piece.public_id).count() == 1
    assert not AuditEntry.objects.filter(action="evidence.read").exists()


def test_keys_rotate_while_files_stay_readable(cast: Cast, running: Assessment, settings: Any) -> None:
    piece, out = add(cast.respondent, running), StringIO()
    raw = stored(piece).read_bytes()
    call_command("evidence", "rotate", "--member", cast.agency.public_id, stdout=out)
    settings.FILE_KEY = "a file key of its own, long enough to be one"
    call_command("evidence", "rewrap", stdout=out)
    settings.SECRET_KEY = "another secret key; the old one opens nothing any more"
    again = known(piece.public_id)
    assert again.key_version == 2 and again.file_key != piece.file_key and stored(again).read_bytes() == raw
    assert b"".join(store.proven(again)) == SECRET
    call_command("evidence", "check", stdout=out)
    assert "1 files are what was added." in out.getvalue()
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {"keys.rotated", "keys.rewrapped"}


def test_files_stored_plain_are_read_and_sealed_by_the_command(cast: Cast, running: Assessment) -> None:
    piece = add(cast.respondent, running)
    name = default_storage.save("evidence/" + "a" * 20, BytesIO(SECRET))  # type: ignore[arg-type]
    Evidence.objects.filter(pk=piece.pk).update(file=name, file_key="", key_version=0)
    assert client_of(cast.lead).get(address(piece)).getvalue() == SECRET
    out = StringIO()
    call_command("evidence", "status", stdout=out)
    call_command("evidence", "seal", stdout=out)
    call_command("evidence", "seal", stdout=out)
    work()
    assert (
        "plain: 1" in out.getvalue()
        and "1 files sealed" in out.getvalue()
        and "0 files sealed" in out.getvalue()
    )
    sealed = known(piece.public_id)
    assert sealed.file.name != name and not default_storage.exists(name)
    assert b"Minutes" not in stored(sealed).read_bytes()
    assert client_of(cast.lead).get(address(piece)).getvalue() == SECRET


def test_sealing_leaves_what_is_not_what_was_added(cast: Cast, running: Assessment) -> None:
    piece = add(cast.respondent, running)
    name = default_storage.save("evidence/" + "b" * 20, BytesIO(b"other"))  # type: ignore[arg-type]
    Evidence.objects.filter(pk=piece.pk).update(file=name, file_key="")
    with pytest.raises(CommandError, match="another content"):
        call_command("evidence", "seal", stdout=StringIO())
    with pytest.raises(CommandError, match="another content"):
        call_command("evidence", "check", stdout=StringIO())
    assert known(piece.public_id).file_key == ""


def test_an_erased_members_files_are_unreadable_and_others_are_not(cast: Cast, running: Assessment) -> None:
    theirs = begin(cast.other_lead, cast.other, version=running.version_of)
    mine, other = add(cast.lead, running), add(cast.other_lead, theirs)
    before = list(DataKey.objects.values())
    with pytest.raises(CommandError, match="is called"):
        call_command("evidence", "erase", "--member", cast.agency.public_id, "--name", "X")
    with pytest.raises(CommandError, match="no member"):
        call_command("evidence", "erase", "--member", "q" * 20, "--name", "X")
    call_command(
        "evidence", "erase", "--member", cast.agency.public_id, "--name", cast.agency.name, stdout=StringIO()
    )
    for values in before:  # a backup of the database is put back
        DataKey.objects.filter(pk=values["id"]).update(**values)
    gone = client_of(cast.lead).get(address(mine))
    assert gone.status_code == 400 and "was erased" in gone.content.decode()
    assert client_of(cast.other_lead).get(address(other)).status_code == 200
    with pytest.raises(CommandError, match="key erased"):
        call_command("evidence", "check", stdout=StringIO())


def test_a_missing_master_key_is_said_in_words(cast: Cast, running: Assessment, settings: Any) -> None:
    piece = add(cast.lead, running)
    settings.FILE_KEY_FILE = "/no/such/file"
    assert client_of(cast.lead).get(address(piece)).status_code == 400
    with pytest.raises(Refused, match="key of the site is missing"):
        add(cast.lead, running, code="GOV.1.2")
    with pytest.raises(CommandError, match="does not open"):
        call_command("evidence", "rewrap")
    assert Evidence.objects.count() == 1 and len(all_stored()) == 1


# --- quota (C12) ----------------------------------------------------------------------------------


def test_one_byte_over_the_quota_is_413_and_leaves_nothing(
    cast: Cast, running: Assessment, settings: Any
) -> None:
    settings.EVIDENCE_QUOTA_BYTES = 100
    add(cast.respondent, running, b"a" * 60)
    place = at(cast.lead, running, "GOV.1.2")
    where = reverse("assessments:evidence_add", kwargs=place.url_args)
    for size, status in ((41, 413), (40, 302), (1, 413)):
        data = {"ev-kind": "file", "ev-file": SimpleUploadedFile("a.txt", b"b" * size)}
        assert client_of(cast.respondent).post(where, data).status_code == status
    assert sum(Evidence.objects.values_list("size", flat=True)) == 100 and len(all_stored()) == 2


def test_the_number_of_files_is_limited_and_a_removed_one_makes_room(
    cast: Cast, running: Assessment, settings: Any
) -> None:
    settings.EVIDENCE_MOST_FILES = 1
    piece = add(cast.respondent, running)
    with pytest.raises(services.TooMuch):
        add(cast.respondent, running, code="GOV.1.2")
    newer = services.EvidenceInput("file", data=b"Newer.", file_name="a.txt")
    services.replace_file(actor=cast.respondent, evidence=piece, item=newer)
    services.remove_evidence(
        actor=cast.lead, place=at(cast.lead, running, "GOV.1.1"), evidence=known(piece.public_id)
    )
    work()
    add(cast.respondent, running, code="GOV.1.2")


@pytest.mark.django_db(transaction=True)
def test_parallel_uploads_at_the_edge_never_exceed_the_quota(settings: Any) -> None:
    settings.EVIDENCE_QUOTA_BYTES = 50
    cast = make_cast()
    row = begin(cast.lead, cast.agency, version=small_version())
    item = services.EvidenceInput("file", data=b"c" * 20, file_name="a.txt")
    places = [at(cast.lead, row, code) for code in ("GOV.1.1", "GOV.1.2", "RES.1.1")]
    done: list[str] = []

    def send(n: int) -> None:
        for _attempt in range(500):
            try:
                services.add_evidence(actor=cast.respondent, place=places[n % 3], item=item)
                done.append("kept")
            except Refused:
                done.append("refused")
            except OperationalError:  # the test database in memory does not wait for a lock: come again
                time.sleep(0.02)
                continue
            break
        connections.close_all()

    threads = [threading.Thread(target=send, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["kept"] * 2 + ["refused"] * 6
    assert sum(Evidence.objects.values_list("size", flat=True)) == 40 and len(all_stored()) == 2


# --- replacing and removing (C23, C24) ------------------------------------------------------------


def test_an_invalid_newer_file_leaves_the_old_one(cast: Cast, running: Assessment) -> None:
    piece = add(cast.respondent, running)
    for data, status in ((b"MZ\x90\x00" + b"\x00" * 99, 422), (b"", 422)):
        sent = {"new-file": SimpleUploadedFile("a.txt", data)}
        response = client_of(cast.respondent).post(address(piece, "evidence_replace"), sent)
        assert response.status_code == status
    assert client_of(cast.lead).get(address(piece)).getvalue() == SECRET
    assert known(piece.public_id).revision == 1 and len(all_stored()) == 1


def test_a_crash_while_replacing_leaves_the_old_file(
    cast: Cast, running: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    piece = add(cast.respondent, running)

    def crash(*args: Any, **more: Any) -> None:
        raise RuntimeError("the machine stops here")

    monkeypatch.setattr(evidence_services, "_void", crash)
    item = services.EvidenceInput("file", data=b"Newer.", file_name="a.txt")
    with pytest.raises(RuntimeError):
        services.replace_file(actor=cast.respondent, evidence=known(piece.public_id), item=item)
    work()
    assert client_of(cast.lead).get(address(piece)).getvalue() == SECRET and len(all_stored()) == 1


def test_a_newer_file_takes_the_place_of_the_old_at_all_questions(cast: Cast, running: Assessment) -> None:
    answer(cast.respondent, running, "GOV.1.1", "4")
    piece = add(cast.respondent, running)
    place = at(cast.lead, running, "GOV.1.1")
    services.attach_evidence(actor=cast.respondent, place=at(cast.lead, running, "RES.1.1"), evidence=piece)
    services.agree_answer(actor=cast.lead, place=place, expected=1, accepted=[piece.public_id])
    sent = {"new-file": SimpleUploadedFile("a.txt", b"Newer."), "new-dated": "2026-01-05"}
    assert client_of(cast.respondent).post(address(piece, "evidence_replace"), sent).status_code == 302
    work()
    again = known(piece.public_id)
    assert again.revision == 2 and again.links.count() == 2 and len(all_stored()) == 1
    assert not EvidenceLink.objects.filter(accepted_by__isnull=False).exists()
    assert Response.objects.get().agreed_by is None
    assert client_of(cast.lead).get(address(piece)).getvalue() == b"Newer."


def test_a_removed_file_and_its_key_are_gone(cast: Cast, running: Assessment) -> None:
    piece = add(cast.respondent, running)
    place = at(cast.lead, running, "GOV.1.1")
    assert services.remove_evidence(actor=cast.lead, place=place, evidence=piece)
    for name in ("evidence_file", "evidence_piece"):
        assert client_of(cast.lead).get(address(piece, name)).status_code == 404
    question = reverse("assessments:evidence", kwargs={**place.url_args, "evidence": piece.public_id})
    assert client_of(cast.lead).get(question).status_code == 404
    work()
    again = known(piece.public_id)
    assert (
        all_stored() == [] and (again.file.name, again.file_key) == ("", "") and again.sha256 == piece.sha256
    )


def test_removed_files_are_kept_as_long_as_the_site_says(
    cast: Cast, running: Assessment, settings: Any
) -> None:
    settings.EVIDENCE_RETENTION_DAYS = 7
    piece = add(cast.respondent, running)
    services.remove_evidence(actor=cast.lead, place=at(cast.lead, running, "GOV.1.1"), evidence=piece)
    jobs.run_waiting()
    assert len(all_stored()) == 1
    assert OutboxMessage.objects.get(topic="assessments.destroy_file").not_before > now() + timedelta(days=6)
    work()
    assert all_stored() == []


def test_a_failed_save_takes_its_file_with_it(
    cast: Cast, running: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*args: Any, **more: Any) -> None:
        raise RuntimeError("the machine stops here")

    monkeypatch.setattr(evidence_services, "_record", crash)
    with pytest.raises(RuntimeError):
        add(cast.respondent, running)
    assert all_stored() == [] and not Evidence.objects.exists()


# --- on the way out (3.2, C1, C11, C13) -----------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../etc/passwd", "etc-passwd.txt"),
        ("\u202etxt.exe", "txt.exe.txt"),
        ("a\r\nSet-Cookie: x", "aSet-Cookie_x.txt"),
        ("\"; filename*=UTF-8''x", "filename_UTF-8_x.txt"),
        ("CON", "CON.txt"),
        ("...", "evidence.txt"),
        ("🎉", "evidence.txt"),
        ("محضر", "محضر.txt"),
        ("x" * 200, "x" * 80 + ".txt"),
    ],
)
def test_the_name_of_a_saved_file_is_harmless(cast: Cast, running: Assessment, title: str, name: str) -> None:
    from urllib.parse import quote

    piece = add(cast.respondent, running, b"x", title=title)
    header = client_of(cast.lead).get(address(piece))["Content-Disposition"]
    wanted = f'filename="{name}"' if name.isascii() else f"filename*=utf-8''{quote(name)}"
    assert header == f"attachment; {wanted}"


def test_markup_leaves_as_text_that_no_page_of_ours_runs(cast: Cast, running: Assessment) -> None:
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><foreignObject/><script>alert(1)</script></svg>"
    response = client_of(cast.lead).get(address(add(cast.respondent, running, svg)))
    assert response["Content-Type"] == "text/plain" and response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Content-Disposition"].startswith("attachment")
    assert (
        "no-store" in response["Cache-Control"] and response["Cross-Origin-Resource-Policy"] == "same-origin"
    )


def test_ranges_conditions_and_heads_take_no_other_way(cast: Cast, running: Assessment) -> None:
    piece = add(cast.respondent, running)
    client = client_of(cast.lead)
    for headers in (
        {"Range": "bytes=0-3"}, {"Range": "bytes=0-1,5-9", "If-Range": '"x"'}, {"If-None-Match": "*"},
        {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    ):  # fmt: skip
        response = client.get(address(piece), headers=headers)
        assert response.status_code == 200 and response.getvalue() == SECRET
        assert "ETag" not in response and "Last-Modified" not in response
    for method in ("get", "head"):
        assert getattr(client_of(cast.outsider), method)(address(piece)).status_code == 404
        assert getattr(Client(), method)(address(piece)).status_code == 302
    assert client.head(address(piece)).getvalue() == b""
    assert client.post(address(piece)).status_code == 405


@pytest.fixture
def shared(cast: Cast, running: Assessment) -> tuple[Evidence, Evidence]:
    """A file in a granted area and one in another, of a submitted assessment."""
    answer(cast.respondent, running, "GOV.1.1", "2")
    inside, outside = add(cast.respondent, running), add(cast.respondent, running, b"Other.", code="RES.1.1")
    services.submit_assessment(actor=cast.lead, assessment=running)
    return inside, outside


def get_shared(who: User, piece: Evidence, method: str = "get", **headers: str) -> HttpResponse:
    where = reverse("assessments:shared_file", args=[piece.assessment.member.public_id, piece.public_id])
    response: HttpResponse = getattr(client_of(who), method)(where, headers=headers)
    return response


def test_a_reader_fetches_only_what_the_grant_includes_and_the_owner_sees_it(
    cast: Cast, shared: tuple[Evidence, Evidence]
) -> None:
    inside, outside = shared
    assert get_shared(cast.mentor, inside).status_code == 404
    without = share(cast.agency, cast.lead, cast.mentor_partner)
    assert get_shared(cast.mentor, inside).status_code == 404
    grant = share(cast.agency, cast.lead, cast.mentor_partner, areas=["GOV.1"], with_evidence=True)
    page = client_of(cast.mentor).get(reverse("assessments:shared", args=[cast.agency.public_id]))
    assert inside.public_id in page.content.decode() and outside.public_id not in page.content.decode()
    GrantReading.objects.all().delete()
    assert get_shared(cast.mentor, inside).getvalue() == SECRET
    assert get_shared(cast.mentor, outside).status_code == 404
    for who in (cast.other_lead, cast.manager, cast.outsider, cast.staff):
        assert get_shared(who, inside).status_code == 404
    assert list(GrantReading.objects.values_list("grant", "user")) == [(grant.pk, cast.mentor.pk)]
    entry = AuditEntry.objects.get(action="evidence.read")
    assert entry.actor == cast.mentor.public_id and entry.detail["grants"] == [grant.public_id]
    assert without.public_id not in entry.detail["grants"]


def test_a_grant_that_was_given_for_titles_gives_no_files_after_the_upgrade(
    cast: Cast, shared: tuple[Evidence, Evidence]
) -> None:
    long_ago = now() - timedelta(days=4000)
    share(cast.agency, cast.lead, cast.mentor_partner, with_evidence=True, given_at=long_ago)
    page = client_of(cast.mentor).get(reverse("assessments:shared", args=[cast.agency.public_id]))
    assert "minutes.txt" in page.content.decode() and shared[0].public_id not in page.content.decode()
    assert get_shared(cast.mentor, shared[0]).status_code == 404
    share(cast.agency, cast.lead, cast.mentor_partner, with_evidence=True, areas=["GOV.1"])
    assert get_shared(cast.mentor, shared[0]).status_code == 200
    assert get_shared(cast.mentor, shared[1]).status_code == 404


@pytest.mark.parametrize("ended", ["withdrawn_at", "ends_on"])
def test_after_withdrawal_the_next_request_finds_nothing(
    cast: Cast, shared: tuple[Evidence, Evidence], ended: str
) -> None:
    share(cast.agency, cast.lead, cast.mentor_partner, with_evidence=True)
    assert get_shared(cast.mentor, shared[0]).status_code == 200
    value = now() if ended == "withdrawn_at" else now().date() - timedelta(days=2)
    Grant.objects.update(**{ended: value})
    plain = get_shared(cast.mentor, shared[0])
    assert plain.status_code == 404
    for method, headers in (
        ("head", {}), ("get", {"Range": "bytes=0-9"}), ("get", {"Range": "bytes=0-1,4-5"}),
        ("get", {"If-Range": '"a"', "Range": "bytes=0-1"}), ("get", {"If-None-Match": "*"}),
    ):  # fmt: skip
        assert get_shared(cast.mentor, shared[0], method, **headers).status_code == 404
    assert AuditEntry.objects.filter(action="evidence.read").count() == 1


def test_a_file_that_is_barred_or_red_is_not_shared(cast: Cast, shared: tuple[Evidence, Evidence]) -> None:
    share(cast.agency, cast.lead, cast.mentor_partner, with_evidence=True)
    for harm in ({"tlp": "TLP:RED"}, {"state": "infected"}, {"state": "waiting"}, {"state": "locked"}):
        before = Evidence.objects.filter(pk=shared[0].pk).values(*harm).get()
        Evidence.objects.filter(pk=shared[0].pk).update(**harm)
        assert get_shared(cast.mentor, shared[0]).status_code == 404
        Evidence.objects.filter(pk=shared[0].pk).update(**before)
    assert get_shared(cast.mentor, shared[0]).status_code == 200


def test_adding_to_another_members_question_writes_no_file(cast: Cast, running: Assessment) -> None:
    theirs = begin(cast.other_lead, cast.other, version=running.version_of)
    where = reverse("assessments:evidence_add", kwargs=at(cast.other_lead, theirs, "GOV.1.1").url_args)
    data = {"ev-kind": "file", "ev-file": SimpleUploadedFile("a.txt", b"x")}
    assert client_of(cast.lead).post(where, data).status_code == 404
    assert all_stored() == [] and connection.in_atomic_block
