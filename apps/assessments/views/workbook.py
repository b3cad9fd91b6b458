"""Taking answers away in a workbook, bringing it back, looking at what it would do, and doing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import Request
from apps.assessments.choices import Fate
from apps.assessments.forms.workbook import WorkbookForm
from apps.assessments.selectors.workbook import copy_of, workbook_for, workbook_page
from apps.assessments.services import workbook as workbooks
from apps.assessments.views.going import go
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Refused

MOST_FAULTS = 50
MOST_TICKS = 5_000


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: Request, member: str, assessment: str) -> HttpResponse:
    """Take a workbook away, or bring one back: it is read and kept, nothing is changed yet."""
    page = workbook_page(request.user, member, assessment)
    if request.method != "POST":
        return render(request, "assessments/workbook.html", {"page": page, "form": WorkbookForm()})
    form, faults = WorkbookForm(request.POST, request.FILES), ()
    if form.is_valid():
        try:
            row = workbooks.keep_workbook(
                actor=request.user, assessment=page.assessment, content=form.content, name=form.name
            )
        except Refused as fault:
            faults = tuple(getattr(fault, "faults", fault.message.split("\n")))
        else:
            return go(
                "workbook_look", {"member": member, "assessment": assessment, "workbook": row.public_id}
            )
    context: dict[str, Any] = {"page": page, "form": form, "page_error": True, "faults": faults[:MOST_FAULTS]}
    context |= {"count": len(faults), "more": max(0, len(faults) - MOST_FAULTS)}
    return render(request, "assessments/workbook.html", context, status=422)


@access(SIGNED_IN)
@require_safe
def download(request: Request, member: str, assessment: str) -> HttpResponse:
    """A workbook of the areas asked for, made for this person in the language of the page."""
    copy = copy_of(request.user, member, assessment, areas=request.GET.get("areas", ""))
    file = workbooks.export_workbook(actor=request.user, copy=copy, kind=request.GET.get("as", "xlsx"))
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: Request, member: str, assessment: str, workbook: str) -> HttpResponse:
    """What a workbook would do; sent, it is done. Sent twice, it is done once."""
    row = workbook_for(request.user, member, assessment, workbook)
    if request.method != "POST":
        plan = workbooks.look_at_workbook(actor=request.user, workbook=row)
        return render(request, "assessments/workbook_look.html", {"workbook": row, "plan": plan})
    plan = workbooks.take_workbook(
        actor=request.user, workbook=row, ticked=request.POST.getlist("use")[:MOST_TICKS]
    )
    clean, waiting = plan.counts[Fate.CLEAN], plan.counts[Fate.CONFLICT]
    said = ngettext("One change was taken in.", "%(n)s changes were taken in.", clean) % {"n": clean}
    messages.success(request, said if clean else _("Nothing was changed."))
    if waiting:
        text = ngettext("One waits for a decision.", "%(n)s wait for a decision.", waiting) % {"n": waiting}
        messages.warning(request, text)
    return go("workbook_look", {"member": member, "assessment": assessment, "workbook": workbook})
