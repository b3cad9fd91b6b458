"""Beginning drafts, saving their files, and taking saves back. Every write holds the draft's row."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import yaml
from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused, Stale
from apps.courses.choices import DraftState
from apps.courses.models import Course, CourseAuthor, CourseDraft, CourseVersion, DraftFile, DraftSave
from apps.courses.policies import may_name_authors, may_write_course
from apps.courses.services.authoring.starting import starting_files
from apps.courses.services.packing import unpack_files
from apps.courses.services.reading import LANGUAGE_FOLDER, MAX_BYTES, StrictLoader, is_known

LARGEST_FILE = 1_000_000
MOST_FILES = 1_000
VERSION_LINE = re.compile(r"^version:[^\n]*$", re.MULTILINE)


def digest_of(raw: bytes | memoryview) -> str:
    """What tells two contents of a file apart."""
    return hashlib.sha256(bytes(raw)).hexdigest()


def fits(pattern: str, text: str) -> bool:
    """Whether a name keeps its pattern, in a length that an address can have."""
    return len(text) <= 60 and re.fullmatch(pattern, text) is not None


def next_number(number: str) -> str:
    """The number after `number` of a version: 2.0 → 2.1."""
    whole, _dot, part = number.partition(".")
    return f"{whole}.{int(part) + 1}" if part.isdecimal() and len(part) < 6 else f"{number[:10]}.1"


def _numbered(files: Mapping[str, bytes], number: str) -> dict[str, bytes]:
    """The same files with another version in every course.yaml; nothing else in them is touched."""
    found = dict(files)
    for path, raw in files.items():
        if path.rpartition("/")[2] == "course.yaml":
            text = bytes(raw).decode("utf-8", "replace")
            found[path] = VERSION_LINE.sub(f'version: "{number}"', text, count=1).encode()
    return found


@transaction.atomic
def begin_draft(*, actor: User, course: str) -> CourseDraft:
    """A draft of the next version of a published course. Raises `Refused` while there is an open one."""
    require(may_write_course(actor, course))
    held = CourseVersion.objects.filter(course__slug=course, folder__isnull=False)
    base = held.select_related("folder").first()
    if base is None:
        raise Refused(
            _("The files of this course are not kept here. Load its folder once more, or import it.")
        )
    numbers = set(Course.objects.filter(slug=course).values_list("versions__version", flat=True))
    number = next_number(base.version)
    while number in numbers:
        number = next_number(number)
    files = _numbered(unpack_files(bytes(base.folder.packed)), number)
    return make_draft(actor, course, files, base=base)


@transaction.atomic
def begin_course(*, actor: User, slug: str, code: str, title: str, language: str) -> CourseDraft:
    """A draft of a course that is new here, with the files that every course has."""
    require(may_name_authors(actor))
    if Course.objects.filter(slug=slug).exists() or Course.objects.filter(code=code).exists():
        raise Refused(_("A course of this site has this name or this id already."), field="slug")
    return make_draft(actor, slug, starting_files(slug, code, title, language))


def make_draft(
    actor: User, slug: str, files: Mapping[str, bytes], *, base: CourseVersion | None = None
) -> CourseDraft:
    """Store a draft with its files, for somebody who may; runs in the caller's transaction."""
    names = _names(files.get("course.yaml", b""))
    try:
        with transaction.atomic():
            draft = CourseDraft.objects.create(slug=slug, base=base, begun_by=actor, **names)
    except IntegrityError as fault:
        raise Refused(
            _("There is an open draft of this course already. Go on with it, or delete it.")
        ) from fault
    DraftFile.objects.bulk_create(
        DraftFile(draft=draft, path=path, raw=raw, **_translated(path, files)) for path, raw in files.items()
    )
    audit.record(actor=actor, action="course.draft_begun", on=draft, course=slug, files=len(files))
    return draft


def _translated(path: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    """A translation that comes with its course is finished."""
    found = LANGUAGE_FOLDER.fullmatch(path)
    source = files.get(found[2]) if found else None
    return {"made_from": digest_of(source), "done": True} if source is not None else {}


def _names(raw: bytes) -> dict[str, str]:
    """Title, number and language out of course.yaml as far as it can be read."""
    try:
        data = yaml.load(bytes(raw).decode("utf-8"), Loader=StrictLoader)  # noqa: S506  a safe loader
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError):
        data = None
    found = data if isinstance(data, dict) else {}
    return {
        "title": str(found.get("title") or _("Untitled"))[:150],
        "number": str(found.get("version") or "?")[:20],
        "language": str(found.get("language") or "en")[:10],
    }


def _held(draft: CourseDraft) -> CourseDraft:
    """The draft, locked, and still open."""
    row = CourseDraft.objects.select_for_update().get(pk=draft.pk)
    if row.state == DraftState.PUBLISHED:
        raise Refused(_("This draft is published. A published version never changes; begin a new draft."))
    return row


@transaction.atomic
def save_files(
    *, actor: User, draft: CourseDraft, files: Mapping[str, bytes], expected: Mapping[str, int],
    translation: Mapping[str, tuple[str, bool]] | None = None, renames: Mapping[str, str] | None = None,
) -> CourseDraft:  # fmt: skip
    """Write `files` by path into the draft. `expected` holds the version that was seen, 0 for a file that is new.

    `translation` holds, of a translated file, the digest of its source and whether it is finished; `renames`, from old
    to new names, come first. Raises `Stale` with the stored file as `current`, and `Refused` for a name or a size that cannot be in a course. What is the same
    as before is no save.
    """
    require(may_write_course(actor, draft.slug))
    held = _held(draft)
    rows = {row.path: row for row in held.files.filter(path__in=[*files, *expected])}
    for path, seen in expected.items():
        row = rows.get(path)
        if (row.version if row else 0) != seen:
            text = _("Someone else saved this while you were writing.")
            raise Stale(text, current=row, proposed=files.get(path))
    states = translation or {}
    if renames:
        _rename(held, renames)
        rows = {row.path: row for row in held.files.filter(path__in=[*files])}
    for path, raw in files.items():
        _put(actor, held, rows.get(path), path, raw, states.get(path))
    return _saved(held)


def _rename(draft: CourseDraft, renames: Mapping[str, str]) -> None:
    """Give files other names; in two steps, since names may be swapped."""
    rows = list(draft.files.filter(path__in=[*renames]))
    for step in ("~", ""):
        for row in rows:
            row.path = f"~{row.path}" if step else renames[row.path.removeprefix("~")]
            row.save(update_fields=["path"])


def _put(
    actor: User, draft: CourseDraft, row: DraftFile | None, path: str, raw: bytes, state: tuple[str, bool] | None
) -> None:  # fmt: skip
    _vet(draft, path, raw, new=row is None)
    changes: dict[str, Any] = {"made_from": state[0], "done": state[1]} if state else {}
    if row is not None and bytes(row.raw) == raw:
        if changes:
            DraftFile.objects.filter(pk=row.pk).update(**changes)
        return
    before = bytes(row.raw) if row is not None else None
    if row is None:
        DraftFile.objects.create(draft=draft, path=path, raw=raw, **changes)
    else:
        row.raw, row.version, row.changed_at = raw, row.version + 1, now()
        row.made_from, row.done = changes.get("made_from", row.made_from), changes.get("done", row.done)
        row.save()
    _note(actor, draft, path, "changed" if row else "added", before)
    if path == "course.yaml":
        for name, value in _names(raw).items():
            setattr(draft, name, value)


def _vet(draft: CourseDraft, path: str, raw: bytes, *, new: bool) -> None:
    if not is_known(path) or len(path) > 200 or "\\" in path or ".." in path:
        raise Refused(_("“%(name)s” is not the name of a file of a course.") % {"name": path[:60]})
    if len(raw) > LARGEST_FILE:
        raise Refused(_("This is too long for one file of a course."))
    if new and draft.files.count() >= MOST_FILES:
        raise Refused(_("A course has at most %(count)s files.") % {"count": MOST_FILES})
    others = draft.files.exclude(path=path).values_list("raw", flat=True) if new else ()
    if new and sum(len(bytes(one)) for one in others) + len(raw) > MAX_BYTES:
        raise Refused(_("A course has at most %(size)s MB.") % {"size": MAX_BYTES // 1024 // 1024})


def _note(actor: User, draft: CourseDraft, path: str, kind: str, before: bytes | None) -> None:
    draft.revision += 1
    draft.state = DraftState.WRITING
    DraftSave.objects.create(
        draft=draft, revision=draft.revision, path=path, kind=kind, before=before, by=actor
    )
    audit.record(
        actor=actor, action="course.draft_saved", on=draft, course=draft.slug, path=path, revision=draft.revision
    )  # fmt: skip


def _saved(draft: CourseDraft) -> CourseDraft:
    draft.changed_at = now()
    draft.save(update_fields=["revision", "state", "changed_at", "title", "number", "language"])
    return draft


@transaction.atomic
def remove_file(*, actor: User, draft: CourseDraft, path: str, expected: int) -> CourseDraft:
    """Take a file out; what was saved keeps it. Raises `Stale` when it changed meanwhile, `Refused` for course.yaml."""
    require(may_write_course(actor, draft.slug))
    held = _held(draft)
    row = held.files.filter(path=path).first()
    if path.rpartition("/")[2] == "course.yaml" and path == "course.yaml":
        raise Refused(_("A course needs its course.yaml."))
    if row is None or row.version != expected:
        raise Stale(_("Someone else saved this while you were writing."), current=row)
    _note(actor, held, path, "removed", bytes(row.raw))
    row.delete()
    return _saved(held)


@transaction.atomic
def restore_save(*, actor: User, draft: CourseDraft, save: int) -> CourseDraft:
    """Put one file back to what stood there before a save. Raises `Refused` for a save that added the file."""
    require(may_write_course(actor, draft.slug))
    held = _held(draft)
    line = held.saves.filter(pk=save).first()
    if line is None or line.before is None:
        raise Refused(_("There is nothing to put back."))
    raw, row = bytes(line.before), held.files.filter(path=line.path).first()
    if row is not None and bytes(row.raw) == raw:
        raise Refused(_("It is already as it was then."))
    _put(actor, held, row, line.path, raw, None)
    return _saved(held)


@transaction.atomic
def delete_draft(*, actor: User, draft: CourseDraft) -> None:
    """Delete an open draft with all its files; a published one stays as the record of what was written."""
    require(may_write_course(actor, draft.slug))
    held = _held(draft)
    audit.record(actor=actor, action="course.draft_deleted", on=held, course=held.slug)
    held.delete()


@transaction.atomic
def name_author(*, actor: User, slug: str, email: str) -> None:
    """Let somebody with an account write a course. Raises `Refused` for an address without an account."""
    require(may_name_authors(actor))
    user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if user is None:
        raise Refused(_("Nobody here has this address. Ask the person to sign up first."), field="email")
    _row, new = CourseAuthor.objects.get_or_create(slug=slug, user=user)
    if new:
        audit.record(actor=actor, action="course.author_named", on=user, course=slug)


@transaction.atomic
def unname_author(*, actor: User, slug: str, person: str) -> None:
    """End somebody's authorship of a course; what they wrote stays."""
    require(may_name_authors(actor))
    row = CourseAuthor.objects.filter(slug=slug, user__public_id=person).select_related("user").first()
    if row is None:
        raise Conflict(_("This person is no author of this course any more."))
    audit.record(actor=actor, action="course.author_removed", on=row.user, course=slug)
    row.delete()
