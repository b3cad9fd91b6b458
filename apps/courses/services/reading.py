"""Read a course folder: strict YAML and Markdown into plain data, every fault with its place."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

MAX_BYTES = 5 * 1024 * 1024
LESSON_NAME = re.compile(r"lessons/([1-9][0-9]*)-([a-z0-9-]+)\.md")
SCREEN_LINE = re.compile(r"^---screen---[ \t]*$", re.MULTILINE)
KNOWN = re.compile(r"course\.yaml|lessons/[^/]+\.md|questions/[^/]+\.yaml|figures/[^/]+\.(?:svg|png)")
LANGUAGE_FOLDER = re.compile(r"([a-z]{2,3})/(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong and where: `place` is a file and the way to the value inside it."""

    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}"


class StrictLoader(yaml.SafeLoader):
    """Safe YAML without anchors, aliases and doubled keys: what is written once is read once."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise yaml.constructor.ConstructorError(
                None, None, "anchors and aliases are not used here; write the value out", event.start_mark
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _value in node.value:
            name = str(getattr(key, "value", ""))
            if name in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"“{name}” is written twice", key.start_mark
                )
            seen.add(name)
        return super().construct_mapping(node, deep=deep)


@dataclass(frozen=True, slots=True)
class LessonSource:
    """One lesson file: its number, its front matter and its screens as Markdown."""

    path: str
    number: int
    slug: str
    front: dict[str, Any]
    screens: tuple[str, ...]


@dataclass(slots=True)
class CourseSource:
    """A folder as read; `course` is empty when course.yaml could not be read.

    `into` is the language of a translation, empty for the course itself; `translations` are by language,
    `files` is the whole folder as it was.
    """

    folder: str
    into: str = ""
    course: dict[str, Any] = field(default_factory=dict)
    lessons: list[LessonSource] = field(default_factory=list)
    pools: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, bytes] = field(default_factory=dict)
    digest: str = ""
    faults: list[Fault] = field(default_factory=list)
    translations: dict[str, CourseSource] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


def read_folder(folder: Path) -> CourseSource:
    """Read every file of `folder`; what cannot be read becomes a fault, never an exception."""
    faults: list[Fault] = []
    return read_files(folder.resolve().name, dict(_texts(folder, faults)), faults)


def read_files(name: str, files: Mapping[str, bytes], faults: list[Fault] | None = None) -> CourseSource:
    """The same of files by path, for a folder called `name`; what has no place in it is a fault."""
    found = [] if faults is None else faults
    own: dict[str, bytes] = {}
    others: dict[str, dict[str, bytes]] = {}
    for path, raw in sorted(files.items()):
        if not is_known(path):
            found.append(Fault(path, "this file has no place in a course folder."))
            continue
        translated = LANGUAGE_FOLDER.fullmatch(path)
        held = others.setdefault(translated[1], {}) if translated else own
        held[translated[2] if translated else path] = raw
    source = _source(name, own, found)
    source.files = {path: bytes(raw) for path, raw in files.items()}
    for language, files in sorted(others.items()):
        figures = {path: raw for path, raw in own.items() if path.startswith("figures/")}
        source.translations[language] = _source(source.folder, figures | files, [], into=language)
    return source


def _source(folder: str, texts: dict[str, bytes], faults: list[Fault], into: str = "") -> CourseSource:
    source = CourseSource(folder, into, faults=faults)
    if "course.yaml" not in texts and not source.faults:
        source.faults.append(Fault("course.yaml", "this file is missing."))
    for path, raw in texts.items():
        _take(source, path, raw)
    source.lessons.sort(key=lambda lesson: (lesson.number, lesson.path))
    source.digest = _digest(texts.items())
    return source


def _texts(folder: Path, faults: list[Fault]) -> Iterable[tuple[str, bytes]]:
    if not folder.is_dir():
        faults.append(Fault(folder.name, "this is not a folder."))
        return
    total = 0
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if file.is_symlink():
            faults.append(Fault(name, "links to other places are not followed."))
        elif file.is_dir():
            continue
        elif not is_known(name):
            faults.append(Fault(name, "this file has no place in a course folder."))
        elif (total := total + file.stat().st_size) > MAX_BYTES:
            faults.append(Fault(name, f"the folder is larger than {MAX_BYTES // 1024 // 1024} MB."))
            return
        else:
            yield name, file.read_bytes()


def is_known(name: str) -> bool:
    """Whether a file of this name has a place in a course folder."""
    translated = LANGUAGE_FOLDER.fullmatch(name)
    return bool(KNOWN.fullmatch(translated[2] if translated else name))


def _digest(files: Iterable[tuple[str, bytes]]) -> str:
    """SHA-256 over every file's name and bytes, in the order of the names."""
    total = hashlib.sha256()
    for name, raw in sorted(files):
        total.update(f"{name}\0{len(raw)}\0".encode() + raw)
    return total.hexdigest()


def _take(source: CourseSource, path: str, raw: bytes) -> None:
    if path.startswith("figures/"):
        source.figures[path] = raw
        return
    try:
        text = raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as fault:
        source.faults.append(Fault(path, f"byte {fault.start} is not UTF-8."))
        return
    if path.startswith("lessons/"):
        _take_lesson(source, path, text)
    elif path == "course.yaml":
        data = _yaml(path, text, source.faults)
        source.course = data if isinstance(data, dict) else {}
        if data is not None and not isinstance(data, dict):
            source.faults.append(Fault(path, "expected names with values."))
    else:
        source.pools[path] = _yaml(path, text, source.faults)


def _yaml(path: str, text: str, faults: list[Fault], first_line: int = 1) -> Any:
    try:
        return yaml.load(text, Loader=StrictLoader)  # noqa: S506  a safe loader, made stricter
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        place = f"{path} line {mark.line + first_line}" if mark else path
        faults.append(Fault(place, f"{fault.problem or fault.context}."))
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        faults.append(Fault(path, f"this is not YAML: {str(fault)[:200]}"))
    return None


def _take_lesson(source: CourseSource, path: str, text: str) -> None:
    name = LESSON_NAME.fullmatch(path)
    if not name:
        source.faults.append(Fault(path, "a lesson file is called lessons/<number>-<slug>.md."))
        return
    head, _sep, body = text.removeprefix("---\n").partition("\n---\n")
    if not text.startswith("---\n") or not _sep:
        source.faults.append(Fault(path, "expected front matter between two lines of three dashes."))
        return
    front = _yaml(path, head, source.faults, first_line=2)
    if not isinstance(front, dict):
        if front is not None:
            source.faults.append(Fault(path, "the front matter is not names with values."))
        return
    screens = tuple(part.strip() for part in SCREEN_LINE.split(body))
    source.lessons.append(LessonSource(path, int(name[1]), name[2], front, screens))
