"""Signatures of the site: anyone can check them with the published keys, and nobody else can make them."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from apps.core import seals
from apps.core.keys import seed_of

CONTENT = {"format": "x", "level": 3, "names": ["Brava", "أ"]}


def test_the_site_knows_its_own_signature() -> None:
    proof = seals.sign(CONTENT)
    assert seals.is_signed(CONTENT, proof)
    assert seals.sign(dict(reversed(CONTENT.items()))) == proof, "the order of names does not matter"


@pytest.mark.parametrize(
    "changed",
    [{"key": "0" * 16}, {"type": "RSA"}, {"value": "AAAA"}, {"value": "not base64!"}, {"value": ""}],
)
def test_another_proof_is_not_a_signature(changed: dict[str, str]) -> None:
    assert not seals.is_signed(CONTENT, seals.sign(CONTENT) | changed)


def test_changed_content_is_not_signed() -> None:
    assert not seals.is_signed(CONTENT | {"level": 4}, seals.sign(CONTENT))


def test_a_key_of_an_earlier_year_still_checks(settings: Any) -> None:
    proof = seals.sign(CONTENT)
    old = seals.public_keys()[proof["key"]]
    settings.SIGNING_KEY = base64.b64encode(b"n" * 32).decode()
    assert not seals.is_signed(CONTENT, proof)
    settings.OLD_PUBLIC_KEYS = [old]
    assert seals.is_signed(CONTENT, proof)
    assert seals.sign(CONTENT)["key"] != proof["key"]


@pytest.mark.django_db
def test_public_keys_are_published_and_private_ones_are_not(client: Client, settings: Any) -> None:
    settings.SIGNING_KEY = base64.b64encode(b"n" * 32).decode()
    page = client.get("/.well-known/belay-keys.json")
    assert [key["id"] for key in page.json()["keys"]] == [seals.key_id()]
    assert settings.SIGNING_KEY not in page.content.decode()


def test_a_fresh_key_can_sign(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("make_signing_key")
    first = capsys.readouterr().out.strip()
    call_command("make_signing_key")
    assert len(seed_of(first)) == 32 and first != capsys.readouterr().out.strip()


@pytest.mark.parametrize("text", ["", "é", "AAAA", "A" * 44, json.dumps(["x"])])
def test_anything_else_is_no_key(text: str) -> None:
    with pytest.raises(ValueError, match="a signing key"):
        seed_of(text)
