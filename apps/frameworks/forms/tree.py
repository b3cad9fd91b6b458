"""Forms of the tree: a new part, and the words of a dimension or an area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.frameworks.choices import Scope
from apps.frameworks.forms.drafts import Document, DraftForm, long_text, rows_as_choices, set_choices
from apps.frameworks.forms.lines import TextField
from apps.frameworks.services.editing import Edit, PartAdded, PartEdit


class AddForm(DraftForm):
    """A new dimension, area or indicator."""

    code = TextField(
        label=_("Code"),
        max_length=40,
        help_text=_("Stands in addresses and reports, such as GOV.5; it stays."),
    )
    name = TextField(label=_("Name"), max_length=150)
    intent = long_text(_("What it is about"), rows=2)
    inside = forms.ChoiceField(label=_("Inside"))
    scope = forms.ChoiceField(label=_("Who is asked"), choices=Scope.choices, initial=Scope.BOTH)

    def __init__(self, data: Any, *, document: Document, kind: str, revision: int, inside: str = "") -> None:
        super().__init__(data, initial={"revision": revision, "inside": inside})
        self.kind = kind
        above = {"areas": "dimensions", "indicators": "areas"}.get(kind, "")
        if above:
            set_choices(self, "inside", rows_as_choices(document[above]))
        else:
            del self.fields["inside"]
        if kind == "indicators":
            self.fields["intent"].required = True
        else:
            del self.fields["scope"]

    def add_faults(self, fields: Mapping[str, Sequence[str]]) -> None:
        """The parent has one field here, whatever it is called in the document."""
        names = {"dimension": "inside", "area": "inside"}
        super().add_faults({names.get(name, name): sentences for name, sentences in fields.items()})

    @property
    def edit(self) -> Edit:
        """The edit that adds the part."""
        data = self.cleaned_data
        values: dict[str, Any] = {"name": data["name"], "intent": data["intent"]}
        if self.kind == "areas":
            values["dimension"] = data["inside"]
        if self.kind == "indicators":
            values |= {"area": data["inside"], "scope": data["scope"], "key": False, "effort": 2}
        return PartAdded(self.kind, data["code"], values)


class PartForm(DraftForm):
    """The words of a dimension or an area, and where an area belongs."""

    name = TextField(label=_("Name"), max_length=150)
    intent = long_text(_("What it is about"), rows=2)
    dimension = forms.ChoiceField(label=_("Dimension"))

    def __init__(self, data: Any, *, document: Document, kind: str, row: Document, revision: int) -> None:
        super().__init__(data, initial={"revision": revision, **row})
        self.kind, self.code = kind, row["id"]
        if kind == "areas":
            set_choices(self, "dimension", rows_as_choices(document["dimensions"]))
        else:
            del self.fields["dimension"]

    @property
    def edit(self) -> Edit:
        """The edit of this part."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "revision"}
        return PartEdit(self.kind, self.code, values)
