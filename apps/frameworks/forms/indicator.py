"""The form of one indicator: its words, its weight and place, and a descriptor for each level of each scope."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.frameworks.choices import Scope
from apps.frameworks.forms.drafts import (
    SCOPES,
    Document,
    DraftForm,
    levels_of,
    long_text,
    rows_as_choices,
    set_choices,
)
from apps.frameworks.forms.lines import LinesField, NeedsField, PairsField, TextField
from apps.frameworks.services.editing import Edit, IndicatorEdit, needs_of


@dataclass(frozen=True, slots=True)
class StepFields:
    """The three fields of one level."""

    level: int
    name: str
    title: BoundField
    text: BoundField
    evidence: BoundField


@dataclass(frozen=True, slots=True)
class LadderFields:
    """The fields of all levels of one scope; `bad` when one of them has an error."""

    scope: str
    label: str
    steps: tuple[StepFields, ...]
    bad: bool


class IndicatorForm(DraftForm):
    """Everything about one indicator."""

    name = TextField(label=_("Name"), max_length=200)
    question = long_text(_("Question"), rows=2)
    intent = long_text(_("What it is about"), required=True)
    look_for = LinesField(label=_("What to look for"), help_text=_("One a line."))
    mistakes = LinesField(label=_("Common mistakes"), help_text=_("One a line."))
    words = PairsField(
        label=_("Words used here"),
        wanted=_("write the word, a colon and what it means."),
        help_text=_("One a line: the word, a colon, what it means."),
    )
    area = forms.ChoiceField(label=_("Area"))
    scope = forms.ChoiceField(label=_("Who is asked"), choices=Scope.choices)
    key = forms.BooleanField(
        label=_("Key indicator"),
        required=False,
        help_text=_("It applies to everybody and holds the level of its area down."),
    )
    not_applicable = forms.BooleanField(
        label=_("A member may say that it does not apply"),
        required=False,
        help_text=_("Never for a key indicator."),
    )
    effort = forms.TypedChoiceField(
        label=_("Effort to rise one level"),
        coerce=int,
        choices=[(1, _("Small")), (2, _("Medium")), (3, _("Large"))],
    )
    weight = TextField(
        label=_("Weight"),
        required=False,
        max_length=20,
        help_text=_("A number such as 2, 1.5 or 3/2. Left empty, the method decides."),
    )
    stage = forms.IntegerField(label=_("Stage"), required=False, min_value=1, max_value=10)
    scale = forms.ChoiceField(label=_("Scale"), required=False)
    needs = NeedsField(
        label=_("What must come first"),
        help_text=_("One a line: the code of an indicator and the level it must reach, such as GOV.1.1 2."),
    )

    def __init__(self, data: Any, *, document: Document, row: Document, revision: int) -> None:
        self.row, self.document = row, document
        self.levels = levels_of(document, row)
        super().__init__(data, initial={"revision": revision, **self._given()})
        set_choices(self, "area", rows_as_choices(document["areas"]))
        others = [(scale["id"], scale["id"]) for scale in document.get("scales", [])]
        set_choices(self, "scale", [("", _now("The main scale")), *others])
        if not others:
            del self.fields["scale"]
        if document["method"]["name"] != "cumulative" and "stage" not in row:
            del self.fields["stage"]
        for scope in self.scopes:
            self._add_ladder(scope)

    def _given(self) -> dict[str, Any]:
        row = self.row
        given = {name: row[name] for name in row if name not in ("levels", "words")}
        given["words"] = [(word["term"], word["meaning"]) for word in row.get("words", [])]
        given["not_applicable"] = row.get("not_applicable", not row["key"])
        given["needs"] = needs_of(self.document, row["id"])
        for scope, steps in row.get("levels", {}).items():
            for step in steps:
                place = f"{scope}_{step['level']}"
                given |= {f"{place}_{name}": step.get(name, "") for name in ("title", "text", "evidence")}
        return given

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """The scopes whose descriptors are shown: those that the stored indicator has."""
        return SCOPES if self.row["scope"] == Scope.BOTH else (Scope(self.row["scope"]),)

    def _add_ladder(self, scope: Scope) -> None:
        for level, _name in self.levels:
            place, said = f"{scope.value}_{level}", {"scope": scope.label, "level": level}
            self.fields[f"{place}_title"] = TextField(
                label=_now("%(scope)s, level %(level)s: title") % said, max_length=80, required=False
            )
            self.fields[f"{place}_text"] = long_text(
                _now("%(scope)s, level %(level)s: what is in place") % said, rows=2
            )
            self.fields[f"{place}_evidence"] = LinesField(
                label=_now("%(scope)s, level %(level)s: what would show it") % said,
                help_text=_("One a line."),
            )

    def plain_fields(self) -> Iterator[BoundField]:
        """The fields that are no descriptors, in order."""
        own = {
            f"{s.value}_{level}_{n}"
            for s in self.scopes
            for level, _l in self.levels
            for n in ("title", "text", "evidence")
        }
        return (self[name] for name in self.fields if name not in own and name != "revision")

    @property
    def ladders(self) -> tuple[LadderFields, ...]:
        """The descriptors, scope by scope and level by level."""
        found = []
        for scope in self.scopes:
            steps = tuple(self._step(scope, level, name) for level, name in self.levels)
            bad = any(field.errors for step in steps for field in (step.title, step.text, step.evidence))
            found.append(LadderFields(scope.value, str(scope.label), steps, bad))
        return tuple(found)

    def _step(self, scope: Scope, level: int, name: str) -> StepFields:
        title, text, evidence = (
            self[f"{scope.value}_{level}_{field}"] for field in ("title", "text", "evidence")
        )
        return StepFields(level, name, title, text, evidence)

    def clean(self) -> dict[str, Any]:
        """A scope has descriptors for all its levels, or for none."""
        data: dict[str, Any] = super().clean() or {}
        for scope in self.scopes:
            names = [f"{scope.value}_{level}" for level, _name in self.levels]
            given = [data.get(f"{name}_{part}") for name in names for part in ("title", "text", "evidence")]
            if not any(given):
                continue
            for name in names:
                for part in ("title", "text"):
                    if not data.get(f"{name}_{part}") and not self.has_error(f"{name}_{part}"):
                        self.add_error(f"{name}_{part}", _now("Fill in every level of this scope, or none."))
        return data

    @property
    def edit(self) -> Edit:
        """The edit of this indicator."""
        data = self.cleaned_data
        values = {
            name: data[name]
            for name in (
                "name",
                "question",
                "intent",
                "look_for",
                "mistakes",
                "area",
                "scope",
                "key",
                "effort",
            )
        }
        values["words"] = [{"term": term, "meaning": meaning} for term, meaning in data["words"]]
        values["weight"] = (
            int(data["weight"]) if data["weight"].isascii() and data["weight"].isdecimal() else data["weight"]
        )
        values["not_applicable"] = None if data["key"] or data["not_applicable"] else False
        if self.row.get("not_applicable") is True and data["not_applicable"] and not data["key"]:
            values["not_applicable"] = True
        values |= {name: data[name] for name in ("stage", "scale") if name in self.fields}
        values["levels"] = {**self._other_levels(), **self._own_levels()}
        return IndicatorEdit(self.row["id"], values, data["needs"])

    def _other_levels(self) -> dict[str, Any]:
        shown = {scope.value for scope in self.scopes}
        return {scope: steps for scope, steps in self.row.get("levels", {}).items() if scope not in shown}

    def _own_levels(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for scope in self.scopes:
            steps = [self._level(scope, level) for level, _name in self.levels]
            if any(len(step) > 1 for step in steps):
                found[scope.value] = steps
        return found

    def _level(self, scope: Scope, level: int) -> dict[str, Any]:
        names = ("title", "text", "evidence")
        given = {name: self.cleaned_data[f"{scope.value}_{level}_{name}"] for name in names}
        return {"level": level, **{name: value for name, value in given.items() if value}}
