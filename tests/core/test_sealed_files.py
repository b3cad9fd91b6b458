"""Sealed files and the ring of keys: what was sealed comes back, anything else is refused before a byte leaves."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from apps.core import crypto
from apps.core.crypto import streams
from apps.core.models import DataKey

KEY, ABOUT = bytes(range(32)), b"member|piece|1"


def sealed(data: bytes, *, key: bytes = KEY, about: bytes = ABOUT, chunk: int = 16) -> bytes:
    return b"".join(crypto.seal_chunks(io.BytesIO(data), key=key, about=about, chunk=chunk))


def opened(data: bytes, *, key: bytes = KEY, about: bytes = ABOUT) -> bytes:
    return b"".join(crypto.open_chunks(io.BytesIO(data), key=key, about=about))


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 32, 33, 1000])
def test_what_was_sealed_comes_back_whole(size: int) -> None:
    data = bytes(n % 251 for n in range(size))
    kept = sealed(data)
    assert opened(kept) == data
    assert size < 15 or data not in kept


def test_a_known_file_opens_with_the_documented_format() -> None:
    known = bytes.fromhex("42454c415946310a0000000401020304050607")
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    for number, (part, last) in enumerate([(b"abcd", 0), (b"ef", 1)]):
        nonce = bytes([1, 2, 3, 4, 5, 6, 7]) + number.to_bytes(4, "big") + bytes([last])
        known += AESGCM(KEY).encrypt(nonce, part, known[:19] + ABOUT)
    assert opened(known) == b"abcdef"


@pytest.mark.parametrize("cut", [1, 16, 19, 19 + 32, 19 + 32 + 5, -1, -16, -32])
def test_a_cut_file_is_damaged(cut: int) -> None:
    with pytest.raises(crypto.Damaged):
        opened(sealed(b"a" * 48)[:cut])


def test_a_lengthened_reordered_or_changed_file_is_damaged() -> None:
    kept = sealed(b"a" * 16 + b"b" * 16 + b"c" * 5)
    head, one, two, last = kept[:19], kept[19:51], kept[51:83], kept[83:]
    for changed in (
        kept + b"x", head + two + one + last, head + one + last, head + one + one + last, head + last,
        kept[:12] + bytes([kept[12] ^ 1]) + kept[13:], kept[:-1] + bytes([kept[-1] ^ 1]),
        kept[:8] + (48).to_bytes(4, "big") + kept[12:], b"plain text",
    ):  # fmt: skip
        with pytest.raises(crypto.Damaged):
            opened(changed)


def test_another_place_revision_or_key_opens_nothing() -> None:
    kept = sealed(b"secret")
    for wrong in ({"about": b"member|piece|2"}, {"about": b"other|piece|1"}, {"key": bytes(32)}):
        with pytest.raises(crypto.Damaged):
            opened(kept, **wrong)


def test_fifty_megabytes_need_little_memory(tmp_path: Path) -> None:
    plain, kept, size = tmp_path / "plain", tmp_path / "kept", 50 * 1024 * 1024
    with plain.open("wb") as file:
        file.truncate(size)
    tracemalloc.start()
    with plain.open("rb") as source, kept.open("wb") as out:
        for part in crypto.seal_chunks(source, key=KEY, about=ABOUT):
            out.write(part)
    with kept.open("rb") as source:
        assert sum(len(part) for part in crypto.open_chunks(source, key=KEY, about=ABOUT)) == size
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * 1024 * 1024
    assert kept.stat().st_size == streams.HEADER.size + size + 16 * (size // streams.CHUNK)


# --- the ring of keys -----------------------------------------------------------------------------

RING = {"owner": "m" * 20, "purpose": "evidence"}


@pytest.fixture(autouse=True)
def tombstones_of_one_test(settings: Any, tmp_path: Path) -> None:
    settings.ERASED_KEYS_FILE = str(tmp_path / "erased-keys")


@pytest.mark.django_db
def test_a_file_key_opens_only_for_its_owner_version_and_file() -> None:
    key, wrapped, version = crypto.new_file_key(**RING, about="piece 1")
    assert crypto.open_file_key(wrapped, **RING, version=version, about="piece 1") == key
    crypto.new_file_key(owner="n" * 20, purpose="evidence", about="piece 1")
    crypto.add_version(**RING)
    for wrong in (
        {**RING, "version": version, "about": "piece 2"},
        {**RING, "version": 2, "about": "piece 1"},
        {**RING, "version": 9, "about": "piece 1"},
        {"owner": "n" * 20, "purpose": "evidence", "version": 1, "about": "piece 1"},
    ):
        with pytest.raises(crypto.Unreadable):
            crypto.open_file_key(wrapped, **wrong)
    with pytest.raises(crypto.Unreadable):
        crypto.open_file_key("not base64 at all!", **RING, version=1, about="piece 1")


@pytest.mark.django_db
def test_a_new_master_key_rewraps_owners_keys_and_the_old_one_may_go(settings: Any) -> None:
    key, wrapped, version = crypto.new_file_key(**RING, about="a")
    settings.FILE_KEY = "the first file key " * 3
    assert crypto.open_file_key(wrapped, **RING, version=version, about="a") == key
    assert crypto.rewrap_keys() == 1 and crypto.rewrap_keys() == 0
    settings.SECRET_KEY = "another secret, so that the field key is gone as well"
    assert crypto.open_file_key(wrapped, **RING, version=version, about="a") == key
    settings.FILE_KEY, settings.FILE_KEYS_OLD = "the second file key " * 3, [settings.FILE_KEY]
    assert crypto.rewrap_keys() == 1
    settings.FILE_KEYS_OLD = []
    assert crypto.open_file_key(wrapped, **RING, version=version, about="a") == key
    settings.FILE_KEY = "a key that wrapped nothing"
    with pytest.raises(crypto.Unreadable, match="not configured"):
        crypto.open_file_key(wrapped, **RING, version=version, about="a")


@pytest.mark.django_db
def test_the_master_key_may_lie_in_a_file(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("a key in a file\n")
    settings.FILE_KEY_FILE = str(tmp_path / "key")
    key, wrapped, version = crypto.new_file_key(**RING, about="a")
    settings.FILE_KEY_FILE, settings.FILE_KEY = "", "a key in a file"
    assert crypto.open_file_key(wrapped, **RING, version=version, about="a") == key
    settings.FILE_KEY_FILE = str(tmp_path / "gone")
    with pytest.raises(crypto.Unreadable, match="cannot be read"):
        crypto.open_file_key(wrapped, **RING, version=version, about="a")


@pytest.mark.django_db
def test_an_erased_key_stays_erased_after_a_restore() -> None:
    _key, wrapped, version = crypto.new_file_key(**RING, about="a")
    before = DataKey.objects.values().get()
    assert crypto.erase_keys(**RING) == 1 and crypto.erase_keys(**RING) == 0
    with pytest.raises(crypto.KeyErased):
        crypto.open_file_key(wrapped, **RING, version=version, about="a")
    assert DataKey.objects.get().wrapped == ""
    DataKey.objects.update(**before)  # an older backup of the database is put back
    with pytest.raises(crypto.KeyErased):
        crypto.open_file_key(wrapped, **RING, version=version, about="a")


@pytest.mark.django_db
def test_after_erasing_new_files_get_a_key_of_their_own() -> None:
    crypto.new_file_key(**RING, about="a")
    crypto.erase_keys(**RING)
    key, wrapped, version = crypto.new_file_key(**RING, about="b")
    assert version == 2
    assert crypto.open_file_key(wrapped, **RING, version=2, about="b") == key
