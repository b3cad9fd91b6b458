"""A file beside the words of a piece of work."""

from __future__ import annotations

from typing import IO, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.filecheck.kinds import EXTENSIONS
from apps.courses.choices import WORK_FILE_BYTES

ENDINGS = ",".join(f".{ending}" for endings in EXTENSIONS.values() for ending in endings)


class WorkFileForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "PDF, PNG, JPEG, ODT, DOCX, ODS, XLSX, ZIP, TXT or CSV, at most 5 MB. Leave out names of people and passwords."
        ),
        max_length=255,
        widget=forms.ClearableFileInput(attrs={"accept": ENDINGS}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > WORK_FILE_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB."))
        return file

    @property
    def content(self) -> IO[bytes]:
        """The file as it was sent; only after `is_valid`."""
        opened: IO[bytes] = self.cleaned_data["file"].file
        return opened

    @property
    def name(self) -> str:
        """What it was called; only after `is_valid`."""
        return str(self.cleaned_data["file"].name)
