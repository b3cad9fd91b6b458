"""Forms of the library: they check, they never save and never decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.addresses import BadAddress, read_address
from apps.members.policies import site_day
from apps.resources.choices import LANGUAGES, Audience, ReportKind, ResourceKind, Stars

LEVELS = [(level, str(level)) for level in range(6)]
Pairs = Sequence[tuple[str, str]]


class _Versioned(forms.Form):
    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def take_version(self, version: int) -> None:
        """After a conflict: what the person wrote stays, and saving again is on purpose."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data["version"] = str(version)
        self.data = data

    def differences(self, held: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """(label, what is stored, what was written) of each field where the two differ, as people read them."""
        pairs = ((name, held.get(name), self.cleaned_data.get(name)) for name in self.fields if name in held)
        return [
            (str(self.fields[name].label), self._told(name, theirs), self._told(name, mine))
            for name, theirs, mine in pairs
            if name != "version" and theirs != mine
        ]

    def _told(self, name: str, value: Any) -> str:
        named = {str(key): str(label) for key, label in getattr(self.fields[name], "choices", ())}
        found = value if isinstance(value, list) else [value]
        return ", ".join(named.get(str(one), str(one)) for one in found)


class EntryForm(_Versioned):
    """What is said about a resource: an address, or a text of one's own."""

    title = forms.CharField(label=_("Title"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=ResourceKind.choices)
    publisher = forms.CharField(label=_("Who publishes it"), max_length=120)
    url = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=600,
        help_text=_("Begins with https:// or http://. Leave it empty when you give a text."),
        widget=forms.TextInput(attrs={"inputmode": "url", "dir": "ltr", "autocomplete": "url"}),
    )
    text = forms.CharField(
        label=_("Or a text of your own"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea,
        help_text=_("Markdown: ## for headings, - for lists. Everybody who sees the entry may use it."),
    )
    summary = forms.CharField(
        label=_("What it is"), max_length=1000, widget=forms.Textarea, help_text=_("Two or three sentences.")
    )
    when = forms.CharField(
        label=_("When to use it"), required=False, max_length=500, widget=forms.Textarea,
        help_text=_("And when not to."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), choices=list(LANGUAGES.items()))
    areas = forms.MultipleChoiceField(label=_("Areas it helps"), widget=forms.CheckboxSelectMultiple)
    low = forms.TypedChoiceField(label=_("For whom is at level"), choices=LEVELS[:5], coerce=int)
    high = forms.TypedChoiceField(label=_("Helps up to level"), choices=LEVELS[1:], coerce=int)

    def __init__(self, *args: Any, areas: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self.initial.get("areas") or []
        gone = [(code, code) for code in held if code not in dict(areas)]
        self.fields["areas"].choices = [*areas, *gone]  # type: ignore[attr-defined]

    def clean_url(self) -> str:
        given: str = self.cleaned_data["url"]
        if not given:
            return ""
        try:
            return read_address(given)
        except BadAddress as fault:
            raise forms.ValidationError(str(fault)) from fault

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "url" not in self.errors and bool(given.get("url")) == bool(given.get("text")):
            self.add_error("url", _("Give either an address or a text."))
        if "low" in given and "high" in given and given["low"] >= given["high"]:
            self.add_error("high", _("Choose a level above the one it begins at."))
        return given

    def said(self) -> dict[str, Any]:
        """The cleaned values as the services take them."""
        names = ("title", "kind", "publisher", "url", "text", "summary", "when", "language", "areas")
        given = self.cleaned_data
        return {**{name: given[name] for name in names}, "levels": [given["low"], given["high"]]}


class ContributionForm(EntryForm):
    """A member proposes a resource. `again` is shown after something with the same address was found."""

    why = forms.CharField(
        label=_("How it helped you"),
        max_length=1000,
        widget=forms.Textarea,
        help_text=_("One or two sentences for those who decide."),
    )
    tlp = forms.ChoiceField(label=_("Who may see it"), choices=Audience.choices, widget=forms.RadioSelect)
    programme = forms.ChoiceField(label=_("Programme whose office decides"), required=False)
    again = forms.BooleanField(label=_("It is another thing: propose it all the same"), required=False)
    idempotency = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, programmes: Pairs, fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fixed:
            del self.fields["tlp"]
        elif not programmes:
            self.fields["tlp"].choices = [c for c in Audience.choices if c[0] != Audience.GREEN]  # type: ignore[attr-defined]
        if len(programmes) > 1:
            self.fields["programme"].choices = programmes  # type: ignore[attr-defined]
        else:
            del self.fields["programme"]

    def said(self) -> dict[str, Any]:
        kept: dict[str, Any] = {
            name: self.cleaned_data[name] for name in ("why", "tlp") if name in self.fields
        }
        return {**super().said(), **kept}


class DecisionForm(EntryForm):
    """The office's edits of a proposal, and what it says to those who proposed it."""

    note = forms.CharField(
        label=_("A sentence for those who proposed it"),
        required=False,
        max_length=1000,
        widget=forms.Textarea,
        help_text=_("Needed when you send it back or decline it."),
    )


class AnswerForm(_Versioned):
    """Sending a proposal back, or declining it: nothing but the sentence counts."""

    note = forms.CharField(label=_("A sentence for those who proposed it"), max_length=1000)


class UseForm(_Versioned):
    """A member used an entry."""

    used_on = forms.DateField(
        label=_("When you used it"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    area = forms.ChoiceField(label=_("For which area"), required=False)
    stars = forms.TypedChoiceField(
        label=_("How useful it was"), choices=Stars.choices, coerce=int, widget=forms.RadioSelect
    )
    words = forms.CharField(label=_("In a sentence"), required=False, max_length=300)
    named = forms.BooleanField(
        label=_("Show the name of our organisation with the sentence"),
        required=False,
        help_text=_(
            "To everybody who is signed in. Without it the sentence stands alone, once three members have used it."
        ),
    )

    def __init__(self, *args: Any, areas: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", "–"), *areas]  # type: ignore[attr-defined]

    def clean_used_on(self) -> Any:
        day = self.cleaned_data["used_on"]
        if day > site_day() or day.year < 1990:
            raise forms.ValidationError(_("Choose a day that has come."))
        return day

    def said(self) -> dict[str, Any]:
        """The cleaned values as the service takes them."""
        return {name: self.cleaned_data[name] for name in ("used_on", "area", "stars", "words", "named")}


class ReportForm(forms.Form):
    """What is wrong with an entry."""

    kind = forms.ChoiceField(label=_("What is wrong?"), choices=ReportKind.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("More about it"), required=False, max_length=500, widget=forms.Textarea,
        help_text=_("Those who keep the library read this with the name of your organisation."),
    )  # fmt: skip


class VersionForm(_Versioned):
    """An act on a row that others may have changed."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
