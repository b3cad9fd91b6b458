"""What people fill in: an answer, evidence, who works on what, an assessment, a round, a reviewer's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.assessments.choices import EvidenceKind, NotApplicableReason
from apps.assessments.forms.fields import DayInput, TextField, new_key
from apps.assessments.forms.reviews import (
    AreaDecisionForm,
    InterestsForm,
    JudgementForm,
    ReopenForm,
    ReplyForm,
    ReviewRequestForm,
    SignReviewForm,
)
from apps.assessments.forms.rounds import DeclineForm, ExtendForm, RoundForm
from apps.assessments.forms.talk import MendForm, TalkForm
from apps.assessments.selectors.people_page import Given, Person
from apps.assessments.services import AnswerInput, EvidenceInput, Giving


class AnswerForm(forms.Form):
    """Fields stay open here: the service says what an answer may be, in the same words everywhere."""

    answer = forms.CharField(required=False, label=_("Level"))
    reason = forms.ChoiceField(
        required=False,
        label=_("Why does it not apply?"),
        choices=[("", _("Choose a reason")), *NotApplicableReason.choices],
    )
    why = TextField(required=False, label=_("Why this level?"), widget=forms.Textarea(attrs={"rows": 5}))
    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    idempotency = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    @property
    def chosen(self) -> str:
        """The choice that the page shows as taken."""
        return str(self["answer"].value() or "")

    @property
    def given(self) -> AnswerInput:
        """The answer; of a form whose fields are in order."""
        data = self.cleaned_data
        return AnswerInput(data["answer"], data["reason"], data["why"])

    @property
    def expected(self) -> int:
        """The version that the page was made from."""
        return self.cleaned_data.get("version") or 0

    @property
    def as_draft(self) -> AnswerInput | None:
        """What can be kept beside another action; None when the fields themselves are broken."""
        return self.given if self.is_valid() else None


class EvidenceForm(forms.Form):
    """One piece of evidence: a file, a link, or a description of what cannot be shared."""

    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=[
            (EvidenceKind.FILE, _("A file")),
            (EvidenceKind.LINK, _("A link")),
            (EvidenceKind.DESCRIBED, _("A description of something we hold but do not upload")),
            (EvidenceKind.HELD, _("Held, but it may not be shared with anybody outside its office")),
        ],
        widget=forms.RadioSelect,
        initial=EvidenceKind.FILE,
    )
    file = forms.FileField(required=False, allow_empty_file=True, label=_("File"))
    url = forms.URLField(
        required=False, max_length=500, assume_scheme="https", label=_("Address of the link")
    )
    title = TextField(required=False, max_length=200, label=_("Title"))
    shows = TextField(required=False, max_length=300, label=_("What does it show?"))
    dated = forms.DateField(
        required=False,
        widget=DayInput,
        label=_("Date of the document"),
        help_text=_("Without a date it counts one grade less."),
    )
    expires_on = forms.DateField(
        required=False,
        widget=DayInput,
        label=_("Valid until"),
        help_text=_(
            "After this day it counts one grade less. Leave it empty when the document does not say."
        ),
    )
    owner = TextField(required=False, max_length=120, label=_("Who holds it?"))
    place = TextField(required=False, max_length=200, label=_("Where is it kept?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit = filesizeformat(settings.EVIDENCE_MAX_BYTES)
        self.fields["file"].help_text = gettext(
            "PDF, ODT, DOCX, ODS, XLSX, PNG, JPEG, TXT or CSV, or a ZIP of these, up to %(limit)s. Your own member sees it, and those with whom you share evidence."
        ) % {"limit": limit}

    @property
    def given(self) -> EvidenceInput:
        """The evidence; of a form whose fields are in order."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "file"}
        upload = self.cleaned_data.get("file")
        if upload is None or data["kind"] != EvidenceKind.FILE:
            return EvidenceInput(**data)
        return EvidenceInput(**data, upload=upload, file_name=upload.name or "")


class PieceForm(forms.Form):
    """The words and days of a piece that is held already, and the version they were read at."""

    title = TextField(max_length=200, label=_("Title"))
    shows = TextField(required=False, max_length=300, label=_("What does it show?"))
    url = forms.URLField(max_length=500, assume_scheme="https", label=_("Address of the link"))
    dated = forms.DateField(
        required=False,
        widget=DayInput,
        label=_("Date of the document"),
        help_text=_("Without a date it counts one grade less."),
    )
    expires_on = forms.DateField(
        required=False,
        widget=DayInput,
        label=_("Valid until"),
        help_text=_(
            "After this day it counts one grade less. Leave it empty when the document does not say."
        ),
    )
    owner = TextField(required=False, max_length=120, label=_("Who holds it?"))
    place = TextField(required=False, max_length=200, label=_("Where is it kept?"))
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind != EvidenceKind.LINK:
            del self.fields["url"]

    @classmethod
    def of(cls, piece: Any) -> PieceForm:
        """The form as the piece stands."""
        names = ("title", "shows", "url", "dated", "expires_on", "owner", "place", "version")
        return cls(initial={name: getattr(piece, name) for name in names}, kind=piece.kind)

    @property
    def expected(self) -> int:
        return int(self.cleaned_data["version"])

    @property
    def changes(self) -> dict[str, Any]:
        """What was given; of a form whose fields are in order."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ReplaceForm(forms.Form):
    """A newer file for a piece, with its days."""

    file = forms.FileField(allow_empty_file=True, label=_("Newer file"))
    dated = forms.DateField(required=False, widget=DayInput, label=_("Date of the document"))
    expires_on = forms.DateField(required=False, widget=DayInput, label=_("Valid until"))

    @property
    def given(self) -> EvidenceInput:
        """The file; of a form whose fields are in order."""
        data = self.cleaned_data
        return EvidenceInput(
            EvidenceKind.FILE, dated=data["dated"], expires_on=data["expires_on"],
            upload=data["file"], file_name=data["file"].name or "",
        )  # fmt: skip


class AssessmentForm(forms.Form):
    """A new assessment. Versions and profiles are those that this member may choose."""

    title = TextField(
        max_length=80,
        label=_("Title"),
        help_text=_("The year is enough. It stands on every page and report."),
    )
    profile = forms.ChoiceField(
        required=False,
        label=_("Target"),
        help_text=_("The level that you aim for. It decides what counts as a gap."),
        widget=forms.RadioSelect,
    )
    review_on = forms.DateField(
        required=False,
        widget=DayInput,
        label=_("Goes to review on"),
        help_text=_("The day when answers should be there. You can submit earlier or later."),
    )

    def __init__(self, *args: Any, profiles: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = list(profiles)
        field = self.fields["profile"]
        if choices and isinstance(field, forms.ChoiceField):
            field.choices = choices
            field.required = True
            field.initial = choices[0][0]
        else:
            del self.fields["profile"]


class PeopleForm(forms.Form):
    """Who answers and who reviews, one row an area: fields `respondent_0`, `reviewer_0`, `version_0`, …"""

    def __init__(self, *args: Any, areas: Iterable[Given], people: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.areas, team = tuple(areas), tuple(people)
        answering = [("", _("Nobody yet")), *((p.public_id, p.name) for p in team)]
        reviewing = [("", _("Nobody yet")), *((p.public_id, p.name) for p in team if p.reviews)]
        for n, area in enumerate(self.areas):
            self.fields[f"respondent_{n}"] = forms.ChoiceField(
                required=False, choices=answering, initial=area.respondent, label=_("Answers")
            )
            self.fields[f"reviewer_{n}"] = forms.ChoiceField(
                required=False, choices=reviewing, initial=area.reviewer, label=_("Reviews")
            )
            self.fields[f"version_{n}"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=area.version, min_value=0, max_value=2**31 - 1
            )

    @property
    def rows(self) -> list[tuple[Given, forms.BoundField, forms.BoundField, forms.BoundField]]:
        """(area, respondent, reviewer, version) for the table."""
        return [
            (area, self[f"respondent_{n}"], self[f"reviewer_{n}"], self[f"version_{n}"])
            for n, area in enumerate(self.areas)
        ]

    @property
    def givings(self) -> list[Giving]:
        """What was chosen; of a form whose fields are in order."""
        data = self.cleaned_data
        return [
            Giving(area.code, data[f"respondent_{n}"], data[f"reviewer_{n}"], data[f"version_{n}"])
            for n, area in enumerate(self.areas)
        ]

    def field_of(self, code: str) -> str | None:
        """The field where an error about this area belongs."""
        return next((f"reviewer_{n}" for n, area in enumerate(self.areas) if area.code == code), None)


class SeenForm(forms.Form):
    """The version of the answer that a decision is about."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    use = forms.CharField(required=False, max_length=20)
    draft = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1)
    text = TextField(required=False)
    kind = forms.CharField(required=False, max_length=8)


class WhatIfForm(forms.Form):
    """Levels to try: one field `l-<code>` an indicator, empty for "as now"; and how to keep them."""

    name = TextField(required=False, max_length=80, label=_("Name of the target"))
    replaces = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    idempotency = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, allowed: Mapping[str, Iterable[int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = tuple(allowed)
        for code, levels in allowed.items():
            self.fields[f"l-{code}"] = forms.TypedChoiceField(
                required=False,
                coerce=int,
                empty_value=None,
                label=code,
                choices=[("", ""), *((str(level), str(level)) for level in levels)],
            )

    @property
    def levels(self) -> dict[str, int]:
        """What was chosen, also of a form with faults in other fields."""
        given = getattr(self, "cleaned_data", {})
        chosen = {code: given.get(f"l-{code}") for code in self.codes}
        return {code: level for code, level in chosen.items() if level is not None}


__all__ = [
    "AnswerForm",
    "AreaDecisionForm",
    "AssessmentForm",
    "DayInput",
    "DeclineForm",
    "EvidenceForm",
    "ExtendForm",
    "InterestsForm",
    "JudgementForm",
    "MendForm",
    "PeopleForm",
    "PieceForm",
    "ReopenForm",
    "ReplaceForm",
    "ReplyForm",
    "ReviewRequestForm",
    "RoundForm",
    "SeenForm",
    "SignReviewForm",
    "TalkForm",
    "TextField",
    "WhatIfForm",
    "new_key",
]
