"""Forms of the whole: its name, source and scale, its method and tiers, its target profiles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.frameworks.choices import Scope
from apps.frameworks.forms.drafts import (
    SCOPES,
    TEXT,
    Document,
    DraftForm,
    levels_of,
    long_text,
    set_choices,
)
from apps.frameworks.forms.lines import LinesField, PairsField, TextField
from apps.frameworks.services.editing import AboutEdit, Edit, MethodEdit, ProfileEdit

MOST_TARGETS = 400
SOURCE = {
    "title": _("Title of the original"),
    "publisher": _("Publisher"),
    "licence": _("Licence"),
    "address": _("Address"),
    "note": _("Note on the source"),
}
METHODS = {
    "shared-mean": _("Shared mean: points of 20 a level, areas and dimensions as means, held down by key indicators"),
    "mean-of-means": _("Mean of means: the mean inside each group, then the mean of the groups"),
    "weighted-sum": _("Weighted sum: each indicator's value times its own weight, added up"),
    "cumulative": _("Cumulative: a stage is reached when everything at it and below is implemented"),
    "threshold-profile": _("Threshold profile: a target profile is passed when every indicator reaches it"),
    "points-ratio": _("Points ratio: points as a share of the most there are"),
}  # fmt: skip


class AboutForm(DraftForm):
    """The name of the whole, its source, and the words of its scale."""

    name = TextField(label=_("Name"), max_length=150)
    description = long_text(_("Description"))

    def __init__(self, data: Any, *, document: Document, revision: int) -> None:
        given = {
            "revision": revision,
            "name": document["name"],
            "description": document.get("description", ""),
        }
        given |= {f"source_{name}": text for name, text in document.get("source", {}).items()}
        for level in document["scale"]["levels"]:
            place = f"level_{level['level']}"
            given |= {f"{place}_name": level["name"], f"{place}_meaning": level["meaning"]}
        super().__init__(data, initial=given)
        self.count = len(document["scale"]["levels"])
        for level in range(self.count):
            label = _now("Level %(level)s: name") % {"level": level}
            self.fields[f"level_{level}_name"] = TextField(label=label, max_length=80)
            label = _now("Level %(level)s: meaning") % {"level": level}
            self.fields[f"level_{level}_meaning"] = long_text(label, rows=2, required=True)
        for name, wording in SOURCE.items():
            longest = {"note": TEXT, "licence": 500, "address": 500}.get(name, 150)
            self.fields[f"source_{name}"] = TextField(label=wording, max_length=longest, required=False)

    @property
    def edit(self) -> Edit:
        """The edit of the whole."""
        data = self.cleaned_data
        levels = [(data[f"level_{n}_name"], data[f"level_{n}_meaning"]) for n in range(self.count)]
        return AboutEdit(data["name"], data["description"], {n: data[f"source_{n}"] for n in SOURCE}, levels)


class MethodForm(DraftForm):
    """How scores are made, and what ranges of the whole are called."""

    method = forms.ChoiceField(label=_("Method"), widget=forms.RadioSelect)
    implemented_at = forms.IntegerField(
        label=_("Implemented from level"),
        required=False,
        min_value=0,
        max_value=10,
        help_text=_("Only for the cumulative method."),
    )
    stages = PairsField(
        label=_("Stages"),
        wanted=_("write the number of the stage, a colon and its name."),
        help_text=_("Only for the cumulative method. One a line from 0 up, such as 1: Initial."),
    )
    profiles = LinesField(
        label=_("Profiles to pass, lowest first"),
        help_text=_("Only for the threshold profile. One id of a target profile a line."),
    )
    tiers = PairsField(
        label=_("Tiers"),
        wanted=_("write the least value, a colon and a name."),
        help_text=_(
            "Names for ranges of the whole. One a line: the least value, a colon, the name, such as 85: Leading."
        ),
    )

    def __init__(self, data: Any, *, document: Document, methods: Sequence[str], revision: int) -> None:
        method, parameters = document["method"], document["method"].get("parameters", {})
        stages = [(stage["stage"], stage["name"]) for stage in parameters.get("stages", [])]
        tiers = [(tier["at_least"], tier["name"]) for tier in document.get("tiers", [])]
        given = {
            "revision": revision,
            **parameters,
            "method": method["name"],
            "stages": stages,
            "tiers": tiers,
        }
        super().__init__(data, initial=given)
        choices = [(name, METHODS.get(name, name)) for name in methods]
        set_choices(self, "method", choices)

    def clean_stages(self) -> list[dict[str, Any]]:
        """Stages by number."""
        rows: list[tuple[str, str]] = self.cleaned_data["stages"]
        if any(not (number.isascii() and number.isdecimal() and len(number) < 3) for number, _name in rows):
            raise forms.ValidationError(_now("A stage is a number from 0 to 10, a colon and its name."))
        return [{"stage": int(number), "name": name} for number, name in rows]

    @property
    def edit(self) -> Edit:
        """The edit of the method; parameters of another method are left out."""
        data = self.cleaned_data
        wanted = {"cumulative": ("implemented_at", "stages"), "threshold-profile": ("profiles",)}
        parameters = {name: data[name] for name in wanted.get(data["method"], ())}
        return MethodEdit(data["method"], parameters, data["tiers"])


@dataclass(frozen=True, slots=True)
class TargetGroup:
    """The targets of one area, a field for each indicator."""

    code: str
    name: str
    fields: tuple[BoundField, ...]


class ProfileForm(DraftForm):
    """A target profile: a level for all, and others where they differ."""

    name = TextField(label=_("Name"), max_length=80)
    description = long_text(_("Description"), rows=2)
    scope = forms.ChoiceField(label=_("For whom"), choices=[(s.value, s.label) for s in SCOPES])
    default = forms.TypedChoiceField(label=_("Target of every indicator"), coerce=int)

    def __init__(self, data: Any, *, document: Document, row: Document | None, revision: int) -> None:
        targets: dict[str, Any] = row["targets"] if row else {"default": 3}
        given: dict[str, Any] = {"revision": revision, **(row or {}), "default": targets["default"]}
        given |= {f"target_{code}": level for code, level in targets.get("indicators", {}).items()}
        super().__init__(data, initial=given)
        self.code, self.document = (row["id"] if row else ""), document
        levels = [
            (level["level"], f"{level['level']} {level['name']}") for level in document["scale"]["levels"]
        ]
        set_choices(self, "default", levels)
        self.asked = self._asked(row) if row else []
        for indicator in self.asked:
            choices = [
                ("", _now("As all")),
                *((n, f"{n} {name}") for n, name in levels_of(document, indicator)),
            ]
            self.fields[f"target_{indicator['id']}"] = forms.TypedChoiceField(
                label=f"{indicator['id']} {indicator['name']}",
                required=False,
                coerce=int,
                empty_value=None,
                choices=choices,
            )

    def _asked(self, row: Document) -> list[Document]:
        """The indicators of the profile's scope; of a framework too large for one page, those with a target."""
        named = row["targets"].get("indicators", {})
        rows = [i for i in self.document["indicators"] if i["scope"] in (row["scope"], Scope.BOTH)]
        return rows if len(rows) <= MOST_TARGETS else [i for i in rows if i["id"] in named][:MOST_TARGETS]

    @property
    def groups(self) -> tuple[TargetGroup, ...]:
        """The target fields, area by area."""
        names = {area["id"]: area["name"] for area in self.document["areas"]}
        found: dict[str, list[BoundField]] = {}
        for indicator in self.asked:
            found.setdefault(indicator["area"], []).append(self[f"target_{indicator['id']}"])
        return tuple(TargetGroup(code, names[code], tuple(found[code])) for code in names if code in found)

    def plain_fields(self) -> Iterator[BoundField]:
        """The fields that are no targets."""
        return (self[name] for name in ("name", "description", "scope", "default"))

    @property
    def edit(self) -> Edit:
        """The edit of this profile."""
        data = self.cleaned_data
        named = {i["id"]: data[f"target_{i['id']}"] for i in self.asked}
        targets = {code: level for code, level in named.items() if level is not None}
        return ProfileEdit(
            self.code, data["name"], data["description"], data["scope"], data["default"], targets
        )
