"""Adding, attaching, detaching and downloading evidence at a question; the register and the page of one piece."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.assessments import services
from apps.assessments.forms import AnswerForm, EvidenceForm, PieceForm, ReplaceForm
from apps.assessments.selectors.evidence import PiecePage, piece_page, register_page
from apps.assessments.selectors.places import evidence_for, piece_for, place_for, place_of_code
from apps.assessments.selectors.question import question_page
from apps.assessments.views.going import go
from apps.assessments.views.question import show_question
from apps.core.access import SIGNED_IN, access
from apps.core.downloads import send_file
from apps.core.errors import Conflict, Refused
from apps.core.uploads import too_long


# Exempt only so far as the size is read before the body is: `_add` below is protected.
@access(SIGNED_IN)
@csrf_exempt
@require_POST
def add(request: Request, member: str, assessment: str, area: str, indicator: str) -> HttpResponse:
    """Add a piece of evidence; what is written in the answer is kept as a draft."""
    return too_long(request, settings.EVIDENCE_MAX_BYTES) or _add(
        request, member, assessment, area, indicator
    )


@csrf_protect
def _add(request: Request, member: str, assessment: str, area: str, indicator: str) -> HttpResponse:
    page = question_page(request.user, member, assessment, area, indicator)
    answer, form = AnswerForm(request.POST), EvidenceForm(request.POST, request.FILES, prefix="ev")
    status = 422
    if form.is_valid():
        try:
            services.add_evidence(
                actor=request.user,
                place=page.place,
                item=form.given,
                draft=answer.as_draft,
                base=answer.expected if answer.is_valid() else 0,
                idempotency=answer.cleaned_data.get("idempotency", ""),
            )
        except Refused as fault:
            status = _refusal(form, fault)
        else:
            messages.success(request, _("The evidence is added to %(code)s.") % {"code": indicator})
            args = {"member": member, "assessment": assessment, "area": area, "indicator": indicator}
            return go("question", args)
    return show_question(request, page, answer, form, status=status)


def _refusal(form: Any, fault: Refused) -> int:
    """Put the refusal on the form; the status that goes with it."""
    form.add_error(fault.field if fault.field in form.fields else None, fault.message)
    return 413 if isinstance(fault, services.TooMuch) else 422


@access(SIGNED_IN)
@require_POST
def attach(request: Request, member: str, assessment: str, area: str, indicator: str) -> HttpResponse:
    """Let a piece that is held already support this question too; what is written is kept as a draft."""
    place = place_for(request.user, member, assessment, area, indicator)
    _row, piece = piece_for(request.user, member, assessment, request.POST.get("piece", ""))
    services.attach_evidence(actor=request.user, place=place, evidence=piece, **_beside(request))
    messages.success(
        request, _("“%(title)s” supports %(code)s now.") % {"title": piece.title, "code": indicator}
    )
    return go("question", place.url_args)


@access(SIGNED_IN)
@require_POST
def remove(
    request: Request, member: str, assessment: str, area: str, indicator: str, evidence: str
) -> HttpResponse:
    """Detach a piece from this question; what is written in the answer is kept as a draft."""
    place = place_for(request.user, member, assessment, area, indicator)
    row = evidence_for(request.user, place, evidence)
    last = services.remove_evidence(actor=request.user, place=place, evidence=row, **_beside(request))
    values = {"title": row.title, "code": indicator}
    if last:
        messages.success(request, _("“%(title)s” is removed.") % values)
    else:
        messages.success(
            request, _("“%(title)s” no longer supports %(code)s. It stays at its other questions.") % values
        )
    if request.POST.get("back") == "register":
        args = {"member": member, "assessment": assessment}
        return go("evidence_list", args) if last else go("evidence_piece", args | {"evidence": evidence})
    return go("question", place.url_args)


def _beside(request: Request) -> dict[str, Any]:
    """The answer that was being written on the same page, for the draft."""
    answer = AnswerForm(request.POST)
    draft = answer.as_draft if "answer" in request.POST or "why" in request.POST else None
    return {"draft": draft, "base": answer.expected if answer.is_valid() else 0}


@access(SIGNED_IN)
@require_safe
def download(
    request: Request, member: str, assessment: str, area: str, indicator: str, evidence: str
) -> HttpResponseBase:
    """The file of a piece at a question."""
    place = place_for(request.user, member, assessment, area, indicator)
    row = evidence_for(request.user, place, evidence)
    return send(services.read_evidence(actor=request.user, evidence=row))


@access(SIGNED_IN)
@require_safe
def fetch(request: Request, member: str, assessment: str, evidence: str) -> HttpResponseBase:
    """The file of a piece, from the register."""
    _row, piece = piece_for(request.user, member, assessment, evidence)
    return send(services.read_evidence(actor=request.user, evidence=piece))


@access(SIGNED_IN)
@require_safe
def fetch_shared(request: Request, member: str, evidence: str) -> HttpResponseBase:
    """The file of a piece that another member shares; the reading goes on record with its owner."""
    return send(services.read_shared_file(actor=request.user, member=member, evidence=evidence))


def send(opened: services.Opened) -> HttpResponseBase:
    """The file of a piece, to be saved."""
    row = opened.evidence
    return send_file(opened.parts, title=row.title, content_type=row.content_type, size=row.size)


@access(SIGNED_IN)
@require_safe
def register(request: Request, member: str, assessment: str) -> HttpResponse:
    """Every piece of evidence of an assessment."""
    page = register_page(request.user, member, assessment, shown=request.GET.get("show", ""))
    return render(request, "assessments/evidence.html", {"page": page})


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def piece(request: Request, member: str, assessment: str, evidence: str) -> HttpResponse:
    """One piece: what it supports and what its days are; POST mends its words and days."""
    page = piece_page(request.user, member, assessment, evidence)
    if request.method != "POST":
        return _show_piece(request, page)
    form = PieceForm(request.POST, kind=page.evidence.kind)
    if form.is_valid():
        try:
            services.change_evidence(
                actor=request.user, evidence=page.evidence, expected=form.expected, changes=form.changes
            )
        except Refused as fault:
            return _show_piece(request, page, form, status=_refusal(form, fault))
        except services.Closed:
            raise
        except Conflict as fault:
            form.add_error(None, fault.message)
            return _show_piece(
                request, piece_page(request.user, member, assessment, evidence), form, status=409
            )
        messages.success(request, _("The piece is saved."))
        return go("evidence_piece", _args(page))
    return _show_piece(request, page, form, status=422)


def _args(page: PiecePage) -> Mapping[str, str]:
    row = page.assessment
    return {"member": row.member.public_id, "assessment": row.public_id, "evidence": page.evidence.public_id}


def _show_piece(
    request: Request,
    page: PiecePage,
    form: PieceForm | None = None,
    newer: ReplaceForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "page": page,
        "form": form or PieceForm.of(page.evidence),
        "newer": newer or ReplaceForm(prefix="new"),
        "barred": "" if page.evidence.can_be_opened else services.barred_words(page.evidence),
    }
    return render(request, "assessments/evidence_piece.html", context, status=status)


@access(SIGNED_IN)
@require_POST
def attach_piece(request: Request, member: str, assessment: str, evidence: str) -> HttpResponse:
    """Let a piece support a further question, chosen by its code."""
    _row, found = piece_for(request.user, member, assessment, evidence)
    place = place_of_code(request.user, member, assessment, request.POST.get("code", ""))
    services.attach_evidence(actor=request.user, place=place, evidence=found)
    values = {"title": found.title, "code": place.indicator.code}
    messages.success(request, _("“%(title)s” supports %(code)s now.") % values)
    return go("evidence_piece", {"member": member, "assessment": assessment, "evidence": evidence})


@access(SIGNED_IN)
@csrf_exempt
@require_POST
def replace(request: Request, member: str, assessment: str, evidence: str) -> HttpResponse:
    """Put a newer file in the place of the old one."""
    return too_long(request, settings.EVIDENCE_MAX_BYTES) or _replace(request, member, assessment, evidence)


@csrf_protect
def _replace(request: Request, member: str, assessment: str, evidence: str) -> HttpResponse:
    page = piece_page(request.user, member, assessment, evidence)
    form, status = ReplaceForm(request.POST, request.FILES, prefix="new"), 422
    if form.is_valid():
        try:
            services.replace_file(actor=request.user, evidence=page.evidence, item=form.given)
        except Refused as fault:
            status = _refusal(form, fault)
        else:
            messages.success(
                request, _("The newer file is in place. Whoever accepted the old one has to look again.")
            )
            return go("evidence_piece", _args(page))
    return _show_piece(request, page, newer=form, status=status)


@access(SIGNED_IN)
@require_POST
def release(request: Request, member: str, assessment: str, evidence: str) -> HttpResponse:
    """Let colleagues open a file that cannot be scanned."""
    _row, found = piece_for(request.user, member, assessment, evidence)
    services.release_evidence(actor=request.user, evidence=found)
    messages.success(request, _("Colleagues may open the file now. They see that it was not scanned."))
    return go("evidence_piece", {"member": member, "assessment": assessment, "evidence": evidence})
