"""Import and export: every line of a file is shown before anything is stored."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused
from apps.courses.forms.authoring import FolderForm, QuestionsForm
from apps.courses.policies import writes_courses
from apps.courses.selectors import authoring
from apps.courses.services.authoring import exchange, looking, units

ENDINGS = {"gift": "gift", "aiken": "txt", "moodle": "xml"}


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def bring_folder(request: Request) -> HttpResponse:
    """Choose the ZIP of a course folder; the next page shows what it would make."""
    if not writes_courses(request.user):
        raise PermissionDenied(_("This is for the authors of courses. An administrator can name you."))
    form = FolderForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        row = exchange.keep_upload(actor=request.user, raw=file.read(), name=file.name or "", form="folder")
        return redirect("courses:upload", row.public_id)
    return render(request, "courses/write/bring.html", {"form": form}, status=422 if form.errors else 200)


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def bring_questions(request: Request, course_draft: str, course_unit: str) -> HttpResponse:
    """Choose a file of questions of another system, for one pool of the draft."""
    unit = authoring.unit_for(request.user, course_draft, course_unit)
    if not unit.path.startswith("questions/"):
        raise Http404
    document = units.document_of(looking.raws(authoring.files_of(unit.draft)))
    objectives = [
        (row["id"], f"{row['id']} {row.get('text', '')}") for row in document.get("objectives") or []
    ]
    data = request.POST if request.method == "POST" else None
    form = QuestionsForm(data, request.FILES or None, objectives=objectives, formats=exchange.FORMATS.items())
    if data is not None and form.is_valid():
        given = form.cleaned_data
        row = exchange.keep_upload(
            actor=request.user, raw=given["file"].read(), name=given["file"].name or "", form=given["format"],
            draft=unit.draft, path=unit.path, objective=given["objective"],
        )  # fmt: skip
        return redirect("courses:upload", row.public_id)
    context = {"form": form, "draft": unit.draft, "unit": unit}
    return render(request, "courses/write/bring.html", context, status=422 if form.errors else 200)


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: Request, course_upload: str) -> HttpResponse:
    """Every line of an upload with what becomes of it; sent, it is taken, once."""
    row = authoring.upload_for(request.user, course_upload)
    if row.draft is not None:
        authoring.draft_for(request.user, row.draft.public_id)
    if request.method == "POST":
        return _take(request, row)
    if row.taken:
        return render(request, "courses/write/upload.html", {"upload": row, "look": None, "draft": row.draft})
    try:
        look = (
            exchange.look_at_folder(request.user, row)
            if row.form == "folder"
            else exchange.look_at_questions(row)
        )[0]
    except Refused as fault:
        look = exchange.Look((), (), fault.message)
    return render(request, "courses/write/upload.html", {"upload": row, "look": look, "draft": row.draft})


def _take(request: Request, row: object) -> HttpResponse:
    held = authoring.upload_for(request.user, row.public_id)  # type: ignore[attr-defined]
    try:
        if held.draft is None:
            draft = exchange.take_folder(actor=request.user, upload=held)
            messages.success(request, _("The folder is here as a draft."))
            return redirect("courses:draft", draft.public_id)
        count = exchange.take_questions(actor=request.user, upload=held)
    except (Refused, Conflict) as fault:
        messages.error(request, fault.message)
        return redirect("courses:upload", held.public_id)
    messages.success(request, _("Added to the draft: %(count)s") % {"count": count})
    unit = authoring.files_of(held.draft)[held.path]
    return redirect("courses:unit", held.draft.public_id, unit.public_id)


@access(SIGNED_IN)
@require_safe
def take_questions(request: Request, course_draft: str, course_unit: str) -> HttpResponse:
    """A pool in the formats of other systems, with what each of them cannot hold; `?format=` sends the file."""
    unit = authoring.unit_for(request.user, course_draft, course_unit)
    if not unit.path.startswith("questions/"):
        raise Http404
    wanted = request.GET.get("format", "")
    try:
        formats = [exchange.leaving(bytes(unit.raw), one) for one in exchange.FORMATS if wanted in ("", one)]
    except Refused as fault:
        messages.error(request, fault.message)
        return redirect("courses:unit", course_draft, course_unit)
    if wanted in exchange.FORMATS:
        name = f"{unit.path.rpartition('/')[2].removesuffix('.yaml')}.{ENDINGS[wanted]}"
        answer = HttpResponse(formats[0].text, content_type="text/plain; charset=utf-8")
        answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
        answer["X-Content-Type-Options"] = "nosniff"
        return answer
    context = {"draft": unit.draft, "unit": unit, "formats": formats}
    return render(request, "courses/write/take.html", context)
