"""Forms of mentoring: they check, they never save and never decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.members.choices import Sector
from apps.mentoring.choices import (
    DeclineReason,
    GoalState,
    Language,
    Mode,
    Pays,
    Period,
    Readiness,
)

MOST_PLACES = 20
MOST_HOURS = 80


class _Versioned(forms.Form):
    def take_version(self, version: int) -> None:
        """After a conflict: what the person wrote stays, and saving again is on purpose."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data["version"] = str(version)
        self.data = data


class _Repeatable(_Versioned):
    """Hidden fields of rows that may be sent twice or changed by two people."""

    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    idempotency = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class NeedForm(_Repeatable):
    """A request for help."""

    programme = forms.ChoiceField(label=_("Programme to ask"))
    wanted_level = forms.TypedChoiceField(label=_("Level you want to reach"), coerce=int)
    note = forms.CharField(
        label=_("What would help you most?"),
        help_text=_("Two or three sentences. The programme office and the mentor you accept will read them."),
        widget=forms.Textarea,
        required=False,
        max_length=2000,
    )
    first_language = forms.ChoiceField(label=_("Language to work in"), choices=Language.choices)
    other_languages = forms.MultipleChoiceField(
        label=_("Other languages that would do"),
        choices=Language.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    mode = forms.ChoiceField(label=_("Way of working"), choices=Mode.choices, widget=forms.RadioSelect)
    hours_per_month = forms.IntegerField(
        label=_("Hours a month that you would like"),
        help_text=_("Leave it empty if any number will do."),
        min_value=1,
        max_value=MOST_HOURS,
        required=False,
    )
    pays = forms.MultipleChoiceField(
        label=_("Who could bear costs, such as travel, besides the mentor partner?"),
        help_text=_("An offer that nobody here can pay for is not proposed."),
        choices=[(Pays.MEMBER.value, _("We")), (Pays.PROGRAMME.value, Pays.PROGRAMME.label)],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    wished = forms.ChoiceField(label=_("A partner that you would like"), required=False)
    wished_why = forms.CharField(
        label=_("Why this one?"),
        help_text=_("Only the programme office reads these two; they weigh a little and decide nothing."),
        required=False,
        max_length=300,
    )
    sponsor = forms.CharField(
        label=Readiness.SPONSOR.label,
        required=False,
        max_length=120,
        help_text=_("Name and post of who stands behind the work."),
    )
    counterpart = forms.CharField(
        label=Readiness.COUNTERPART.label,
        required=False,
        max_length=120,
        help_text=_("Name and post of the person."),
    )
    staff_time = forms.BooleanField(label=_("Staff have time for the work between sessions"), required=False)
    legal_basis = forms.BooleanField(
        label=_("The law lets us share what the mentor must see"), required=False
    )

    def __init__(
        self,
        *args: Any,
        programmes: Sequence[tuple[str, str]],
        now_level: int,
        partners: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wished"].choices = [("", _("None in particular")), *partners]  # type: ignore[attr-defined]
        levels = [(level, str(level)) for level in range(now_level + 1, 6)]
        self.fields["wanted_level"].choices = levels  # type: ignore[attr-defined]
        if programmes:
            self.fields["programme"].choices = programmes  # type: ignore[attr-defined]
        else:
            del self.fields["programme"]
        if len(programmes) == 1:
            self.fields["programme"].widget = forms.HiddenInput()
            self.initial.setdefault("programme", programmes[0][0])

    def wishes(self) -> dict[str, Any]:
        """The cleaned values as the service takes them."""
        given = self.cleaned_data
        languages = [
            given["first_language"],
            *(c for c in given["other_languages"] if c != given["first_language"]),
        ]
        readiness = {name: given[name] for name in Readiness.values}
        kept = {
            name: given[name] for name in ("wanted_level", "note", "mode", "pays", "wished", "wished_why")
        }
        return {
            **kept,
            "hours_per_month": given["hours_per_month"] or 0,
            "languages": languages,
            "readiness": readiness,
        }


class OfferForm(_Repeatable):
    """An offer of help."""

    programme = forms.ChoiceField(label=_("Programme to help"))
    track_record = forms.CharField(
        label=_("What you have done in this area"),
        help_text=_("One or two sentences that others can rely on. Needed at level 3, welcome above."),
        widget=forms.Textarea,
        required=False,
        max_length=500,
    )
    places = forms.IntegerField(
        label=_("Places: how many members you can mentor"), min_value=1, max_value=MOST_PLACES
    )
    period_months = forms.TypedChoiceField(
        label=_("What a place counts"),
        help_text=_("Work that one side ends early frees its place at once."),
        choices=Period.choices,
        coerce=int,
        widget=forms.RadioSelect,
        required=False,
        empty_value=str(Period.AT_ONCE.value),
    )
    hours_per_month = forms.IntegerField(
        label=_("Hours a month for each member"), min_value=1, max_value=MOST_HOURS
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages you can work in"), choices=Language.choices, widget=forms.CheckboxSelectMultiple
    )
    mode = forms.ChoiceField(label=_("Way of working"), choices=Mode.choices, widget=forms.RadioSelect)
    pays = forms.ChoiceField(
        label=_("Who bears costs, such as travel?"),
        choices=[(Pays.MENTOR.value, _("We do")), (Pays.MEMBER.value, Pays.MEMBER.label), (Pays.PROGRAMME.value, Pays.PROGRAMME.label)],
        widget=forms.RadioSelect,
    )  # fmt: skip
    sectors = forms.MultipleChoiceField(
        label=_("Sectors that you know besides your own"),
        choices=Sector.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    likes = forms.MultipleChoiceField(
        label=_("Members that you would like to work with"),
        help_text=_(
            "Only the programme office reads this and the reason; they weigh a little and decide nothing."
        ),
        choices=Sector.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    likes_why = forms.CharField(label=_("Why these?"), required=False, max_length=300)

    def __init__(self, *args: Any, programmes: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if programmes:
            self.fields["programme"].choices = programmes  # type: ignore[attr-defined]
        else:
            del self.fields["programme"]
        if len(programmes) == 1:
            self.fields["programme"].widget = forms.HiddenInput()
            self.initial.setdefault("programme", programmes[0][0])

    def terms(self) -> dict[str, Any]:
        """The cleaned values as the service takes them."""
        names = (
            "track_record",
            "places",
            "period_months",
            "hours_per_month",
            "languages",
            "mode",
            "pays",
            "sectors",
            "likes",
            "likes_why",
        )
        given = {name: self.cleaned_data[name] for name in names}
        return {**given, "period_months": int(given["period_months"])}


class ExclusionForm(forms.Form):
    """Whom not to be paired with."""

    other = forms.ChoiceField(label=_("Member"))

    def __init__(self, *args: Any, others: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = [("", "–"), *others]  # type: ignore[attr-defined]


class VersionForm(_Versioned):
    """An act on a row that others may have changed."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class DecisionForm(VersionForm):
    """What the manager decides about one proposal."""

    choice = forms.ChoiceField(
        choices=[
            ("accept", _("Accept")),
            ("set_aside", _("Set aside")),
            ("pin", _("Pin")),
            ("reopen", _("Open again")),
        ]
    )


class PairForm(forms.Form):
    """A pair to ask about."""

    need = forms.CharField(max_length=20)
    offer = forms.CharField(max_length=20, required=False)


class DeclineForm(forms.Form):
    """Why an invitation is declined."""

    reason = forms.ChoiceField(label=_("Why not?"), choices=DeclineReason.choices, widget=forms.RadioSelect)


class SessionForm(_Repeatable):
    """The note of a session."""

    meeting = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    held_on = forms.DateField(
        label=_("Date of the session"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    hours = forms.DecimalField(label=_("Hours"), min_value=0, max_value=24, max_digits=4, decimal_places=1)
    present = forms.CharField(label=_("Who was there"), max_length=300, required=False)
    notes = forms.CharField(label=_("What you did"), widget=forms.Textarea, max_length=5000)
    next_steps = forms.CharField(
        label=_("Agreed steps"),
        help_text=_("One a line: who does what by when."),
        widget=forms.Textarea,
        max_length=2000,
        required=False,
    )
    next_on = forms.DateField(
        label=_("Next session"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )

    def note(self) -> dict[str, Any]:
        """The cleaned values as the service takes them."""
        return {
            name: self.cleaned_data[name]
            for name in ("held_on", "hours", "present", "notes", "next_steps", "next_on")
        }


class GoalForm(VersionForm):
    """Where a goal stands."""

    state = forms.ChoiceField(choices=GoalState.choices)


class CloseForm(VersionForm):
    """The last word."""

    note = forms.CharField(
        label=_("What changed?"),
        help_text=_("Both sides keep this note. The next assessment will show the levels."),
        widget=forms.Textarea,
        max_length=2000,
    )
