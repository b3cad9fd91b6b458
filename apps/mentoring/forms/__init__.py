"""Forms of mentoring: they check, they never save and never decide."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.members.choices import Sector
from apps.mentoring.choices import (
    ActionState,
    DeclineReason,
    GoalState,
    Language,
    Mode,
    Pays,
    Readiness,
    Unit,
)
from apps.mentoring.selectors.questions import (
    PERSON_DAYS,
    PROFILE,
    SCORE,
    SET,
    RoadmapQuestion,
    default_costs,
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
        label=_("Members you can mentor at the same time"), min_value=1, max_value=MOST_PLACES
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
            "hours_per_month",
            "languages",
            "mode",
            "pays",
            "sectors",
            "likes",
            "likes_why",
        )
        return {name: self.cleaned_data[name] for name in names}


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


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RoadmapForm(forms.Form):
    """What a roadmap is asked for. Costs of single indicators are fields `own-<code>`."""

    ask = forms.ChoiceField(label=_("What do you want to know?"), widget=forms.RadioSelect)
    unit = forms.ChoiceField(choices=Unit.choices, widget=forms.HiddenInput)
    currency = forms.CharField(label=_("Currency"), max_length=12, required=False)
    budget = forms.DecimalField(
        label=_("Budget"),
        min_value=0,
        max_value=1_000_000_000,
        max_digits=14,
        decimal_places=4,
        required=False,
        help_text=_("Without one, everything that raises the score is in the plan."),
    )
    score = forms.DecimalField(
        label=_("Score to reach"), min_value=0, max_digits=9, decimal_places=2, required=False
    )
    idempotency = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, unit: str, choices: Sequence[tuple[str, str]], codes: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.codes, self.choices = tuple(codes), dict(choices)
        self.fields["ask"].choices = choices  # type: ignore[attr-defined]
        self.initial = {"ask": choices[0][0], "unit": unit, "currency": "USD", **self.initial}
        for kind, costs in zip(("practice", "evidence"), default_costs(unit), strict=True):
            for effort, cost in enumerate(costs, start=1):
                self.fields[f"{kind}_{effort}"] = _cost(required=True, initial=cost)
        for code in codes:
            self.fields[f"own-{code}"] = _cost(required=False, label=code)

    @property
    def costs(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """(name, the three fields) for the table of costs."""
        return [
            (_("Change what is done"), [self[f"practice_{n}"] for n in (1, 2, 3)]),
            (_("Show what is done already"), [self[f"evidence_{n}"] for n in (1, 2, 3)]),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("ask") == SCORE and data.get("score") is None:
            self.add_error("score", _("Say which score."))
        if data.get("unit") == Unit.MONEY and not data.get("currency"):
            self.add_error("currency", _("Say which currency."))
        return data

    def question(self, levels: tuple[str, dict[str, int]] | None) -> RoadmapQuestion:
        """The question; `levels` are the name and levels of a saved target set when one was chosen."""
        data, ask = self.cleaned_data, self.cleaned_data["ask"]
        name = levels[0] if levels else self.choices[ask] if ask.startswith(PROFILE) else ""
        own = {code: data[f"own-{code}"] for code in self.codes if data.get(f"own-{code}") is not None}
        return RoadmapQuestion(
            ask=ask,
            unit=data["currency"] if data["unit"] == Unit.MONEY else PERSON_DAYS,
            practice=tuple(Decimal(data[f"practice_{n}"]) for n in (1, 2, 3)),  # type: ignore[arg-type]
            evidence=tuple(Decimal(data[f"evidence_{n}"]) for n in (1, 2, 3)),  # type: ignore[arg-type]
            budget=data["budget"],
            score=data["score"] if ask == SCORE else None,
            own=own,
            levels=levels[1] if levels else {},
            name=str(name),
        )

    @property
    def target_set(self) -> str:
        """The saved target set that was chosen; empty for other questions."""
        ask = str(self.cleaned_data["ask"])
        return ask if ask.startswith(SET) else ""


def _cost(**more: Any) -> forms.DecimalField:
    return forms.DecimalField(min_value=0, max_value=1_000_000_000, max_digits=14, decimal_places=4, **more)


class StartPlanForm(forms.Form):
    """Make a roadmap into actions."""

    name = forms.CharField(label=_("Name of the plan"), max_length=120)
    starts_on = forms.DateField(label=_("First day"), widget=_day())
    ends_on = forms.DateField(
        label=_("Last day"),
        widget=_day(),
        help_text=_(
            "The steps are spread between the two days by what they cost. Every date can be changed."
        ),
    )
    idempotency = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class ActionForm(_Repeatable):
    """How an action stands; who does it until when is for the lead."""

    state = forms.ChoiceField(label=_("State"), choices=ActionState.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why it is dropped"), max_length=500, required=False, help_text=_("Needed only when it is.")
    )
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    starts_on = forms.DateField(label=_("First day"), widget=_day())
    due_on = forms.DateField(label=_("Due"), widget=_day())
    note = forms.CharField(
        label=_("How it goes"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept in the history with your name and the day."),
    )

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], can_run: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not can_run:
            for name in ("owner", "starts_on", "due_on"):
                del self.fields[name]
            return
        self.fields["owner"].choices = [("", _("Nobody yet")), *people]  # type: ignore[attr-defined]


class MoveForm(VersionForm):
    """The next state of an action, by one press."""

    state = forms.ChoiceField(choices=[(s.value, s.label) for s in (ActionState.DOING, ActionState.DONE)])
