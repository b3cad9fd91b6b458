"""What of a library is shown, which batch is made, and when a schedule runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.reports.choices import MONTHS, Every, ReportKind, ReportState
from apps.reports.forms import AlwaysChosen, ReportForm
from apps.reports.selectors import Choice, Wanted

DAYS = [("", _("All")), ("30", _("Last 30 days")), ("90", _("Last 90 days")), ("365", _("Last year"))]


class LibraryForm(forms.Form):
    """Kind, state and time of the reports to show."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *ReportKind.choices])
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), *ReportState.choices, ("stale", _("Stale"))],
    )
    days = forms.ChoiceField(label=_("Asked for"), required=False, choices=DAYS)

    def wanted(self) -> Wanted:
        """What was chosen; everything where the address says something else."""
        if not self.is_valid():
            return Wanted()
        given = self.cleaned_data
        return Wanted(given["kind"], given["state"], int(given["days"] or 0))

    def query(self) -> str:
        """The choices as part of an address."""
        given = self.cleaned_data if self.is_valid() else {}
        return urlencode({name: value for name, value in given.items() if value})


class BatchForm(ReportForm):
    """Language, paper and label of every report of a batch."""


class ScheduleForm(ReportForm):
    """When, and what is waited for: a day and the days after it, or one event of those that are still ahead."""

    every = forms.ChoiceField(label=_("When"), choices=[])
    first_on = forms.DateField(
        label=_("First on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("For reports by the calendar: the day of the first one. The others follow from it."),
    )
    after = forms.ChoiceField(
        label=_("Waits for"),
        required=False,
        choices=[],
        help_text=_("For a report after something has ended."),
    )
    field_order: Sequence[str] = ("what", "every", "first_on", "after", "language", "paper", "tlp", "key")

    def __init__(self, *args: Any, awaits: Sequence[tuple[str, Sequence[Choice]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        events = [event for event, things in awaits if things]
        self.fields["every"].choices = [(e.value, e.label) for e in Every if e in MONTHS or e in events]  # type: ignore[attr-defined]
        named = [(c.public_id, c.text) for _event, things in awaits for c in things]
        self.fields["after"].choices = [("", _("Nothing")), *named]  # type: ignore[attr-defined]


class MemberScheduleForm(ScheduleForm):
    """With which report about the member is made; that of a result where nothing is said."""

    what = AlwaysChosen(label=_("Report"), required=False)

    def __init__(self, *args: Any, kinds: Sequence[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [(kind.public_id, kind.text) for kind in kinds]  # type: ignore[attr-defined]


class ProgrammeScheduleForm(ScheduleForm):
    """With what is made: the overview, the report of a matching round, or one report for each member."""

    what = forms.ChoiceField(
        label=_("Report"),
        choices=[
            (ReportKind.PROGRAMME, ReportKind.PROGRAMME.label),
            (ReportKind.ASSESSMENT, _("One report for each member")),
            (ReportKind.ROUND, ReportKind.ROUND.label),
        ],
    )
