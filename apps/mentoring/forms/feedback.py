"""The form of feedback: five statements, two sentences, and what of it the other side reads."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.mentoring.forms import VersionForm
from apps.mentoring.selectors.feedback import QUESTIONS

STEPS = [
    (1, _("1 · not at all")),
    (2, _("2 · hardly")),
    (3, _("3 · in part")),
    (4, _("4 · mostly")),
    (5, _("5 · fully")),
]


class FeedbackForm(VersionForm):
    """What one side says about the work."""

    helped = forms.CharField(
        label=_("What helped most?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )
    change = forms.CharField(
        label=_("What should change?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )
    shares_ratings = forms.BooleanField(label=_("The other side reads the five answers"), required=False)
    shares_helped = forms.BooleanField(label=_("The other side reads what helped"), required=False)
    shares_change = forms.BooleanField(label=_("The other side reads what should change"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].required = False
        for key, text in QUESTIONS.items():
            self.fields[key] = forms.TypedChoiceField(
                label=str(text), choices=STEPS, coerce=int, widget=forms.RadioSelect
            )

    @property
    def questions(self) -> list[forms.BoundField]:
        """The five statements in their order."""
        return [self[key] for key in QUESTIONS]

    def said(self) -> dict[str, Any]:
        """The cleaned values as the service takes them."""
        data = self.cleaned_data
        names = ("helped", "change", "shares_ratings", "shares_helped", "shares_change")
        ratings = {key: data[key] for key in QUESTIONS}
        return {"version": data["version"] or 0, "ratings": ratings, **{name: data[name] for name in names}}
