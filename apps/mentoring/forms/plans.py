"""Forms of roadmaps, plans and their actions."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.mentoring.choices import (
    ActionState,
    Unit,
)
from apps.mentoring.forms import VersionForm, _Repeatable
from apps.mentoring.selectors.questions import (
    PERSON_DAYS,
    PROFILE,
    SCORE,
    SET,
    RoadmapQuestion,
    default_costs,
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
