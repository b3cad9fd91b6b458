"""What authors fill in: a lesson, course.yaml, a file as text, a new course, a figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.courses.services.authoring.units import LessonText
from apps.frameworks.forms.lines import CodesField, LinesField, PairsField, TextField

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LARGEST_TEXT = 400_000


def area(label: Any, *, rows: int = 3, most: int = 2000, required: bool = True, hint: Any = "") -> TextField:
    """A text of several lines."""
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return TextField(label=label, max_length=most, required=required, widget=widget, help_text=hint)


class FileForm(forms.Form):
    """A form over a file of a draft; `version` is the one that the person had seen."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    @property
    def expected(self) -> int:
        """The version that the person had seen."""
        return self.cleaned_data.get("version") or 0


def choices_for(form: forms.Form, name: str, choices: Sequence[tuple[str, Any]]) -> None:
    """Give a field of choices those of this draft."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


class LessonForm(FileForm):
    """The front matter of a lesson and its text."""

    title = forms.CharField(label=_("Title"), max_length=150)
    body = area(
        _("Text"), rows=26, most=200_000, required=False,
        hint=_("Markdown. A line ---screen--- begins a new screen; a line that begins with > is a call-out."),
    )  # fmt: skip
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=100)
    objective_id = forms.ChoiceField(label=_("Objective of the course"))
    objective = area(_("What the learner can do after this"), rows=2, most=300)
    hook_question = area(
        _("Opening question"), rows=2, most=600, hint=_("Asked before reading, never counted.")
    )
    hook_options = LinesField(label=_("Its answers, one a line"), required=True)
    key_points = LinesField(label=_("Key points, one a line"), required=True)
    do_it_at_work = area(_("Do it at work"), rows=3, most=600)
    facts = CodesField(
        label=_("Facts that may age"), help_text=_("Their names in course.yaml, such as F1 F2.")
    )

    def __init__(self, *args: Any, objectives: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_for(self, "objective_id", objectives)
        self.fields["body"].widget.attrs["spellcheck"] = "true"

    @staticmethod
    def first(lesson: LessonText, version: int) -> dict[str, Any]:
        """What the form holds of a lesson as stored."""
        front, hook = lesson.front, lesson.front.get("hook")
        hook = hook if isinstance(hook, dict) else {}
        names = ("title", "minutes", "objective_id", "objective", "key_points", "do_it_at_work", "facts")
        return {
            **{name: front.get(name, "") for name in names}, "hook_question": hook.get("question", ""),
            "hook_options": hook.get("options", []), "body": lesson.body, "version": version,
        }  # fmt: skip

    @property
    def front(self) -> dict[str, Any]:
        """The front matter that the form says."""
        given = self.cleaned_data
        hook = {"question": given["hook_question"].strip(), "options": given["hook_options"]}
        names = ("title", "minutes", "objective_id", "objective", "key_points", "do_it_at_work")
        plain = {name: given[name].strip() if isinstance(given[name], str) else given[name] for name in names}
        return {**plain, "hook": hook, "facts": list(given["facts"])}


class AboutForm(FileForm):
    """What course.yaml says about the course as a whole."""

    title = forms.CharField(label=_("Title"), max_length=150)
    number = forms.RegexField(r"^[0-9]{1,4}\.[0-9]{1,4}$", label=_("Version"), help_text=_("Such as 2.1."))
    summary = area(_("Summary"), rows=5)
    audience = area(_("For whom"), rows=3)
    hours = forms.DecimalField(label=_("Hours"), min_value=0, max_value=100, max_digits=4, decimal_places=1)
    areas = CodesField(
        label=_("Areas of the shared framework"), required=True, help_text=_("Such as PEO.1 PRO.2.")
    )
    nice_roles = CodesField(label=_("NICE work roles"), help_text=_("Such as OG-WRL-005."))
    objectives = PairsField(
        label=_("Objectives, one a line"), required=True, wanted=_("write a name, a colon and the objective."),
        help_text=_("Such as “C1.O1: Lock a door.” What lessons and questions name stays."),
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
    )  # fmt: skip
    status = forms.ChoiceField(
        label=_("State"),
        choices=[("complete", _("Complete")), ("preparation", _("In preparation: earns no certificate yet"))],
    )

    @staticmethod
    def first(document: Mapping[str, Any], version: int) -> dict[str, Any]:
        """What the form holds of course.yaml as stored."""
        rows = [row for row in document.get("objectives") or [] if isinstance(row, dict)]
        names = ("title", "summary", "audience", "hours", "areas", "nice_roles")
        return {
            **{name: document.get(name, "") for name in names}, "version": version,
            "number": document.get("version", ""), "status": document.get("status", "complete"),
            "objectives": [(row.get("id", ""), " ".join(str(row.get("text", "")).split())) for row in rows],
        }  # fmt: skip

    def changes(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Only what differs from the stored course.yaml, so that the rest keeps its form."""
        given = self.cleaned_data
        hours = float(given["hours"])
        wanted = {
            "title": given["title"].strip(), "version": given["number"], "hours": int(hours) if hours.is_integer() else hours,
            "areas": list(given["areas"]), "nice_roles": list(given["nice_roles"]),
            "objectives": [{"id": code, "text": text} for code, text in given["objectives"]],
        }  # fmt: skip
        texts = {name: given[name].strip() for name in ("summary", "audience")}
        wanted |= {name: text for name, text in texts.items() if text != str(document.get(name, "")).strip()}
        if given["status"] != document.get("status", "complete"):
            wanted["status"] = given["status"]
        if wanted["objectives"] == [
            {"id": code, "text": text} for code, text in self.first(document, 0)["objectives"]
        ]:
            wanted.pop("objectives")
        return {name: value for name, value in wanted.items() if document.get(name) != value}


class TextForm(FileForm):
    """A whole file as text."""

    text = TextField(
        label=_("The file as text"), max_length=LARGEST_TEXT, strip=False,
        widget=forms.Textarea(attrs={"rows": 30, "dir": "auto", "spellcheck": "false"}),
    )  # fmt: skip


class NewCourseForm(forms.Form):
    """A course that is new here."""

    title = forms.CharField(label=_("Title"), max_length=150)
    code = forms.RegexField(
        r"^C[1-9][0-9]{0,5}$", label=_("Id"), help_text=_("Such as C12; it begins the id of every question.")
    )
    slug = forms.RegexField(
        SLUG, label=_("Name in addresses"), max_length=60, help_text=_("Small letters, digits and hyphens.")
    )
    language = forms.ChoiceField(label=_("Language"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        choices_for(self, "language", settings.LANGUAGES)


class FigureForm(forms.Form):
    """A picture, the words that say what it shows, and the lesson that shows it."""

    file = forms.FileField(
        label=_("Picture"), max_length=255, widget=forms.ClearableFileInput(attrs={"accept": ".svg,.png"}),
        help_text=_("SVG of plain shapes, at most 8 KB, or PNG; a PNG is drawn anew, at most 960 pixels wide."),
    )  # fmt: skip
    alt = forms.CharField(
        label=_("What it shows, in words"), max_length=300, help_text=_("For people who do not see it.")
    )
    name = forms.RegexField(
        SLUG, label=_("Name"), max_length=60, help_text=_("Small letters, digits and hyphens.")
    )
    lesson = forms.ChoiceField(label=_("At the end of lesson"))

    def __init__(self, *args: Any, lessons: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        choices_for(self, "lesson", lessons)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > 2_000_000:
            raise forms.ValidationError(_("The file is larger than 2 MB."))
        return file

    def clean_alt(self) -> str:
        alt: str = self.cleaned_data["alt"]
        if "[" in alt or "]" in alt:
            raise forms.ValidationError(_("Leave out square brackets."))
        return " ".join(alt.split())


class UploadForm(forms.Form):
    """A file that is looked at before anything of it is stored."""

    file = forms.FileField(
        label=_("File"), max_length=255, help_text=_("At most 5 MB. You see every line of it first.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > 5_000_000:
            raise forms.ValidationError(_("The file is larger than 5 MB."))
        return file


class FolderForm(UploadForm):
    """The ZIP of a course folder."""


class QuestionsForm(UploadForm):
    """Questions of another system."""

    format = forms.ChoiceField(label=_("Format"))
    objective = forms.ChoiceField(label=_("For questions that name no objective of this course"))

    def __init__(
        self, *args: Any, objectives: Sequence[tuple[str, str]], formats: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        choices_for(self, "objective", objectives)
        choices_for(self, "format", list(formats))


class NamedForm(forms.Form):
    """The address of somebody who is to write a course."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
