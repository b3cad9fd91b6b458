"""Files on their way in and out: folders as ZIP, questions as GIFT, Aiken and Moodle XML; looked at before anything is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.archives import open_archive
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.core.filecheck.kinds import clean_name
from apps.courses.models import Course, CourseDraft, CourseUpload
from apps.courses.policies import may_name_authors, may_write_course, writes_courses
from apps.courses.selectors.authoring import files_of
from apps.courses.services.authoring.drafts import fits, make_draft, save_files
from apps.courses.services.authoring.looking import raws
from apps.courses.services.authoring.questions import MOST_QUESTIONS, next_id, pool_of, prefix_of
from apps.courses.services.authoring.starting import dump
from apps.courses.services.authoring.units import bytes_of, document_of, text_of
from apps.courses.services.checking import find_faults
from apps.courses.services.figures import BadFigure, check_figure
from apps.courses.services.reading import MAX_BYTES, is_known, read_files
from apps.marking.exchange import (
    Decision,
    Line,
    NotReadable,
    Reading,
    drafts_of,
    read_aiken,
    read_gift,
    read_moodle_xml,
    rows_of,
    write_aiken,
    write_gift,
    write_moodle_xml,
)

READERS = {"gift": read_gift, "aiken": read_aiken, "moodle": read_moodle_xml}
WRITERS = {"gift": write_gift, "aiken": write_aiken, "moodle": write_moodle_xml}
FORMATS = {"gift": "GIFT", "aiken": "Aiken", "moodle": "Moodle XML"}
LARGEST_UPLOAD = 5_000_000
KEPT = timedelta(days=1)
SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"


@dataclass(frozen=True, slots=True)
class Look:
    """What a file would make: a line for each file or question in it, notes on the whole, and what keeps it out."""

    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    blocked: str
    title: str = ""
    number: str = ""
    faults: int = 0

    def count(self, decision: Decision) -> int:
        return sum(line.decision is decision for line in self.lines)

    @property
    def taken(self) -> int:
        return self.count(Decision.TAKEN)

    @property
    def changed(self) -> int:
        return self.count(Decision.CHANGED)

    @property
    def refused(self) -> int:
        return self.count(Decision.REFUSED)


@transaction.atomic
def keep_upload(
    *, actor: User, raw: bytes, name: str, form: str, draft: CourseDraft | None = None, path: str = "",
    objective: str = "",
) -> CourseUpload:  # fmt: skip
    """Keep a file for its owner to look at; what was not taken is forgotten after a day. Raises `Refused`."""
    if draft is not None:
        require(may_write_course(actor, draft.slug))
    elif not writes_courses(actor):
        raise PermissionDenied(_("This is for the authors of courses. An administrator can name you."))
    if len(raw) > LARGEST_UPLOAD:
        raise Refused(_("The file is larger than 5 MB."), field="file")
    CourseUpload.objects.filter(by=actor, at__lt=now() - KEPT).delete()
    shown = clean_name(name) or "file"
    return CourseUpload.objects.create(
        by=actor, draft=draft, path=path, form=form, name=shown, objective=objective, raw=raw
    )


# --- folders -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Folder:
    """A zip as read: the folder's name, its files, and a line for each member."""

    slug: str
    files: Mapping[str, bytes]
    lines: tuple[Line, ...]


def read_folder_zip(raw: bytes, name: str) -> Folder:
    """Read the zip of a course folder, with or without the folder around it. Raises `Refused` for a hostile or broken one."""
    archive = open_archive(raw, name=name)
    members = sorted(one for one in archive.names if not one.endswith("/"))
    tops = {one.partition("/")[0] for one in members if "/" in one}
    top = next((one for one in sorted(tops) if f"{one}/course.yaml" in archive.names), "")
    root = "" if "course.yaml" in archive.names else f"{top}/"
    files: dict[str, bytes] = {}
    lines = []
    for number, member in enumerate(members, 1):
        line = _member(archive.read(member), number, member, root, files)
        lines.append(line)
    slug = top if root else str(document_of(files).get("slug", ""))
    return Folder(slug, files, tuple(lines))


def _member(raw: bytes, number: int, member: str, root: str, files: dict[str, bytes]) -> Line:
    """Take one file of the zip, and say what became of it."""
    path = member.removeprefix(root)
    if not member.startswith(root) or not is_known(path) or len(path) > 200:
        reason = _("This file has no place in a course folder.")
        return Line(number, member, Decision.REFUSED, (reason,))
    if sum(map(len, files.values())) + len(raw) > MAX_BYTES:
        return Line(number, path, Decision.REFUSED, (_("The folder is larger than 5 MB."),))
    if path.rpartition("/")[0].endswith("figures"):
        try:
            check_figure(raw)
        except BadFigure as fault:
            return Line(number, path, Decision.REFUSED, (str(fault),))
        files[path] = raw
        return Line(number, path, Decision.TAKEN)
    return _text(raw, number, path, files)


def _text(raw: bytes, number: int, path: str, files: dict[str, bytes]) -> Line:
    reasons = []
    try:
        text = raw.decode("utf-8-sig")
        if raw.startswith(b"\xef\xbb\xbf"):
            reasons.append(_("A mark before the first letter was left out."))
    except UnicodeDecodeError:
        try:
            text = raw.decode("windows-1252")
        except UnicodeDecodeError:
            return Line(number, path, Decision.REFUSED, (_("Neither UTF-8 nor windows-1252."),))
        reasons.append(_("It is written in windows-1252; its letters were read as such."))
    if "\0" in text:
        return Line(number, path, Decision.REFUSED, (_("This is not a text file."),))
    if "\r\n" in text:
        reasons.append(_("Its line ends became those of the other files."))
    files[path] = raw if not reasons else text.replace("\r\n", "\n").encode()
    return Line(number, path, Decision.CHANGED if reasons else Decision.TAKEN, tuple(reasons))


def look_at_folder(user: User, upload: CourseUpload) -> tuple[Look, Folder | None]:
    """What a zip would make, and what keeps it from becoming a draft."""
    try:
        folder = read_folder_zip(bytes(upload.raw), upload.name)
    except Refused as fault:
        return Look((), (), fault.message), None
    document = document_of(folder.files)
    blocked = _blocked(user, folder)
    faults = 0 if blocked else len(find_faults(read_files(folder.slug, folder.files)))
    look = Look(
        folder.lines, (), blocked, str(document.get("title", ""))[:150], str(document.get("version", ""))[:20], faults
    )  # fmt: skip
    return look, folder


def _blocked(user: User, folder: Folder) -> str:
    if "course.yaml" not in folder.files:
        return _("There is no course.yaml in it.")
    if not document_of(folder.files):
        return _("course.yaml cannot be read.")
    if not fits(SLUG, folder.slug):
        return _("The folder has no name that can stand in an address.")
    known = Course.objects.filter(slug=folder.slug).exists()
    decision = may_write_course(user, folder.slug) if known else _may_bring(user, folder.slug)
    if not decision:
        return decision.reason
    if CourseDraft.objects.filter(slug=folder.slug).exclude(state="published").exists():
        return _("There is an open draft of this course already. Go on with it, or delete it.")
    return ""


def _may_bring(user: User, slug: str) -> Any:
    """A course that is new here: administrators, and those whom they named for it."""
    decision = may_write_course(user, slug)
    return decision if decision else may_name_authors(user)


@transaction.atomic
def take_folder(*, actor: User, upload: CourseUpload) -> CourseDraft:
    """Make the draft that was shown; the base is the newest published version, if there is one. Raises `Refused`."""
    row = CourseUpload.objects.select_for_update().get(pk=upload.pk, by=actor)
    if row.taken:
        raise Refused(_("This upload was taken already."))
    look, folder = look_at_folder(actor, row)
    if look.blocked or folder is None:
        raise Refused(look.blocked)
    require(may_write_course(actor, folder.slug))
    course = Course.objects.filter(slug=folder.slug).first()
    base = course.versions.filter(folder__isnull=False).first() if course else None
    draft = make_draft(actor, folder.slug, folder.files, base=base)
    row.taken, row.raw = True, b""
    row.save(update_fields=["taken", "raw"])
    audit.record(actor=actor, action="course.folder_imported", on=draft, course=folder.slug)
    return draft


# --- questions -----------------------------------------------------------------------------------------------------


def look_at_questions(upload: CourseUpload) -> tuple[Look, list[dict[str, Any]]]:
    """What a file of questions would add to its pool: a line for each question, and the questions that are taken."""
    assert upload.draft is not None
    try:
        reading = READERS[upload.form](bytes(upload.raw))
    except NotReadable as fault:
        return Look((), (), str(fault)), []
    files = raws(files_of(upload.draft))
    if upload.path not in files:
        return Look((), (), _("The draft has no such file any more.")), []
    pool = pool_of(files[upload.path])
    rows = list(_rows(reading, files, upload, pool))
    lines = _lines(reading, rows)
    kept = [row for row, _reasons in rows if row]
    blocked = "" if kept else _("There is no question in it that can be taken.")
    if len(pool) + len(kept) > MOST_QUESTIONS:
        blocked = _("A file holds at most %(count)s questions.") % {"count": MOST_QUESTIONS}
    return Look(tuple(lines), tuple(_notes(reading)), blocked), kept


def _notes(reading: Reading) -> Iterator[str]:
    if reading.encoding != "utf-8":
        yield _("The file is written in %(encoding)s; its letters were read as such.") % {
            "encoding": reading.encoding
        }
    yield from reading.notes


def _rows(
    reading: Reading, files: Mapping[str, bytes], upload: CourseUpload, pool: list[dict[str, Any]]
) -> Iterator[tuple[dict[str, Any] | None, list[str]]]:
    """Each question that was read as a row of the pool, with what was changed here; None for one that is there already."""
    known = {str(row.get("id")) for row in document_of(files).get("objectives") or []}
    asked = {_asked(row) for row in pool}
    prefix = prefix_of(files, upload.path)
    held: list[Mapping[str, Any]] = list(pool)
    for row in rows_of(reading.drafts, prefix, upload.objective):
        reasons = []
        if row["objective"] not in known:
            reasons.append(
                _("This course has no objective %(code)s; it counts for %(other)s.")
                % {"code": row["objective"][:20], "other": upload.objective}
            )
            row["objective"] = upload.objective
        if _asked(row) in asked:
            yield None, [_("The file of questions asks the same already.")]
            continue
        asked.add(_asked(row))
        row["id"] = next_id(held, prefix)
        held.append(row)
        yield row, reasons


def _asked(row: Mapping[str, Any]) -> str:
    return " ".join(str(row.get("text", "")).split()).casefold()


def _lines(reading: Reading, rows: list[tuple[dict[str, Any] | None, list[str]]]) -> Iterator[Line]:
    """The reader's lines with what was decided here."""
    after = iter(rows)
    for line in reading.lines:
        if line.decision is Decision.REFUSED:
            yield line
            continue
        row, reasons = next(after)
        if row is None:
            yield replace(line, decision=Decision.REFUSED, reasons=tuple(reasons))
        elif reasons:
            yield replace(line, decision=Decision.CHANGED, reasons=(*line.reasons, *reasons))
        else:
            yield line


@transaction.atomic
def take_questions(*, actor: User, upload: CourseUpload) -> int:
    """Add the questions that were shown to their pool and return how many. Raises `Refused`."""
    row = (
        CourseUpload.objects.select_for_update(of=("self",))
        .select_related("draft")
        .get(pk=upload.pk, by=actor)
    )
    if row.taken or row.draft is None:
        raise Refused(_("This upload was taken already."))
    require(may_write_course(actor, row.draft.slug))
    look, rows = look_at_questions(row)
    if look.blocked:
        raise Refused(look.blocked)
    held = row.draft.files.get(path=row.path)
    pool, text = pool_of(held.raw), text_of(held.raw)
    raw = bytes_of((text.rstrip("\n") + "\n" if pool else "") + dump(rows))
    save_files(actor=actor, draft=row.draft, files={row.path: raw}, expected={row.path: held.version})
    row.taken, row.raw = True, b""
    row.save(update_fields=["taken", "raw"])
    audit.record(
        actor=actor, action="course.questions_imported", on=row.draft, course=row.draft.slug, count=len(rows)
    )
    return len(rows)


@dataclass(frozen=True, slots=True)
class Leaving:
    """What a file of questions is in another format: the text, and a line for each question that it cannot hold."""

    format: str
    name: str
    text: str
    left: tuple[Line, ...]
    whole: int


def leaving(raw: bytes, form: str) -> Leaving:
    """The questions of a pool in another format. Raises `Refused` when they cannot be read."""
    rows = pool_of(raw)
    try:
        text, left = WRITERS[form](drafts_of(rows))
    except (KeyError, TypeError, AttributeError, ValueError) as fault:
        raise Refused(_("Mend the faults of these questions first.")) from fault
    refused = [line for line in left if line.decision is not Decision.TAKEN]
    gone = sum(line.decision is Decision.REFUSED for line in refused)
    return Leaving(form, FORMATS[form], text, tuple(refused), len(rows) - gone)
