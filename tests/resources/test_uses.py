"""What members say about entries, what they report, and how the library is kept."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client

from apps.accounts.models import Notification
from apps.core.errors import Conflict, Refused
from apps.core.models import AuditEntry
from apps.members.policies import site_day
from apps.resources import selectors, services
from apps.resources.models import Resource, ResourceReport, ResourceUse
from tests.people import Cast
from tests.resources.test_resources import GUIDE, add, folder

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
DAY = date(2026, 3, 2)


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def use(cast: Cast, **fields: Any) -> ResourceUse:
    given = {"used_on": DAY, "stars": 4, "area": "GOV.1", **fields}
    return services.save_use(actor=cast.lead, member=cast.agency, resource="one", **given)


def test_member_says_it_once_and_can_change_it(cast: Cast) -> None:
    add("one")
    row = use(cast)
    assert use(cast, stars=2, version=1).pk == row.pk
    row.refresh_from_db()
    assert (row.stars, row.version) == (2, 2)
    assert ResourceUse.objects.count() == 1
    assert AuditEntry.objects.filter(action="resource.used", chain=cast.agency.public_id).count() == 2


def test_colleague_who_said_it_first_is_shown(cast: Cast) -> None:
    add("one")
    use(cast, words="Theirs.")
    data = {"used_on": "2026-03-02", "stars": 1, "words": "Mine."}
    answer = browser(cast.respondent).post(f"/o/{cast.agency.public_id}/resources/one/used/", data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs." in page
    assert "Mine." in page
    assert 'name="version" value="1"' in page
    with pytest.raises(Conflict):
        use(cast, version=7)
    assert ResourceUse.objects.get().words == "Theirs."


def test_taking_back_deletes_it(cast: Cast) -> None:
    add("one")
    use(cast)
    place = f"/o/{cast.agency.public_id}/resources/one/used/delete/"
    for _time in range(2):
        assert browser(cast.lead).post(place).status_code == 302
    assert not ResourceUse.objects.exists()


@pytest.mark.parametrize(
    "fields", [{"stars": 0}, {"stars": 6}, {"area": "RES.1"}, {"used_on": site_day() + timedelta(days=2)}]
)
def test_use_that_cannot_be_is_refused(cast: Cast, fields: dict[str, Any]) -> None:
    add("one")
    with pytest.raises(Refused):
        use(cast, **fields)
    posted = {"used_on": "2026-03-02", "stars": 4, **fields}
    assert (
        browser(cast.lead).post(f"/o/{cast.agency.public_id}/resources/one/used/", posted).status_code == 422
    )


def test_what_others_keep_cannot_be_used_or_reported(cast: Cast) -> None:
    add("one", tlp="TLP:AMBER", member=cast.other)
    with pytest.raises(Http404):
        use(cast)
    with pytest.raises(Http404):
        services.report_resource(actor=cast.lead, member=cast.agency, resource="one", kind="dead")
    with pytest.raises(PermissionDenied):
        services.save_use(actor=cast.viewer, member=cast.agency, resource="one", used_on=DAY, stars=4)


def test_report_reaches_those_who_keep_it_once(cast: Cast) -> None:
    add("one", tlp="TLP:GREEN", programme=cast.programme)
    for _time in range(2):
        services.report_resource(
            actor=cast.viewer, member=cast.agency, resource="one", kind="outdated", words="Of 2019."
        )
    assert ResourceReport.objects.count() == 1
    assert Notification.objects.filter(kind="resource_reported").count() == 1
    assert Notification.objects.get(kind="resource_reported").user == cast.manager
    page = browser(cast.manager).get("/library/queue/").content.decode()
    assert "National CERT of Veldara: It is out of date. “Of 2019.”" in page


def test_report_about_an_entry_of_the_site_goes_to_the_administrators(cast: Cast) -> None:
    add("one")
    services.report_resource(actor=cast.lead, member=cast.agency, resource="one", kind="wrong")
    assert Notification.objects.get(kind="resource_reported").user == cast.staff
    assert selectors.queue_page(cast.manager).faults == ()
    assert browser(cast.manager).get("/library/of/one/").status_code == 404


def test_keeping_settles_reports_and_failed_checks(cast: Cast) -> None:
    row = add("one", failures=2, link_fault="gone")
    services.report_resource(actor=cast.lead, member=cast.agency, resource="one", kind="dead")
    assert "Asked 2 times in a row: the page is gone." in selectors.queue_page(cast.staff).faults[0].faults
    assert browser(cast.staff).post("/library/of/one/", {"act": "keep", "version": 1}).status_code == 302
    row.refresh_from_db()
    assert (row.failures, row.version) == (0, 2)
    assert selectors.queue_page(cast.staff).faults == ()
    assert ResourceReport.objects.get().settled_by == cast.staff


def test_mended_entry_is_left_alone_by_the_files_of_the_site(cast: Cast, tmp_path: Path) -> None:
    services.load_resources(actor=None, folder=folder(tmp_path, a=GUIDE))
    Resource.objects.update(failures=2, link_fault="gone", checked_at="2026-05-03T00:00Z")
    data = {
        "act": "mend", "version": 1, "title": "The guide, moved", "kind": "guide", "publisher": "Someone", "text": "",
        "url": "https://example.org/new", "summary": "It helps.", "language": "en", "areas": ["GOV.1"], "low": 0, "high": 3,
    }  # fmt: skip
    assert browser(cast.staff).post("/library/of/guide-one/", data).status_code == 302
    row = Resource.objects.get()
    assert (row.url, row.failures, row.checked_at) == ("https://example.org/new", 0, None)
    assert services.load_resources(actor=None, folder=tmp_path).changed == 0
    row.refresh_from_db()
    assert row.title == "The guide, moved"


def test_changed_address_in_a_file_is_an_unchecked_one(tmp_path: Path) -> None:
    services.load_resources(actor=None, folder=folder(tmp_path, a=GUIDE))
    Resource.objects.update(failures=2, link_fault="gone", checked_at="2026-05-03T00:00Z")
    services.load_resources(actor=None, folder=folder(tmp_path, a=GUIDE.replace("/guide", "/moved")))
    row = Resource.objects.get()
    assert (row.failures, row.link_fault, row.checked_at, row.version) == (0, "", None, 2)


def test_stale_mending_shows_both_texts(cast: Cast) -> None:
    add("one")
    services.mend_resource(actor=cast.staff, resource="one", version=1, title="Theirs")
    data = {
        "act": "mend", "version": 1, "title": "Mine", "kind": "guide", "publisher": "Someone", "text": "",
        "url": "https://example.org/", "summary": "It helps.", "language": "en", "areas": ["GOV.1"], "low": 0, "high": 3,
    }  # fmt: skip
    answer = browser(cast.staff).post("/library/of/one/", data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in page
    assert "Mine" in page
    for act in ("keep", "retire", "restore"):
        assert browser(cast.staff).post("/library/of/one/", {"act": act, "version": 1}).status_code == 409
    assert browser(cast.staff).post("/library/of/one/", {"act": "burn", "version": 2}).status_code == 400
