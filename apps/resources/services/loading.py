"""Loading the library of resources from a folder: all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from jsonschema import Draft202012Validator

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.frameworks.selectors import area_names
from apps.frameworks.services import schema_sentence
from apps.members.choices import Tlp
from apps.resources.models import Resource
from apps.resources.policies import may_load
from apps.scoring import InputFaults
from apps.scoring.reading import read_document

LONGEST_TEXT = 100_000
MOST_FILES = 100
FIELDS = ("title", "kind", "publisher", "summary", "url", "text", "language", "areas", "levels", "tlp")
OF_THE_ADDRESS = {"checked_at": None, "answered_at": None, "link_fault": "", "failures": 0}


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many resources a load added, changed and left alone."""

    added: int
    changed: int
    unchanged: int


class ResourceFaults(Refused):
    """`faults` holds one sentence each, such as `guides.yaml.misp.areas[0]: 'XYZ.1' is not an area …`."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults[:50]))


@transaction.atomic
def load_resources(*, actor: User | None, folder: Path) -> Loaded:
    """Load every `*.yaml` of `folder`; a resource is known by its slug, and loading the same again changes nothing.

    Resources that stand in no file are left alone, and so are those that were mended on the site. Raises `ResourceFaults` listing everything that is wrong.
    """
    require(may_load(actor))
    wanted = _read_folder(folder)
    held = {row.slug: row for row in Resource.objects.select_for_update().filter(slug__in=wanted)}
    added = [Resource(slug=slug, **fields) for slug, fields in wanted.items() if slug not in held]
    changed = [row for slug, row in held.items() if row.mended_at is None and _differs(row, wanted[slug])]
    for row in changed:
        _take_over(row, wanted[row.slug])
    Resource.objects.bulk_create(added)
    Resource.objects.bulk_update(changed, (*FIELDS, *OF_THE_ADDRESS, "version"))
    for done, rows in (("added", added), ("changed", changed)):
        for row in rows:
            audit.record(actor=actor, action=f"resource.{done}", on=row, slug=row.slug)
    return Loaded(len(added), len(changed), len(held) - len(changed))


def _take_over(row: Resource, fields: dict[str, Any]) -> None:
    """Write the fields of a file into its row; what was found out about another address is forgotten."""
    if row.url != fields["url"]:
        for name, value in OF_THE_ADDRESS.items():
            setattr(row, name, value)
    for name, value in fields.items():
        setattr(row, name, value)
    row.version += 1


def _differs(row: Resource, fields: dict[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in fields.items())


def _read_folder(folder: Path) -> dict[str, dict[str, Any]]:
    """Every resource of every file as fields of a row, or all the faults."""
    paths = sorted(folder.glob("*.yaml"))[: MOST_FILES + 1]
    if not paths or len(paths) > MOST_FILES:
        raise ResourceFaults(
            [f"{folder.name}: it holds {len(paths)} files ending in .yaml; 1 to {MOST_FILES} are read"]
        )
    faults: list[str] = []
    found: dict[str, dict[str, Any]] = {}
    areas = _known_areas()
    for path in paths:
        try:
            rows = _read_file(path)
        except ResourceFaults as error:
            faults += error.faults
            continue
        for slug, row in rows.items():
            place = f"{path.name}.{slug}"
            if slug in found:
                faults.append(f"{place}: another file has a resource of this name")
            faults += _sense_faults(place, row, areas)
            try:
                found[slug] = _fields(row, folder, place)
            except ResourceFaults as error:
                faults += error.faults
    if faults:
        raise ResourceFaults(faults)
    return found


def _known_areas() -> frozenset[str] | None:
    """Areas of the shared framework; None while none is published, for then nothing can be compared."""
    return frozenset(area_names(AnonymousUser())) or None


@cache
def resource_schema() -> dict[str, Any]:
    """The published JSON Schema of one file of resources."""
    path = settings.CONTENT_DIR / "schemas" / "resource.schema.json"
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _read_file(path: Path) -> dict[str, dict[str, Any]]:
    try:
        document = read_document(_text_of(path, path.name), name=path.name)
    except InputFaults as error:
        raise ResourceFaults(error.faults) from error
    faults = [
        f"{path.name}{_place(error.absolute_path)}: "
        + ("it has either a url or a file" if error.validator == "oneOf" else schema_sentence(error))
        for error in Draft202012Validator(resource_schema()).iter_errors(document)
    ]
    if faults:
        raise ResourceFaults(faults)
    plain: dict[str, dict[str, Any]] = json.loads(json.dumps(document))
    return plain


def _place(path: Iterable[str | int]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)


def _sense_faults(place: str, row: dict[str, Any], areas: frozenset[str] | None) -> Iterator[str]:
    low, high = row["levels"]
    if low >= high:
        yield f"{place}.levels: it leads from a lower level to a higher one, not from {low} to {high}"
    for number, code in enumerate(row["areas"]):
        if areas is not None and code not in areas:
            yield f"{place}.areas[{number}]: {code!r} is not an area of the shared framework"


def _fields(row: dict[str, Any], folder: Path, place: str) -> dict[str, Any]:
    """The row as stored: either an address, or the text of the file that is named."""
    name = row.pop("file", "")
    text = _text_of(folder / name, f"{place}.file: {name}").strip() if name else ""
    if name and not text:
        raise ResourceFaults([f"{place}.file: {name} is empty"])
    return {"url": "", "tlp": Tlp.CLEAR.value, **row, "text": text}


def _text_of(path: Path, name: str) -> str:
    """The text of a file; the schema has made sure that its name does not lead out of the folder."""
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST_TEXT * 10)
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ResourceFaults([f"{name}: not UTF-8 at byte {error.start}"]) from error
    except OSError as error:
        raise ResourceFaults([f"{name}: it cannot be read ({error.strerror})"]) from error
    if len(text) > LONGEST_TEXT or "\0" in text:
        raise ResourceFaults([f"{name}: longer than {LONGEST_TEXT:,} characters, or not text"])
    return text
