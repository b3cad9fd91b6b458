"""Forms of the closing review and of follow-up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.mentoring.choices import GoalResult, StillThere
from apps.mentoring.forms import VersionForm


def _text(label: Any, hint: Any = "", *, required: bool = False, most: int = 2000) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, help_text=hint, widget=widget, max_length=most, required=required)


class ReviewForm(VersionForm):
    """What came of the work; fields `result-<goal>` and `note-<goal>` for each goal."""

    changed = _text(
        _("What has changed?"),
        _("In a sentence or two. Both sides keep it, and the programme office reads it in the report."),
        required=True,
    )
    remains = _text(_("What remains to be done?"))
    recommendations = _text(_("What do you recommend to the member, and to the programme?"))

    def __init__(self, *args: Any, goals: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"] = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
        self.goals = [public_id for public_id, _name in goals]
        for public_id, name in goals:
            self.fields[f"result-{public_id}"] = forms.ChoiceField(
                label=name, choices=GoalResult.choices, widget=forms.RadioSelect
            )
            self.fields[f"note-{public_id}"] = forms.CharField(
                label=_("Evidence, or what is missing"), max_length=500, required=False
            )

    @property
    def goal_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The two fields of each goal."""
        return [(self[f"result-{goal}"], self[f"note-{goal}"]) for goal in self.goals]

    def review(self) -> dict[str, Any]:
        """The cleaned values as the service takes them."""
        data = self.cleaned_data
        goals = {goal: (data[f"result-{goal}"], data[f"note-{goal}"]) for goal in self.goals}
        words = {name: data[name] for name in ("changed", "remains", "recommendations")}
        return {"version": data["version"] or 0, "goals": goals, **words}


class TakeUpForm(forms.Form):
    """Which plan takes up the open goals."""

    plan = forms.CharField(max_length=20)


class FollowUpForm(VersionForm):
    """What is left of the work, some months later."""

    still = forms.ChoiceField(
        label=_("Is what you reached still in place?"), choices=StillThere.choices, widget=forms.RadioSelect
    )
    level = forms.TypedChoiceField(
        label=_("Where do you see yourselves in this area today?"),
        help_text=_("Your own view. The next assessment shows the level that evidence supports."),
        choices=[("", _("We cannot say")), *((n, str(n)) for n in range(6))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    helps = _text(_("What keeps it in place?"), most=1000)
    missing = _text(_("What is missing?"), most=1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"] = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def answer(self) -> dict[str, Any]:
        """The cleaned values as the service takes them."""
        data = self.cleaned_data
        return {
            "version": data["version"] or 0,
            **{k: data[k] for k in ("still", "level", "helps", "missing")},
        }


class CommentForm(VersionForm):
    """What the mentor says to a follow-up."""

    comment = _text(
        _("Your comment"), _("The member and the programme office read it."), required=True, most=1000
    )
