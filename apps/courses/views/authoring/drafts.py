"""What one writes: the list of drafts, a draft at a glance, its order, its checks; who writes which course."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, STAFF, access
from apps.core.downloads import send_file
from apps.core.errors import Refused
from apps.courses.forms.authoring import SLUG, NamedForm, NewCourseForm
from apps.courses.policies import writes_courses
from apps.courses.selectors import authoring
from apps.courses.services.authoring import drafts, looking, translating, units
from apps.courses.services.packing import pack_files


@access(SIGNED_IN)
@require_safe
def writing(request: Request) -> HttpResponse:
    """The drafts and courses that this person writes."""
    if not writes_courses(request.user):
        raise PermissionDenied(_("This is for the authors of courses. An administrator can name you."))
    return render(request, "courses/write/list.html", {"page": authoring.writing_page(request.user)})


@access(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def new_course(request: Request) -> HttpResponse:
    """Begin a course that is new here."""
    form = NewCourseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            row = drafts.begin_course(actor=request.user, **form.cleaned_data)
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        else:
            messages.success(request, _("A draft is made. Only its authors and administrators see it."))
            return redirect("courses:draft", row.public_id)
    return render(request, "courses/write/new.html", {"form": form}, status=422 if form.errors else 200)


@access(SIGNED_IN)
@require_POST
def begin(request: Request, course: str) -> HttpResponse:
    """Begin the next version of a published course."""
    try:
        row = drafts.begin_draft(actor=request.user, course=course)
    except Refused as fault:
        messages.error(request, fault.message)
        return redirect("courses:writing")
    messages.success(request, _("A draft of the next version is made."))
    return redirect("courses:draft", row.public_id)


@access(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def authors(request: Request, course: str) -> HttpResponse:
    """Who writes a course: name somebody, or end it."""
    form = NamedForm(request.POST if request.method == "POST" and "person" not in request.POST else None)
    if request.method == "POST" and "person" in request.POST:
        drafts.unname_author(actor=request.user, slug=course, person=request.POST["person"])
        messages.success(request, _("This person writes the course no more. What was written stays."))
        return redirect("courses:authors", course)
    if form.is_bound and form.is_valid():
        try:
            drafts.name_author(actor=request.user, slug=course, email=form.cleaned_data["email"])
        except Refused as fault:
            form.add_error("email", fault.message)
        else:
            messages.success(request, _("This person can write the course now."))
            return redirect("courses:authors", course)
    context = {"form": form, "course": course, "authors": authoring.authors_of(course)}
    return render(request, "courses/write/authors.html", context, status=422 if form.errors else 200)


@access(SIGNED_IN)
@require_safe
def draft(request: Request, course_draft: str) -> HttpResponse:
    """A draft at a glance."""
    row = authoring.draft_for(request.user, course_draft)
    rows = authoring.files_of(row)
    context = {
        "draft": row,
        "outline": looking.outline_of(rows),
        "languages": list(_languages(row.language, rows)),
        "comments": [one for one in authoring.comments_of(row) if not one.settled],
        "known": row.checked == row.revision,
        "hint": authoring.publishing_hint(request.user, row),
    }
    return render(request, "courses/write/draft.html", context)


def _languages(own: str, rows: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The languages that the draft may be translated into, with how far each is."""
    for code, _name in settings.LANGUAGES:
        if code != own:
            progress = translating.progress_of(rows, code)
            name = get_language_info(code)["name_local"]
            yield {"code": code, "name": name, "percent": progress.percent, "started": progress.started}


@access(SIGNED_IN)
@require_POST
def arrange(request: Request, course_draft: str) -> HttpResponse:
    """Move a module or a lesson one place (`move` is `lesson up slug`), or add one."""
    row = authoring.draft_for(request.user, course_draft)
    held = authoring.files_of(row)
    files = looking.raws(held)
    try:
        change, done = _arranged(request, files)
        # Made from every file, so of every file as it is: what a colleague saves or adds meanwhile is not written over.
        seen = {path: held[path].version if path in held else 0 for path in (*held, *change.files)}
        drafts.save_files(
            actor=request.user, draft=row, files=change.files, expected=seen, renames=change.renames
        )
    except Refused as fault:
        messages.error(request, fault.message)
    else:
        messages.success(request, done)
    return redirect("courses:draft", course_draft)


def _arranged(request: Request, files: dict[str, bytes]) -> tuple[units.Change, str]:
    kind, _space, rest = request.POST.get("move", "").partition(" ")
    way, _space, name = rest.partition(" ")
    if kind in ("module", "lesson") and way in ("up", "down"):
        move = units.moved_module if kind == "module" else units.moved_lesson
        return move(files, name, -1 if way == "up" else 1), _("It is moved; numbers and ids follow.")
    title = " ".join(request.POST.get("title", "").split())[:150]
    if not title:
        raise Refused(_("Write a title."))
    if request.POST.get("add") == "module":
        return units.with_module(files, title), _("The module is added.")
    slug = request.POST.get("slug", "")
    if not drafts.fits(SLUG, slug):
        raise Refused(_("The name of a lesson has small letters, digits and hyphens."))
    return units.with_lesson(files, request.POST.get("module", ""), slug, title), _("The lesson is added.")


@access(SIGNED_IN)
@require_safe
def checks(request: Request, course_draft: str) -> HttpResponse:
    """Everything that keeps the draft from being published, each with the way to its place."""
    row = authoring.draft_for(request.user, course_draft)
    return render(
        request, "courses/write/checks.html", {"draft": row, "faults": looking.faults_of_draft(row)}
    )


@access(SIGNED_IN)
@require_safe
def take(request: Request, course_draft: str) -> HttpResponseBase:
    """The draft as a zip of its folder."""
    row = authoring.draft_for(request.user, course_draft)
    packed = pack_files(looking.raws(authoring.files_of(row)), folder=row.slug)
    return send_file(
        [packed], title=f"{row.slug}-{row.number}", content_type="application/zip", size=len(packed)
    )


@access(SIGNED_IN)
@require_POST
def delete(request: Request, course_draft: str) -> HttpResponse:
    """Delete an open draft; asked for with a tick."""
    row = authoring.draft_for(request.user, course_draft)
    if request.POST.get("sure") != "yes":
        messages.error(request, _("Tick the box to delete the draft."))
        return redirect("courses:draft", course_draft)
    drafts.delete_draft(actor=request.user, draft=row)
    messages.success(request, _("The draft is deleted."))
    return redirect("courses:writing")
