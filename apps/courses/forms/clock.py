"""Forms of courses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.courses.choices import MOST_EXTRA_MINUTES, MOST_EXTRA_PERCENT


class ExtraTimeForm(forms.Form):
    """More time in tests for one person."""

    email = forms.EmailField(label=_("E-mail address of the learner"))
    course = forms.ChoiceField(label=_("Course"), required=False)
    percent = forms.IntegerField(
        label=_("More time, per cent"), min_value=0, max_value=MOST_EXTRA_PERCENT, initial=50,
        help_text=_("50 gives three minutes for every two."),
    )  # fmt: skip
    minutes = forms.IntegerField(
        label=_("And minutes"), min_value=0, max_value=MOST_EXTRA_MINUTES, initial=0,
        help_text=_("For each try, on top of the share."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Seen by those who give extra time. Write what is needed, not what is private."),
    )  # fmt: skip

    def __init__(self, *args: Any, courses: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].choices = [("", _("All courses")), *courses]  # type: ignore[attr-defined]
