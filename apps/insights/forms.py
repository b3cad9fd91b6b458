"""Forms of the benchmark."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.insights.choices import Income, Region
from apps.members.choices import Sector


class PlaceForm(forms.Form):
    """Where an approved organisation stands."""

    region = forms.ChoiceField(label=_("Region"), choices=Region.choices)
    income = forms.ChoiceField(label=_("Income group of its nation"), choices=Income.choices)
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices)
