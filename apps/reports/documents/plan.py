"""What a printed action plan says: the plan's page, for paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from apps.mentoring.selectors.plans import PlanPage
from apps.reports.documents.parts import Request


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """An action plan with the label of the result that it came from."""

    request: Request
    subject: str
    plan: PlanPage


def plan_document(page: PlanPage, *, tlp: str, reader: str, made_on: date, head: str = "") -> PlanDocument:
    """Put a plan in words, in the active language."""
    title = _("Action plan: %(name)s") % {"name": page.name}
    request = Request(page.public_id, title, tlp, "a4", reader, made_on, head)
    return PlanDocument(request, page.member.name, page)


def plan_html(document: PlanDocument) -> str:
    """The page for the PDF engine."""
    return render_to_string("reports/print/plan.html", {"doc": document})
