"""Packages that are brought: what is refused and in which words, what is read leniently and told."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from typing import Any

import pytest

from apps.core.errors import Refused
from apps.courses.selectors.package_words import note_sentences
from apps.courses.services.packages.intake import PACKAGE, Vetted, vet_package
from tests.courses.scorm import ITEM, golf, manifest, package, zipped


class Counting(io.BytesIO):
    """A file that counts what is read of it."""

    count = 0

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        self.count += len(found)
        return found


def vet(content: bytes) -> Vetted:
    return vet_package(io.BytesIO(content), name="golf.zip")


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as fault:
        vet(content)
    return fault.value.message


def notes(content: bytes) -> str:
    return " ".join(note_sentences(vet(content).manifest.notes))


def altered(content: bytes, **fields: Any) -> bytes:
    """The zip with its first directory entry changed: flags, kinds and sizes that a tool would never write."""
    made = bytearray(content)
    entry = made.find(b"PK\x01\x02")
    for name, value in fields.items():
        form, offset = {"flags": ("<H", 8), "size": ("<L", 24), "mode": ("<L", 38)}[name]
        struct.pack_into(form, made, entry + offset, value)
    return bytes(made)


def bomb() -> bytes:
    return package({"big.html": b"\0" * 30_000_000})


def overlapping() -> bytes:
    """Fifty names for the same bytes, as the quoted-overlap bombs have it."""
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("imsmanifest.xml", manifest())
        archive.writestr("index.html", "x" * 900_000)
        for number in range(50):
            twin = zipfile.ZipInfo(f"copy{number}.html")
            original = archive.getinfo("index.html")
            for key in ("header_offset", "file_size", "compress_size", "CRC"):
                setattr(twin, key, getattr(original, key))
            archive.filelist.append(twin)
            archive.NameToInfo[twin.filename] = twin
    return stored.getvalue()


def total() -> bytes:
    """Six hundred files that each declare just less than a megabyte."""
    made = bytearray(zipped({f"{n}.txt": "x" * 99 for n in range(600)}))
    place = made.find(b"PK\x01\x02")
    while place >= 0:
        struct.pack_into("<L", made, place + 24, 999_999)
        place = made.find(b"PK\x01\x02", place + 4)
    return bytes(made)


def linked() -> bytes:
    link = zipfile.ZipInfo("link.html")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    made = io.BytesIO(package())
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    return made.getvalue()


HOSTILE = {
    "many": (lambda: zipped({f"{n}.txt": "" for n in range(5_001)}), "more than 5000 files"),
    "directory": (lambda: zipped({f"{n}.txt": "" for n in range(60_000)}), "more than 5000 files"),
    "declared": (lambda: altered(package(), size=600_000_000), "more than 100 to 1"),
    "bomb": (bomb, "big.html is packed more than 100 to 1"),
    "overlap": (overlapping, "shares its bytes"),
    "absolute": (lambda: package({"/etc/x.html": "x"}), "/etc/x.html is not a name"),
    "drive": (lambda: package({"C:/x.html": "x"}), "C:/x.html is not a name"),
    "up": (lambda: package({"a/../../x.html": "x"}), "a/../../x.html is not a name"),
    "backslash": (lambda: package({"a\\..\\x.html": "x"}), "is not a name"),
    "control": (lambda: package({"a\x01.html": "x"}), "is not a name"),
    "bidi": (lambda: package({"a\u202ehtml.exe": "x"}), "is not a name"),
    "long": (lambda: package({"n" * 300 + ".html": "x"}), "is not a name"),
    "link": (linked, "link.html is a link or a device"),
    "device": (lambda: altered(package(), mode=(stat.S_IFBLK | 0o600) << 16), "is a link or a device"),
    "locked": (lambda: altered(package(), flags=1), "password"),
    "twice": (lambda: package({"INDEX.html": "x"}), "INDEX.html twice"),
    "unicode twice": (lambda: package({"caf\u00e9.html": "x", "cafe\u0301.html": "x"}), "twice"),
    "program": (lambda: package({"setup.exe": "MZ"}), "setup.exe is a program"),
    "server": (lambda: package({"a/.htaccess": "x"}), ".htaccess is a program"),
    "php": (lambda: package({"a.PHP": "x"}), "a.PHP is a program"),
    "lies": (lambda: altered(package({}, kind="scorm12"), size=900_000), "does not hold what it declares"),
    "cut": (lambda: golf()[:-40], "damaged"),
    "no zip": (lambda: b"<html>", "damaged"),
    "nested launch": (
        lambda: package({"in.zip": package()}, resources='<resource identifier="r1" adlcp:scormtype="sco" href="in.zip"/>'),
        "no part of it can be played",
    ),
    "entities": (lambda: package({"imsmanifest.xml": '<!DOCTYPE a [<!ENTITY b "c">]><manifest/>'}), "twice|document type"),
    "cmi5": (lambda: zipped({"cmi5.xml": "<courseStructure/>"}), "package of cmi5"),
    "no manifest": (lambda: zipped({"index.html": "x"}), "no imsmanifest.xml at its top"),
    "too deep": (lambda: zipped({"a/b/imsmanifest.xml": manifest(), "a/b/index.html": "x"}), "no imsmanifest.xml"),
    "total": (total, "unpacked it is larger than 500 MB"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_hostile_zip_is_refused_in_words_before_much_of_it_is_read(case: str) -> None:
    make, words = HOSTILE[case]
    content = make()
    source = Counting(content)
    with pytest.raises(Refused, match=words):
        vet_package(source, name="golf.zip")
    assert source.count <= PACKAGE.members * 512 + 4 * 65_536


def test_a_faultless_package_is_indexed_and_nothing_is_noted() -> None:
    found = vet(golf())
    assert found.manifest.kind == "scorm12"
    assert found.manifest.title == "Golf explained"
    assert [(part.title, part.file, part.kind) for part in found.manifest.parts] == [
        ("Golf", "index.html", "sco")
    ]
    assert {file.name for file in found.files} == {
        "imsmanifest.xml",
        "index.html",
        "shared/find.js",
        "shared/page.html",
    }
    assert found.manifest.notes == []
    assert found.unpacked == sum(file.size for file in found.files)


def test_one_folder_around_everything_is_taken_as_the_top_and_told() -> None:
    inside = {"Golf/imsmanifest.xml": manifest(), "Golf/index.html": "x", "__MACOSX/Golf/._index.html": "x"}
    found = vet(zipped(inside))
    assert {file.name for file in found.files} == {"imsmanifest.xml", "index.html"}
    assert "in one folder, “Golf”" in notes(zipped(inside))


def test_bases_are_honoured_on_every_level_and_namespaces_by_their_address() -> None:
    resource = '<resource xml:base="c/" identifier="r1" adlcp:scormtype="sco" href="in%20dex.html?a=1#b"/>'
    text = manifest(
        '<item identifierref="r1" parameters="?c=2"><title>T</title></item>',
        resource,
        attributes='xml:base="a/"',
    )
    text = text.replace("<resources>", '<resources xml:base="b/">').replace("adlcp", "zz")
    found = vet(zipped({"imsmanifest.xml": text, "a/b/c/in dex.html": "x"}))
    assert [(part.file, part.query) for part in found.manifest.parts] == [("a/b/c/in dex.html", "?a=1&c=2#b")]


def test_without_an_organization_parts_stand_in_a_flat_list() -> None:
    found = package(organizations="<organizations/>")
    assert [part.file for part in vet(found).manifest.parts] == ["index.html"]
    assert "stand in one list" in notes(found)


def test_what_is_not_applied_is_counted_and_told() -> None:
    rules = (
        "<imsss:sequencing><imsss:sequencingRules><imsss:preConditionRule/><imsss:postConditionRule/></imsss:sequencingRules>"
        "<imsss:rollupRules><imsss:rollupRule/></imsss:rollupRules><imsss:objectives><imsss:primaryObjective satisfiedByMeasure='true'>"
        "<imsss:minNormalizedMeasure>0.7</imsss:minNormalizedMeasure></imsss:primaryObjective><imsss:objective><imsss:mapInfo/>"
        "</imsss:objective></imsss:objectives></imsss:sequencing>"
    )
    content = package(items=ITEM.replace("</item>", f"{rules}</item>"), kind="scorm2004")
    assert vet(content).manifest.kind == "scorm2004"
    assert vet(content).manifest.parts[0].mastery == "0.7"
    assert "Branching rules in this package are not applied: there are 2." in notes(content)
    assert "1 rule that sums parts up is not applied" in notes(content)
    assert "not passed on" in notes(content)


def test_nested_parts_wishes_and_parts_that_lie_elsewhere_are_shown() -> None:
    items = (
        '<item identifier="a"><title>Chapter</title><item identifierref="r1"><title>One</title>'
        "<adlcp:prerequisites>a</adlcp:prerequisites><adlcp:masteryscore>80</adlcp:masteryscore>"
        "<adlcp:maxtimeallowed>00:30:00</adlcp:maxtimeallowed><adlcp:datafromlms>x=1</adlcp:datafromlms></item>"
        '<item identifierref="r2"><title>Far</title></item><item identifierref="r3"><title>Gone</title></item></item><item identifierref="r4"><title>Lost</title></item>'
    )
    resources = (
        '<resource identifier="r1" adlcp:scormtype="sco" href="INDEX.html"><file href="pic.png"/></resource>'
        '<resource identifier="r2" adlcp:scormtype="sco" href="https://elsewhere.example/x.html"/>'
        '<resource identifier="r3" adlcp:scormtype="sco" href="gone.html"/>'
    )
    content = package(items=items, resources=resources)
    parts = vet(content).manifest.parts
    assert [(part.level, part.title, part.file) for part in parts] == [
        (0, "Chapter", ""),
        (1, "One", "index.html"),
        (1, "Far", ""),
        (1, "Gone", ""),
        (0, "Lost", ""),
    ]
    assert (parts[1].mastery, parts[1].data, parts[1].prerequisites) == ("80", "x=1", "a")
    told = notes(content)
    assert "“Far” lies on another site" in told
    assert "“Gone” names a file that is not there" in told
    assert "“Lost” names a file that is not there" in told
    assert "not there: pic.png" in told
    assert "other capitals" in told
    assert "shown, not enforced" in told


def test_a_manifest_in_an_old_encoding_is_read_and_told() -> None:
    text = (
        manifest()
        .replace('version="1.0"', 'version="1.0" encoding="ISO-8859-1"')
        .replace("Golf explained", "Golf expliqué")
    )
    content = zipped({"imsmanifest.xml": text.encode("latin-1"), "index.html": "x"})
    assert vet(content).manifest.title == "Golf expliqué"
    assert "iso-8859-1" in notes(content)


@pytest.mark.parametrize("address", ["\\\\[", "\\\\\u2100/a.html", "a[.html"])
def test_an_address_that_is_none_is_told_as_missing(address: str) -> None:
    resource = f'<resource identifier="r1" adlcp:scormtype="sco" href="index.html"><file href="{address}"/></resource>'
    assert "missing" in dict(vet(package(resources=resource)).manifest.notes)


def test_a_manifest_that_is_none_is_refused() -> None:
    assert "not the manifest" in refusal(zipped({"imsmanifest.xml": "<a/>"}))
    assert "neither SCORM 1.2" in refusal(zipped({"imsmanifest.xml": "<manifest/>"}))
    assert "document type" in refusal(
        zipped({"imsmanifest.xml": '<!DOCTYPE a [<!ENTITY b "c">]><manifest/>'})
    )
    deep = '<item identifier="x">' * 20 + "</item>" * 20
    assert "nested deeper" in refusal(package(items=deep))
