"""Addresses that somebody gives, and asking them: nothing inside a network of ours is ever asked."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from apps.core import outside
from apps.core.addresses import BadAddress, is_public, read_address, same_place
from apps.core.outside import Unsafe, ask
from tests.local_server import Handler, local_server

PUBLIC_ANSWER = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 80))]


@pytest.fixture
def place() -> Iterator[str]:
    with local_server() as found:
        yield found


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://example.org", "https://example.org/"),
        ("  HTTPS://Example.ORG:443/a?b=c#d ", "https://example.org/a?b=c#d"),
        ("http://example.org:80/a", "http://example.org/a"),
        ("https://www.bücher.example/ü", "https://www.xn--bcher-kva.example/ü"),
        ("https://example.org./", "https://example.org/"),
    ],
)
def test_good_address_is_kept_in_one_form(given: str, kept: str) -> None:
    assert read_address(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "", "example.org", "//example.org/", "ftp://example.org/", "javascript:alert(1)", "file:///etc/passwd",
        "data:text/html,x", "https://", "https:///a", "https://user@example.org/", "https://u:p@example.org/",
        "https://example.org@127.0.0.1/", "https://localhost/", "https://LOCALHOST./", "https://x.localhost/",
        "https://intranet/", "https://printer.local/", "https://db.internal/", "https://127.0.0.1/",
        "https://2130706433/", "https://0x7f.1/", "https://0177.0.0.1/", "https://10.0.0.1/", "https://[::1]/",
        "https://[fe80::1%25eth0]/", "https://169.254.169.254/latest/", "https://example.org:22/",
        "https://example.org:99999/", "https://example.org:/", "https://exa mple.org/", "https://example.org/a\x00b",
        "https://example.org/\u202egnp.exe", "https://example.org\\@127.0.0.1/", "https://-a.example.org/",
        "https://a..example.org/", "https://\u2025/", "https://[::1/", "https://example.org/" + "a" * 500,
        "https://metadata.google.internal/", "https://example.org/\r\nHost: inner",
    ],
)  # fmt: skip
def test_hostile_address_is_refused_in_words(given: str) -> None:
    with pytest.raises(BadAddress, match=r"\w+ \w+"):
        read_address(given)


def test_same_place_is_found_under_other_spellings() -> None:
    forms = ("https://www.example.org/a/", "http://example.org/a", "https://example.org/a#part")
    assert len({same_place(form) for form in forms}) == 1
    assert same_place("https://example.org/a?x=1") != same_place("https://example.org/a")
    assert same_place("") == ""


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:4136:e378::", "fe80::1%eth0", "nonsense", "198.18.0.1", "192.0.2.1",
    ],
)  # fmt: skip
def test_inner_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)
    assert is_public("93.184.215.14")
    assert is_public("2606:2800:21f:cb07::1")


def test_server_that_answers_is_told(place: str) -> None:
    assert ask(f"http://{place}/ok", allowed={place}).status == 200
    assert ask(f"http://{place}/status/404", allowed={place}).status == 404
    assert Handler.asked == ["HEAD /ok", "HEAD /status/404", "GET /status/404"]


def test_get_follows_where_head_is_refused_and_a_large_answer_is_not_read(place: str) -> None:
    assert ask(f"http://{place}/get-only", allowed={place}).status == 200
    assert ask(f"http://{place}/big", allowed={place}).status == 200
    assert "GET /get-only" in Handler.asked


def test_redirects_are_followed_and_their_number_is_limited(place: str) -> None:
    reply = ask(f"http://{place}/to?/ok", allowed={place})
    assert (reply.status, reply.url) == (200, f"http://{place}/ok")
    endless = f"http://{place}/to?/to?"
    loop = ask(f"http://{place}/to?{endless}{'/to?' * 10}/ok", allowed={place})
    assert (loop.status, loop.fault) == (0, "TooManyRedirects")


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:1/",
        "http://localhost/",
        "file:///etc/passwd",
        "http://[::1]/",
        "gopher://example.org/",
    ],
)
def test_redirect_into_the_own_network_is_not_followed(place: str, target: str) -> None:
    with pytest.raises(Unsafe):
        ask(f"http://{place}/to?{target}", allowed={place})
    assert len(Handler.asked) == 1


def test_local_server_is_not_asked_without_leave(place: str) -> None:
    with pytest.raises(Unsafe):
        ask(f"http://{place}/ok")
    assert Handler.asked == []


def test_name_that_leads_inside_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when only one of its addresses does."""
    inner = [*PUBLIC_ANSWER, (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: inner)
    with pytest.raises(Unsafe, match="not on the open internet"):
        ask("http://rebinding.example.org/")


def test_connection_goes_to_the_address_that_was_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is not resolved a second time, so that it cannot say another thing then."""
    asked: list[Any] = []

    def refuse(place: Any, timeout: float) -> socket.socket:
        asked.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: PUBLIC_ANSWER)
    monkeypatch.setattr(outside.socket, "create_connection", refuse)
    assert ask("http://example.org/").fault == "ConnectionRefusedError"
    assert asked == [("93.184.215.14", 80)]


def test_server_that_drips_is_cut_off(place: str) -> None:
    reply = ask(f"http://{place}/drip", allowed={place}, seconds=0.6)
    assert reply.status == 0
    assert reply.fault


def test_nobody_there_is_no_error() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    reply = ask(f"http://127.0.0.1:{port}/", allowed={f"127.0.0.1:{port}"})
    assert (reply.status, reply.fault) == (0, "ConnectionRefusedError")
