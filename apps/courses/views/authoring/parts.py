"""A part of course.yaml by a form, with a look at what learners will see."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.courses.forms.course_parts import PARTS, PartForm
from apps.courses.selectors import authoring
from apps.courses.services.authoring import drafts, looking, units
from apps.courses.views.authoring.files import kept_states, over_file


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def part(request: Request, course_draft: str, course_part: str) -> HttpResponse:
    """Glossary, facts, piece of work, or tests and certificate; `course_part` names which."""
    draft = authoring.draft_for(request.user, course_draft)
    kind = PARTS.get(course_part)
    if kind is None:
        raise Http404
    rows = authoring.files_of(draft)
    files = looking.raws(rows)
    document = units.document_of(files)
    if not document:
        return redirect("courses:unit_text", course_draft, rows["course.yaml"].public_id)

    def make(data: Any) -> PartForm:
        held = authoring.files_of(draft)["course.yaml"]
        stored = units.document_of({"course.yaml": bytes(held.raw)})
        form = kind(data, document=stored)
        form.initial["version"] = held.version
        return form

    def save(form: PartForm) -> None:
        made = units.with_course(files, form.changes(document))
        seen = {path: rows[path].version for path in made if path in rows} | {"course.yaml": form.expected}
        drafts.save_files(
            actor=request.user, draft=draft, files=made, expected=seen, translation=kept_states(rows, made)
        )

    context = {
        "draft": draft, "unit": rows["course.yaml"], "part": course_part, "title": kind.title, "lead": kind.lead, "locked": draft.state == "published",
        "shown": _shown(request, kind, document), "comments": authoring.comments_of(draft, "course.yaml"),
    }  # fmt: skip
    here = reverse("courses:draft_part", kwargs={"course_draft": course_draft, "course_part": course_part})
    return over_file(request, make, save, "courses/write/part.html", here, context)


def _shown(request: Request, kind: type[PartForm], document: dict[str, Any]) -> dict[str, Any]:
    """course.yaml as learners will see it: with what is written in the form where that can be read."""
    form = kind(request.POST, document=document) if request.method == "POST" else None
    if form and form.is_valid():
        return {**document, **form.wanted(document)}
    return document
