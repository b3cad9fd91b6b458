"""Bringing a workbook back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

LARGEST_FILE = 5_000_000


class WorkbookForm(forms.Form):
    """A workbook that comes back filled in."""

    file = forms.FileField(
        label=_("Workbook"),
        help_text=_(
            "The XLSX that you took away, at most 5 MB. Nothing is changed before you have seen what it does."
        ),
        max_length=255,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.json"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(gettext("The file is larger than 5 MB."))
        return file

    @property
    def content(self) -> bytes:
        """The bytes of the file; of a form whose fields are in order."""
        data: bytes = self.cleaned_data["file"].read()
        return data

    @property
    def name(self) -> str:
        """What the file is called where it comes from."""
        return self.cleaned_data["file"].name or ""
