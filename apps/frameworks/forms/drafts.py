"""What every form over a part of a draft has: the revision that was seen, and faults at their fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from apps.frameworks.choices import Scope
from apps.frameworks.forms.lines import TextField
from apps.frameworks.services.editing import Edit

Document = Mapping[str, Any]
SCOPES = (Scope.NATIONAL, Scope.ORGANISATIONAL)
TEXT = 2000


def long_text(label: Any, *, rows: int = 3, required: bool = False, hint: Any = "") -> TextField:
    """A text of up to 2,000 characters."""
    widget = forms.Textarea(attrs={"rows": rows})
    return TextField(label=label, max_length=TEXT, required=required, widget=widget, help_text=hint)


class DraftForm(forms.Form):
    """A form over a part of a draft. `revision` is the save that the page was made from."""

    revision = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label_suffix = ""

    @property
    def expected(self) -> int:
        """The revision that the person had seen."""
        return self.cleaned_data.get("revision") or 0

    @property
    def edit(self) -> Edit:
        """The edit; of a form whose fields are in order."""
        raise NotImplementedError

    def add_faults(self, fields: Mapping[str, Sequence[str]]) -> None:
        """Show faults at their fields; those that have none, above the form."""
        for name, sentences in fields.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


def set_choices(form: forms.Form, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
    """Give a field of choices those of this draft."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


def rows_as_choices(rows: Sequence[Document]) -> list[tuple[str, str]]:
    """Dimensions or areas as choices."""
    return [(row["id"], f"{row['id']} {row['name']}") for row in rows]


def levels_of(document: Document, row: Document) -> list[tuple[int, str]]:
    """The levels of an indicator's own scale as (number, name)."""
    own = next((s["levels"] for s in document.get("scales", []) if s["id"] == row.get("scale")), None)
    return [(level["level"], level["name"]) for level in own or document["scale"]["levels"]]
