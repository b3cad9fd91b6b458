"""What a person chooses for a new report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.members.choices import Tlp
from apps.reports.choices import Paper
from apps.reports.selectors import Choice, QuestionnairePage


class AlwaysChosen(forms.ChoiceField):
    """A choice whose empty value stands for something: it is never called optional."""

    always_chosen = True


class ReportForm(forms.Form):
    """Language and paper; `key` makes a repeated sending one request."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    paper = forms.ChoiceField(label=_("Paper"), choices=Paper.choices, initial=Paper.A4)
    tlp = AlwaysChosen(
        label=_("Label"),
        choices=[("", _("That of the data")), *Tlp.choices],
        required=False,
        help_text=_("A stricter one, where the reader needs it. It cannot be looser than the data."),
    )
    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)


class ProgrammeReportForm(ReportForm):
    """About the programme as a whole, or about one of its matching rounds."""

    round = AlwaysChosen(label=_("About"), required=False)
    field_order = ("round", "language", "paper", "tlp", "key")

    def __init__(self, *args: Any, rounds: Sequence[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["round"]
        assert isinstance(field, forms.ChoiceField)
        named = [(c.public_id, _("Matching round: %(name)s") % {"name": c.text}) for c in rounds]
        field.choices = [("", _("Programme overview")), *named]


class AssessmentReportForm(ReportForm):
    """With the result that the report is about, out of those the person may see."""

    result = forms.ChoiceField(label=_("Result"))
    field_order = ("result", "language", "paper", "tlp", "key")

    def __init__(self, *args: Any, results: Sequence[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["result"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(choice.public_id, choice.text) for choice in results]


class QuestionnaireForm(forms.Form):
    """Which part of the questionnaire, for whom, blank or filled, in which language."""

    filled = forms.TypedChoiceField(
        label=_("What stands in it"),
        choices=[("0", _("Blank")), ("1", _("With the answers so far"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        initial="0",
    )
    person = forms.ChoiceField(label=_("Whose areas"), required=False)
    areas = forms.MultipleChoiceField(
        label=_("Areas"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick none for all of them."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, page: QuestionnairePage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", _("Everybody")), *((p.public_id, p.text) for p in page.people)]  # type: ignore[attr-defined]
        self.fields["areas"].choices = [(area.public_id, area.text) for area in page.areas]  # type: ignore[attr-defined]
