"""Open or change a cohort, invite by a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

LARGEST_LIST = 200_000


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class CohortForm(forms.Form):
    """A cohort; without `courses` the course stays as it is."""

    course = forms.ChoiceField(label=_("Course"))
    name = forms.CharField(label=_("Name of the cohort"), max_length=120)
    starts_on = _day(_("First day"))
    ends_on = _day(_("Last day"))
    note = forms.CharField(
        label=_("What learners should know"), required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("For example when you meet, and where to ask."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)

    def __init__(self, *args: Any, courses: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if courses:
            self.fields["course"].choices = list(courses)  # type: ignore[attr-defined]
        else:
            del self.fields["course"]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        first, last = found.get("starts_on"), found.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _now("The last day cannot come before the first."))
        return found


class ListForm(forms.Form):
    """A list of people, pasted or as a file."""

    text = forms.CharField(
        label=_("People"), required=False, max_length=LARGEST_LIST, strip=False, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One address a line, or a table with a heading: person_id, given_name, family_name, email, language, organisation, cohort, role. Only email is needed."),
    )  # fmt: skip
    file = forms.FileField(label=_("Or a CSV file in UTF-8"), required=False, allow_empty_file=True)

    def clean(self) -> dict[str, Any]:
        """`text` is what is to be read, from the file where there is one."""
        found: dict[str, Any] = super().clean() or {}
        file = found.get("file")
        if file is not None:
            if file.size > LARGEST_LIST:
                raise forms.ValidationError(_now("The file is larger than 200 KB."))
            try:
                found["text"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                raise forms.ValidationError(
                    _now("The file is not in UTF-8. Save it as “CSV UTF-8”.")
                ) from None
        if not (found.get("text") or "").strip() and not self.errors:
            raise forms.ValidationError(_now("Paste a list or choose a file."))
        return found
