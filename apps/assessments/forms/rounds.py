"""What an office fills in about a round, and a member that declines it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.assessments.forms.fields import DayInput, TextField
from apps.assessments.selectors.rounds import RoundChoices
from apps.assessments.services import Aims, Audience


class RoundForm(forms.Form):
    """A round: its name, framework, window, whom it asks, and what they aim for."""

    name = TextField(max_length=120, label=_("Name"), help_text=_("For example: Round 2027."))
    version = forms.ChoiceField(label=_("Framework"))
    opens_on = forms.DateField(widget=DayInput, label=_("Opens on"))
    closes_on = forms.DateField(widget=DayInput, label=_("Closes on"))
    scope = forms.ChoiceField(
        required=False,
        label=_("Who is asked?"),
        choices=[
            ("", _("Nations and organisations")),
            ("national", _("Nations only")),
            ("organisational", _("Organisations only")),
        ],
    )
    members = forms.MultipleChoiceField(
        required=False,
        label=_("Only these members"),
        help_text=_("Choose none to ask all of them, also those that join the programme later."),
        widget=forms.CheckboxSelectMultiple,
    )
    target_national = forms.ChoiceField(required=False, label=_("Target of nations"))
    target_organisational = forms.ChoiceField(required=False, label=_("Target of organisations"))
    levels = TextField(
        required=False,
        max_length=4000,
        label=_("Levels of single areas or questions"),
        help_text=_(
            "A line each: its code and the level, for example “GOV.1 4”. They stand above the target."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, choices: RoundChoices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = {"version": choices.versions, "members": choices.members}
        offered |= {f"target_{scope}": rows for scope, rows in choices.targets.items()}
        for name, rows in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = list(rows)

    def clean_levels(self) -> dict[str, int]:
        """{code: level} of the lines. Raises ValidationError naming the line that cannot be read."""
        found: dict[str, int] = {}
        for line in self.cleaned_data["levels"].splitlines():
            words = line.replace("=", " ").replace(":", " ").split()
            if not words:
                continue
            if len(words) != 2 or not (words[1].isascii() and words[1].isdecimal()) or len(words[1]) > 2:
                message = gettext("“%(line)s” is not a code and a level, such as “GOV.1 4”.")
                raise forms.ValidationError(message % {"line": line.strip()[:60]})
            found[words[0].upper()] = int(words[1])
        return found

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes; of a form whose fields are in order."""
        data = self.cleaned_data
        names = ("name", "version", "opens_on", "closes_on")
        by_scope = {scope: _aim(data[f"target_{scope}"]) for scope in ("national", "organisational")}
        return {
            **{name: data[name] for name in names},
            "audience": Audience(data["members"], data["scope"]),
            "aims": Aims({scope: aim for scope, aim in by_scope.items() if aim}, data["levels"]),
        }


def _aim(value: str) -> dict[str, Any]:
    kind, _sep, rest = value.partition(":")
    if kind == "l":
        return {"default": int(rest)}
    return {"profile": rest} if kind == "p" else {}


class ExtendForm(forms.Form):
    """A later end of a round, with a note to its members; `seen` is the end that the page showed."""

    closes_on = forms.DateField(widget=DayInput, label=_("New last day"))
    note = TextField(
        required=False,
        max_length=500,
        label=_("Note to the members"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    seen = forms.DateField(widget=forms.HiddenInput)


class DeclineForm(forms.Form):
    """Why a member does not take part in a round."""

    reason = TextField(
        max_length=500,
        label=_("Why do you not take part?"),
        help_text=_("The programme’s office reads this."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
