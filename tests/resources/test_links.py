"""Checks of addresses: off until the operator says so, one job each, what came of it on the entry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.timezone import now

from apps.core import jobs
from apps.core.models import OutboxMessage
from apps.resources import selectors, services, tasks
from apps.resources.models import Resource
from tests.local_server import Handler, local_server
from tests.people import Cast
from tests.resources.test_resources import add

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Iterator[str]:
    with local_server() as found:
        yield found


@pytest.fixture
def on(settings: Any) -> None:
    settings.LINK_CHECKS = True


def test_checks_are_off_until_the_operator_says_so() -> None:
    add("one")
    with pytest.raises(CommandError, match="BELAY_LINK_CHECKS"):
        call_command("check_links")
    assert tasks.check_links() == 0
    assert not OutboxMessage.objects.exists()


@pytest.mark.usefixtures("on")
def test_what_is_due_is_queued_once_a_day_and_one_site_is_not_hurried(
    capsys: pytest.CaptureFixture[str], cast: Cast
) -> None:
    add("new", url="https://example.org/a")
    add("same-site", url="https://example.org/b")
    add("other-site", url="https://example.net/")
    add("own", url="", text="## Text")
    add("fresh", checked_at=now() - timedelta(days=29))
    add("old", url="https://example.com/", checked_at=now() - timedelta(days=31))
    add("failed", url="https://failed.example.com/", checked_at=now() - timedelta(days=4), failures=1)
    add("inner", tlp="TLP:AMBER", member=cast.agency)
    add("retired", retired_at=now())
    for _time in range(2):
        call_command("check_links")
    assert "5 addresses are queued." in capsys.readouterr().out
    rows = {
        row.payload["resource"]: row for row in OutboxMessage.objects.filter(topic="resources.check_link")
    }
    assert set(rows) == {"new", "same-site", "other-site", "old", "failed"}
    apart = rows["same-site"].not_before - rows["new"].not_before
    assert apart > timedelta(seconds=15)
    call_command("check_links", "--all")
    assert "6 addresses are queued." in capsys.readouterr().out


def test_address_that_answers_is_said_with_its_day(place: str, client: Client) -> None:
    add("one", url=f"http://{place}/ok", failures=1, link_fault="silent")
    assert services.check_link(resource="one", allowed={place}) == ""
    row = Resource.objects.get()
    assert (row.failures, row.link_fault) == (0, "")
    assert row.answered_at == row.checked_at
    assert "answered on" in client.get("/resources/one/").content.decode()


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("/status/404", "gone"),
        ("/status/410", "gone"),
        ("/status/503", "broken"),
        ("/status/403", ""),
        ("/status/429", ""),
    ],
)
def test_what_is_wrong_is_told_apart(place: str, path: str, fault: str) -> None:
    add("one", url=f"http://{place}{path}")
    assert services.check_link(resource="one", allowed={place}) == fault
    assert Resource.objects.get().failures == (1 if fault else 0)


def test_second_failure_waits_for_the_curator_and_says_since_when(
    place: str, client: Client, cast: Cast
) -> None:
    add("one", url=f"http://{place}/ok", tlp="TLP:GREEN", programme=cast.programme)
    services.check_link(resource="one", allowed={place})
    Resource.objects.update(url=f"http://{place}/status/404")
    services.check_link(resource="one", allowed={place})
    assert selectors.queue_page(cast.manager).faults == ()
    services.check_link(resource="one", allowed={place})
    assert [row.faults for row in selectors.queue_page(cast.manager).faults] == [
        ("Asked 2 times in a row: the page is gone.",)
    ]
    client.force_login(cast.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "did not answer since" in client.get("/resources/one/").content.decode()


def test_address_inside_is_not_asked_and_says_so(place: str) -> None:
    add("one", url=f"http://{place}/ok")
    assert services.check_link(resource="one") == "unsafe"
    add("two", url=f"http://{place}/to?http://127.0.0.1:1/")
    assert services.check_link(resource="two", allowed={place}) == "unsafe"
    assert Handler.asked == ["HEAD /to?http://127.0.0.1:1/"]


def test_job_writes_what_it_found_and_bears_being_run_twice(on: None) -> None:
    add("one", url="http://127.0.0.1:9/")
    services.plan_checks()
    assert jobs.run_waiting() >= 1
    row = Resource.objects.get()
    assert (row.link_fault, row.failures) == ("unsafe", 1)
    tasks.check_link(message_id="x", resource="gone-entry")


def test_address_that_was_changed_meanwhile_is_not_blamed(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("one", url=f"http://{place}/status/404")
    from apps.core import outside

    real = outside.ask

    def slow(url: str, **kwargs: Any) -> Any:
        Resource.objects.update(url="https://example.org/mended")
        return real(url, **kwargs)

    monkeypatch.setattr(outside, "ask", slow)
    services.check_link(resource="one", allowed={place})
    row = Resource.objects.get()
    assert (row.failures, row.checked_at) == (0, None)
