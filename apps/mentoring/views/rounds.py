"""Pages of the programme office: rounds, the board, why not, invitations."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request, refusals_told
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused
from apps.members.selectors import get_programme
from apps.mentoring import selectors, services
from apps.mentoring.choices import Language, RoundMode, RoundState
from apps.mentoring.forms import DecisionForm, PairForm, VersionForm
from apps.mentoring.forms.rounds import RoundForm

FILTERS = ("show", "area", "language")
DECIDED = {
    "accept": gettext_lazy("Accepted. Nobody is told until you send the invitations."),
    "set_aside": gettext_lazy("Set aside. Work the round out again to see who takes the place."),
    "pin": gettext_lazy("Pinned. The pair stays when you work the round out again."),
    "reopen": gettext_lazy("Open again."),
}


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def rounds(request: Request, programme: str) -> HttpResponse:
    """The rounds of a programme; POST opens the next one."""
    page = selectors.rounds_page(request.user, programme)
    form = RoundForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.open_round(actor=request.user, programme=page.programme, **form.cleaned_data)
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        else:
            messages.success(request, _("The round is open. Work it out when requests and offers are in."))
            if made.mode == RoundMode.TWO_STAGE:
                return redirect("mentoring:shortlists", programme=programme, round=made.public_id)
            return redirect("mentoring:board", programme=programme, round=made.public_id)
    return render(
        request, "mentoring/rounds.html", {"page": page, "form": form}, status=422 if form.errors else 200
    )


@access(SIGNED_IN)
@require_safe
def board(request: Request, programme: str, round: str) -> HttpResponse:  # noqa: A002 - the keyword of the address
    """The board of one round."""
    filters = {name: request.GET.get(name, "")[:40] for name in FILTERS}
    page = selectors.board_page(request.user, programme, round, filters)
    return render(request, "mentoring/board.html", {"page": page, "language_choices": Language.choices})


@access(SIGNED_IN)
@require_POST
def solve(request: Request, programme: str, round: str) -> HttpResponse:  # noqa: A002
    """Work the round out."""
    office = get_programme(request.user, programme)
    with refusals_told(request):
        found = services.solve_round(actor=request.user, programme=office, public_id=round)
        if found.state == RoundState.SOLVING:
            messages.info(request, _("This round is large and is being worked out. Come back in a minute."))
        else:
            messages.success(request, _("The proposals are worked out, the weakest first."))
    return redirect("mentoring:board", programme=programme, round=round)


@access(SIGNED_IN)
@require_POST
def decide(request: Request, programme: str, round: str, proposal: str) -> HttpResponse:  # noqa: A002
    """Accept, set aside, pin or open again."""
    office = get_programme(request.user, programme)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose accept, set aside, pin or open again."))
    try:
        services.decide_proposal(
            actor=request.user, programme=office, round_id=round, public_id=proposal, **form.cleaned_data
        )
        messages.success(request, DECIDED[form.cleaned_data["choice"]])
    except Refused as fault:
        messages.error(request, fault.message)
    except Conflict:
        messages.warning(request, _("A colleague decided on this pair first. Here is how it stands now."))
    kept = urlencode({name: request.GET[name][:40] for name in FILTERS if request.GET.get(name)})
    board_url = reverse("mentoring:board", kwargs={"programme": programme, "round": round})
    return redirect(f"{board_url}?{kept}#h-prop")


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def why_not(request: Request, programme: str, round: str) -> HttpResponse:  # noqa: A002
    """What another mentor would cost; POST takes that mentor."""
    selectors.get_round(request.user, programme, round)
    form = PairForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        raise Refused(_("Choose a request on the board first."))
    pair = form.cleaned_data
    page = selectors.why_not_page(request.user, programme, round, pair["need"], pair["offer"])
    if request.method == "POST":
        with refusals_told(request):
            services.force_pair(
                actor=request.user,
                programme=page.programme,
                round_id=round,
                need=pair["need"],
                offer=pair["offer"],
            )
            messages.success(request, _("The pair is pinned and the round worked out around it."))
        return redirect("mentoring:board", programme=programme, round=round)
    return render(request, "mentoring/why_not.html", {"page": page})


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def publish(request: Request, programme: str, round: str) -> HttpResponse:  # noqa: A002
    """The last look before invitations leave; POST sends them."""
    page = selectors.board_page(request.user, programme, round, {"show": "accepted"})
    if request.method == "POST":
        form = VersionForm(request.POST)
        if not form.is_valid():
            raise Refused(_("Open the page again and try once more."))
        with refusals_told(request):
            version = form.cleaned_data["version"]
            services.publish_round(
                actor=request.user, programme=page.programme, public_id=round, version=version
            )
            text = ngettext(
                "%(n)s invitation is on its way.", "%(n)s invitations are on their way.", page.accepted
            )
            messages.success(request, text % {"n": page.accepted})
        return redirect("mentoring:board", programme=programme, round=round)
    return render(request, "mentoring/publish.html", {"page": page})
