"""Parallel copies: making one, looking at a merge, doing it, taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.http import Request
from apps.assessments import services
from apps.assessments.selectors.places import assessment_for
from apps.assessments.services import Closed
from apps.assessments.services.parallel import merge_for, merge_page
from apps.assessments.views.going import go
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def merge(request: Request, member: str, assessment: str) -> HttpResponse:
    """What merging another open copy into this one would do; POST does exactly what was shown."""
    given = request.POST if request.method == "POST" else request.GET
    page = merge_page(request.user, member, assessment, source=given.get("source", ""))
    if request.method != "POST":
        return render(request, "assessments/merge.html", {"page": page})
    if page.plan is None:
        raise Http404
    try:
        done = services.merge_assessments(
            actor=request.user, source=page.plan.source, into=page.assessment, seen=given.get("seen", "")
        )
    except Closed:
        raise
    except Conflict as fault:
        return render(request, "assessments/merge.html", {"page": page, "fault": fault.message}, status=409)
    except Refused as fault:
        return render(request, "assessments/merge.html", {"page": page, "fault": fault.message}, status=422)
    messages.success(request, _merged_words(done))
    return go("tasks", {"member": member, "assessment": assessment})


def _merged_words(done: services.Joined) -> str:
    said = ngettext("One answer came over.", "%(n)s answers came over.", done.taken) % {"n": done.taken}
    if not done.clashes:
        return said
    more = ngettext(
        "One question has two answers now: somebody has to decide.",
        "%(n)s questions have two answers now: somebody has to decide.",
        done.clashes,
    ) % {"n": done.clashes}
    return _("%(first)s %(second)s") % {"first": said, "second": more}


@access(SIGNED_IN)
@require_POST
def undo(request: Request, member: str, assessment: str) -> HttpResponse:
    """Take a merge back."""
    found = merge_for(request.user, member, assessment, request.POST.get("merge", ""))
    try:
        source = services.undo_merge(actor=request.user, merge=found)
    except Refused as fault:
        messages.error(request, fault.message)
        return go("merge", {"member": member, "assessment": assessment})
    messages.success(request, _("The merge is undone. %(title)s is open again.") % {"title": source.title})
    return go("tasks", {"member": member, "assessment": assessment})


@access(SIGNED_IN)
@require_POST
def branch(request: Request, member: str, assessment: str) -> HttpResponse:
    """Make a parallel copy."""
    row = assessment_for(request.user, member, assessment)
    try:
        copy = services.branch_assessment(
            actor=request.user, assessment=row, title=request.POST.get("title", "")
        )
    except Refused as fault:
        messages.error(request, fault.message)
        return go("merge", {"member": member, "assessment": assessment})
    messages.success(request, _("%(title)s is a copy to work on apart. Merge it back when you are done.") % {"title": copy.title})  # fmt: skip
    return go("tasks", {"member": member, "assessment": copy.public_id})
