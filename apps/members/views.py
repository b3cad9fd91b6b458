"""Pages about members, teams, sharing and programmes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request, fresh_sign_in
from apps.core.access import PUBLIC, SIGNED_IN, access
from apps.core.errors import Refused
from apps.members import selectors, services
from apps.members.choices import Role
from apps.members.forms import CertifyForm, InviteForm, MemberForm, ProgrammeForm, RoleForm


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Found a member of one's own."""
    form = MemberForm(
        request.POST if request.method == "POST" else None, nations=selectors.nation_choices(request.user)
    )
    if request.method == "POST" and form.is_valid():
        try:
            member = services.found_member(actor=request.user, **form.cleaned_data)
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        else:
            messages.success(
                request, _("%(member)s is ready. Invite your first colleague.") % {"member": member.name}
            )
            return redirect("members:team", member=member.public_id)
    return render(request, "members/new.html", {"form": form}, status=422 if form.errors else 200)


@access(SIGNED_IN)
@require_safe
def team(request: Request, member: str) -> HttpResponse:
    """The people of a member."""
    page = selectors.team_page(request.user, member)
    context = {"page": page, "form": InviteForm(), "role_choices": Role.choices}
    return render(request, "members/team.html", context)


@access(SIGNED_IN)
@require_POST
def invite(request: Request, member: str) -> HttpResponse:
    """Invite a person."""
    page = selectors.team_page(request.user, member)
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            row = services.invite_person(actor=request.user, member=page.member, **form.cleaned_data)
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        else:
            messages.success(request, _("An invitation is on its way to %(email)s.") % {"email": row.email})
            return redirect("members:team", member=member)
    context = {"page": page, "form": form, "role_choices": Role.choices}
    return render(request, "members/team.html", context, status=422)


@access(SIGNED_IN)
@require_POST
def withdraw(request: Request, member: str, invitation: str) -> HttpResponse:
    """Withdraw an invitation."""
    row = selectors.get_member(request.user, member)
    services.withdraw_invitation(actor=request.user, member=row, public_id=invitation)
    messages.success(request, _("The invitation no longer works."))
    return redirect("members:team", member=member)


@access(SIGNED_IN)
@require_POST
@fresh_sign_in
def role(request: Request, member: str, membership: str) -> HttpResponse:
    """Change a colleague's role."""
    row = selectors.get_member(request.user, member)
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose one of the roles."))
    services.change_role(actor=request.user, member=row, public_id=membership, **form.cleaned_data)
    messages.success(request, _("The role is changed."))
    return redirect("members:team", member=member)


@access(SIGNED_IN)
@require_POST
def remove(request: Request, member: str, membership: str) -> HttpResponse:
    """Remove a colleague, or leave."""
    row = selectors.get_member(request.user, member)
    services.remove_person(actor=request.user, member=row, public_id=membership)
    messages.success(request, _("Done. The access has ended."))
    still_in = any(w.public_id == member for w in selectors.workspaces(request.user))
    return redirect("members:team", member=member) if still_in else redirect("home:home")


@access(PUBLIC)
@require_safe
def invitation(request: Request, token: str) -> HttpResponse:
    """What the invitation is about."""
    page = selectors.invitation_page(request.user, token)
    mine = request.user.is_authenticated and request.user.email.lower() == page.email
    return render(request, "members/invitation.html", {"page": page, "token": token, "mine": mine})


@access(SIGNED_IN)
@require_POST
def accept(request: Request, token: str) -> HttpResponse:
    """Join the member."""
    member = services.accept_invitation(actor=request.user, token=token)
    messages.success(request, _("Welcome to %(member)s.") % {"member": member.name})
    return redirect("home:member", member=member.public_id)


@access(SIGNED_IN)
@require_POST
def withdraw_grant(request: Request, member: str, grant: str) -> HttpResponse:
    """End a grant now."""
    row = selectors.get_member(request.user, member)
    services.withdraw_grant(actor=request.user, member=row, public_id=grant)
    messages.success(request, _("Withdrawn. Copies already downloaded cannot be recalled."))
    return redirect("home:sharing", member=member)


@access(SIGNED_IN)
@require_POST
def join(request: Request, member: str, programme: str) -> HttpResponse:
    """Take part in a programme."""
    row = selectors.get_member(request.user, member)
    form = ProgrammeForm(request.POST)
    form.is_valid()
    services.join_programme(actor=request.user, member=row, programme=programme, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("home:sharing", member=member)


@access(SIGNED_IN)
@require_POST
def picture(request: Request, member: str) -> HttpResponse:
    """Count in the picture of one's nation, or no longer."""
    row = selectors.get_member(request.user, member)
    services.set_in_picture(actor=request.user, member=row, counts="counts" in request.POST)
    messages.success(request, _("Saved."))
    return redirect("home:sharing", member=member)


@access(SIGNED_IN)
@require_POST
def leave(request: Request, member: str, programme: str) -> HttpResponse:
    """Leave a programme."""
    row = selectors.get_member(request.user, member)
    services.leave_programme(actor=request.user, member=row, programme=programme)
    messages.success(request, _("You have left the programme."))
    return redirect("home:sharing", member=member)


@access(SIGNED_IN)
@require_safe
def participants(request: Request, programme: str) -> HttpResponse:
    """The members of a programme."""
    return render(
        request, "members/participants.html", {"page": selectors.participants_page(request.user, programme)}
    )


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
@fresh_sign_in
def certified(request: Request, programme: str) -> HttpResponse:
    """Who may verify results for the programme, and one more."""
    page = selectors.certified_page(request.user, programme)
    form = CertifyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.certify_reviewer(actor=request.user, programme=page.programme, **form.cleaned_data)
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        else:
            messages.success(request, _("Certified. The person has been told."))
            return redirect("members:certified", programme=programme)
    return render(
        request, "members/certified.html", {"page": page, "form": form}, status=422 if form.errors else 200
    )


@access(SIGNED_IN)
@require_POST
def withdraw_certification(request: Request, programme: str, certification: str) -> HttpResponse:
    """End a certification now."""
    row = selectors.get_programme(request.user, programme)
    services.withdraw_certification(actor=request.user, programme=row, public_id=certification)
    messages.success(request, _("The certification has ended."))
    return redirect("members:certified", programme=programme)
