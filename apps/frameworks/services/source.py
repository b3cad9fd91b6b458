"""From a file, with what it includes, to one plain document. Nothing is judged here but the reading itself."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from apps.frameworks.services.faults import FrameworkFaults
from apps.scoring import InputFaults
from apps.scoring.reading import LARGEST_TEXT, read_document

MOST_INCLUDES = 100


def read_framework_text(text: str) -> dict[str, Any]:
    """Return the document in `text` (YAML or JSON, at most 5 MB); includes are refused, for it has no folder."""
    document = _mapping(_read(text, "framework"), "framework")
    if _includes(document) is not None:
        raise FrameworkFaults(["indicators.include: only a file can include others"])
    return _plain(document)


def read_framework_file(path: Path) -> dict[str, Any]:
    """Return the document of the file at `path`, its included files put in; 5 MB at most in all."""
    document = _mapping(_read(_text_of(path, path.name), path.name), path.name)
    names = _includes(document)
    if names is not None:
        document["indicators"] = _included(path.parent, names, path.stat().st_size)
    return _plain(document)


def _includes(document: dict[str, Any]) -> list[str] | None:
    """The names listed under `indicators.include`; None when the indicators stand in the file itself."""
    indicators = document.get("indicators")
    if not isinstance(indicators, dict):
        return None
    names = indicators.get("include")
    if set(indicators) != {"include"} or not isinstance(names, list) or not names:
        raise FrameworkFaults(["indicators: it is a list of indicators, or `include` with a list of files"])
    if len(names) > MOST_INCLUDES or not all(isinstance(name, str) for name in names):
        raise FrameworkFaults([f"indicators.include: it is a list of at most {MOST_INCLUDES} file names"])
    return names


def _included(folder: Path, names: list[str], size: int) -> list[Any]:
    """Read every file and report the faults of all of them together."""
    rows: list[Any] = []
    faults: list[str] = []
    for number, name in enumerate(names):
        try:
            path = _inside(folder, name, f"indicators.include[{number}]")
            text = _text_of(path, name)
            size += len(text.encode())
            if size > LARGEST_TEXT:
                raise FrameworkFaults(
                    [f"{name}: with it the framework is larger than {LARGEST_TEXT // 1_000_000} MB"]
                )
            rows += [_row(code, value) for code, value in _mapping(_read(text, name), name).items()]
        except FrameworkFaults as error:
            faults += error.faults
    if faults:
        raise FrameworkFaults(faults)
    return rows


def _row(code: str, value: Any) -> Any:
    """One indicator as the published document has it; a wrong shape is left for the schema to name."""
    return (
        {"id": code, **value}
        if isinstance(value, dict) and "id" not in value
        else {"id": code, "fields": value}
    )


def _inside(folder: Path, name: str, place: str) -> Path:
    home = folder.resolve()
    path = Path(os.path.normpath(home / name))
    if "\0" in name or not path.is_relative_to(home) or not path.resolve().is_relative_to(home):
        raise FrameworkFaults([f"{place}: {name[:60]!r} is not a file beside the framework"])
    return path


def _text_of(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_TEXT + 1)
        if len(content) > LARGEST_TEXT:
            raise FrameworkFaults([f"{name}: larger than {LARGEST_TEXT // 1_000_000} MB"])
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FrameworkFaults([f"{name}: not UTF-8 at byte {error.start}"]) from error
    except OSError as error:
        raise FrameworkFaults([f"{name}: it cannot be read ({error.strerror})"]) from error


def _read(text: str, name: str) -> object:
    try:
        return read_document(text, name=name)
    except InputFaults as error:
        raise FrameworkFaults(error.faults) from error


def _mapping(document: object, name: str) -> dict[str, Any]:
    if not isinstance(document, dict) or not document:
        raise FrameworkFaults([f"{name}: it is not a mapping of names to values"])
    return document


def _plain(document: dict[str, Any]) -> dict[str, Any]:
    """The same in JSON's own kinds of value, as it will be stored and published."""
    plain: dict[str, Any] = json.loads(json.dumps(document, ensure_ascii=False))
    return plain
