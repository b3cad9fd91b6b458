"""Editing the files of a draft: lessons with a preview, course.yaml, anything as text, figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused
from apps.courses.forms.authoring import AboutForm, FigureForm, FileForm, LessonForm, TextForm
from apps.courses.selectors import authoring
from apps.courses.services.authoring import drafts, figures, looking, units


@dataclass(frozen=True, slots=True)
class Two:
    """A field as it is stored now, and as this person wrote it."""

    label: str
    stored: str
    mine: str


def two_texts(form: FileForm, stored: FileForm) -> Iterator[Two]:
    """Every field in which a form differs from what is stored."""
    for name, field in form.fields.items():
        if name == "version" or name not in stored.fields:
            continue
        mine, theirs = (_shown(field, one[name].value()) for one in (form, stored))
        if mine != theirs:
            yield Two(str(form[name].label), theirs, mine)


def _shown(field: Any, value: Any) -> str:
    shown = field.prepare_value(value)
    return str("" if shown is None else shown).replace("\r\n", "\n").strip()


def over_file(
    request: Request,
    make: Callable[[Any], FileForm],
    save: Callable[[Any], None],
    template: str,
    done: str,
    context: dict[str, Any],
) -> HttpResponse:
    """Show a form over a file, or save it: 422 with faults, 409 with both texts, else back to `done`.

    `make(None)` reads what is stored, so that it can be asked again after a conflict.
    """
    form = make(request.POST if request.method == "POST" else None)
    two: tuple[Two, ...] = ()
    preview = request.POST.get("action") in ("preview", "mark")
    if form.is_bound and not preview and form.is_valid():
        try:
            save(form)
        except Refused as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        except Conflict as fault:
            stored = make(None)
            two = tuple(two_texts(form, stored))
            now = getattr(fault.current, "version", 0)
            form.data = {**request.POST.dict(), "version": str(now)}
            if not two:
                messages.info(request, _("Someone else saved the same at this moment."))
                return redirect(done)
        else:
            messages.success(request, _("Saved."))
            return redirect(done)
    status = 409 if two else 422 if form.is_bound and not preview and form.errors else 200
    return render(request, template, {**context, "form": form, "two": two, "silent": preview}, status=status)


def _draft_url(draft: str) -> str:
    return reverse("courses:draft", kwargs={"course_draft": draft})


def unit_url(draft: str, unit: str) -> str:
    """The page of one file."""
    return reverse("courses:unit", kwargs={"course_draft": draft, "course_unit": unit})


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: Request, course_draft: str, course_unit: str) -> HttpResponse:
    """One file: a lesson in its form, a pool as its list, a figure as a picture, anything else as text."""
    row = authoring.unit_for(request.user, course_draft, course_unit)
    path = row.path
    if path == "course.yaml":
        return redirect("courses:draft_about", course_draft)
    if path.startswith("lessons/") and units.split_lesson(row.raw).readable:
        return _lesson(request, row)
    if path.startswith("questions/"):
        return _pool(request, row)
    if path.startswith("figures/"):
        return _figure(request, row)
    return redirect("courses:unit_text", course_draft, course_unit)


def _lesson(request: Request, row: Any) -> HttpResponse:
    draft = row.draft
    files = looking.raws(authoring.files_of(draft))
    document = units.document_of(files)
    objectives = [
        (str(one.get("id")), f"{one.get('id')} {one.get('text')}")
        for one in document.get("objectives") or []
        if isinstance(one, dict)
    ]

    def make(data: Any) -> LessonForm:
        held = authoring.unit_for(request.user, draft.public_id, row.public_id)
        first = LessonForm.first(units.split_lesson(held.raw), held.version)
        return LessonForm(data, objectives=objectives, initial=first)

    def save(form: LessonForm) -> None:
        held = units.split_lesson(row.raw)
        raw = units.join_lesson(held, form.front, form.cleaned_data["body"])
        drafts.save_files(
            actor=request.user, draft=draft, files={row.path: raw}, expected={row.path: form.expected}
        )

    body = request.POST.get("body", units.split_lesson(row.raw).body)
    context = {
        "draft": draft, "unit": row, "screens": looking.preview_screens(body, files, draft.language),
        "figures": [path for path in files if path.startswith("figures/")], "locked": draft.state == "published",
        "comments": authoring.comments_of(draft, row.path),
    }  # fmt: skip
    here = unit_url(draft.public_id, row.public_id)
    return over_file(request, make, save, "courses/write/lesson.html", here, context)


def _pool(request: Request, row: Any) -> HttpResponse:
    context = {
        "draft": row.draft, "unit": row, "questions": looking.pool_lines(row.path, row.raw),
        "comments": authoring.comments_of(row.draft, row.path), "kinds": looking.KIND_NAMES.items(),
    }  # fmt: skip
    return render(request, "courses/write/pool.html", context)


def _figure(request: Request, row: Any) -> HttpResponse:
    context = {"draft": row.draft, "unit": row, "shown": looking.figure_preview(row.path, row.raw)}
    return render(request, "courses/write/figure.html", context)


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: Request, course_draft: str, course_unit: str) -> HttpResponse:
    """Any file but a figure, as text: for parts that have no form, and for what cannot be read."""
    row = authoring.unit_for(request.user, course_draft, course_unit)
    if "figures/" in row.path:
        return redirect("courses:unit", course_draft, course_unit)

    def make(data: Any) -> TextForm:
        held = authoring.unit_for(request.user, course_draft, course_unit)
        return TextForm(data, initial={"text": units.text_of(held.raw), "version": held.version})

    def save(form: TextForm) -> None:
        raw = units.bytes_of(form.cleaned_data["text"])
        drafts.save_files(
            actor=request.user, draft=row.draft, files={row.path: raw}, expected={row.path: form.expected}
        )

    here = reverse("courses:unit_text", kwargs={"course_draft": course_draft, "course_unit": course_unit})
    context = {"draft": row.draft, "unit": row, "comments": authoring.comments_of(row.draft, row.path)}
    return over_file(request, make, save, "courses/write/text.html", here, context)


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def about(request: Request, course_draft: str) -> HttpResponse:
    """course.yaml by a form; translations follow in what is no words."""
    draft = authoring.draft_for(request.user, course_draft)
    rows = authoring.files_of(draft)
    files = looking.raws(rows)
    if not units.document_of(files):
        return redirect("courses:unit_text", course_draft, rows["course.yaml"].public_id)

    def make(data: Any) -> AboutForm:
        held = authoring.files_of(draft)["course.yaml"]
        document = units.document_of({"course.yaml": bytes(held.raw)})
        return AboutForm(data, initial=AboutForm.first(document, held.version))

    def save(form: AboutForm) -> None:
        made = units.with_course(files, form.changes(units.document_of(files)))
        # Translations that follow are written as they were read; one saved meanwhile is not written over.
        seen = {path: rows[path].version for path in made if path in rows} | {"course.yaml": form.expected}
        drafts.save_files(
            actor=request.user, draft=draft, files=made, expected=seen,
            translation=kept_states(rows, made),
        )  # fmt: skip

    context = {
        "draft": draft,
        "unit": rows["course.yaml"],
        "comments": authoring.comments_of(draft, "course.yaml"),
    }
    return over_file(request, make, save, "courses/write/about.html", _draft_url(course_draft), context)


def kept_states(rows: Mapping[str, Any], made: Mapping[str, bytes]) -> dict[str, tuple[str, bool]]:
    """A translated course.yaml that only follows is as finished as it was."""
    return {path: (rows[path].made_from, rows[path].done) for path in made if "/" in path and path in rows}


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def figure(request: Request, course_draft: str) -> HttpResponse:
    """A new figure with its words, put at the end of a lesson."""
    draft = authoring.draft_for(request.user, course_draft)
    rows = authoring.files_of(draft)
    lessons = [
        (rows[path].public_id, str(units.split_lesson(rows[path].raw).front.get("title") or slug))
        for slug, path in sorted(units.lesson_paths(looking.raws(rows)).items(), key=lambda one: one[1])
    ]
    form = FigureForm(
        request.POST if request.method == "POST" else None, request.FILES or None, lessons=lessons, initial={"lesson": request.GET.get("lesson", "")}
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            figures.add_figure(
                actor=request.user, draft=draft, raw=given["file"].read(), name=given["name"], alt=given["alt"],
                lesson=authoring.unit_for(request.user, course_draft, given["lesson"]).path,
            )  # fmt: skip
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        else:
            messages.success(
                request, _("The figure stands at the end of the lesson; move its line where it belongs.")
            )
            return redirect("courses:unit", course_draft, given["lesson"])
    context = {"draft": draft, "form": form}
    return render(request, "courses/write/figure_new.html", context, status=422 if form.errors else 200)


@access(SIGNED_IN)
@require_POST
def remove(request: Request, course_draft: str, course_unit: str) -> HttpResponse:
    """Take a file out of the draft; “History” brings it back."""
    row = authoring.unit_for(request.user, course_draft, course_unit)
    version = request.POST.get("version", "")
    seen = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
    try:
        drafts.remove_file(actor=request.user, draft=row.draft, path=row.path, expected=seen)
    except Refused as fault:
        messages.error(request, fault.message)
    else:
        messages.success(request, _("The file is removed. The history brings it back."))
    return redirect("courses:draft", course_draft)
