"""The forms that share a result, and share less of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.members.choices import Tlp
from apps.members.models import Grant

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


class NarrowForm(forms.Form):
    """Make an agreement smaller. All areas are ticked that it shows now; all of an agreement for all areas stay all."""

    areas = forms.MultipleChoiceField(
        label=_("Areas that stay shared"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one area. To share nothing, withdraw the agreement.")},
    )
    with_evidence = forms.BooleanField(label=_("Evidence stays shared"), required=False)
    ends_on = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any, *, grant: Grant, areas: list[tuple[str, str]]) -> None:
        self.codes, self.all_areas = [code for code, _label in areas], not grant.areas
        initial = {
            "areas": self.codes,
            "with_evidence": grant.with_evidence,
            "ends_on": grant.ends_on,
            "version": grant.version,
        }
        super().__init__(data, initial=initial)
        self.fields["areas"].choices = areas  # type: ignore[attr-defined]
        if not areas:
            del self.fields["areas"]
        if not grant.with_evidence:
            del self.fields["with_evidence"]

    def clean_areas(self) -> list[str]:
        """Area codes; an empty list stands for all areas, of versions to come too."""
        chosen: list[str] = self.cleaned_data["areas"]
        return [] if self.all_areas and set(chosen) == set(self.codes) else chosen

    @property
    def values(self) -> dict[str, Any]:
        """What the form asks for, with what it does not show left as nothing."""
        return {"areas": [], "with_evidence": False, **self.cleaned_data}
