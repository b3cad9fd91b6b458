"""Pages at the end of a draft: a try, publishing, deleting."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict
from apps.frameworks import forms
from apps.frameworks.selectors import editing, trying
from apps.frameworks.services import FrameworkFaults
from apps.frameworks.services import editing as drafts
from apps.frameworks.services.publishing import Said, publish_draft


@access(SIGNED_IN)
@require_safe
def trial(request: Request, programme: str, draft: str) -> HttpResponse:
    """A trial score of levels in the address; nothing is kept."""
    page = trying.trial_page(request.user, programme, draft, request.GET.dict())
    levels = range(page.highest + 1)
    return render(request, "frameworks/edit_trial.html", {"page": page, "levels": levels})


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def publish(request: Request, programme: str, draft: str) -> HttpResponse:
    """Publish: the number, what became of each indicator, and the author's word that it is right."""
    page = trying.publish_page(request.user, programme, draft)
    notes = drafts.draft_notes(page.draft)
    rows = [
        (Said(r.change.before, r.change.after, r.change.comparable, r.change.note), r.names, r.kind)
        for r in page.rows
    ]
    form = forms.PublishForm(
        request.POST if request.method == "POST" else None,
        rows=rows, number=page.number, revision=page.head.revision, compared=bool(page.since),
    )  # fmt: skip
    status = 200
    if form.is_bound and form.is_valid():
        try:
            publish_draft(
                actor=request.user, draft=page.draft, expected=form.expected,
                number=form.cleaned_data["number"], said=form.said,
            )  # fmt: skip
        except drafts.EditFaults as fault:
            form.add_faults(fault.fields)
        except FrameworkFaults:
            form.add_error(None, _("The draft still has faults. They are listed on this page."))
        except Conflict as fault:
            form.add_error(None, fault.message)
            status = 409
        else:
            messages.success(request, _("%(name)s is published.") % {"name": page.head.name})
            return redirect("frameworks:edit_frameworks", programme=programme)
    if form.errors and status == 200:
        status = 422
    context = {"page": page, "form": form, "notes": notes}
    return render(request, "frameworks/edit_publish.html", context, status=status)


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def delete(request: Request, programme: str, draft: str) -> HttpResponse:
    """Delete a draft, after asking."""
    row = editing.draft_for(request.user, programme, draft)
    if request.method == "POST":
        drafts.delete_draft(actor=request.user, draft=row)
        messages.success(request, _("The draft is deleted."))
        return redirect("frameworks:edit_frameworks", programme=programme)
    return render(request, "frameworks/edit_delete.html", {"head": editing.head_of(row)})
