"""What somebody chooses who brings a package."""

from __future__ import annotations

from typing import IO, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.courses.services.packages.intake import PACKAGE


class PackageFileForm(forms.Form):
    """A newer file of a package that is here."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "A SCORM 1.2 or SCORM 2004 package, ZIP, at most 200 MB. Nothing is unpacked or run here."
        ),
        max_length=255,
        widget=forms.ClearableFileInput(attrs={"accept": ".zip"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > PACKAGE.file:
            raise forms.ValidationError(_("The file is larger than 200 MB."))
        return file

    @property
    def content(self) -> IO[bytes]:
        """The file as it was sent, after the form was found valid."""
        opened: IO[bytes] = self.cleaned_data["file"].file
        return opened

    @property
    def name(self) -> str:
        return str(self.cleaned_data["file"].name or "package.zip")


class PackageForm(PackageFileForm):
    """`owners` are the (id, name) that a package may be for; the id of the site itself is empty."""

    programme = forms.ChoiceField(label=_("For whom"), required=False)
    title = forms.CharField(
        label=_("Title"), max_length=150, required=False, help_text=_("Without it, as the package says.")
    )
    summary = forms.CharField(
        label=_("What it is about"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    language = forms.ChoiceField(label=_("Language of the package"), choices=settings.LANGUAGES)
    tells_name = forms.BooleanField(
        label=_("Tell the package the learner's name"),
        required=False,
        help_text=_(
            "Some packages greet by name. It always gets a number that stands for the learner, never an address."
        ),
    )

    def __init__(self, *args: Any, owners: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["programme"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = owners
        field.required = not any(value == "" for value, _name in owners)
