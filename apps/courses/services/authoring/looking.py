"""A draft as its pages show it: the outline, previews of screens, faults with the way to their place, differences."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps import marking
from apps.core.markdown import render_markdown
from apps.courses.models import CourseDraft, DraftFile
from apps.courses.selectors.authoring import files_of
from apps.courses.services.authoring.units import (
    Files,
    data_of,
    document_of,
    languages_of,
    lesson_paths,
    split_lesson,
    text_of,
)
from apps.courses.services.checking import FIGURE_LINE, against, find_faults
from apps.courses.services.figures import BadFigure, figure_html
from apps.courses.services.packing import unpack_files
from apps.courses.services.reading import LANGUAGE_FOLDER, SCREEN_LINE, Fault, read_files

MOST_LINES = 400
KIND_NAMES = {
    "single": _lazy("One answer is right"), "multiple": _lazy("Several answers are right"),
    "truefalse": _lazy("True or false"), "short": _lazy("Short text"), "numeric": _lazy("Number"),
    "matching": _lazy("Matching"), "ordering": _lazy("Ordering"), "fill": _lazy("Gaps"), "essay": _lazy("Essay"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnitLink:
    """A file of a draft as a link. `count` is the number of questions of a pool."""

    id: str
    path: str
    title: str
    slug: str = ""
    count: int = 0
    pool: str = ""
    pool_id: str = ""
    first: bool = False
    last: bool = False


@dataclass(frozen=True, slots=True)
class ModuleLine:
    code: str
    title: str
    lessons: tuple[UnitLink, ...]
    planned: tuple[str, ...]
    test: UnitLink | None
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class Outline:
    """What a draft holds. `loose` are files that no module names; `course` is the id of course.yaml."""

    course: str
    readable: bool
    modules: tuple[ModuleLine, ...]
    pools: tuple[UnitLink, ...]
    figures: tuple[UnitLink, ...]
    loose: tuple[UnitLink, ...]
    languages: tuple[str, ...]


def raws(rows: Mapping[str, DraftFile]) -> dict[str, bytes]:
    """The contents of files by path."""
    return {path: bytes(row.raw) for path, row in rows.items()}


def outline_of(rows: Mapping[str, DraftFile]) -> Outline:
    """The draft at a glance, also when parts of it cannot be read."""
    files = raws(rows)
    document, paths = document_of(files), lesson_paths(files)
    given = [row for row in document.get("modules") or [] if isinstance(row, dict)]
    seen: set[str] = {"course.yaml"}
    modules = tuple(_module(row, n, len(given), rows, files, paths, seen) for n, row in enumerate(given))
    own = {path: row for path, row in rows.items() if not LANGUAGE_FOLDER.fullmatch(path)}
    names = {
        "questions/final.yaml": _("Final test"), "questions/form-a.yaml": _("Form A, before the course"),
        "questions/form-b.yaml": _("Form B, after the course"),
    }  # fmt: skip
    pools = [_pool(own[path], files, title) for path, title in names.items() if path in own]
    figures = [
        UnitLink(row.public_id, path, path[8:]) for path, row in own.items() if path.startswith("figures/")
    ]
    known = seen | names.keys() | {one.path for one in figures}
    loose = [UnitLink(row.public_id, path, path) for path, row in own.items() if path not in known]
    return Outline(
        rows["course.yaml"].public_id if "course.yaml" in rows else "", bool(document), modules, tuple(pools),
        tuple(figures), tuple(loose), tuple(languages_of(files)),
    )  # fmt: skip


def _module(
    row: dict[str, Any], place: int, count: int, rows: Mapping[str, DraftFile], files: Files,
    paths: dict[str, str], seen: set[str],
) -> ModuleLine:  # fmt: skip
    lessons = []
    slugs = [str(slug) for slug in row.get("lessons") or []]
    for slug in slugs:
        path, pool = paths.get(slug, ""), f"questions/{slug}.yaml"
        seen |= {path, pool}
        if path:
            title = str(split_lesson(files[path]).front.get("title") or slug)
            held = rows.get(pool)
            lessons.append(
                UnitLink(
                    rows[path].public_id, path, title, slug, _count(files, pool), pool,
                    held.public_id if held else "", place == 0 and slug == slugs[0], place == count - 1 and slug == slugs[-1],
                )
            )  # fmt: skip
    name = f"questions/test-{row.get('id')}.yaml"
    seen.add(name)
    test = _pool(rows[name], files, _("Module test")) if name in rows else None
    planned = tuple(str(title) for title in row.get("planned") or [])
    return ModuleLine(
        str(row.get("id")),
        str(row.get("title")),
        tuple(lessons),
        planned,
        test,
        place == 0,
        place == count - 1,
    )


def _count(files: Files, path: str) -> int:
    data = data_of(files[path]) if path in files else None
    return len(data) if isinstance(data, list) else 0


def _pool(row: DraftFile, files: Files, title: str) -> UnitLink:
    return UnitLink(row.public_id, row.path, title, count=_count(files, row.path))


@dataclass(frozen=True, slots=True)
class Screen:
    number: int
    html: SafeString
    faults: tuple[str, ...]


def preview_screens(body: str, figures: Files, language: str) -> list[Screen]:
    """The screens of a lesson as learners will see them, through the same sanitiser; with what is wrong in each."""
    with translation.override(language):
        return [
            _screen(number, text.strip(), figures)
            for number, text in enumerate(SCREEN_LINE.split(body.replace("\r\n", "\n")), 1)
        ]


def _screen(number: int, text: str, figures: Files) -> Screen:
    parts, faults, start = [], [], 0
    for figure in FIGURE_LINE.finditer(text):
        parts.append(render_markdown(text[start : figure.start()]))
        start = figure.end()
        try:
            if not figure["alt"].strip():
                raise BadFigure(_("a picture needs words that say what it shows."))
            if figure["path"] not in figures:
                raise BadFigure(_("there is no figure “%(path)s”.") % {"path": figure["path"][:80]})
            parts.append(figure_html(bytes(figures[figure["path"]]), figure["alt"]))
        except BadFigure as fault:
            faults.append(str(fault))
            parts.append(format_html("<p><strong>[{}]</strong></p>", figure["alt"] or figure["path"]))
    parts.append(render_markdown(text[start:]))
    if not text:
        faults.append(_("this screen is empty."))
    return Screen(number, mark_safe("".join(parts)), tuple(faults))  # noqa: S308  every part was made safe above


@dataclass(frozen=True, slots=True)
class PoolLine:
    """A question in the list of its pool; `number` counts from 1."""

    number: int
    code: str
    kind: str
    text: str
    objective: str
    critical: bool
    faults: tuple[str, ...]


def pool_lines(path: str, raw: bytes) -> list[PoolLine] | None:
    """The questions of a pool with what is wrong in each; None when the file cannot be read."""
    data = data_of(raw)
    if not isinstance(data, list):
        return None
    faults: dict[int, list[str]] = {}
    for number, sentence in question_faults(data):
        faults.setdefault(number, []).append(sentence)
    return [
        PoolLine(
            n, str(row.get("id", "")), str(KIND_NAMES.get(str(row.get("kind")), row.get("kind"))), str(row.get("text", "")),
            str(row.get("objective", "")), row.get("critical") is True, tuple(faults.get(n, ())),
        )
        for n, row in enumerate((one if isinstance(one, dict) else {} for one in data), 1)
    ]  # fmt: skip


def question_faults(pool: list[Any]) -> Iterator[tuple[int, str]]:
    """What questions of a pool cannot be by themselves: the number of the question, from 1, and a sentence."""
    shape = list(against("", pool, "question.schema.json"))
    for fault in shape:
        number = fault.place.removeprefix(": ")[1:].partition("]")[0]
        part = fault.place.partition("].")[2]
        if number.isdecimal():
            yield int(number) + 1, f"{part}: {fault.sentence}" if part else fault.sentence
    wrong = {fault.place.removeprefix(": ")[1:].partition("]")[0] for fault in shape}
    for n, row in enumerate(pool):
        if str(n) not in wrong and isinstance(row, dict):
            for part, sentence in marking.faults_of(row):
                yield n + 1, f"{part}: {sentence}"


def figure_preview(path: str, raw: bytes) -> SafeString | str:
    """The figure as a picture, or the sentence that says why it is none."""
    try:
        return figure_html(bytes(raw), path)
    except BadFigure as fault:
        return str(fault)


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A fault and the page where it is mended; `question` is its place in a pool, from 1."""

    place: str
    sentence: str
    unit: str
    question: int = 0


def faults_of_draft(draft: CourseDraft) -> list[FaultLine]:
    """Every fault of the draft, each with its place. They are worked out once for each save."""
    rows = files_of(draft)
    if draft.checked != draft.revision:
        found = find_faults(read_files(draft.slug, raws(rows)))
        draft.faults = [[fault.place, fault.sentence] for fault in found]
        draft.checked = draft.revision
        CourseDraft.objects.filter(pk=draft.pk, revision=draft.revision).update(
            faults=draft.faults, checked=draft.revision
        )
    return [_line(Fault(*pair), rows) for pair in draft.faults]


def _line(fault: Fault, rows: Mapping[str, DraftFile]) -> FaultLine:
    path = fault.place.partition(": ")[0].partition(" line ")[0]
    inside = fault.place.partition(": ")[2]
    number = inside[1:].partition("]")[0] if inside.startswith("[") else ""
    row = rows.get(path)
    question = int(number) + 1 if number.isdecimal() and len(number) < 5 else 0
    return FaultLine(fault.place, fault.sentence, row.public_id if row else "", question)


@dataclass(frozen=True, slots=True)
class DiffLine:
    kind: str  # "same", "in", "out" or "where"
    text: str


@dataclass(frozen=True, slots=True)
class FileDifference:
    path: str
    kind: str  # "new", "gone" or "changed"
    lines: tuple[DiffLine, ...]
    more: int


def differences(draft: CourseDraft) -> list[FileDifference]:
    """What the draft changes, file by file, against the version that it began with."""
    folder = getattr(draft.base, "folder", None) if draft.base else None
    before = unpack_files(bytes(folder.packed)) if folder else {}
    return list(differences_of(before, raws(files_of(draft))))


def differences_of(before: Files, after: Files) -> Iterator[FileDifference]:
    """Every file in which two folders differ, with the lines that went and came."""
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path), after.get(path)
        if old == new:
            continue
        kind = "new" if old is None else "gone" if new is None else "changed"
        lines = [] if path.startswith("figures/") else list(_lines(old or b"", new or b""))
        yield FileDifference(path, kind, tuple(lines[:MOST_LINES]), max(0, len(lines) - MOST_LINES))


def _lines(old: bytes, new: bytes) -> Iterator[DiffLine]:
    kinds = {"+": "in", "-": "out", "@": "where"}
    found = difflib.unified_diff(text_of(old).splitlines(), text_of(new).splitlines(), n=1, lineterm="")
    for number, line in enumerate(found):
        if number > 1:
            yield DiffLine(kinds.get(line[:1], "same"), "" if line.startswith("@") else line[1:])
