"""Translations side by side: the words of a file, one by one, put into the shape that the course's own file has."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.courses.models import CourseDraft, DraftFile
from apps.courses.policies import may_write_course
from apps.courses.selectors.authoring import files_of
from apps.courses.services.authoring.drafts import digest_of, remove_file, save_files
from apps.courses.services.authoring.starting import dump
from apps.courses.services.authoring.units import LessonText, bytes_of, data_of, split_lesson
from apps.courses.services.parity import WORDS
from apps.courses.services.reading import LANGUAGE_FOLDER

RUBRIC = {"criterion", "good", "enough", "missing"}
COURSE_WORDS = RUBRIC | {
    "title", "summary", "audience", "text", "term", "meaning", "artefact", "planned", "label", "hint",
}  # fmt: skip
LESSON_WORDS = {"title", "objective", "question", "options", "do_it_at_work", "key_points"}
BODY = "body"
PAIRS_A_PAGE = 40
STATES = ("missing", "draft", "review", "done")


@dataclass(frozen=True, slots=True)
class Pair:
    """A text of the course and its translation; `way` leads to it inside the file, `stored` is what somebody else saved."""

    way: str
    source: str
    mine: str
    long: bool
    stored: str = ""


@dataclass(frozen=True, slots=True)
class UnitState:
    """A file of the course and how far its translation is."""

    id: str
    path: str
    state: str


@dataclass(frozen=True, slots=True)
class Progress:
    """A language of a draft: its files with their states, and the per cent that are finished."""

    into: str
    units: tuple[UnitState, ...]
    percent: int
    started: bool


def _names(path: str) -> set[str]:
    name = path.rpartition("/")[2]
    return COURSE_WORDS if name == "course.yaml" else LESSON_WORDS if name.endswith(".md") else WORDS


def state_of(source: DraftFile, held: DraftFile | None) -> str:
    """missing, draft, review (the course's own text changed since), or done."""
    if held is None:
        return "missing"
    if held.made_from != digest_of(source.raw):
        return "review"
    return "done" if held.done else "draft"


def progress_of(rows: Mapping[str, DraftFile], into: str) -> Progress:
    """How far a language is, file by file."""
    units = tuple(
        UnitState(row.public_id, path, state_of(row, rows.get(f"{into}/{path}")))
        for path, row in rows.items()
        if not LANGUAGE_FOLDER.fullmatch(path) and not path.startswith("figures/")
    )
    done = sum(unit.state == "done" for unit in units)
    started = any(unit.state != "missing" for unit in units)
    return Progress(into, units, 100 * done // len(units) if units else 0, started)


def _parts(path: str, raw: bytes | memoryview) -> tuple[Any, LessonText | None]:
    """The data of a file with words in it; of a lesson the front matter, and the whole of it."""
    if path.endswith(".md"):
        lesson = split_lesson(raw)
        return (lesson.front if lesson.readable else None), lesson
    return data_of(raw), None


def words_in(data: Any, names: set[str], way: str = "") -> Iterator[tuple[str, str]]:
    """Every text of `data` that is words, with the way to it: names, ids, or places in a list."""
    for key, value in _inside(data):
        here = f"{way}/{key}"
        name = _name(here)
        if isinstance(value, str):
            if name in names:
                yield here, value
        else:
            yield from words_in(value, names, here)


def _inside(data: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield str(key), value
    elif isinstance(data, list):
        for number, value in enumerate(data):
            code = value.get("id") if isinstance(value, dict) else None
            yield (f"@{code}" if isinstance(code, str) else f"#{number}"), value


def _name(way: str) -> str:
    """The name that a text stands under: the last step of the way that is no place in a list."""
    return next((step for step in reversed(way.split("/")) if step and step[0] not in "#@"), "")


def _put(data: Any, words: Mapping[str, str], way: str = "") -> Any:
    if isinstance(data, dict):
        return {key: _put(value, words, f"{way}/{key}") for key, value in data.items()}
    if isinstance(data, list):
        return [_put(value, words, f"{way}/{step}") for step, value in _inside(data)]
    return words.get(way, data) if isinstance(data, str) else data


def pairs_of(path: str, source: bytes | memoryview, held: DraftFile | None) -> list[Pair]:
    """The texts of a file beside their translation; a text that is still the course's own has none.

    A single word may be the same in both languages, and in a finished file everything may. Raises `Refused` when the course's own
    file cannot be read.
    """
    data, lesson = _parts(path, source)
    if data is None:
        raise Refused(_("The course’s own file cannot be read; mend it first."))
    mine = _mine(path, held.raw if held else None)
    whole = held is not None and held.done
    found = list(words_in(data, _names(path)))
    if lesson is not None:
        found.append((BODY, lesson.body.strip("\n")))
    return [
        Pair(way, text, _shown(text, mine.get(way, ""), whole), len(text) > 90 or "\n" in text)
        for way, text in found
    ]


def _shown(source: str, mine: str, whole: bool) -> str:
    return "" if mine == source and not whole and " " in source.strip() else mine


def _mine(path: str, held: bytes | memoryview | None) -> dict[str, str]:
    if held is None:
        return {}
    data, lesson = _parts(path, held)
    found = dict(words_in(data, _names(path))) if data is not None else {}
    if lesson is not None:
        found[BODY] = lesson.body.strip("\n")
    return found


@transaction.atomic
def save_translation(
    *, actor: User, draft: CourseDraft, path: str, into: str, words: Mapping[str, str], expected: int, seen: str, done: bool
) -> int:  # fmt: skip
    """Write the translation of `path` and return how many texts are still without words.

    `words` are by their way; others keep what they have. `seen` is the digest of the course's file as the translator saw
    it. Raises `Stale` when somebody saved the translation meanwhile, `Refused` when it is called finished and is not.
    """
    require(may_write_course(actor, draft.slug))
    rows = files_of(draft)
    source, target = rows.get(path), f"{into}/{path}"
    if source is None:
        raise Refused(_("The draft has no such file any more."))
    held = rows.get(target)
    pairs = pairs_of(path, source.raw, held)
    given = {pair.way: words.get(pair.way, pair.mine).replace("\r\n", "\n").strip() for pair in pairs}
    left = sum(not text for text in given.values())
    if done and left:
        text = _("%(count)s texts have no translation yet, so it is not finished.")
        raise Refused(text % {"count": left})
    raw = _written(path, into, source.raw, {way: text for way, text in given.items() if text})
    save_files(
        actor=actor, draft=draft, files={target: raw}, expected={target: expected},
        translation={target: (seen, done)},
    )  # fmt: skip
    return left


def _written(path: str, into: str, source: bytes | memoryview, words: Mapping[str, str]) -> bytes:
    data, lesson = _parts(path, source)
    made = _put(copy.deepcopy(data), words)
    if path == "course.yaml" and isinstance(made, dict):
        made["language"] = into
    if lesson is None:
        return bytes_of(dump(made))
    return bytes_of(f"---\n{dump(made)}---\n{words.get(BODY, lesson.body)}")


@transaction.atomic
def leave_out_language(*, actor: User, draft: CourseDraft, into: str) -> int:
    """Take every file of a language out of the draft; the history brings each back. Returns how many."""
    require(may_write_course(actor, draft.slug))
    rows = [row for path, row in files_of(draft).items() if path.startswith(f"{into}/")]
    for row in rows:
        remove_file(actor=actor, draft=draft, path=row.path, expected=row.version)
    return len(rows)
