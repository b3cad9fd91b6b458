"""What a person chooses for the kinds of report beside that of a result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.reports.choices import ReportKind
from apps.reports.forms import ReportForm
from apps.reports.selectors import Choice, PaperPage


def _pairs(choices: Sequence[Choice]) -> list[tuple[str, str]]:
    return [(choice.public_id, choice.text) for choice in choices]


class PaperForm(ReportForm):
    """Of one kind beside the report of a result; each field offers what the page has."""

    offers: dict[str, str] = {}

    def __init__(self, *args: Any, page: PaperPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in self.offers.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = _pairs(getattr(page, choices))


class BriefForm(PaperForm):
    result = forms.ChoiceField(label=_("Result"))
    offers = {"result": "results"}
    field_order = ("result", "language", "paper", "key")


class ComparisonForm(PaperForm):
    before = forms.ChoiceField(label=_("One result"))
    result = forms.ChoiceField(label=_("The other"))
    offers = {"before": "results", "result": "results"}
    field_order = ("before", "result", "language", "paper", "key")


class NationalForm(PaperForm):
    edition = forms.TypedChoiceField(label=_("Edition"), coerce=int)
    offers = {"edition": "editions"}
    field_order = ("edition", "language", "paper", "key")


class ActionSheetsForm(PaperForm):
    plan = forms.ChoiceField(label=_("Plan"))
    person = forms.ChoiceField(label=_("For whom"))
    offers = {"plan": "plans", "person": "people"}
    field_order = ("plan", "person", "language", "paper", "key")


PAPER_FORMS: dict[str, type[PaperForm]] = {
    ReportKind.BRIEF: BriefForm,
    ReportKind.COMPARISON: ComparisonForm,
    ReportKind.NATIONAL: NationalForm,
    ReportKind.ACTIONS: ActionSheetsForm,
}
