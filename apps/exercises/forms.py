"""Forms of exercises: they check, they never save and never decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.exercises.choices import Channel, Seen
from apps.members.choices import Tlp

Choices = Sequence[tuple[str, str]]


class _Repeatable(forms.Form):
    """Hidden fields of rows that may be sent twice or changed by two people."""

    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    idempotency = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def take_version(self, version: int) -> None:
        """After a conflict: what the person wrote stays, and saving again is on purpose."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data["version"] = str(version)
        self.data = data


def _area(
    label: Any, *, most: int = 2000, required: bool = True, hint: Any = "", rows: int = 3
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, required=required, help_text=hint, widget=widget)


def _day(label: Any, hint: Any = "") -> forms.DateField:
    return forms.DateField(label=label, help_text=hint, widget=forms.DateInput(attrs={"type": "date"}))


class ChangeRunForm(_Repeatable):
    """Day, facilitator and label of a run."""

    held_on = _day(_("Day"))
    facilitator = forms.ChoiceField(
        label=_("Facilitator"),
        help_text=_("Runs the clock and gives the news. Who facilitates does not play."),
    )
    tlp = forms.ChoiceField(
        label=_("Label of the report"),
        choices=[row for row in Tlp.choices if row[0] != Tlp.CLEAR],
        initial=Tlp.AMBER,
    )

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["facilitator"].choices = people  # type: ignore[attr-defined]


class RunForm(ChangeRunForm):
    """A new run."""

    kit = forms.ChoiceField(label=_("Exercise"))
    engagement = forms.ChoiceField(
        label=_("Together with"),
        required=False,
        help_text=_("A joint exercise with the other side of an engagement. Its lead brings its own people."),
    )
    field_order = ("kit", "held_on", "facilitator", "engagement", "tlp")

    def __init__(self, *args: Any, kits: Choices, engagements: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kit"].choices = kits  # type: ignore[attr-defined]
        self.fields["engagement"].choices = [("", _("Alone")), *engagements]  # type: ignore[attr-defined]
        if not engagements:
            del self.fields["engagement"]


class CancelForm(forms.Form):
    """Why a run is called off."""

    reason = forms.CharField(label=_("Why it is called off"), max_length=500)


class CastForm(forms.Form):
    """Who plays what."""

    person = forms.ChoiceField(label=_("Person"))
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("One person may play several."),
    )
    observer = forms.BooleanField(label=_("Observes and plays no role"), required=False)

    def __init__(self, *args: Any, people: Choices, roles: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = people  # type: ignore[attr-defined]
        self.fields["roles"].choices = roles  # type: ignore[attr-defined]


class ReplyForm(forms.Form):
    """Whether somebody comes, and whether the report may name them."""

    comes = forms.ChoiceField(
        label=_("Do you come?"),
        choices=[("yes", _("I come")), ("no", _("I cannot come"))],
        widget=forms.RadioSelect,
    )
    named = forms.BooleanField(label=_("The report may give my name beside my role"), required=False)


class SkipForm(forms.Form):
    """An inject that is left out, and why."""

    code = forms.ChoiceField(label=_("Leave out"))
    reason = forms.CharField(label=_("Why"), max_length=300)

    def __init__(self, *args: Any, codes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = codes  # type: ignore[attr-defined]


class OwnInjectForm(_Repeatable):
    """Something that the kit has not."""

    title = forms.CharField(label=_("Title"), max_length=160)
    text = _area(_("What they hear or read"), most=600)
    sender = forms.CharField(label=_("From"), max_length=160, required=False)
    channel = forms.ChoiceField(
        label=_("By"),
        choices=[row for row in Channel.choices if row[0] != Channel.ASKED],
        initial=Channel.PHONE,
    )
    to = forms.MultipleChoiceField(label=_("To"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, roles: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = roles  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """An answer of the facilitator."""

    answer = _area(_("Your answer"))


class DecisionForm(_Repeatable):
    """A line of the log."""

    text = _area(_("What do you decide?"), rows=2)
    why = _area(_("Why?"), rows=2, hint=_("One sentence. It is worth more than the decision afterwards."))


class QuestionForm(_Repeatable):
    """A question to the facilitator."""

    text = _area(_("What do you want to know?"), rows=2)


class ObservationForm(_Repeatable):
    """One line of an observer's sheet."""

    seen = forms.ChoiceField(
        label=_("Did you see it?"), required=False, choices=Seen.choices, widget=forms.RadioSelect
    )
    level = forms.TypedChoiceField(
        label=_("It looked like level"), required=False, coerce=int, empty_value=None,
        choices=[("", "–"), *((n, str(n)) for n in range(6))],
    )  # fmt: skip
    note = _area(_("What you saw and heard"), required=False, rows=2)


class ReflectionForm(_Repeatable):
    """What one says in the hot wash."""

    well = _area(_("What went well?"), required=False)
    change = _area(_("What should change?"), required=False)
    action = _area(_("One thing that should be done first"), required=False, rows=2)


class FindingForm(_Repeatable):
    """A finding."""

    indicator = forms.ChoiceField(label=_("Indicator"))
    text = _area(_("What was missing, and what it led to"), most=1000, rows=2)
    change = forms.CharField(
        label=_("The change"), max_length=300, help_text=_("This becomes the action in the plan.")
    )
    proof = forms.CharField(label=_("How to see that it is done"), max_length=300, required=False)
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    due_on = _day(_("Until"))

    def __init__(self, *args: Any, indicators: Choices, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indicator"].choices = indicators  # type: ignore[attr-defined]
        self.fields["owner"].choices = [("", _("Nobody yet")), *people]  # type: ignore[attr-defined]


class IntoPlanForm(forms.Form):
    """Which findings become actions, and in which plan."""

    findings = forms.MultipleChoiceField(label=_("Findings"), widget=forms.CheckboxSelectMultiple)
    plan = forms.ChoiceField(label=_("Into"), required=False)

    def __init__(self, *args: Any, findings: Choices, plans: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["findings"].choices = findings  # type: ignore[attr-defined]
        self.fields["plan"].choices = [*plans, ("", _("A new plan"))]  # type: ignore[attr-defined]
