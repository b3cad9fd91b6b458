"""The form that shares a result."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.members.choices import Tlp

ALL = "*"


class GrantForm(forms.Form):
    """Share a result: with whom, why, which areas, until when."""

    reader = forms.ChoiceField(label=_("Who may read"))
    purpose = forms.CharField(label=_("Why"), max_length=300)
    areas = forms.MultipleChoiceField(
        label=_("Which areas"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Share no more than the purpose needs."),
    )
    with_evidence = forms.BooleanField(
        label=_("Evidence too: its titles and its files in these areas"), required=False
    )
    tlp = forms.ChoiceField(label=_("Label"), choices=Tlp.choices, initial=Tlp.AMBER_STRICT)
    ends_on = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(
        self, *args: Any, readers: list[tuple[str, str]], areas: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reader"].choices = [("", _("Choose who may read")), *readers]  # type: ignore[attr-defined]
        self.fields["areas"].choices = [(ALL, _("All areas")), *areas]  # type: ignore[attr-defined]

    def clean_areas(self) -> list[str]:
        """Area codes; an empty list stands for all areas."""
        chosen: list[str] = self.cleaned_data["areas"]
        return [] if ALL in chosen else chosen
