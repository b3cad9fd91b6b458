"""Files and texts of strangers: refused with a reason, quickly, and never run or fetched."""

from __future__ import annotations

import base64
import io
import json
import struct
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from apps.badges import BadCredential, State, Why, bake_png, bake_svg, judge, read, unbake
from apps.badges.baking import KEYWORD, PNG
from tests.badges.small import ISSUED, KEYS, signed
from tests.effort import calls_at_most, memory_at_most

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
OPEN = '<openbadges:credential xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "#0b5c6b").save(file, "PNG")
    return file.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*texts: bytes) -> bytes:
    return picture()[:33] + b"".join(chunk(b"iTXt", body) for body in texts) + picture()[33:]


def why(act: Callable[[], object]) -> Why:
    with pytest.raises(BadCredential) as caught:
        act()
    return caught.value.why


def test_png_carries_the_credential_and_stays_a_picture() -> None:
    text = json.dumps(signed(), ensure_ascii=False)
    baked = bake_png(picture(), text)
    assert unbake(baked).decode() == text
    Image.open(io.BytesIO(baked)).verify()
    assert unbake(bake_png(baked, '{"second": 1}')) == b'{"second": 1}'
    assert b"openbadgecredential\x00\x00\x00\x00\x00{" in baked


def test_svg_carries_the_credential() -> None:
    text = json.dumps({**signed(), "name": 'A < B & "C" ]]> سلام'}, ensure_ascii=False)
    assert unbake(bake_svg(SVG, text).encode()).decode() == text
    assert unbake(bake_svg('<?xml version="1.0"?>\n' + SVG, text).encode()).decode() == text


@settings(max_examples=80, deadline=None)
@given(at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_flipped_bit_of_a_baked_png_is_never_taken_for_genuine(at: int, bit: int) -> None:
    baked = bytearray(bake_png(picture(), json.dumps(signed())))
    baked[at % len(baked)] ^= 1 << bit
    try:
        document = read(unbake(bytes(baked)))
        state = judge(document, keys=KEYS, at=ISSUED)
    except BadCredential:
        return
    assert state is not State.VALID or document == signed()


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        (b"", Why.NOT_AN_IMAGE), (b"GIF89a", Why.NOT_AN_IMAGE), (PNG, Why.BROKEN_IMAGE), (PNG + b"\xff" * 50, Why.BROKEN_IMAGE),
        (PNG + struct.pack(">I4s", 2**32 - 1, b"IHDR"), Why.BROKEN_IMAGE), (PNG + chunk(b"IEND", b""), Why.BROKEN_IMAGE),
        (b"x" * 1_100_000, Why.TOO_LARGE), (b"<html/>", Why.NOT_AN_IMAGE), (b"<svg", Why.BROKEN_IMAGE),
        (SVG.encode(), Why.NOTHING_INSIDE), (b"<svg>" * 60, Why.TOO_DEEP),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', Why.FORBIDDEN_XML), (SVG.encode("utf-16"), Why.NOT_AN_IMAGE),
        (f"<svg>{OPEN}>a</openbadges:credential>{OPEN}>b</openbadges:credential></svg>".encode(), Why.TWO_INSIDE),
        (b'<?xml version="1.0" encoding="utf-7"?><svg>+ADw-</svg>', Why.NOTHING_INSIDE), (b"<svg>\xff</svg>", Why.BROKEN_IMAGE),
    ],
)  # fmt: skip
def test_hostile_images_are_refused_with_a_reason(image: bytes, reason: Why) -> None:
    assert why(lambda: unbake(image)) is reason


def test_hostile_chunks_are_refused_with_a_reason() -> None:
    good = KEYWORD + b"\x00\x00\x00\x00\x00{}"
    assert unbake(png(good)) == b"{}"
    assert unbake(png(KEYWORD + b"\x00\x01\x00\x00\x00" + zlib.compress(b"{}"))) == b"{}"
    assert why(lambda: unbake(png())) is Why.NOTHING_INSIDE
    assert why(lambda: unbake(png(good, good))) is Why.TWO_INSIDE
    assert why(lambda: unbake(png(KEYWORD))) is Why.BROKEN_IMAGE
    assert why(lambda: unbake(png(KEYWORD + b"\x00\x07\x00\x00\x00{}"))) is Why.BROKEN_IMAGE
    assert why(lambda: unbake(png(KEYWORD + b"\x00\x01\x00\x00\x00junk"))) is Why.BROKEN_IMAGE
    bomb = KEYWORD + b"\x00\x01\x00\x00\x00" + zlib.compress(bytes(50_000_000))
    image = png(bomb)
    with memory_at_most(4_000_000):
        assert why(lambda: unbake(image)) is Why.TOO_LARGE


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", Why.NOT_JSON), (b"{", Why.NOT_JSON), (b"\xff\xfe", Why.NOT_TEXT), (b"\xef\xbb\xbf{}", Why.NOT_JSON),
        (b"[]", Why.NOT_A_CREDENTIAL), (b"1", Why.NOT_A_CREDENTIAL), (b'{"a": NaN}', Why.NOT_JSON), (b'{"a": 1e400}', Why.NOT_JSON),
        (b'{"a": 1.5}', Why.NOT_JSON), (b'{"a": 9007199254740993}', Why.NOT_JSON), (b'{"a": ' + b"9" * 9000 + b"}", Why.NOT_JSON),
        (b'{"a": 1, "a": 2}', Why.DOUBLED), (b'{"b": {"a": 1, "a": 2}}', Why.DOUBLED), (b'{"a": "\\ud800"}', Why.NOT_TEXT),
        (b'{"\\ud800": 1}', Why.NOT_TEXT), (b'{"a": ' + b"[" * 20 + b"]" * 20 + b"}", Why.TOO_DEEP),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, Why.TOO_DEEP), (b"[" * 200_000, Why.TOO_DEEP),
        (b'{"a": [' + b",".join([b"{}"] * 300) + b"]}", Why.TOO_DEEP), (b'{"a": "' + b"x" * 262_144 + b'"}', Why.TOO_LARGE),
    ],
    ids=range(20),
)  # fmt: skip
def test_hostile_texts_are_refused_with_a_reason(text: bytes, reason: Why) -> None:
    assert why(lambda: read(text)) is reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"type": "OpenBadgeCredential"}, Why.NOT_A_CREDENTIAL), ({"type": {}}, Why.NOT_A_CREDENTIAL),
        ({"proof": None}, Why.NOT_SIGNED), ({"proof": []}, Why.NOT_SIGNED), ({"proof": "x"}, Why.NOT_SIGNED),
    ],
)  # fmt: skip
def test_what_is_no_signed_credential_is_said(change: dict[str, object], reason: Why) -> None:
    assert why(lambda: judge({**signed(), **change}, keys=KEYS, at=ISSUED)) is reason


def test_siblings_made_to_slow_the_canonical_form_are_refused_at_once() -> None:
    alike = [{"type": ["Alignment"], "targetName": "same", "deep": [{"n": f"{n}"}]} for n in range(12)]
    document = signed()
    document["credentialSubject"]["achievement"]["alignment"] = alike
    with calls_at_most(300_000):
        assert judge(document, keys=KEYS, at=ISSUED) is State.ALTERED


@settings(max_examples=120, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_refused_in_words(content: bytes) -> None:
    for act in (read, unbake):
        try:
            act(content)
        except BadCredential as fault:
            assert fault.why in Why


def test_package_of_everything_stays_small() -> None:
    assert len(json.dumps(signed())) < 4_000
    assert len(base64.b64encode(bake_png(picture(), json.dumps(signed())))) < 8_000
