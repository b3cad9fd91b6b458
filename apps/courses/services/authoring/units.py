"""What a form of the site makes of a file of a course, and back: lessons, course.yaml, the order of modules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from django.utils.translation import gettext as _

from apps.core.errors import Refused
from apps.courses.services.authoring.starting import dump
from apps.courses.services.reading import LESSON_NAME, StrictLoader

Files = Mapping[str, bytes]
SHARED = (
    "version",
    "hours",
    "areas",
    "indicators",
    "nice_roles",
    "validity_months",
    "pass_mark",
    "certificate",
    "final",
)
LESSON_ID = re.compile(r"\bC[1-9][0-9]*\.m[1-9][0-9]*\.l[1-9][0-9]*(?=\.q[1-9])")
LANGUAGE = re.compile(r"([a-z]{2,3})/course\.yaml|([a-z]{2,3})/.+", re.DOTALL)


def text_of(raw: bytes | memoryview) -> str:
    """The text of a file as a field of a form holds it."""
    return bytes(raw).decode("utf-8", "replace").replace("\r\n", "\n")


def bytes_of(text: str) -> bytes:
    """The text of a field as a file holds it: line ends of Unix, one at the end."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return (plain.rstrip("\n") + "\n").encode("utf-8", "replace")


def data_of(raw: bytes | memoryview) -> Any:
    """The data of a YAML file; None when it cannot be read."""
    try:
        return yaml.load(text_of(raw), Loader=StrictLoader)  # noqa: S506  a safe loader, made stricter
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def document_of(files: Files, prefix: str = "") -> dict[str, Any]:
    """course.yaml as data; empty when it cannot be read, or its modules or objectives are no rows with ids."""
    data = data_of(files.get(f"{prefix}course.yaml", b""))
    if not isinstance(data, dict) or not all(
        _rows(data.get(name), name) for name in ("modules", "objectives")
    ):
        return {}
    return data


def _rows(held: Any, name: str) -> bool:
    """Whether modules or objectives are what pages can show: rows with a name, modules with a list of lessons."""
    if held is None and name == "objectives":
        return True
    return isinstance(held, list) and all(
        isinstance(row, dict)
        and isinstance(row.get("id"), str)
        and all(isinstance(row.get(part, []), list) for part in ("lessons", "planned"))
        for row in held
    )


@dataclass(frozen=True, slots=True)
class LessonText:
    """A lesson file in its two parts; `readable` is False when the head is no YAML."""

    front: dict[str, Any]
    body: str
    head: str
    readable: bool


def split_lesson(raw: bytes | memoryview) -> LessonText:
    """The front matter and the Markdown of a lesson file."""
    text = text_of(raw)
    head, found, body = text.removeprefix("---\n").partition("\n---\n")
    if not text.startswith("---\n") or not found:
        return LessonText({}, text, "", False)
    data = data_of(head.encode())
    front = data if isinstance(data, dict) else {}
    return LessonText(front, body, head, isinstance(data, dict))


def join_lesson(before: LessonText, changes: Mapping[str, Any], body: str) -> bytes:
    """The file with other values; a head whose values stay keeps its words, comments included."""
    front = {**before.front, **changes}
    front = {name: value for name, value in front.items() if value not in ("", [], None)}
    head = before.head if before.readable and front == before.front else dump(front).rstrip("\n")
    return bytes_of(f"---\n{head}\n---\n" + body.replace("\r\n", "\n"))


def languages_of(files: Files) -> list[str]:
    """The languages into which a draft holds anything."""
    found = {path.partition("/")[0] for path in files if re.match(r"[a-z]{2,3}/", path)}
    return sorted(found)


def with_course(files: Files, changes: Mapping[str, Any]) -> dict[str, bytes]:
    """The course.yaml files after a change of the course's; translations follow in everything that is no words.

    A part that changes to None is left out.
    Raises `Refused` when a course.yaml cannot be read: then it is mended as text first.
    """
    document = document_of(files)
    if not document:
        raise Refused(_("course.yaml cannot be read; mend it as text first."))
    changed = {name: value for name, value in {**document, **changes}.items() if value is not None}
    made = {}
    if changed != document:
        made["course.yaml"] = dump(changed).encode()
    for language in languages_of(files):
        path = f"{language}/course.yaml"
        held = document_of(files, f"{language}/")
        if held:
            after = _followed(held, changed)
            if after != held:
                made[path] = dump(after).encode()
    return made


def _followed(held: dict[str, Any], course: dict[str, Any]) -> dict[str, Any]:
    """A translated course.yaml with the course's numbers, codes and order, and its own words where it has them."""
    after = {**held, **{name: course[name] for name in SHARED if name in course}}
    for name in SHARED:
        if name not in course:
            after.pop(name, None)
    words = {row.get("id"): row for row in held.get("objectives", []) if isinstance(row, dict)}
    after["objectives"] = [words.get(row["id"], row) for row in course.get("objectives", [])]
    modules = {row.get("id"): row for row in held.get("modules", []) if isinstance(row, dict)}
    if "facts" in held and "facts" in course:
        told = {row.get("id"): row for row in held["facts"] if isinstance(row, dict)}
        after["facts"] = [_fact(told.get(row["id"], {}), row) for row in course["facts"]]
    after["modules"] = [_module(modules.get(row["id"], {}), row) for row in course["modules"]]
    return after


def _fact(held: dict[str, Any], fact: dict[str, Any]) -> dict[str, Any]:
    return {**fact, **{name: held[name] for name in ("text", "title") if name in held}}


def _module(held: dict[str, Any], module: dict[str, Any]) -> dict[str, Any]:
    own: dict[str, Any] = {
        name: held[name] for name in ("title", "summary", "planned") if name in held and name in module
    }
    return {**module, **own}


def lesson_paths(files: Files, prefix: str = "") -> dict[str, str]:
    """The file of each lesson by its slug."""
    found = {}
    for path in files:
        name = LESSON_NAME.fullmatch(path.removeprefix(prefix)) if path.startswith(prefix) else None
        if name:
            found[name[2]] = path
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """Files to write and files to call by another name."""

    files: dict[str, bytes]
    renames: dict[str, str]


def arranged(files: Files, modules: list[dict[str, Any]]) -> Change:
    """Put lessons into the order of `modules`: numbers in file names, ids in lessons and questions, in every language."""
    document = document_of(files)
    change = Change(with_course(files, {"modules": modules}), {})
    for prefix in ("", *(f"{language}/" for language in languages_of(files))):
        held, number = lesson_paths(files, prefix), 0
        for module in modules:
            for n, slug in enumerate(module.get("lessons", []), 1):
                number += 1
                wanted = f"{document.get('id')}.{module['id']}.l{n}"
                if slug in held:
                    _placed(
                        change, files, held[slug], f"{prefix}lessons/{number}-{slug}.md", wanted, module["id"]
                    )
                _numbered(change, files, f"{prefix}questions/{slug}.yaml", wanted)
    return change


def _placed(change: Change, files: Files, old: str, new: str, code: str, module: str) -> None:
    if old != new:
        change.renames[old] = new
    text = text_of(files[old])
    head, sep, body = text.partition("\n---\n")
    after = re.sub(r"^id:[^\n]*$", f"id: {code}", head, count=1, flags=re.MULTILINE)
    after = re.sub(r"^module:[^\n]*$", f"module: {module}", after, count=1, flags=re.MULTILINE)
    if after != head:
        change.files[new] = bytes_of(after + sep + body)


def _numbered(change: Change, files: Files, path: str, code: str) -> None:
    if path in files:
        text = text_of(files[path])
        after = LESSON_ID.sub(code, text)
        if after != text:
            change.files[path] = bytes_of(after)


def moved_module(files: Files, module: str, step: int) -> Change:
    """Move a module one place. Raises `Refused` when there is no place to move to."""
    modules = list(_modules(files))
    place = next((n for n, row in enumerate(modules) if row["id"] == module), -1)
    if place < 0 or not 0 <= place + step < len(modules):
        raise Refused(_("It cannot be moved further."))
    modules.insert(place + step, modules.pop(place))
    return arranged(files, modules)


def moved_lesson(files: Files, slug: str, step: int) -> Change:
    """Move a lesson one place, at the end of a module into the next. Raises `Refused` when there is no place."""
    modules = [
        {**row, "lessons": list(row["lessons"])} if "lessons" in row else row for row in _modules(files)
    ]
    written = [row for row in modules if "lessons" in row]
    for n, row in enumerate(written):
        if slug in row["lessons"]:
            place = row["lessons"].index(slug)
            if 0 <= place + step < len(row["lessons"]):
                row["lessons"].insert(place + step, row["lessons"].pop(place))
            elif 0 <= n + step < len(written) and len(row["lessons"]) > 1:
                other = written[n + step]["lessons"]
                other.insert(0 if step > 0 else len(other), row["lessons"].pop(place))
            else:
                break
            return arranged(files, modules)
    raise Refused(_("It cannot be moved further."))


def _modules(files: Files) -> Iterator[dict[str, Any]]:
    for row in document_of(files).get("modules") or []:
        if not isinstance(row, dict) or "id" not in row:
            raise Refused(_("course.yaml cannot be read; mend it as text first."))
        yield row


def with_module(files: Files, title: str) -> Change:
    """A new module at the end, planned until it has a lesson."""
    modules = list(_modules(files))
    taken = {row["id"] for row in modules}
    code = next(f"m{n}" for n in range(1, 100) if f"m{n}" not in taken)
    modules.append({"id": code, "title": title, "summary": title, "planned": [title]})
    return Change(with_course(files, {"modules": modules, "status": "preparation"}), {})


def with_lesson(files: Files, module: str, slug: str, title: str) -> Change:
    """A new lesson at the end of a module, with its empty questions; a planned module becomes a written one."""
    document, paths = document_of(files), lesson_paths(files)
    modules = [dict(row) for row in _modules(files)]
    row = next((one for one in modules if one["id"] == module), None)
    if row is None:
        raise Refused(_("Choose a module."), field="module")
    if slug in paths or any(slug in one.get("lessons", []) for one in modules):
        raise Refused(_("There is a lesson of this name already."), field="slug")
    row["lessons"] = [*row.get("lessons", []), slug]
    row.pop("planned", None)
    row.setdefault("test", {"draw": 8, "pass_mark": 80})
    objective = (document.get("objectives") or [{"id": f"{document.get('id')}.O1"}])[0]["id"]
    front = {
        "id": "C0", "module": module, "title": title, "minutes": 8, "objective": "After this you can ….",
        "objective_id": objective, "hook": {"question": "…?", "options": ["…", "… …"]}, "do_it_at_work": "…",
        "key_points": ["…", "… …", "… … …"],
    }  # fmt: skip
    new = {f"lessons/{len(paths) + 1}-{slug}.md": f"---\n{dump(front)}---\n…\n".encode()}
    new |= {
        path: b"[]\n"
        for path in (f"questions/{slug}.yaml", f"questions/test-{module}.yaml")
        if path not in files
    }
    change = arranged({**files, **new}, modules)
    kept = {change.renames.get(path, path): raw for path, raw in new.items()}
    renames = {old: name for old, name in change.renames.items() if old not in new}
    return Change({**kept, **change.files}, renames)
