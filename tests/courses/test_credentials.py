"""Every certificate has a signed credential; anyone can check it here by code, text or file, and elsewhere by our keys."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import localdate

from apps.badges import State, from_multikey, identity_hash, judge, public_key, sign, to_multikey, unbake
from apps.badges.status import decode
from apps.core import jobs
from apps.courses import services
from apps.courses.models import Certificate
from apps.courses.selectors.badge_art import badge_png
from tests.courses.small import finish_course, small_course
from tests.courses.test_player import signed_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
ROLES = ["PD-WRL-003"]


@pytest.fixture(autouse=True)
def clear(monkeypatch: pytest.MonkeyPatch) -> Any:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def certificate() -> Certificate:
    version = small_course(nice_roles=ROLES)
    return finish_course(UserFactory(full_name="Salote Vea", email="salote@example.org"), version)


def credential(row: Certificate) -> dict[str, Any]:
    return services.open_credential(actor=row.enrolment.user, certificate=row.public_id)


def asked(document: Any, client: Client | None = None) -> str:
    text = document if isinstance(document, str) else json.dumps(document)
    return (client or Client()).post("/verify/file/", {"credential": text}).content.decode()


def sent(content: bytes, name: str) -> str:
    file = SimpleUploadedFile(name, content)
    return Client().post("/verify/file/", {"file": file}).content.decode()


def published() -> dict[str, bytes]:
    found = Client().get("/.well-known/did.json").json()["verificationMethod"]
    return {row["publicKeyMultibase"]: from_multikey(row["publicKeyMultibase"]) for row in found}


def test_credential_verifies_with_the_published_keys_alone(certificate: Certificate) -> None:
    document = credential(certificate)
    assert judge(document, keys=published(), at=datetime.now(UTC)) is State.VALID
    subject = document["credentialSubject"]
    identity = subject["identifier"][0]
    assert identity["identityHash"] == identity_hash("salote@example.org", identity["salt"])
    assert subject["achievement"]["alignment"][0]["targetName"] == "Incident Response"
    assert "75% to pass" in subject["achievement"]["criteria"]["narrative"]
    text = json.dumps(document)
    assert "Salote" not in text
    assert "salote@example.org" not in text


def test_credential_is_signed_once_and_in_the_background(certificate: Certificate) -> None:
    assert certificate.credential is None
    services.sign_waiting(certificate=certificate.public_id)
    services.sign_waiting(certificate="x" * 20)
    certificate.refresh_from_db()
    assert certificate.credential == credential(certificate) == credential(certificate)
    assert jobs._handlers["courses.sign"]


def test_credential_of_an_older_certificate_is_made_when_asked_for(certificate: Certificate) -> None:
    Certificate.objects.update(place=None)
    document = credential(certificate)
    certificate.refresh_from_db()
    assert document["credentialStatus"]["statusListIndex"] == str(certificate.place)


def test_status_list_is_signed_and_tells_what_was_withdrawn(certificate: Certificate, settings: Any) -> None:
    document = credential(certificate)
    url = document["credentialStatus"]["statusListCredential"].removeprefix(settings.SITE_URL.rstrip("/"))

    def bits() -> bytes:
        held = Client().get(url)
        assert held.headers["Access-Control-Allow-Origin"] == "*"
        assert judge(held.json(), keys=published(), at=datetime.now(UTC)) is State.VALID
        return decode(held.json()["credentialSubject"]["encodedList"])

    assert judge(document, keys=published(), at=datetime.now(UTC), bits=bits()) is State.VALID
    services.revoke_certificate(actor=None, code=certificate.code, reason="Error")
    assert judge(document, keys=published(), at=datetime.now(UTC), bits=bits()) is State.REVOKED
    assert sum(byte.bit_count() for byte in bits()) == 1
    assert Client().get("/credentials/status/7/").status_code == 404


def test_key_documents_name_the_issuer_and_keep_old_keys(certificate: Certificate, settings: Any) -> None:
    settings.SITE_URL = "https://learn.example.org:8443"
    old = to_multikey(public_key(b"o" * 32))
    settings.OLD_CREDENTIAL_KEYS = [old]
    document = Client().get("/.well-known/did.json").json()
    assert document["id"] == "did:web:learn.example.org%3A8443"
    assert document["assertionMethod"] == [row["id"] for row in document["verificationMethod"]]
    assert document["verificationMethod"][1]["publicKeyMultibase"] == old
    one = Client().get(f"/.well-known/belay-credential-keys/{old}").json()
    assert (one["type"], one["publicKeyMultibase"], one["controller"]) == ("Multikey", old, document["id"])
    assert Client().get("/.well-known/belay-credential-keys/z6Mkother").status_code == 404


def test_credential_of_an_old_key_stays_genuine_while_it_is_published(
    certificate: Certificate, settings: Any
) -> None:
    document = credential(certificate)
    old = document["proof"]["verificationMethod"].rpartition("#")[2]
    settings.CREDENTIAL_KEY = "bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmU="
    assert "was not signed by this site" in asked(document)
    settings.OLD_CREDENTIAL_KEYS = [old]
    assert "genuine and valid" in asked(document)


def test_badges_are_downloaded_by_their_holder_alone(certificate: Certificate) -> None:
    holder, stranger = signed_in(certificate.enrolment.user), signed_in(UserFactory())
    for form, kind in (("json", "application/vc+ld+json"), ("png", "image/png"), ("svg", "image/svg+xml")):
        url = f"/me/certificates/{certificate.public_id}/badge.{form}"
        answer = holder.get(url)
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Content-Disposition"].startswith("attachment")
        content = answer.content if form == "json" else unbake(answer.content)
        assert json.loads(content) == credential(certificate)
        assert "genuine and valid" in sent(answer.content, f"badge.{form}")
        assert stranger.get(url).status_code == 404
    assert holder.get(f"/me/certificates/{certificate.public_id}/badge.exe").status_code == 404


@pytest.mark.parametrize("kind", ["participation", "completion", "achievement", "practice"])
def test_badge_pictures_differ_by_kind_and_stay_small(kind: str) -> None:
    picture = badge_png(kind, "c1")
    assert len(picture) < 60_000
    assert picture != badge_png(kind, "c2")


def test_six_states_are_said_for_a_pasted_credential(certificate: Certificate) -> None:
    document = credential(certificate)
    page = asked(document)
    assert "This certificate is genuine and valid" in page
    assert "Salote Vea" in page
    stranger = sign(
        {key: part for key, part in document.items() if key != "proof"}, seed=b"s" * 32,
        controller="did:web:elsewhere.example", at=datetime.now(UTC),
    )  # fmt: skip
    assert "was not signed by this site" in asked(stranger)
    altered = asked({**document, "name": "Doctor of doors"})
    assert "changed after it was signed" in altered
    assert "Salote Vea" not in altered
    Certificate.objects.update(valid_until=localdate() - timedelta(days=1))
    assert "genuine but has expired" in asked(document)
    newer = finish_course(certificate.enrolment.user, _second_version(certificate))
    page = asked(document)
    assert "a newer one has replaced it" in page
    assert newer.code[:4] in page
    services.revoke_certificate(actor=None, code=certificate.code, reason="Issued in error")
    assert "This certificate was withdrawn" in asked(document)


def _second_version(certificate: Certificate) -> Any:
    from apps.courses.models import Enrolment

    version = small_course(version="2.0")
    Enrolment.objects.create(user=certificate.enrolment.user, version_of=version)
    return version


def test_genuine_credential_without_a_record_says_what_it_is(certificate: Certificate) -> None:
    document = credential(certificate)
    certificate.delete()
    page = asked(document)
    assert "genuine and valid" in page
    assert "no longer on record here" in page
    assert "Doors C9" in page


def test_checking_asks_no_network(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    document = credential(certificate)
    monkeypatch.setattr(socket.socket, "connect", lambda *_a: pytest.fail("the network was asked"))
    assert "genuine and valid" in asked(document)
    document["issuer"]["id"] = "http://127.0.0.1:1/did.json"
    assert "changed after it was signed" in asked(document)
    document["@context"].append("http://127.0.0.1:1/context.json")
    assert "changed after it was signed" in asked(document)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Paste the text"), ("{", "cut off"), ("[1]", "neither the text"), ('{"a": 1, "a": 2}', "stands twice"),
        ("{}", "This is not a credential"), ("<svg/>", "no credential in this image"), ("{" + " " * 300_000 + "}", "larger"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><svg/>', "document type"), ("<script>alert(1)</script>", "neither"),
        ('{"@context": [], "type": ["VerifiableCredential"]}', "carries no signature"),
    ],
    ids=range(10),
)  # fmt: skip
def test_what_cannot_be_checked_is_said_in_words(text: str, said: str) -> None:
    answer = Client().post("/verify/file/", {"credential": text})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This could not be checked" in page
    assert said in page
    assert "<script>alert" not in page
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_signed_list_of_what_was_withdrawn_is_no_certificate() -> None:
    page = asked(Client().get("/credentials/status/0/").json())
    assert "it is no badge" in page
    assert "genuine" not in page


def test_large_files_and_many_files_are_refused(certificate: Certificate) -> None:
    assert "larger than 1 MB" in sent(b"x" * 1_100_000, "big.png")
    for _again in range(19):
        sent(b"x", "x.png")
    answer = Client().post("/verify/file/", {"credential": "{}"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert Client().get(f"/verify/{certificate.code}/").status_code == 200


def test_holder_hides_and_shows_the_name(certificate: Certificate) -> None:
    browser = signed_in(certificate.enrolment.user)
    url = f"/me/certificates/{certificate.public_id}/name/"
    browser.post(url, {"shown": "no"})
    for page in (
        Client().get(f"/verify/{certificate.code}/").content.decode(),
        asked(credential(certificate)),
    ):
        assert "Salote Vea" not in page
        assert "The holder shows their name themselves" in page
    assert "Salote Vea" in browser.get(f"/me/certificates/{certificate.public_id}/").content.decode()
    browser.post(url, {"shown": "yes"})
    assert "Salote Vea" in Client().get(f"/verify/{certificate.code}/").content.decode()
    assert signed_in(UserFactory()).post(url, {"shown": "no"}).status_code == 404


def test_linkedin_link_is_a_plain_address(certificate: Certificate) -> None:
    page = (
        signed_in(certificate.enrolment.user)
        .get(f"/me/certificates/{certificate.public_id}/")
        .content.decode()
    )
    link = page.partition('href="https://www.linkedin.com/profile/add?')[2].partition('"')[0]
    assert "startTask=CERTIFICATION_NAME" in link
    assert f"issueYear={certificate.issued_on.year}" in link
    assert "Salote" not in link
    assert "salote" not in link


def test_key_from_a_file_signs(certificate: Certificate, settings: Any, tmp_path: Any) -> None:
    import base64

    path = tmp_path / "key"
    path.write_text(base64.b64encode(b"k" * 32).decode() + "\n")
    settings.CREDENTIAL_KEY_FILE = str(path)
    assert to_multikey(public_key(b"k" * 32)) in credential(certificate)["proof"]["verificationMethod"]


@pytest.mark.parametrize("count", [1, 3])
def test_certificate_pages_ask_the_same_for_one_and_three(count: int, django_assert_num_queries: Any) -> None:
    from apps.courses import selectors

    user = UserFactory()
    rows = [finish_course(user, small_course(f"C{n}")) for n in range(1, count + 1)]
    with django_assert_num_queries(2):
        selectors.holding(user, rows[0].public_id)
    with django_assert_num_queries(8):
        selectors.ladder(user, "c1-doors")
    with django_assert_num_queries(1):
        selectors.verified(user, rows[0].code)
