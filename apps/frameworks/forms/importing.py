"""What somebody chooses who brings a framework: the file, whose it becomes, and what the file does not say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.frameworks.choices import Scope
from apps.frameworks.services.importing import KINDS, METHODS, Choices

LARGEST_FILE = 5_000_000


class ImportForm(forms.Form):
    """`owners` are the (id, name) that a framework may belong to; the id of the site itself is empty."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "YAML, JSON, XML or XLSX, at most 5 MB. Nothing is stored before you have seen what it makes."
        ),
        max_length=255,
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml,.json,.xml,.xlsx"}),
    )
    programme = forms.ChoiceField(label=_("For whom"), required=False)
    kind = forms.ChoiceField(label=_("Kind of file"), choices=KINDS.items())
    scope = forms.ChoiceField(
        label=_("Who is asked"),
        choices=[("", _("As the file says; else organisations")), *Scope.choices],
        required=False,
        help_text=_("For catalogues and libraries, which do not say it themselves."),
    )
    method = forms.ChoiceField(
        label=_("How it is scored"),
        choices=[("", _("As the file says; else the shared mean")), *METHODS.items()],
        required=False,
    )
    slug = forms.RegexField(
        r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
        label=_("Id in addresses"),
        max_length=60,
        required=False,
        help_text=_("Small letters, digits and hyphens; without it, made from the file."),
    )
    version = forms.RegexField(
        r"^[0-9]{1,6}(\.[0-9]{1,6}){1,2}$",
        label=_("Version"),
        max_length=20,
        required=False,
        help_text=_("Such as 1.0; without it, as the file says."),
    )
    unmarked = forms.BooleanField(
        label=_("Take in controls without examples too"),
        required=False,
        help_text=_(
            "Where most controls of a catalogue have examples, those without are leftovers of an earlier version."
        ),
    )
    publish = forms.BooleanField(
        label=_("Publish at once"),
        required=False,
        help_text=_(
            "A published version never changes. Without this it is a draft that can still be edited."
        ),
    )

    def __init__(self, *args: Any, owners: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["programme"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = owners
        field.required = not any(value == "" for value, _name in owners)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 5 MB."))
        return file

    @property
    def given(self) -> Choices:
        """What was chosen, after the form was found valid."""
        names = ("kind", "scope", "method", "slug", "version", "unmarked", "publish")
        return Choices(**{name: self.cleaned_data[name] for name in names})

    @property
    def content(self) -> bytes:
        """The bytes of the file."""
        data: bytes = self.cleaned_data["file"].read()
        return data
