"""Open a supervised sitting, let it last longer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.timezone import get_current_timezone, make_aware
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.courses.choices import SITTING_MINUTES, SITTING_SEATS


class SittingForm(forms.Form):
    """Which test, where, when, for whom. Without day and time it begins at once."""

    place = forms.ChoiceField(label=_("Test"))
    where = forms.CharField(
        label=_("Where"),
        max_length=120,
        help_text=_("Room and town, for the list of sittings and the paper."),
    )
    on = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Without day and time it begins now."),
    )  # fmt: skip
    time = forms.TimeField(
        label=pgettext_lazy("of day", "Time"), required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )  # fmt: skip
    minutes = forms.IntegerField(
        label=_("Minutes that the sitting lasts"), min_value=SITTING_MINUTES[0], max_value=SITTING_MINUTES[1],
        initial=90, help_text=_("The time of the test, what people need to begin, and a margin."),
    )  # fmt: skip
    seats = forms.IntegerField(
        label=_("Seats"), min_value=1, max_value=SITTING_SEATS, required=False,
        help_text=_("Not needed when you choose the learners below."),
    )  # fmt: skip
    learners = forms.MultipleChoiceField(
        label=_("Only these learners"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Without any, the first learners of the cohort who type the code, as many as there are seats."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, tests: Sequence[tuple[str, str]], learners: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = list(tests)  # type: ignore[attr-defined]
        self.fields["learners"].choices = list(learners)  # type: ignore[attr-defined]
        self.fields["seats"].initial = max(1, min(len(learners), SITTING_SEATS))
        self.fields["time"].help_text = _("In your time zone: %(zone)s.") % {"zone": get_current_timezone()}

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if bool(found.get("on")) != bool(found.get("time")) and not {"on", "time"} & set(self.errors):
            self.add_error("time" if found.get("on") else "on", _("Give both day and time, or neither."))
        return found

    def given(self) -> dict[str, Any]:
        """The cleaned values as the service takes them."""
        data = self.cleaned_data
        starts_at = make_aware(datetime.combine(data["on"], data["time"])) if data["on"] else None
        return {
            **{name: data[name] for name in ("place", "where", "minutes", "learners")},
            "seats": data["seats"] or 0,
            "starts_at": starts_at,
        }
