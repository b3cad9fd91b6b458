"""Forms of the work in an engagement: a planned session, a task, a resource handed over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.timezone import get_current_timezone, make_aware
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.members.choices import Tlp
from apps.mentoring.forms import _Repeatable, _Versioned
from apps.mentoring.services.threads import Said


class MeetingForm(_Repeatable):
    """A session planned ahead, in the time zone of whoever writes."""

    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    at = forms.TimeField(
        label=pgettext_lazy("of day", "Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=10, max_value=600, initial=60)
    place = forms.CharField(
        label=_("Where"), max_length=200, required=False, help_text=_("A room, or the address of a call.")
    )
    agenda = forms.CharField(
        label=_("Agenda"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].help_text = _("In your time zone: %(zone)s.") % {"zone": get_current_timezone()}

    def planned(self) -> dict[str, Any]:
        """The cleaned values as the service takes them."""
        data = self.cleaned_data
        starts_at = make_aware(datetime.combine(data["on"], data["at"]))
        return {"starts_at": starts_at, **{name: data[name] for name in ("minutes", "place", "agenda")}}


class TaskForm(_Versioned):
    """Who does what until when."""

    text = forms.CharField(label=_("What"), max_length=300)
    owner = forms.ChoiceField(label=_("Who"))
    due_on = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", _("Choose a person")), *people]  # type: ignore[attr-defined]


class HandoverForm(forms.Form):
    """A resource of the library, with a word why."""

    resource = forms.ChoiceField(label=_("Resource"))
    note = forms.CharField(label=_("Why this one"), max_length=300, required=False)

    def __init__(self, *args: Any, resources: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["resource"].choices = [("", _("Choose a resource")), *resources]  # type: ignore[attr-defined]


class FileForm(forms.Form):
    """A file to share, with its label."""

    file = forms.FileField(label=_("File"), allow_empty_file=True)
    title = forms.CharField(
        label=_("Title"), max_length=200, required=False, help_text=_("Without one, the name of the file.")
    )
    tlp = forms.ChoiceField(label=_("Label"), choices=Tlp.choices, initial=Tlp.AMBER_STRICT)
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class ThreadForm(forms.Form):
    """What one writes to the other side, and whom it is meant for."""

    text = forms.CharField(
        label=_("What do you want to say?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    mentions = forms.MultipleChoiceField(
        required=False,
        label=_("Tell these people"),
        help_text=_("Or write @ and the full name in your words."),
        widget=forms.CheckboxSelectMultiple,
    )
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mentions"].choices = list(people)  # type: ignore[attr-defined]

    @property
    def said(self) -> Said:
        """What was written; of a form whose fields are in order."""
        return Said(self.cleaned_data["text"], tuple(self.cleaned_data["mentions"]))


class WordsForm(_Versioned):
    """One's own words again, and the version they were read at."""

    text = forms.CharField(label=_("Your words"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
