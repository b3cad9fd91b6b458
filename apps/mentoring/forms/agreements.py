"""The forms of an agreement: its terms, and the signature."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.members.choices import Tlp
from apps.mentoring.choices import Mode, WhoPays
from apps.mentoring.forms import VersionForm
from apps.mentoring.selectors.figures import HIGHEST_LEVEL
from apps.mentoring.selectors.terms import MOST_MILESTONES, MOST_REVIEWS, Terms

DATES = ("starts_on", "ends_on", "access_until")
PLAIN = (
    "purpose", "sessions", "hours_per_month", "mode", "roles_member", "roles_mentor", "who_pays", "cost_note", "tlp",
    "confidentiality", "access_evidence", "conflict", "suspension", "exit", "rematch",
)  # fmt: skip


def _day(**more: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def _text(label: Any, *, required: bool = True, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), **more
    )


class AgreementForm(VersionForm):
    """The terms of a draft. Results are fields `result_<n>_…`, milestones `milestone_<n>_…`, review points `review_<n>`."""

    member_lead = forms.ChoiceField(label=_("Led for the member by"))
    mentor_lead = forms.ChoiceField(label=_("Led for the mentor partner by"))
    purpose = _text(_("Purpose"))
    starts_on = _day(label=_("Start"))
    ends_on = _day(label=_("End"))
    sessions = forms.IntegerField(label=_("Sessions planned"), min_value=1, max_value=60)
    hours_per_month = forms.IntegerField(label=_("Hours a month from each side"), min_value=1, max_value=80)
    mode = forms.ChoiceField(label=_("Way of working"), choices=Mode.choices)
    roles_member = _text(_("Role of the member"))
    roles_mentor = _text(_("Role of the mentor partner"))
    who_pays = forms.ChoiceField(label=_("Who pays"), choices=WhoPays.choices)
    cost_note = _text(_("More about costs"), required=False)
    tlp = forms.ChoiceField(label=_("Label unless another is named"), choices=Tlp.choices)
    confidentiality = _text(_("Confidentiality"))
    access_until = _day(label=_("The mentor partner may read the result until"))
    access_evidence = forms.BooleanField(label=_("With its evidence"), required=False)
    conflict = _text(_("Conflict of interest"))
    suspension = _text(pgettext_lazy("agreement", "Pause"), required=False)
    exit = _text(_("Exit"))
    rematch = _text(_("Another mentor"), required=False)

    def __init__(
        self, *args: Any, terms: Terms, people: Sequence[Sequence[tuple[str, str]]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.terms, self.people = terms, people
        self.initial = {**first_values(terms), **self.initial}
        for name, choices in zip(("member_lead", "mentor_lead"), people, strict=True):
            self.fields[name].choices = [("", _("Choose a person")), *choices]  # type: ignore[attr-defined]
        for n, row in enumerate(terms["results"], 1):
            above = [(level, str(level)) for level in range(row["from"] + 1, HIGHEST_LEVEL + 1)]
            self.fields[f"result_{n}_to"] = forms.TypedChoiceField(
                label=_("Level to reach"), coerce=int, choices=above
            )
            self.fields[f"result_{n}_shown"] = forms.CharField(
                label=_("Shown by"), required=False, max_length=300, help_text=_("What will prove it.")
            )
        for n in range(1, MOST_MILESTONES + 1):
            self.fields[f"milestone_{n}_title"] = forms.CharField(
                label=_("Milestone"), required=False, max_length=120
            )
            self.fields[f"milestone_{n}_on"] = _day(label=_("Due"), required=False)
        for n in range(1, MOST_REVIEWS + 1):
            self.fields[f"review_{n}"] = _day(label=_("Review point"), required=False)

    @property
    def results(self) -> Iterator[tuple[str, forms.BoundField, forms.BoundField]]:
        """(indicator in words, level, what shows it) for each expected result."""
        for n, row in enumerate(self.terms["results"], 1):
            yield f"{row['indicator']} {row['name']}", self[f"result_{n}_to"], self[f"result_{n}_shown"]

    @property
    def milestones(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """(title, due day) of each row for a milestone; empty rows are no milestones."""
        for n in range(1, MOST_MILESTONES + 1):
            yield self[f"milestone_{n}_title"], self[f"milestone_{n}_on"]

    @property
    def reviews(self) -> Iterator[forms.BoundField]:
        """The days for review points; empty ones are none."""
        return (self[f"review_{n}"] for n in range(1, MOST_REVIEWS + 1))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for n in range(1, MOST_MILESTONES + 1):
            title, on = f"milestone_{n}_title", f"milestone_{n}_on"
            if data.get(title) and not data.get(on) and on not in self.errors:
                self.add_error(on, _("Say by when."))
            if data.get(on) and not data.get(title) and title not in self.errors:
                self.add_error(title, _("Say what is to be reached."))
        return data

    def agreed(self) -> Terms:
        """The cleaned values as plain terms."""
        data = self.cleaned_data
        names = [dict(choices) for choices in self.people]
        return {
            **{name: data[name] for name in PLAIN},
            **{name: data[name].isoformat() for name in DATES},
            "member_lead": {"id": data["member_lead"], "name": names[0][data["member_lead"]]},
            "mentor_lead": {"id": data["mentor_lead"], "name": names[1][data["mentor_lead"]]},
            "results": [
                {**row, "to": data[f"result_{n}_to"], "shown_by": data[f"result_{n}_shown"]}
                for n, row in enumerate(self.terms["results"], 1)
            ],
            "milestones": self._milestones(data),
            "reviews": sorted(data[f"review_{n}"].isoformat() for n in self._days(data)),
        }

    def _milestones(self, data: dict[str, Any]) -> list[dict[str, str]]:
        """The row of the form is the key of a milestone, so that a mended title keeps what was noted about it."""
        rows = (
            (n, data[f"milestone_{n}_title"], data[f"milestone_{n}_on"])
            for n in range(1, MOST_MILESTONES + 1)
        )
        return [{"key": f"m{n}", "title": title, "due_on": on.isoformat()} for n, title, on in rows if title]

    def _days(self, data: dict[str, Any]) -> list[int]:
        return [n for n in range(1, MOST_REVIEWS + 1) if data[f"review_{n}"]]


def first_values(terms: Terms) -> dict[str, Any]:
    """What the form shows of stored terms."""
    found: dict[str, Any] = {name: terms[name] for name in PLAIN}
    found |= {name: date.fromisoformat(terms[name]) for name in DATES}
    found |= {name: terms[name]["id"] for name in ("member_lead", "mentor_lead")}
    for n, row in enumerate(terms["results"], 1):
        found |= {f"result_{n}_to": row["to"], f"result_{n}_shown": row["shown_by"]}
    for row in terms["milestones"]:
        place = row["key"].removeprefix("m")
        found |= {
            f"milestone_{place}_title": row["title"],
            f"milestone_{place}_on": date.fromisoformat(row["due_on"]),
        }
    found |= {f"review_{n}": date.fromisoformat(day) for n, day in enumerate(terms["reviews"], 1)}
    return found


class SignForm(forms.Form):
    """A signature, on exactly what was read; two consents, each apart."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    measurement = forms.BooleanField(
        required=False,
        label=_("We consent that the effect of this work is measured"),
        help_text=_(
            "Levels before and after, hours and sessions, in figures of the programme that name nobody."
        ),
    )
    publication = forms.BooleanField(
        required=False,
        label=_("We consent that this work is written about with our name"),
        help_text=_("Only when both sides do. You can withdraw it at any time, also after the end."),
    )
