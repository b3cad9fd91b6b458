"""The kinds of report beside that of a result: which there are, and asking for one."""

from __future__ import annotations

import secrets
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Refused
from apps.reports import selectors, services
from apps.reports.forms import ReportForm
from apps.reports.forms.papers import PAPER_FORMS
from apps.reports.views import without_key


@access(SIGNED_IN)
@require_safe
def papers(request: Request, member: str) -> HttpResponse:
    """The kinds of report beside that of a result."""
    rows = selectors.papers_page(request.user, member)
    return render(request, "reports/papers.html", {"rows": rows, "member": member})


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: Request, member: str, paper_kind: str) -> HttpResponse:
    """Ask for one of them; `?plan=`, `?before=` and `?result=` are chosen beforehand."""
    page = selectors.paper_page(request.user, member, paper_kind)
    form_class = PAPER_FORMS[paper_kind]
    if request.method != "POST":
        given = {
            name: request.GET.get(name, "")[:40] for name in ("plan", "person", "before", "result", "edition")
        }
        first = {"language": get_language() or "en", "key": secrets.token_hex(16)}
        first |= {name: value for name, value in given.items() if value}
        return _paper(request, page, form_class(page=page, initial=first))
    form = form_class(request.POST, page=page)
    if not form.is_valid():
        return _paper(request, page, form, status=422)
    ask = services.PAPER_ASKS[paper_kind]
    try:
        if "preview" in request.POST:
            given = without_key(form.cleaned_data)
            services.draft_report(actor=request.user, ask=ask, member=member, **given)
            where = reverse("reports:paper_preview", kwargs={"member": member, "paper_kind": paper_kind})
            return redirect(f"{where}?{urlencode(form.cleaned_data)}")
        made = services.ask_once(actor=request.user, ask=ask, member=member, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return _paper(request, page, form, status=422)
    return redirect("reports:report", report=made)


def _paper(request: Request, page: selectors.PaperPage, form: ReportForm, status: int = 200) -> HttpResponse:
    return render(request, "reports/paper.html", {"page": page, "form": form}, status=status)
