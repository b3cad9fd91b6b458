"""What differs between what a form was sent with and what a colleague saved meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

HIDDEN = forms.HiddenInput


def differences(form: forms.Form, stored: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(label, saved now, sent) of every field of a valid form that differs, as its reader would say it."""
    found = []
    for name, field in form.fields.items():
        if isinstance(field.widget, HIDDEN) or name not in stored:
            continue
        theirs, mine = _words(field, stored[name]), _words(field, form.cleaned_data[name])
        if theirs != mine:
            found.append((str(field.label), theirs, mine))
    return found


def _words(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.BooleanField):
        return _("Yes") if value else _("No")
    if isinstance(field, forms.ChoiceField):
        chosen = {str(v) for v in value} if isinstance(value, list | tuple) else {str(value)}
        return get_text_list([str(label) for key, label in field.choices if str(key) in chosen], _("and"))  # type: ignore[misc, union-attr]
    return "" if value is None else str(value)
