"""A question of any kind as a form: what all kinds have, and rows for the parts of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from apps.courses.forms.authoring import FileForm, area, choices_for
from apps.frameworks.forms.lines import LinesField


@dataclass(frozen=True, slots=True)
class Parts:
    """The list that a kind has: its name, its columns and how many rows at the most; `ids` when rows have letters."""

    name: str
    columns: tuple[str, ...]
    most: int
    ids: str = ""


OPTIONS = ("text", "correct", "feedback")
PARTS = {
    "single": Parts("options", OPTIONS, 6, "abcdef"),
    "multiple": Parts("options", OPTIONS, 6, "abcdef"),
    "truefalse": Parts("options", OPTIONS, 2, "ab"),
    "short": Parts("answers", ("text", "share", "feedback"), 12),
    "numeric": Parts("answers", ("value", "tolerance", "share", "feedback"), 6),
    "matching": Parts("pairs", ("left", "right"), 8, "abcdefgh"),
    "ordering": Parts("items", ("text",), 8, "abcdefgh"),
    "fill": Parts("blanks", ("choices",), 6, "123456"),
    "essay": Parts("rubric", ("criterion", "good", "enough", "missing"), 8),
}
LABELS = {
    "text": _("Text"), "correct": _("This is right"), "feedback": _("Why"), "share": _("Per cent of the point"),
    "value": _("Number"), "tolerance": _("May differ by"), "left": _("Left"), "right": _("Belongs to it"),
    "choices": _("Choices, one a line; the first is right"), "criterion": _("What is looked for"), "good": _("Good"),
    "enough": _("Enough"), "missing": _("Missing"),
}  # fmt: skip
HINTS = {
    "short": _("* stands for any letters. Case does not count."),
    "ordering": _("In the right order."),
    "fill": _("The text marks its gaps as [[1]], [[2]] …; a row for each."),
    "numeric": _("Readers may type digits of any script, with a comma or a point."),
}


def _field(column: str) -> forms.Field:
    label = LABELS[column]
    if column == "correct":
        return forms.BooleanField(label=label, required=False)
    if column == "share":
        return forms.IntegerField(label=label, required=False, min_value=1, max_value=100)
    if column in ("value", "tolerance"):
        least = 0 if column == "tolerance" else None
        return forms.DecimalField(
            label=label, required=False, max_digits=15, decimal_places=6, min_value=least
        )
    if column == "choices":
        return LinesField(label=label, max_length=800)
    if column in ("feedback", "good", "enough", "missing"):
        return area(label, rows=2, most=600, required=False)
    return forms.CharField(
        label=label, required=False, max_length=600, widget=forms.TextInput(attrs={"dir": "auto"})
    )


class QuestionForm(FileForm):
    """One question of a kind. `row` is the question as written, empty for a new one."""

    text = area(_("What is asked"), rows=3, most=600)
    objective = forms.ChoiceField(label=_("Objective"))
    critical = forms.BooleanField(label=_("Must be right to pass the test"), required=False)
    explanation = area(_("Why this is the answer"), rows=3, most=600)
    unit = forms.CharField(label=_("Unit, shown after the box"), max_length=30, required=False)
    extra = LinesField(label=_("Right sides that belong to nothing, one a line"), max_length=1300)
    words = forms.IntegerField(label=_("Words at the most"), min_value=10, max_value=2000, initial=200)
    OWN: Mapping[str, tuple[str, ...]] = {
        "unit": ("numeric",), "extra": ("matching",), "words": ("essay",),
        "explanation": ("short", "numeric", "matching", "ordering", "fill", "essay"),
    }  # fmt: skip

    def __init__(
        self, *args: Any, kind: str, row: Mapping[str, Any], objectives: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.kind, self.row, self.parts = kind, row, PARTS[kind]
        choices_for(self, "objective", objectives)
        for name, kinds in self.OWN.items():
            if kind not in kinds:
                del self.fields[name]
        for name in ("text", "objective", "critical", "explanation", "unit", "extra", "words"):
            if name in self.fields and name in row:
                self.initial[name] = row[name]
        held = row.get(self.parts.name)
        self.held: list[Mapping[str, Any]] = [one for one in held or [] if isinstance(one, Mapping)]
        self.count = min(self.parts.most, max(len(self.held) + 2, 4, 6 if "b" in self.parts.ids[1:2] else 0))
        for n in range(self.count):
            for column in self.parts.columns:
                self.fields[f"{self.parts.name}-{n}-{column}"] = _field(column)
                if n < len(self.held) and column in self.held[n]:
                    self.initial[f"{self.parts.name}-{n}-{column}"] = self.held[n][column]

    @property
    def hint(self) -> Any:
        """A word on the parts of this kind."""
        return HINTS.get(self.kind, "")

    @property
    def head_fields(self) -> Iterator[BoundField]:
        """What every kind has, and what stands once in this one."""
        for name in self.fields:
            if not name.startswith(f"{self.parts.name}-") and name != "version":
                yield self[name]

    @property
    def lines(self) -> Iterator[tuple[int, list[BoundField]]]:
        """The rows of parts, numbered from 1."""
        for n in range(self.count):
            yield n + 1, [self[f"{self.parts.name}-{n}-{column}"] for column in self.parts.columns]

    @property
    def question(self) -> dict[str, Any]:
        """The question as the files have it; of a form whose fields are in order."""
        given = self.cleaned_data
        row: dict[str, Any] = {
            "id": self.row.get("id", ""), "objective": given["objective"], "kind": self.kind,
            "text": given["text"].strip(), "critical": given["critical"],
        }  # fmt: skip
        row[self.parts.name] = list(self._rows())
        for name in ("unit", "extra", "words", "explanation"):
            if name in self.fields and given.get(name):
                row[name] = given[name].strip() if isinstance(given[name], str) else given[name]
        if "penalty" in self.row:
            row["penalty"] = self.row["penalty"]
        return row

    def _rows(self) -> Iterator[dict[str, Any]]:
        letters = [str(one.get("id")) for one in self.held] if self.parts.ids else []
        free = [letter for letter in self.parts.ids if letter not in letters]
        for n in range(self.count):
            values = {c: self.cleaned_data.get(f"{self.parts.name}-{n}-{c}") for c in self.parts.columns}
            if all(value in (None, "", [], False) for value in values.values()):
                continue
            row = {c: _plain(value) for c, value in values.items() if value not in (None, "", [])}
            if self.parts.ids:
                row = {"id": letters[n] if n < len(letters) else free.pop(0), **row}
            yield {
                **{c: "" for c in self.parts.columns if c in ("text", "feedback") and self.parts.ids},
                **row,
            }


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.strip() if isinstance(value, str) else value
