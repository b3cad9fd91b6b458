"""Forms of the board."""

from __future__ import annotations

from django import forms


class UndoForm(forms.Form):
    """The decision that the person saw as the last one."""

    step = forms.IntegerField(min_value=1, max_value=2**62)
