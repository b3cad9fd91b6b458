"""Packages on the site: who brings them, who plays them, what is kept, and that nothing of it proves anything."""

from __future__ import annotations

import gzip
import io
import json
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from apps.courses.models import Certificate, Package, PackageAttempt, PackageVersion
from apps.courses.services import packages as services
from config.settings.origins import packages_fault, site_of
from tests.courses.scorm import golf, package
from tests.factories import UserFactory
from tests.people import Cast

pytestmark = pytest.mark.django_db
HOST = "packages.localhost:8000"


@pytest.fixture(autouse=True)
def own_host(settings: Any) -> None:
    settings.PACKAGES_ORIGIN = f"http://{HOST}"
    settings.SITE_URL = "http://127.0.0.1:8000"


def bring(actor: Any, content: bytes = b"", **fields: Any) -> PackageVersion:
    given = {"programme": "", "title": "", "summary": "", "language": "en", "tells_name": False, **fields}
    return services.bring_package(
        actor=actor, content=io.BytesIO(content or golf()), name="golf.zip", **given
    )


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def begin(client: Client, version: PackageVersion) -> dict[str, Any]:
    url = reverse("courses:package_begin", kwargs={"package": version.package.public_id, "package_part": 1})
    answer: dict[str, Any] = client.post(url).json()
    return answer


def save(client: Client, session: dict[str, Any], seq: int, cmi: Any, **fields: Any) -> Any:
    url = reverse("courses:package_save", kwargs={"package_attempt": session["attempt"]})
    text = cmi if isinstance(cmi, str) else json.dumps(cmi)
    return client.post(url, {"launch": session["launch"], "seq": seq, "cmi": text, **fields})


def inside(path: str, host: str = HOST, **headers: str) -> Any:
    return Client().get(path, headers={"host": host, **headers})


def test_a_manager_brings_a_package_for_the_people_of_a_programme(cast: Cast) -> None:
    client = signed_in(cast.manager)
    form = {"programme": cast.programme.public_id, "language": "en", "title": "", "summary": "Swing.",
            "file": SimpleUploadedFile("golf.zip", golf())}  # fmt: skip
    page = client.post(reverse("courses:package_bring"), form, follow=True)
    assert "Golf explained" in page.content.decode()
    assert "Nothing in it is left out" in page.content.decode()
    held = Package.objects.get()
    url = reverse("courses:package", kwargs={"package": held.public_id})
    assert signed_in(cast.lead).get(url).status_code == 200
    assert signed_in(cast.outsider).get(url).status_code == 404
    with default_storage.open(held.versions.get().file) as stored:
        assert stored.read() == golf()


def test_a_refused_file_is_answered_in_words_and_leaves_nothing(cast: Cast) -> None:
    form = {
        "programme": "",
        "language": "en",
        "file": SimpleUploadedFile("x.zip", package({"setup.exe": "MZ"})),
    }
    answer = signed_in(cast.staff).post(reverse("courses:package_bring"), form)
    assert answer.status_code == 422
    assert "setup.exe is a program" in answer.content.decode()
    assert not Package.objects.exists()
    assert not default_storage.exists("packages")


def test_only_managers_and_staff_bring_packages(cast: Cast) -> None:
    assert signed_in(cast.lead).get(reverse("courses:package_bring")).status_code == 403
    form = {"programme": "", "language": "en", "file": SimpleUploadedFile("golf.zip", golf())}
    assert signed_in(cast.manager).post(reverse("courses:package_bring"), form).status_code == 422


def test_without_a_host_of_their_own_packages_are_kept_and_not_played(cast: Cast, settings: Any) -> None:
    settings.PACKAGES_ORIGIN = ""
    version = bring(cast.staff)
    kwargs = {"package": version.package.public_id}
    page = signed_in(cast.staff).get(reverse("courses:package", kwargs=kwargs)).content.decode()
    assert "cannot be played on this site yet" in page
    player = signed_in(cast.lead).get(reverse("courses:package_play", kwargs={**kwargs, "package_part": 1}))
    assert "<iframe" not in player.content.decode()


def test_a_newer_file_is_for_newcomers_and_who_began_ends_with_the_older(cast: Cast) -> None:
    old = bring(cast.staff)
    client = signed_in(cast.lead)
    session = begin(client, old)
    save(client, session, 1, {"cmi.core.lesson_status": "incomplete"})
    new = services.bring_version(
        actor=cast.staff, package=old.package.public_id, content=io.BytesIO(package()), name="golf2.zip"
    )
    assert begin(client, old)["attempt"] == session["attempt"]
    begin(signed_in(cast.viewer), old)
    assert PackageAttempt.objects.get(user=cast.viewer).version == new
    with pytest.raises(Exception, match="here already"):
        services.bring_version(
            actor=cast.staff, package=old.package.public_id, content=io.BytesIO(golf()), name="g.zip"
        )


def test_a_session_resumes_where_it_stopped_and_the_highest_number_wins(cast: Cast) -> None:
    version, client = bring(cast.staff), signed_in(cast.lead)
    first = begin(client, version)
    assert first["fixed"]["cmi.core.entry"] == "ab-initio"
    assert (
        save(client, first, 2, {"cmi.core.lesson_location": "4", "cmi.core.session_time": "00:10:00"}).json()[
            "seq"
        ]
        == 2
    )
    late = save(client, first, 1, {"cmi.core.lesson_location": "1"})
    assert (late.status_code, late.json()["seq"]) == (200, 2)
    save(
        client,
        first,
        3,
        {"cmi.core.lesson_location": "5", "cmi.core.exit": "suspend", "cmi.core.session_time": "00:10:00"},
        closed="1",
    )
    again = begin(client, version)
    assert again["cmi"] == {"cmi.core.lesson_location": "5"}
    assert (again["fixed"]["cmi.core.entry"], again["fixed"]["cmi.core.total_time"]) == (
        "resume",
        "0000:10:00",
    )


def test_a_session_that_was_cut_off_is_resumed_and_one_that_ended_is_not(cast: Cast) -> None:
    version, client = bring(cast.staff), signed_in(cast.lead)
    save(client, begin(client, version), 1, {"cmi.core.lesson_location": "4"})
    session = begin(client, version)
    assert session["fixed"]["cmi.core.entry"] == "resume"
    save(client, session, 1, {"cmi.core.lesson_location": "4", "cmi.core.exit": ""}, closed="1")
    assert begin(client, version)["fixed"]["cmi.core.entry"] == ""


def test_a_second_window_takes_over_and_the_first_is_told(cast: Cast) -> None:
    version, client = bring(cast.staff), signed_in(cast.lead)
    first = begin(client, version)
    second = begin(client, version)
    answer = save(client, first, 9, {"cmi.core.lesson_location": "9"})
    assert answer.status_code == 409
    assert "opened again" in answer.json()["said"]
    assert save(client, second, 1, {"cmi.core.lesson_location": "2"}).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        "{", "[]", '{"cmi.core.student_id": "x"}', '{"cmi.core.lesson_status": "excellent"}', '{"cmi.core.score.raw": "101"}',
        '{"cmi.core.score.raw": 50}', '{"cmi.made.up": "x"}', '{"cmi.interactions.1000.id": "x"}', '{"__proto__": "x"}',
        json.dumps({"cmi.suspend_data": "x" * 64_001}), json.dumps({"cmi.comments": "x" * 262_144}), "[" * 100_000,
    ],
)  # fmt: skip
def test_what_a_player_would_not_let_in_is_refused_by_the_server_too(cast: Cast, sent: str) -> None:
    version, client = bring(cast.staff), signed_in(cast.lead)
    session = begin(client, version)
    assert save(client, session, 1, sent).status_code == 400
    assert save(client, {**session, "launch": "x"}, 1, {}).status_code == 400
    assert PackageAttempt.objects.get().cmi == {}


def test_strange_characters_are_kept_as_far_as_a_database_can(cast: Cast) -> None:
    version, client = bring(cast.staff), signed_in(cast.lead)
    text = '{"cmi.suspend_data": "a\\u0000b\\ud800c"}'
    assert save(client, begin(client, version), 1, text).status_code == 200
    assert PackageAttempt.objects.get().cmi == {"cmi.suspend_data": "ab?c"}


def test_nobody_saves_for_somebody_else(cast: Cast) -> None:
    version = bring(cast.staff)
    session = begin(signed_in(cast.lead), version)
    assert save(signed_in(cast.viewer), session, 1, {}).status_code == 404


def test_a_pass_is_the_packages_word_and_earns_no_certificate(cast: Cast) -> None:
    version, client = bring(cast.staff), signed_in(cast.lead)
    save(
        client,
        begin(client, version),
        1,
        {"cmi.core.lesson_status": "passed", "cmi.core.score.raw": "98"},
        closed="1",
    )
    page = client.get(
        reverse("courses:package", kwargs={"package": version.package.public_id})
    ).content.decode()
    assert "Reported by the package: passed, <bdi>98 / 100</bdi>" in page
    assert PackageAttempt.objects.get().completed
    assert not Certificate.objects.exists()
    assert not {field.name for field in Certificate._meta.get_fields()} & {
        "package",
        "package_attempt",
        "attempt",
    }
    mine = client.get(reverse("courses:mine")).content.decode()
    assert "Golf explained" not in mine


def test_the_package_gets_a_number_for_the_learner_and_a_name_only_where_that_was_chosen(cast: Cast) -> None:
    fixed = begin(signed_in(cast.lead), bring(cast.staff))["fixed"]
    told = begin(signed_in(cast.lead), bring(cast.staff, package(), tells_name=True))["fixed"]
    assert fixed["cmi.core.student_name"] == "Learner"
    assert told["cmi.core.student_name"] == cast.lead.full_name
    assert fixed["cmi.core.student_id"] != told["cmi.core.student_id"]
    assert cast.lead.public_id not in json.dumps([fixed, told])
    assert cast.lead.email not in json.dumps([fixed, told])


def test_the_other_standard_speaks_its_own_words(cast: Cast) -> None:
    version, client = bring(cast.staff, package(kind="scorm2004")), signed_in(cast.lead)
    session = begin(client, version)
    assert (session["kind"], session["fixed"]["cmi.entry"]) == ("scorm2004", "ab-initio")
    cmi = {"cmi.completion_status": "completed", "cmi.score.scaled": "0.5", "cmi.session_time": "PT1H2M3.5S", "cmi.exit": "suspend",
           "cmi.objectives.0.id": "one", "cmi.interactions.0.timestamp": "2026-03-01T10:00:00.0Z"}  # fmt: skip
    assert save(client, session, 1, cmi).status_code == 200
    row = PackageAttempt.objects.get()
    assert (row.status, row.score, row.score_of, row.completed) == ("completed", "50", "100", True)
    again = begin(client, version)
    assert (again["fixed"]["cmi.entry"], again["fixed"]["cmi.total_time"]) == ("resume", "PT1H2M3S")


def test_files_are_served_on_their_own_host_only_without_cookies_and_with_every_header(cast: Cast) -> None:
    version = bring(cast.staff)
    path = f"/{version.label}/files/shared/page.html"
    answer = inside(path)
    assert answer.status_code == 200
    assert b"URLSearchParams" in b"".join(answer.streaming_content)
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:;")
    assert "frame-ancestors 'self' http://127.0.0.1:8000;" in policy
    assert "sandbox allow-scripts" in policy
    assert "allow-top-navigation" not in policy
    assert (answer["X-Content-Type-Options"], answer["Referrer-Policy"]) == ("nosniff", "no-referrer")
    assert (answer["Cross-Origin-Resource-Policy"], answer["Content-Type"]) == ("cross-origin", "text/html")
    assert "camera=()" in answer["Permissions-Policy"]
    assert not answer.cookies
    assert "Cross-Origin-Opener-Policy" not in answer
    assert inside(path, host="127.0.0.1:8000").status_code == 404
    assert inside(path, host="testserver").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/home/", "/learn/", "/accounts/login/", "/static/css/belay.css", "/healthz", "/api/v1/", "/{label}/", "/{label}/files/",
     "/{label}/files/nothing.html", "/{label}/files/../../x", "/{label}/player/../x", "/{label}/player/base.py",
     "/aaaaaaaaaaaaaaaaaaaa/files/index.html", "/aaaaaaaaaaaaaaaaaaaa/player/"],
)  # fmt: skip
def test_nothing_else_is_there_not_even_for_somebody_signed_in(cast: Cast, path: str) -> None:
    version, client = bring(cast.staff), signed_in(cast.staff)
    answer = client.get(path.format(label=version.label), headers={"host": HOST})
    assert answer.status_code == 404
    assert not answer.cookies
    assert client.post(f"/{version.label}/files/index.html", headers={"host": HOST}).status_code == 405


def test_a_withdrawn_package_is_gone_from_its_host_and_its_words_stay(cast: Cast) -> None:
    version, client = bring(cast.staff), signed_in(cast.lead)
    save(client, begin(client, version), 1, {"cmi.core.lesson_status": "passed"})
    assert inside(f"/{version.label}/player/").status_code == 200
    services.withdraw_package(actor=cast.staff, package=version.package.public_id)
    assert inside(f"/{version.label}/files/index.html").status_code == 404
    assert inside(f"/{version.label}/player/").status_code == 404
    assert PackageAttempt.objects.get().status == "passed"
    play = {"package": version.package.public_id, "package_part": 1}
    assert client.get(reverse("courses:package_play", kwargs=play)).status_code == 404


def test_with_a_host_for_each_version_none_serves_another(cast: Cast, settings: Any) -> None:
    settings.PACKAGES_ORIGIN = "https://*.usercontent.example"
    one, two = bring(cast.staff), bring(cast.staff, package())
    path = f"/{one.label}/files/index.html"
    assert inside(path, host=f"p-{one.label}.usercontent.example").status_code == 200
    assert inside(path, host=f"p-{two.label}.usercontent.example").status_code == 404
    assert inside(path, host="usercontent.example").status_code == 404
    assert inside("/home/", host="www.usercontent.example").status_code == 404
    play = {"package": one.package.public_id, "package_part": 1}
    page = signed_in(cast.lead).get(reverse("courses:package_play", kwargs=play))
    assert f"frame-src https://p-{one.label}.usercontent.example" in page["Content-Security-Policy"]
    assert page["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"


def test_a_packed_file_travels_packed_and_an_unknown_kind_is_only_saved(cast: Cast) -> None:
    files = {
        "a.js": "let x = 1;\n" * 999,
        "b.xyz": "x",
        "c.svg": "<svg/>",
        "d.swf": "x",
        "e.txt": "é",
        "déjà vu%.html": "x",
    }
    version = bring(cast.staff, package(files))
    packed = inside(f"/{version.label}/files/a.js", **{"accept-encoding": "gzip"})
    content = b"".join(packed.streaming_content)
    assert gzip.decompress(content) == files["a.js"].encode()
    assert int(packed["Content-Length"]) == len(content) < 500
    plain = inside(f"/{version.label}/files/a.js")
    assert b"".join(plain.streaming_content) == files["a.js"].encode()
    kinds = {
        name: inside(f"/{version.label}/files/{name}")["Content-Type"]
        for name in ("b.xyz", "c.svg", "d.swf", "e.txt")
    }
    assert kinds == {"b.xyz": "application/octet-stream", "c.svg": "image/svg+xml", "d.swf": "application/octet-stream",
                     "e.txt": "text/plain; charset=utf-8"}  # fmt: skip
    assert inside(f"/{version.label}/files/d%C3%A9j%C3%A0%20vu%25.html").status_code == 200


def test_the_list_asks_as_often_with_three_as_with_one(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(cast.lead)
    begin(client, bring(cast.staff))
    client.get(reverse("courses:packages"))
    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("courses:packages"))
    for number in range(2):
        begin(client, bring(cast.staff, package({"x.txt": str(number)})))
    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("courses:packages"))


LIST_QUERIES = 11


def test_another_port_or_a_sub_domain_is_no_site_apart() -> None:
    def fault(origin: str, site: str = "https://learn.gov.vd", hosts: tuple[str, ...] = ()) -> str:
        return packages_fault(origin, site, hosts, demo=False)

    assert fault("") == ""
    assert fault("https://*.usercontent.example") == ""
    assert fault("https://packages-gov.example") == ""
    assert "same site" in fault("https://packages.learn.gov.vd")
    assert "same site" in fault("https://*.learn.gov.vd")
    assert fault("https://*.content.gov.vd") == ""
    assert "same site" in fault("https://learn.example.org:8443", "https://learn.example.org")
    assert "same site" in fault("http://127.0.0.1:9000", "http://127.0.0.1:8000")
    assert fault("http://packages.localhost:8000", "http://127.0.0.1:8000") == ""
    assert "https://" in fault("http://usercontent.example")
    assert "no origin" in fault("usercontent.example")
    assert "no origin" in fault("https://usercontent.example/path")
    assert "ALLOWED_HOSTS" in fault("https://x.example", hosts=("x.example",))
    assert (site_of("a.b.co.uk"), site_of("a.b.example"), site_of("10.0.0.1")) == (
        "b.co.uk",
        "b.example",
        "10.0.0.1",
    )


def test_a_learner_without_any_member_sees_the_packages_for_everybody(cast: Cast) -> None:
    bring(cast.staff)
    page = signed_in(UserFactory()).get(reverse("courses:packages")).content.decode()
    assert "Golf explained" in page
    assert "Bring a package" not in page
