"""Pages of the agreement of an engagement."""

from __future__ import annotations

from typing import Any

import rfc8785
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request, fresh_sign_in
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused
from apps.members.selectors import get_member
from apps.mentoring.forms.agreements import AgreementForm, SignForm
from apps.mentoring.selectors import agreements as reads
from apps.mentoring.selectors.terms import changes_between
from apps.mentoring.services import agreements as acts


def _show(request: Request, page: reads.AgreementPage, status: int = 200, **context: Any) -> HttpResponse:
    form = SignForm(initial={"seen": page.hash})
    return render(request, "mentoring/agreement.html", {"page": page, "form": form, **context}, status=status)


@access(SIGNED_IN)
@require_safe
def agreement(request: Request, member: str, engagement: str) -> HttpResponse:
    """The agreement as it stands: the open version, else the one in force."""
    return _show(request, reads.agreement_page(request.user, member, engagement))


@access(SIGNED_IN)
@require_safe
def version(request: Request, member: str, engagement: str, agreement: str) -> HttpResponse:
    """One version, also an earlier one."""
    return _show(request, reads.agreement_page(request.user, member, engagement, agreement))


@access(SIGNED_IN)
@require_safe
def file(request: Request, member: str, engagement: str, agreement: str) -> HttpResponse:
    """A version with its signatures as canonical JSON, to be kept and checked elsewhere."""
    name, data = reads.agreement_file(request.user, member, engagement, agreement)
    response = HttpResponse(rfc8785.dumps(data), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def edit(request: Request, member: str, engagement: str) -> HttpResponse:
    """Write the draft."""
    page = reads.agreement_draft(request.user, member, engagement)
    form = _form(request, page)
    if request.method != "POST":
        if page.frozen:
            return redirect("mentoring:agreement", member=member, engagement=engagement)
        return _form_page(request, page, form)
    if not form.is_valid():
        return _form_page(request, page, form, status=422)
    try:
        acts.change_agreement(
            actor=request.user, member=page.space.member, engagement=engagement,
            version=form.cleaned_data["version"], terms=form.agreed(),
        )  # fmt: skip
    except Refused as fault:
        form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        return _form_page(request, page, form, status=422)
    except Conflict:
        return _both(request, member, engagement, form)
    messages.success(request, _("The draft is saved. Both sides can read and change it until one signs."))
    return redirect("mentoring:agreement", member=member, engagement=engagement)


def _form(request: Request, page: reads.AgreementDraft) -> AgreementForm:
    return AgreementForm(
        request.POST if request.method == "POST" else None, terms=page.terms,
        people=(page.member_people, page.mentor_people), initial={"version": page.version},
    )  # fmt: skip


def _both(request: Request, member: str, engagement: str, form: AgreementForm) -> HttpResponse:
    """The form with what was written, and beside it what the other side saved meanwhile."""
    page = reads.agreement_draft(request.user, member, engagement)
    form.take_version(page.version)
    differs = changes_between(page.document, {**page.document, "terms": form.agreed()})
    return _form_page(request, page, form, status=409, clash=True, differs=differs)


def _form_page(
    request: Request, page: reads.AgreementDraft, form: AgreementForm, status: int = 200, **context: Any
) -> HttpResponse:
    return render(
        request, "mentoring/agreement_form.html", {"page": page, "form": form, **context}, status=status
    )


@access(SIGNED_IN)
@require_POST
@fresh_sign_in
def sign(request: Request, member: str, engagement: str) -> HttpResponse:
    """Sign for one side."""
    form = SignForm(request.POST)
    page = reads.agreement_page(request.user, member, engagement)
    if not form.is_valid():
        return _show(request, page, status=422, form=form)
    try:
        done = acts.sign_agreement(
            actor=request.user, member=page.space.member, engagement=engagement, **form.cleaned_data
        )
    except Conflict as fault:
        return _show(
            request, reads.agreement_page(request.user, member, engagement), status=409, fault=fault.message
        )
    except Refused as fault:
        return _show(request, page, status=422, fault=fault.message)
    said = (
        _("Both sides have signed: the agreement is in force.")
        if done.in_force_at
        else _("You have signed. The agreement is in force when the other side signs too.")
    )
    messages.success(request, said)
    return redirect("mentoring:agreement", member=member, engagement=engagement)


@access(SIGNED_IN)
@require_POST
def open_next(request: Request, member: str, engagement: str) -> HttpResponse:
    """Open the next version for changes."""
    row = get_member(request.user, member)
    acts.draft_agreement(actor=request.user, member=row, engagement=engagement)
    return redirect("mentoring:agreement_edit", member=member, engagement=engagement)


@access(SIGNED_IN)
@require_POST
def drop(request: Request, member: str, engagement: str) -> HttpResponse:
    """Give up the open version."""
    row = get_member(request.user, member)
    acts.drop_agreement(actor=request.user, member=row, engagement=engagement)
    messages.success(request, _("The open version is set aside. The agreement in force stays as it is."))
    return redirect("mentoring:agreement", member=member, engagement=engagement)


@access(SIGNED_IN)
@require_POST
def end_publication(request: Request, member: str, engagement: str) -> HttpResponse:
    """Withdraw consent to publication."""
    row = get_member(request.user, member)
    acts.end_publication(actor=request.user, member=row, engagement=engagement)
    messages.success(
        request,
        _("Your consent to publication is withdrawn. Nothing is written about this work from now on."),
    )
    return redirect("mentoring:agreement", member=member, engagement=engagement)
