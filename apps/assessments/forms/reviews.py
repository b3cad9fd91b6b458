"""What owners and reviewers fill in on the review ladder."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.assessments.choices import Conflicting, ReviewDecision
from apps.assessments.forms.fields import DayInput, TextField, new_key
from apps.assessments.selectors.desk import DeskArea, DeskItem
from apps.assessments.services import JudgementInput
from apps.members.choices import GrantKind, Tlp

ALL_AREAS = "*"


class ReviewRequestForm(forms.Form):
    """Ask another member to review a signed result."""

    kind = forms.ChoiceField(
        label=_("What do you ask for?"),
        choices=[
            (GrantKind.PEER, _("Peer review, by people of another member")),
            (GrantKind.VERIFICATION, _("Verification, by a certified reviewer")),
        ],
        initial=GrantKind.PEER,
        widget=forms.RadioSelect,
    )
    reviewer = forms.ChoiceField(label=_("Who shall review"))
    areas = forms.MultipleChoiceField(
        label=_("Which areas"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only a review of all areas makes the result peer-reviewed or verified."),
    )
    with_evidence = forms.BooleanField(
        label=_("Evidence too: its titles and its files in these areas"), required=False
    )
    tlp = forms.ChoiceField(label=_("Label"), choices=Tlp.choices, initial=Tlp.AMBER_STRICT)
    ends_on = forms.DateField(label=_("Until"), widget=DayInput())
    idempotency = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, reviewers: list[tuple[str, str]], areas: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewer"].choices = [("", _("Choose who shall review")), *reviewers]  # type: ignore[attr-defined]
        self.fields["areas"].choices = [(ALL_AREAS, _("All areas")), *areas]  # type: ignore[attr-defined]

    def clean_areas(self) -> list[str]:
        """Area codes; an empty list stands for all areas."""
        chosen: list[str] = self.cleaned_data["areas"]
        return [] if ALL_AREAS in chosen else chosen


class InterestsForm(forms.Form):
    """Whether interests conflict; asked before anything is shown."""

    conflict = forms.ChoiceField(
        label=_("Is there anything between you and this member that could touch your judgement?"),
        choices=Conflicting.choices,
        widget=forms.RadioSelect,
    )
    words = TextField(
        required=False,
        max_length=1000,
        label=_("If yes: what is it?"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class JudgementForm(forms.Form):
    """A reviewer's own level for one indicator."""

    level = forms.ChoiceField(required=False, label=_("Your level"))
    finding = TextField(
        required=False, max_length=3000, label=_("Finding"), widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None, *, item: DeskItem) -> None:
        judged = item.judged
        initial = {"level": judged.choice, "finding": judged.finding} if judged else {}
        super().__init__(data, prefix=f"i-{item.code}", initial=initial)
        self.item = item
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            ("", _("Not judged yet")),
            *((str(rung.level), f"{rung.level} {rung.title}") for rung in item.rungs),
            ("cannot", _("I cannot judge this")),
        ]

    @property
    def given(self) -> JudgementInput:
        """The judgement; of a form whose fields are in order."""
        return JudgementInput(self.item.code, self.cleaned_data["level"], self.cleaned_data["finding"])


class AreaDecisionForm(forms.Form):
    """A reviewer's decision on one area."""

    decision = forms.ChoiceField(
        required=False,
        label=_("Decision on this area"),
        choices=[("", _("Not decided yet")), *ReviewDecision.choices],
    )
    words = TextField(
        required=False, max_length=3000, label=_("In a few words"), widget=forms.Textarea(attrs={"rows": 3})
    )
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    idempotency = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    @classmethod
    def fresh(cls, area: DeskArea, version: int) -> AreaDecisionForm:
        """The form as the page opens."""
        values = {
            "decision": area.decision,
            "words": area.words,
            "version": version,
            "idempotency": new_key(),
        }
        return cls(initial=values)


class SignReviewForm(forms.Form):
    """The decision on the whole, signed."""

    decision = forms.ChoiceField(
        label=_("Decision on the whole"), choices=ReviewDecision.choices, widget=forms.RadioSelect
    )
    summary = TextField(
        required=False,
        max_length=5000,
        label=_("Summary for the member"),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class ReplyForm(forms.Form):
    """The member's answer to a finding."""

    text = TextField(required=False, label=_("Your answer"), widget=forms.Textarea(attrs={"rows": 3}))
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class ReopenForm(forms.Form):
    """Why a submitted assessment is opened again."""

    reason = TextField(
        required=False,
        max_length=500,
        label=_("Why?"),
        help_text=_("Everybody who sees the result reads this."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
