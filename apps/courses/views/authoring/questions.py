"""The question editor: all nine kinds, tried as learners meet them before anything is saved."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused
from apps.courses.forms.questions import PARTS, QuestionForm
from apps.courses.selectors import authoring
from apps.courses.services.authoring import drafts, looking, questions, units
from apps.courses.views.authoring.files import over_file, unit_url

STEPS = {"up": -1, "down": 1}


def _stored(row: Any, place: int) -> dict[str, Any]:
    """The question at a place of its file; empty for a new one."""
    pool = questions.pool_of(row.raw)
    if place > len(pool):
        raise Http404
    return pool[place - 1] if place else {}


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: Request, course_draft: str, course_unit: str, question_place: int) -> HttpResponse:
    """One question of a pool; place 0 is a new one, whose kind is in the address."""
    unit = authoring.unit_for(request.user, course_draft, course_unit)
    if not unit.path.startswith("questions/"):
        raise Http404
    try:
        row = _stored(unit, question_place)
    except Refused as fault:
        messages.error(request, fault.message)
        return redirect("courses:unit_text", course_draft, course_unit)
    action = request.POST.get("action", "")
    if action in ("up", "down", "delete"):
        return _rearranged(request, unit, question_place, action)
    kind = str(row.get("kind") or request.GET.get("kind", ""))
    if kind not in PARTS:
        messages.info(request, _("Choose a kind of question."))
        return redirect("courses:unit", course_draft, course_unit)
    return _edit(request, unit, question_place, kind, row)


def _edit(request: Request, unit: Any, place: int, kind: str, row: dict[str, Any]) -> HttpResponse:
    draft = unit.draft
    files = looking.raws(authoring.files_of(draft))
    objectives = [
        (str(one.get("id")), f"{one.get('id')} {one.get('text')}")
        for one in units.document_of(files).get("objectives") or []
        if isinstance(one, dict)
    ]
    prefix = questions.prefix_of(files, unit.path)

    def make(data: Any) -> QuestionForm:
        held = authoring.unit_for(request.user, draft.public_id, unit.public_id)
        stored = _stored(held, place)
        return QuestionForm(
            data, kind=kind, row=stored, objectives=objectives, initial={"version": held.version}
        )

    def save(form: QuestionForm) -> None:
        made = form.question
        made["id"] = made["id"] or questions.next_id(questions.pool_of(unit.raw), prefix)
        faults = questions.faults_in(made)
        if faults:
            raise Refused(" ".join(faults))
        raw = questions.with_question(unit.raw, place, made)
        drafts.save_files(
            actor=request.user, draft=draft, files={unit.path: raw}, expected={unit.path: form.expected}
        )

    context = {
        "draft": draft, "unit": unit, "place": place, "kind": looking.KIND_NAMES[kind], "row": row,
        "page": {"language": draft.language}, "tried": _tried(request, make(request.POST or None), prefix),
    }  # fmt: skip
    here = unit_url(draft.public_id, unit.public_id)
    return over_file(request, make, save, "courses/write/question.html", here, context)


def _tried(request: Request, form: QuestionForm, prefix: str) -> Any:
    """The question as it stands in the form, to be tried; its faults instead while it has any."""
    action = request.POST.get("action")
    if action not in ("preview", "mark") and form.is_bound:
        return None
    row = (
        form.question if form.is_bound and form.is_valid() else dict(form.row) if not form.is_bound else None
    )
    if not row:
        return {"faults": [_("Fill in what is missing first.")]} if form.is_bound else None
    row["id"] = row["id"] or f"{prefix}.q1"
    faults = questions.faults_in(row)
    if faults:
        return {"faults": faults}
    return questions.try_question(row, dict(request.POST.lists()) if action == "mark" else None)


def _rearranged(request: Request, unit: Any, place: int, action: str) -> HttpResponse:
    """Move a question or take it out; the version that was seen has to be the stored one."""
    version = request.POST.get("version", "")
    seen = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
    try:
        if action == "delete":
            raw = questions.with_question(unit.raw, place, None)
        else:
            raw = questions.moved_question(unit.raw, place, STEPS[action])
        drafts.save_files(
            actor=request.user, draft=unit.draft, files={unit.path: raw}, expected={unit.path: seen}
        )
    except (Refused, Conflict) as fault:
        messages.error(request, fault.message)
    else:
        messages.success(request, _("The question is removed.") if action == "delete" else _("It is moved."))
    return redirect("courses:unit", unit.draft.public_id, unit.public_id)
