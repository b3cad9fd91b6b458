"""Forms about members, teams and sharing. Choices that depend on the person are given by the view."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.forms import zones
from apps.members.choices import Criticality, MemberKind, Role, Sector

LANGUAGES = [
    ("en", _("English")), ("fr", _("French")), ("ar", _("Arabic")), ("es", _("Spanish")), ("pt", _("Portuguese")),
    ("ru", _("Russian")), ("hi", _("Hindi")), ("sw", _("Swahili")),
]  # fmt: skip


class MemberForm(forms.Form):
    """Found a member."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As the member writes it."))
    kind = forms.ChoiceField(label=_("Kind"), choices=MemberKind.choices, initial=MemberKind.ORGANISATION)
    nation = forms.ChoiceField(
        label=_("Nation"), required=False, help_text=_("An organisation belongs to a nation.")
    )
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices)
    criticality = forms.ChoiceField(
        label=_("Criticality"), choices=Criticality.choices, initial=Criticality.OTHER
    )
    languages = forms.MultipleChoiceField(
        label=_("Working languages"), choices=LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones, initial="UTC")

    def __init__(self, *args: Any, nations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nation"].choices = [("", _("None: this is a nation")), *nations]  # type: ignore[attr-defined]


class InviteForm(forms.Form):
    """Invite a person to a member."""

    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.RESPONDENT)


class RoleForm(forms.Form):
    """Change a colleague's role."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class ProgrammeForm(forms.Form):
    """Take part in a programme."""

    shares_levels = forms.BooleanField(
        label=_("Let the programme office see our levels per area"), required=False
    )


class CertifyForm(forms.Form):
    """Certify a person to verify results."""

    email = forms.EmailField(label=_("E-mail address"))
    ends_on = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
