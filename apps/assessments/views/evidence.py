"""Adding, removing and downloading evidence."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.http import Request
from apps.assessments import services
from apps.assessments.forms import AnswerForm, EvidenceForm
from apps.assessments.selectors.places import evidence_for, place_for
from apps.assessments.selectors.question import question_page
from apps.assessments.services.intake import EXTENSIONS
from apps.assessments.views.going import go
from apps.assessments.views.question import show_question
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Refused

REST_OF_THE_FORM = 2 * 1024 * 1024


# Exempt only so far as the size is read before the body is: `_add` below is protected.
@access(SIGNED_IN)
@csrf_exempt
@require_POST
def add(request: Request, member: str, assessment: str, area: str, indicator: str) -> HttpResponse:
    """Add a piece of evidence; what is written in the answer is kept as a draft."""
    sent = request.META.get("CONTENT_LENGTH") or "0"
    if not sent.isdecimal() or int(sent) > settings.EVIDENCE_MAX_BYTES + REST_OF_THE_FORM:
        limit = {"limit": filesizeformat(settings.EVIDENCE_MAX_BYTES)}
        raise Refused(
            _("The file is larger than %(limit)s. It was not taken, and nothing else was changed.") % limit
        )
    return _add(request, member, assessment, area, indicator)


@csrf_protect
def _add(request: Request, member: str, assessment: str, area: str, indicator: str) -> HttpResponse:
    page = question_page(request.user, member, assessment, area, indicator)
    answer, form = AnswerForm(request.POST), EvidenceForm(request.POST, request.FILES, prefix="ev")
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
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("The evidence is added to %(code)s.") % {"code": indicator})
            args = {"member": member, "assessment": assessment, "area": area, "indicator": indicator}
            return go("question", args)
    return show_question(request, page, answer, form, status=422)


@access(SIGNED_IN)
@require_POST
def remove(
    request: Request, member: str, assessment: str, area: str, indicator: str, evidence: str
) -> HttpResponse:
    """Take a piece of evidence away; what is written in the answer is kept as a draft."""
    place = place_for(request.user, member, assessment, area, indicator)
    row = evidence_for(request.user, place, evidence)
    answer = AnswerForm(request.POST)
    draft = answer.as_draft if "answer" in request.POST or "why" in request.POST else None
    base = answer.expected if answer.is_valid() else 0
    services.remove_evidence(actor=request.user, place=place, evidence=row, draft=draft, base=base)
    messages.success(request, _("“%(title)s” is removed.") % {"title": row.title})
    return go("question", place.url_args)


@access(SIGNED_IN)
@require_safe
def download(
    request: Request, member: str, assessment: str, area: str, indicator: str, evidence: str
) -> HttpResponse:
    """The file, to be saved: never shown in the page, never kept by a cache, on record."""
    place = place_for(request.user, member, assessment, area, indicator)
    row = evidence_for(request.user, place, evidence)
    data = services.read_evidence(actor=request.user, place=place, evidence=row)
    ending = EXTENSIONS.get(row.content_type, ("bin",))[0]
    stem = row.title.removesuffix(f".{ending}") or "evidence"
    name = f"{get_valid_filename(stem)[:80] or 'evidence'}.{ending}"
    response = HttpResponse(data, content_type=row.content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
