"""What people of a member write to each other about a question."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.assessments.forms.fields import DayInput, TextField
from apps.assessments.services import Words


class TalkForm(forms.Form):
    """A comment, whom it is meant for, and, when it is a question to a colleague, to whom and by when."""

    text = TextField(
        max_length=2000, label=_("What do you want to say?"), widget=forms.Textarea(attrs={"rows": 3})
    )
    mentions = forms.MultipleChoiceField(
        required=False,
        label=_("Tell these colleagues"),
        help_text=_("Or write @ and the full name in your words."),
        widget=forms.CheckboxSelectMultiple,
    )
    asked = forms.ChoiceField(required=False, label=_("Ask a colleague"))
    due_on = forms.DateField(required=False, widget=DayInput, label=_("Answer wanted by"))
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, colleagues: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = list(colleagues)
        mentions, asked = self.fields["mentions"], self.fields["asked"]
        assert isinstance(mentions, forms.ChoiceField) and isinstance(asked, forms.ChoiceField)
        mentions.choices, asked.choices = team, [("", _("Nobody in particular")), *team]

    @property
    def words(self) -> Words:
        """What was written; of a form whose fields are in order."""
        return Words(self.cleaned_data["text"], tuple(self.cleaned_data["mentions"]))


class MendForm(forms.Form):
    """One's own words again, and the version they were read at."""

    text = TextField(max_length=2000, label=_("Your words"), widget=forms.Textarea(attrs={"rows": 4}))
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
