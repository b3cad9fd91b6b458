"""Pages of marking: the queue, one text with its rubric, two marks that differ."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused
from apps.courses.forms import MarkForm
from apps.courses.selectors import essays as reads
from apps.courses.services.essays import mark_essay, settle_essay


@access(SIGNED_IN)
@require_safe
def marking(request: Request) -> HttpResponse:
    """Texts that wait for this person."""
    return render(request, "courses/marking.html", {"page": reads.marking_queue(request.user)})


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def essay(request: Request, essay: str) -> HttpResponse:
    """One text; POST gives the mark."""
    page = reads.essay_page(request.user, essay)
    form = MarkForm(
        request.POST if request.method == "POST" else None, rubric=page.rubric, can_ask=page.state == "waiting",
        initial={"version": page.version},
    )  # fmt: skip
    status, other = 200, None
    if request.method == "POST" and form.is_valid():
        try:
            row = mark_essay(
                actor=request.user, essay=essay, marks=form.marks, feedback=form.cleaned_data["feedback"],
                version=form.cleaned_data["version"], second=form.cleaned_data.get("second", False),
            )  # fmt: skip
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        except Conflict:
            status, other = 409, reads.essay_page(request.user, essay).given
        else:
            said = {"done": _("Marked."), "second": _("Kept. A second marker decides with you.")}
            differs = _("The two marks differ. Settle which one counts.")
            messages.success(request, said.get(row.state, differs))
            if row.state == "differs":
                return redirect("courses:essay", essay=essay)
            return redirect("courses:marking")
    context = {"page": page, "form": form, "other": other}
    return render(request, "courses/essay.html", context, status=422 if form.errors else status)


@access(SIGNED_IN)
@require_POST
def essay_settle(request: Request, essay: str) -> HttpResponse:
    """Decide which of two marks counts."""
    version = request.POST.get("version", "")
    settle_essay(
        actor=request.user, essay=essay, marker=request.POST.get("marker", ""),
        version=int(version) if version.isdecimal() and len(version) < 9 else 0,
    )  # fmt: skip
    messages.success(request, _("Settled. The learner has been told if nothing else waits."))
    return redirect("courses:marking")
