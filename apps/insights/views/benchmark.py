"""Pages of the peer benchmark."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request, refusals_told
from apps.core.access import PUBLIC, SIGNED_IN, STAFF, access
from apps.core.downloads import table_file
from apps.insights import selectors, services
from apps.insights.forms import PlaceForm


@access(PUBLIC)
@require_safe
def benchmark(request: Request) -> HttpResponse:
    """The releases, and when the next is cut off."""
    return render(request, "insights/benchmark.html", {"page": selectors.releases_page(request.user)})


@access(PUBLIC)
@require_safe
def benchmark_release(request: Request, release: int) -> HttpResponse:
    """One release by one cut."""
    page = selectors.release_page(request.user, release, request.GET.get("cut", ""))
    return render(request, "insights/benchmark_release.html", {"page": page})


@access(PUBLIC)
@require_safe
def benchmark_file(request: Request, release: int, ending: str) -> HttpResponse:
    """A release as CSV, XLSX, or the signed JSON that the checking script reads."""
    row = selectors.get_release(request.user, release)
    name = f"benchmark-{row.number}"
    if ending == "json":
        headers = {
            "Content-Disposition": f'attachment; filename="{name}.json"',
            "Cache-Control": "private, no-store",
        }
        said = selectors.release_file(row)
        return JsonResponse(said, headers=headers, json_dumps_params={"ensure_ascii": False, "indent": 1})
    return table_file(selectors.release_rows(row), ending, name=name, title=_("Peer benchmark"))


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def member_benchmark(request: Request, member: str) -> HttpResponse:
    """An organisation beside its peers; POST says whether it counts in the coming release."""
    page = selectors.member_benchmark(request.user, member, request.GET.get("cut", ""))
    if request.method == "POST":
        counts = "counts" in request.POST
        with refusals_told(request):
            services.set_benchmark_consent(actor=request.user, member=page.member, counts=counts)
            said = _("Your result counts in the coming release.")
            messages.success(
                request, said if counts else _("Your result does not count in the coming release.")
            )
        return redirect("insights:member_benchmark", member=member)
    return render(request, "insights/member_benchmark.html", {"page": page})


@access(STAFF)
@require_safe
def benchmark_organisations(request: Request) -> HttpResponse:
    """Which organisations may contribute."""
    rows = selectors.places_page(request.user)
    return render(request, "insights/benchmark_organisations.html", {"rows": rows})


@access(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def benchmark_organisation(request: Request, organisation: str) -> HttpResponse:
    """Approve an organisation and say where it stands, or end that."""
    row, place = selectors.get_organisation(request.user, organisation)
    known = {"region": place.region, "income": place.income, "sector": place.sector} if place else {}
    form = PlaceForm(
        request.POST if request.method == "POST" else None, initial=known or {"sector": row.sector}
    )
    if request.method == "POST":
        if "end" in request.POST:
            services.end_approval(actor=request.user, member=row)
            return redirect("insights:benchmark_organisations")
        if form.is_valid():
            services.approve_organisation(actor=request.user, member=row, **form.cleaned_data)
            return redirect("insights:benchmark_organisations")
    context = {"row": row, "form": form, "approved": place is not None}
    status = 422 if request.method == "POST" else 200
    return render(request, "insights/benchmark_organisation.html", context, status=status)


@access(STAFF)
@require_POST
def clear_benchmark(request: Request, release: int) -> HttpResponse:
    """Let the public see a release."""
    services.clear_release(actor=request.user, release=selectors.get_release(request.user, release))
    messages.success(request, _("The public can see this release now."))
    return redirect("insights:benchmark_release", release=release)
