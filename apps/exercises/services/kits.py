"""Loading table-top kits from a folder: all of them or nothing. A version that was loaded never changes."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import rfc8785
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import Http404
from jsonschema import Draft202012Validator

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.exercises.models import Kit
from apps.exercises.policies import may_load
from apps.frameworks.selectors import book_at
from apps.frameworks.services import schema_sentence
from apps.scoring import InputFaults
from apps.scoring.reading import read_document

FILE = "exercise.yaml"
LONGEST_TEXT = 400_000
MOST_KITS = 100
CODED = ("roles", "objectives", "phases", "injects", "decisions", "observing")

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many kits a load added, and how many were there."""

    added: int
    unchanged: int


class KitFaults(Refused):
    """`faults` holds one sentence each, such as `storm/exercise.yaml.injects[3].to[0]: 'XY' is not a role of this kit`."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults[:50]))


@transaction.atomic
def load_kits(*, actor: User | None, folder: Path) -> Loaded:
    """Load every `*/exercise.yaml` of `folder`; a kit is known by its id and version.

    Raises `KitFaults` listing everything that is wrong, also when a version differs from the one that was loaded.
    """
    require(may_load(actor))
    wanted = _read_folder(folder)
    held = {
        (kit.slug, kit.version): kit for kit in Kit.objects.filter(slug__in={slug for slug, _v in wanted})
    }
    faults = [
        f"{slug}/{FILE}.version: {version} was loaded with other words; a changed kit needs a new version"
        for (slug, version), document in wanted.items()
        if (slug, version) in held and held[slug, version].document_hash != kit_hash(document)
    ]
    if faults:
        raise KitFaults(faults)
    fresh = [_kit(document) for key, document in wanted.items() if key not in held]
    for kit in fresh:
        kit.save(force_insert=True)
        audit.record(
            actor=actor, action="exercise.loaded", on=kit, slug=kit.slug, version=kit.version, sha256=kit.document_hash
        )  # fmt: skip
    return Loaded(len(fresh), len(wanted) - len(fresh))


def kit_hash(document: Document) -> str:
    """SHA-256 of the RFC 8785 form of a kit."""
    return hashlib.sha256(rfc8785.dumps(document)).hexdigest()


def _kit(document: Document) -> Kit:
    return Kit(
        slug=document["id"],
        version=document["version"],
        language=document["language"],
        title=document["title"],
        summary=document["summary"].strip(),
        minutes=document["minutes"],
        players_from=document["players"]["from"],
        players_to=document["players"]["to"],
        areas=document["areas"],
        document=document,
        document_hash=kit_hash(document),
    )


def _read_folder(folder: Path) -> dict[tuple[str, str], Document]:
    paths = sorted(folder.glob(f"*/{FILE}"))[: MOST_KITS + 1]
    if not paths or len(paths) > MOST_KITS:
        raise KitFaults(
            [f"{folder.name}: it holds {len(paths)} folders with {FILE}; 1 to {MOST_KITS} are read"]
        )
    faults: list[str] = []
    found: dict[tuple[str, str], Document] = {}
    known = _known_codes()
    for path in paths:
        try:
            document = _read_file(path)
        except KitFaults as error:
            faults += error.faults
            continue
        place = f"{path.parent.name}/{FILE}"
        faults += [f"{place}{fault}" for fault in sense_faults(document, path.parent.name, known)]
        found[document["id"], document["version"]] = document
    if faults:
        raise KitFaults(faults)
    return found


def _known_codes() -> frozenset[str] | None:
    """Areas and indicators of the shared framework; None while none is published, for then nothing can be compared."""
    try:
        book = book_at(AnonymousUser())
    except Http404:
        return None
    return frozenset(book.areas) | frozenset(book.entries)


@cache
def kit_schema() -> Document:
    """The published JSON Schema of a kit."""
    path = settings.CONTENT_DIR / "schemas" / "exercise.schema.json"
    schema: Document = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _read_file(path: Path) -> Document:
    place = f"{path.parent.name}/{FILE}"
    try:
        text = path.read_bytes()[: LONGEST_TEXT + 1].decode("utf-8")
        if len(text) > LONGEST_TEXT or "\0" in text:
            raise KitFaults([f"{place}: longer than {LONGEST_TEXT:,} characters, or not text"])
        document = read_document(text, name=place)
    except UnicodeDecodeError as error:
        raise KitFaults([f"{place}: not UTF-8 at byte {error.start}"]) from error
    except OSError as error:
        raise KitFaults([f"{place}: it cannot be read ({error.strerror})"]) from error
    except InputFaults as error:
        raise KitFaults(error.faults) from error
    found = Draft202012Validator(kit_schema()).iter_errors(document)
    faults = [f"{place}{_place(error.absolute_path)}: {schema_sentence(error)}" for error in found]
    if faults:
        raise KitFaults(faults)
    plain: Document = json.loads(json.dumps(document))
    return plain


def _place(path: Iterable[str | int]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)


def sense_faults(document: Document, folder: str, known: frozenset[str] | None) -> Iterator[str]:
    """What a schema cannot see, each with its path: names, codes, roles, phases and minutes that do not fit together."""
    if document["id"] != folder:
        yield f".id: {document['id']!r} is not the name of its folder, {folder!r}"
    if document["players"]["from"] > document["players"]["to"]:
        yield ".players: from is more than to"
    codes = Counter(row["code"] for part in CODED for row in document[part])
    yield from (f": the code {code} is used {times} times" for code, times in codes.items() if times > 1)
    yield from _pointing(document)
    yield from _timing(document)
    yield from _vocabulary(document, known)


def _pointing(document: Document) -> Iterator[str]:
    roles = {row["code"] for row in document["roles"]}
    phases = {row["code"] for row in document["phases"]}
    for part, field in (("injects", "to"), ("decisions", "who")):
        for number, row in enumerate(document[part]):
            for place, code in enumerate(row[field]):
                if code not in roles:
                    yield f".{part}[{number}].{field}[{place}]: {code!r} is not a role of this kit"
            if row["phase"] not in phases:
                yield f".{part}[{number}].phase: {row['phase']!r} is not a phase of this kit"
    for number, row in enumerate(document["observing"]):
        for place, code in enumerate(row["phases"]):
            if code not in phases:
                yield f".observing[{number}].phases[{place}]: {code!r} is not a phase of this kit"


def _timing(document: Document) -> Iterator[str]:
    ends = list(accumulate(row["minutes"] for row in document["phases"]))
    if ends[-1] != document["minutes"]:
        yield f".phases: they take {ends[-1]} minutes together, the exercise {document['minutes']}"
    limits = {
        row["code"]: (end - row["minutes"], end) for row, end in zip(document["phases"], ends, strict=True)
    }
    for part in ("injects", "decisions"):
        for number, row in enumerate(document[part]):
            first, last = limits.get(row["phase"], (0, row["at"] + 1))
            if not first <= row["at"] < last:
                yield f".{part}[{number}].at: minute {row['at']} is not in the phase {row['phase']}, {first} to {last}"


def _vocabulary(document: Document, known: frozenset[str] | None) -> Iterator[str]:
    if known is None:
        return
    for number, code in enumerate(document["areas"]):
        if code not in known:
            yield f".areas[{number}]: {code!r} is not an area of the shared framework"
    for part in ("objectives", "observing"):
        for number, row in enumerate(document[part]):
            if row["indicator"] not in known:
                yield f".{part}[{number}].indicator: {row['indicator']!r} is not an indicator of the shared framework"
