"""Forms of versions: copying a framework, and publishing one."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from apps.frameworks.forms.drafts import TEXT, DraftForm, set_choices
from apps.frameworks.forms.lines import CodesField, TextField
from apps.frameworks.services.publishing import Said

SPARE_ROWS = 3


class CopyForm(forms.Form):
    """What to copy, under what name."""

    source = forms.ChoiceField(label=_("Framework to copy"))
    name = TextField(label=_("Name of your framework"), max_length=150)
    idempotency = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, sources: Sequence[tuple[str, str]], source: str = "") -> None:
        super().__init__(data, initial={"idempotency": secrets.token_urlsafe(18), "source": source})
        set_choices(self, "source", sources)


@dataclass(frozen=True, slots=True)
class SaidFields:
    """The fields of one statement, and what the two texts are called."""

    before: BoundField
    after: BoundField
    comparable: BoundField
    note: BoundField
    names: str
    kind: str


class PublishForm(DraftForm):
    """The number of the version, and what became of the indicators."""

    number = TextField(label=_("Version number"), max_length=20)
    confirmed = forms.BooleanField(
        label=_("I have read this and it is right. Once published, this version never changes again."),
        error_messages={"required": _("Read it and confirm; a published version never changes.")},
    )

    def __init__(
        self, data: Any, *, rows: Sequence[tuple[Said, str, str]], number: str, revision: int, compared: bool
    ) -> None:
        super().__init__(data, initial={"revision": revision, "number": number})
        self.rows = rows
        self.count = len(rows) + SPARE_ROWS if compared else 0
        for place in range(self.count):
            said = rows[place][0] if place < len(rows) else Said((), (), False)
            values = {
                "before": said.before,
                "after": said.after,
                "comparable": said.comparable,
                "note": said.note,
            }
            self.initial.update({f"{name}_{place}": value for name, value in values.items()})
            self.fields[f"before_{place}"] = CodesField(label=_("Before"))
            self.fields[f"after_{place}"] = CodesField(label=_("Now"))
            self.fields[f"comparable_{place}"] = forms.BooleanField(
                label=_("Levels can be compared"), required=False
            )
            self.fields[f"note_{place}"] = TextField(label=_("Why"), required=False, max_length=TEXT)

    @property
    def lines(self) -> tuple[SaidFields, ...]:
        """The statements as fields."""
        return tuple(
            SaidFields(
                self[f"before_{n}"], self[f"after_{n}"], self[f"comparable_{n}"], self[f"note_{n}"],
                *(self.rows[n][1:] if n < len(self.rows) else ("", "")),
            )
            for n in range(self.count)
        )  # fmt: skip

    def add_faults(self, fields: Mapping[str, Sequence[str]]) -> None:
        """A fault of a statement stands at its first field."""
        super().add_faults({name.replace("said_", "after_"): each for name, each in fields.items()})

    @property
    def said(self) -> list[Said]:
        """What the author states."""
        data = self.cleaned_data
        rows = [
            Said(data[f"before_{n}"], data[f"after_{n}"], data[f"comparable_{n}"], data[f"note_{n}"])
            for n in range(self.count)
        ]
        return [row for row in rows if row.before or row.after]
