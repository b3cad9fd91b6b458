"""Attacks on the walls between members, one test a case; `docs/security-cases.md` lists all cases and where each is tested."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.assessments import services
from apps.assessments.models import Assessment, Evidence, Response
from apps.assessments.selectors.sharing import result_under_grant
from apps.core.access import PUBLIC
from apps.core.checks import own_views
from apps.members.models import Grant, Membership
from tests.access.test_matrix import ask, rows, url_of, world
from tests.assessments.flow import answer, at, begin, submitted
from tests.effort import memory_at_most
from tests.factories import share, small_version
from tests.people import Cast

pytestmark = pytest.mark.django_db
# Whatever stands for one row of a member: an address with such a key must not tell whether the row exists.
IDS = re.compile(r"[a-z2-7]{20}")


def browser(user: User, **more: Any) -> Client:
    client = Client(**more)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def told(response: Any, *parts: str) -> tuple[int, str, tuple[str, ...]]:
    """What an answer says, without what differs in every answer: status, text, names of headers."""
    text = "a file" if response.streaming else response.content.decode(errors="replace")
    for part in (response.headers.get("X-Request-ID", "-"), *parts):
        text = text.replace(part, "")
    text = re.sub(r'value="[A-Za-z0-9_-]{20,}"|"X-CSRFToken": "[A-Za-z0-9]+"', "", text)
    text = IDS.sub("", text)
    return response.status_code, text, tuple(sorted(set(response.headers) - {"Set-Cookie"}))


def apart(one: tuple[Any, ...], two: tuple[Any, ...]) -> str:
    """Where two answers begin to differ."""
    if (one[0], one[2:]) != (two[0], two[2:]):
        return f"{one[0]} {one[2:]} and {two[0]} {two[2:]}"
    at = next((n for n, (a, b) in enumerate(zip(one[1], two[1], strict=False)) if a != b), 0)
    return f"{one[1][at - 40 : at + 60]!r} and {two[1][at - 40 : at + 60]!r}"


def other_ids(cast: Cast) -> Cast:
    """The same cast with ids that nothing has."""
    ids = {
        key: "q" * 20 if isinstance(value, str) and IDS.fullmatch(value) else value
        for key, value in cast.ids.items()
    }
    return Cast(cast.people, cast.nation, cast.agency, cast.other, cast.mentor_partner, cast.programme, ids)


def hidden(person: str) -> Iterator[tuple[str, str, Any]]:
    """Rows of the matrix that answer 404 to this person."""
    for method, name, statuses, data in rows():
        if statuses[person] == 404:
            yield method, name, data


@pytest.mark.parametrize("person", ["other_lead", "outsider"])
def test_a1_a2_rows_of_another_member_look_like_rows_that_are_not_there(person: str) -> None:
    """A1, A2, A3, A10: pages, exports, files, reports, comments, by every method, tell nothing and change nothing."""
    cast = world()
    nobody, client = other_ids(cast), browser(cast.people[person])
    wrong, tried = [], 0
    before = (Evidence.objects.count(), Response.objects.count(), _files())
    for method, name, data in hidden(person):
        tried += 1
        sent = data(cast) if callable(data) else data
        with transaction.atomic():
            real = told(ask(client, method, name, cast, sent), url_of(name, cast))
        sent = data(cast) if callable(data) else data
        with transaction.atomic():
            none = told(ask(client, method, name, nobody, sent), url_of(name, nobody))
        if real != none:
            wrong.append(f"{method} {name}: {apart(real, none)}")
    assert wrong[:5] == [] and tried > 100
    assert before == (Evidence.objects.count(), Response.objects.count(), _files())


def _files() -> int:
    place = Path(default_storage.location)  # type: ignore[attr-defined]
    return sum(1 for path in place.rglob("*") if path.is_file())


@pytest.fixture
def running(cast: Cast) -> Assessment:
    return begin(cast.lead, cast.agency)


def url(row: Assessment, name: str = "question", code: str = "GOV.1.2") -> str:
    where = (row.member.public_id, row.public_id, code.rpartition(".")[0], code)
    return reverse(f"assessments:{name}", args=where)


def piece(user: User, row: Assessment, title: str, code: str = "GOV.1.2") -> str:
    item = services.EvidenceInput("link", title=title, url="https://example.org/p")
    return services.add_evidence(actor=user, place=at(user, row, code), item=item)


def test_a5_a_list_with_one_foreign_piece_is_refused_whole(cast: Cast, running: Assessment) -> None:
    theirs = begin(cast.other_lead, cast.other, version=running.version_of)
    foreign = piece(cast.other_lead, theirs, "Theirs")
    own = piece(cast.respondent, running, "Ours")
    answer(cast.respondent, running, "GOV.1.2", "3")
    client, data = browser(cast.lead), {"version": "1", "accepted": [own, foreign]}
    assert client.post(url(running, "agree"), data).status_code == 409
    assert Response.objects.get(assessment=running).agreed_by is None
    assert not Evidence.objects.filter(links__accepted_by__isnull=False).exists()
    assert client.post(url(running, "agree"), data | {"accepted": [own]}).status_code == 302
    assert Response.objects.get(assessment=running).agreed_by == cast.lead


def test_a6_fields_that_no_form_has_change_nothing(cast: Cast, running: Assessment) -> None:
    extra = {
        "member": cast.other.public_id, "tenant": cast.other.public_id, "owner": "1", "role": "lead", "is_staff": "true",
        "is_superuser": "1", "state": "submitted", "status": "signed", "score": "5", "tlp": "TLP:CLEAR", "agreed_by": "1",
        "answered_by": cast.lead.public_id, "email": "a@example.org", "is_demo": "1", "public_id": "a" * 20,
    }  # fmt: skip
    client = browser(cast.respondent)
    assert client.post(url(running), {"answer": "2", "version": "0", **extra}).status_code == 302
    account = {"full_name": "Tomas Ekwe", "call_name": "", "language": "", "time_zone": "UTC", "theme": ""}
    assert client.post("/me/account/", account | extra).status_code == 302
    again = User.objects.get(pk=cast.respondent.pk)
    assert (again.is_staff, again.is_superuser, again.is_demo, again.email) == (
        False,
        False,
        False,
        "respondent@example.org",
    )
    assert again.public_id == cast.respondent.public_id
    assert Membership.objects.get(user=again).role == "respondent"
    row = Response.objects.get()
    assert (row.member, row.answered_by, row.agreed_by) == (cast.agency, cast.respondent, None)
    running.refresh_from_db()
    assert running.state == "in_progress"


HOSTILE_QUERIES = (
    "assessment__member__name__startswith=a", "ordering=owner__password", "order_by=-user__password", "fields=owner__email",
    "expand=member.users", "include=members", "member__isnull=0", "q__regex=.*",
)  # fmt: skip


def test_a7_hostile_filters_are_worth_as_much_as_unknown_ones() -> None:
    cast = world()
    client = browser(cast.lead)
    lists = [
        name for method, name, statuses, _data in rows()
        if method == "GET" and statuses["lead"] == 200 and name.startswith(("api-", "assessments:list", "reports:", "members:"))
    ]  # fmt: skip
    wrong = []
    for name in lists:
        with transaction.atomic():
            unknown = told(client.get(url_of(name, cast) + "?zzzz=1"), "zzzz=1", "zzzz")
        for query in HOSTILE_QUERIES:
            with transaction.atomic():
                found = client.get(f"{url_of(name, cast)}?{query}")
            if told(found, query, query.partition("=")[0])[0] != unknown[
                0
            ] or b"password" in found.content.replace(query.encode(), b""):
                wrong.append(f"{name}?{query}: {found.status_code}")
    assert wrong == [] and len(lists) > 5


def test_a9_what_one_member_adds_counts_nowhere_at_another(cast: Cast) -> None:
    client, version = browser(cast.other_lead), small_version()
    begin(cast.other_lead, cast.other, version=version)
    pages = [
        reverse(name, args=[cast.other.public_id])
        for name in (
            "home:member",
            "assessments:list",
            "members:team",
            "home:sharing",
            "reports:member_reports",
        )
    ]
    pages += ["/home/", "/me/notifications/"]
    before = {page: told(client.get(page))[:2] for page in pages}
    submitted(cast, "2", "3", "1", version=version, title="Of another member")
    row = begin(cast.lead, cast.agency, title="And one more", version=version)
    piece(cast.lead, row, "Paper of another member")
    after = {page: told(client.get(page))[:2] for page in pages}
    assert [apart(before[page], after[page]) for page in pages if before[page] != after[page]] == []


def test_a15_the_last_day_ends_on_the_sites_clock_whatever_zone_the_reader_chose(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted(cast, "2", "3")
    end = datetime(2031, 5, 9, tzinfo=UTC)
    share(cast.agency, cast.lead, cast.mentor_partner, ends_on=end.date())
    seen = []
    for zone in ("UTC", "Etc/GMT+12", "Pacific/Kiritimati"):
        User.objects.filter(pk=cast.mentor.pk).update(time_zone=zone)
        for moment in (timedelta(hours=24, seconds=-1), timedelta(hours=24), timedelta(hours=24, seconds=1)):
            monkeypatch.setattr(timezone, "now", lambda moment=moment: end + moment)
            client = browser(cast.mentor)
            seen.append(client.get(reverse("assessments:shared", args=[cast.agency.public_id])).status_code)
            with timezone.override(zone):
                assert (result_under_grant(cast.mentor, cast.agency) is None) is (
                    moment >= timedelta(hours=24)
                )
    assert seen == [200, 404, 404] * 3


def test_a14_after_withdrawal_no_condition_brings_the_page_back(cast: Cast) -> None:
    submitted(cast, "2", "3")
    share(cast.agency, cast.lead, cast.mentor_partner)
    where, client = reverse("assessments:shared", args=[cast.agency.public_id]), browser(cast.mentor)
    first = client.get(where)
    assert first.status_code == 200 and "no-store" in first["Cache-Control"]
    Grant.objects.update(withdrawn_at=timezone.now())
    for headers in (
        {},
        {"If-None-Match": first.headers.get("ETag", "*")},
        {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    ):
        assert client.get(where, headers=headers).status_code == 404


def test_a18_a_lowered_role_counts_at_the_next_request(cast: Cast, running: Assessment) -> None:
    client, data = browser(cast.respondent), {"answer": "2", "version": "0"}
    Membership.objects.filter(user=cast.respondent).update(role="viewer")
    assert client.get(url(running)).status_code == 200
    assert client.post(url(running), data).status_code == 403
    Membership.objects.filter(user=cast.respondent).delete()
    assert client.get(url(running)).status_code == client.post(url(running), data).status_code == 404
    User.objects.filter(pk=cast.respondent.pk).update(is_active=False)
    assert client.get("/home/").status_code == 302
    assert not Response.objects.exists()


def test_a21_a_method_in_a_header_or_field_is_no_method(cast: Cast, running: Assessment) -> None:
    client = browser(cast.lead)
    for headers in (
        {"X-HTTP-Method-Override": "DELETE"},
        {"X-HTTP-Method": "PUT"},
        {"X-Method-Override": "DELETE"},
    ):
        assert client.get(url(running), headers=headers).status_code == 200
        assert client.post(url(running, "history"), {"_method": "DELETE"}, headers=headers).status_code == 405
        assert client.get(url(running) + "?_method=DELETE&answer=3", headers=headers).status_code == 200
    for method in ("HEAD", "OPTIONS"):
        assert client.generic(method, url(running)).status_code in (200, 405)
    assert not Response.objects.exists() and Assessment.objects.count() == 1


ODD_IDS = (
    "01", "1", "1.0", "+1", "\uff11", "-1", "9223372036854775808", "%00", "..%2f1", "../1", "A" * 20, "{" + "a" * 20 + "}",
    "00000000-0000-0000-0000-000000000000", "a" * 19, "a" * 21, "a" * 10_000, "%F0%9F%8E%89",
)  # fmt: skip


def test_a22_odd_ids_are_no_pages(cast: Cast, running: Assessment) -> None:
    client = browser(cast.lead)
    real = url(running)
    found = {}
    for part in (cast.agency.public_id, running.public_id, "GOV.1/", "GOV.1.2/"):
        for odd in ODD_IDS:
            path = real.replace(f"/{part}", f"/{odd}/" if part.endswith("/") else f"/{odd}", 1)
            found[part, odd[:40]] = client.get(path).status_code
    assert {at: code for at, code in found.items() if code not in (400, 404)} == {}


def test_a23_neither_host_nor_header_chooses_the_member(
    cast: Cast, running: Assessment, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    client = browser(cast.other_lead)
    for headers in (
        {"X-Tenant": cast.agency.public_id}, {"X-Forwarded-Host": "agency.example.org"}, {"X-Original-URL": url(running)},
        {"X-Rewrite-URL": url(running)}, {"Forwarded": "host=evil.example"},
    ):  # fmt: skip
        assert client.get(url(running), headers=headers).status_code == 404
        home = client.get("/home/", headers=headers)
        assert (
            running.public_id not in home.content.decode()
            and "agency.example.org" not in home.content.decode()
        )
    assert browser(cast.lead).get(url(running), headers={"Host": "evil.example"}).status_code == 400


def test_a25_only_declared_pages_are_open_to_visitors() -> None:
    cast = world()
    rules = {name: view.access_rule for _route, name, view in own_views()}
    wrong = []
    for name, rule in rules.items():
        with transaction.atomic():
            code = Client().get(url_of(name, cast)).status_code
        if rule is not PUBLIC and code not in (302, 401, 403, 405):
            wrong.append(f"{name}: {code}")
    assert wrong == []


def test_a26_there_is_no_way_to_stored_files_by_path(cast: Cast, running: Assessment) -> None:
    item = services.EvidenceInput("file", title="Minutes", data=b"Minutes of May.", file_name="m.txt")
    services.add_evidence(actor=cast.lead, place=at(cast.lead, running, "GOV.1.2"), item=item)
    name = Evidence.objects.get().file.name
    for client in (Client(), browser(cast.lead)):
        for path in (f"/media/{name}", f"/files/{name}", f"/protected/{name}", f"/static/{name}", f"/static/../files/{name}",
                     f"/{name}", "/media/", "/files/", "/static/", "/static/css/", "/.env", "/static/..%2f..%2fmanage.py"):  # fmt: skip
            assert client.get(path).status_code == 404, path


def test_a29_a_title_or_address_that_another_member_uses_is_free_here(
    cast: Cast, running: Assessment
) -> None:
    assert (
        begin(cast.other_lead, cast.other, title=running.title, version=running.version_of).pk != running.pk
    )
    client, said = browser(cast.other_lead), []
    for email in ("respondent@example.org", "nobody-at-all@example.org"):
        data = {"email": email, "role": "viewer"}
        answered = client.post(reverse("members:invite", args=[cast.other.public_id]), data, follow=True)
        assert answered.status_code == 200
        said.append(re.sub(r"\s+", " ", told(answered, email)[1]).count("already"))
    assert said[0] == said[1]


def test_c8_a_packed_request_is_not_unpacked(cast: Cast, running: Assessment) -> None:
    bomb, client = gzip.compress(b"answer=3&version=0&why=" + b"0" * 50_000_000), browser(cast.lead)
    with memory_at_most(20_000_000):
        response = client.post(
            url(running),
            bomb,
            content_type="application/x-www-form-urlencoded",
            headers={"Content-Encoding": "gzip"},
        )
    assert 400 <= response.status_code < 500
    assert not Response.objects.exists()
