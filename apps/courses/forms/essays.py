"""A mark for each criterion of a rubric, and words for the learner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.courses.choices import Mark
from apps.courses.selectors.essays import Criterion


class MarkForm(forms.Form):
    """Fields c0, c1, … one a criterion."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, rubric: Sequence[Criterion], can_ask: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = [line.name for line in rubric]
        for number, line in enumerate(rubric):
            self.fields[f"c{number}"] = forms.ChoiceField(
                label=line.name, widget=forms.RadioSelect,
                choices=[
                    (mark, format_html("{}: <bdi>{}</bdi>", Mark(mark).label, getattr(line, mark))) for mark in Mark.values
                ],
            )  # fmt: skip
        self.fields["feedback"] = forms.CharField(
            label=_("Words for the learner"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
        )  # fmt: skip
        if can_ask:
            self.fields["second"] = forms.BooleanField(
                label=_("Ask for a second marker, who does not see this mark"), required=False
            )

    @property
    def marks(self) -> dict[str, str]:
        """By criterion; only after `is_valid`."""
        return {name: self.cleaned_data[f"c{number}"] for number, name in enumerate(self.names)}
