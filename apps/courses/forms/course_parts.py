"""Parts of course.yaml as forms: glossary, facts that age, the piece of work with its rubric, tests and certificate."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.courses.choices import CertificateKind
from apps.courses.forms.authoring import FileForm, area
from apps.frameworks.forms.lines import CodesField

MOST_ROWS, EMPTY_ROWS = 300, 3
INDICATOR = re.compile(r"[A-Z]{3}\.[1-9][0-9]*\.[1-9][0-9]*")


def line(label: Any, hint: Any = "", *, most: int = 200) -> forms.CharField:
    """A text of one line."""
    return forms.CharField(
        label=label,
        max_length=most,
        required=False,
        help_text=hint,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


def few(label: Any, least: int, most: int, *, required: bool = True, hint: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, required=required, help_text=hint)


def day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


@dataclass(frozen=True, slots=True)
class RowOfFields:
    """The fields of one line of a list."""

    number: int
    is_new: bool
    fields: tuple[forms.BoundField, ...]


class PartForm(FileForm):
    """A part of course.yaml; one with `columns` is a list, a row of which goes when all its fields are emptied."""

    part = ""
    title: Any = ""
    lead: Any = ""
    key = ""

    def __init__(self, *args: Any, document: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, initial=self.first(document), **kwargs)
        held = [row for row in self.rows_of(document) if isinstance(row, dict)]
        self.count, asked = len(held), len(held) + (EMPTY_ROWS if self.columns() else 0)
        while self.is_bound and asked < MOST_ROWS and self._posted(asked):
            asked += 1
        self.asked = min(asked, self.most(), MOST_ROWS)
        for n in range(self.asked):
            for name, field in self.columns().items():
                self.fields[f"{name}.{n}"] = field
                if n < len(held):
                    self.initial[f"{name}.{n}"] = _plain(held[n].get(name, ""))

    def _posted(self, n: int) -> bool:
        return any(f"{name}.{n}" in self.data for name in self.columns())

    def columns(self) -> dict[str, forms.Field]:
        """Fresh fields of one row."""
        return {}

    def most(self) -> int:
        """How many rows there may be."""
        return MOST_ROWS

    def rows_of(self, document: Mapping[str, Any]) -> Sequence[Any]:
        """The rows as stored."""
        held = document.get(self.key) if self.key else None
        return held if isinstance(held, list) else []

    def first(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """What the fields that are no rows hold."""
        return {}

    def clean(self) -> dict[str, Any]:
        """A row has all of its parts, or none."""
        given = super().clean() or {}
        for n in range(self.asked):
            texts = {name: given.get(f"{name}.{n}") for name in self.columns()}
            if any(texts.values()):
                for name, value in texts.items():
                    if not value and f"{name}.{n}" not in self.errors:
                        self.add_error(f"{name}.{n}", _("Fill this in too, or empty the whole row."))
        return given

    def head_fields(self) -> Iterator[forms.BoundField]:
        """The fields that are no rows."""
        for name in self.fields:
            if "." not in name and name != "version":
                yield self[name]

    def row_fields(self) -> Iterator[RowOfFields]:
        for n in range(self.asked):
            yield RowOfFields(n + 1, n >= self.count, tuple(self[f"{name}.{n}"] for name in self.columns()))

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows that are filled in; only after `is_valid`."""
        made = []
        for n in range(self.asked):
            row = {name: _stored(self.cleaned_data.get(f"{name}.{n}")) for name in self.columns()}
            if any(row.values()):
                made.append(row)
        return made

    def wanted(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The names of course.yaml with their new values; None leaves one out."""
        return {self.key: self.rows or ([] if self.key == "glossary" else None)}

    def changes(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Only what differs from what is stored, so that the rest keeps its form."""
        wanted = self.wanted(document)
        return {name: value for name, value in wanted.items() if _same(document.get(name)) != _same(value)}


def _plain(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _stored(value: Any) -> Any:
    return (
        value.isoformat() if isinstance(value, date) else value.strip() if isinstance(value, str) else value
    )


def _same(value: Any) -> Any:
    """A value without the spaces at its ends and without the order of names, to be compared."""
    if isinstance(value, dict):
        return {name: _same(held) for name, held in value.items()}
    if isinstance(value, (list, tuple)):
        return [_same(held) for held in value]
    return _plain(value)


class GlossaryForm(PartForm):
    """Words of the course with what they mean."""

    part = key = "glossary"
    title = gettext_lazy("Glossary")
    lead = gettext_lazy("Words that learners can look up. Empty a row to take it out.")

    def columns(self) -> dict[str, forms.Field]:
        return {
            "term": line(gettext_lazy("Word")),
            "meaning": area(gettext_lazy("What it means"), rows=2, required=False),
        }


class FactsForm(PartForm):
    """Facts that age, with the day on which somebody looked."""

    part = key = "facts"
    title = gettext_lazy("Facts that may age")
    lead = gettext_lazy(
        "Learners see the day on which a fact was checked. Check it at the source, then put today’s date."
    )

    def columns(self) -> dict[str, forms.Field]:
        id_field = forms.RegexField(
            r"^F[1-9][0-9]{0,4}$",
            label=gettext_lazy("Name"),
            required=False,
            help_text=gettext_lazy("Such as F1; lessons name it."),
        )
        return {
            "id": id_field, "text": area(gettext_lazy("Fact"), rows=2, required=False), "checked_on": day(gettext_lazy("Checked on")),
            "title": line(gettext_lazy("Title of the source")),
            "url": forms.RegexField(
                r"^https://[^\s]+$", label=gettext_lazy("Its address"), required=False, max_length=500,
                help_text=gettext_lazy("It begins with https://"),
            ),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        seen: set[str] = set()
        for n in range(self.asked):
            name = given.get(f"id.{n}")
            if name and name in seen:
                self.add_error(f"id.{n}", _("Another fact has this name."))
            seen.add(name or "")
        return given


class ArtefactForm(PartForm):
    """What learners make for their office, and what is looked for in it."""

    part = "artefact"
    title = gettext_lazy("Piece of work")
    lead = gettext_lazy(
        "What learners make for their own office. With a rubric it can be marked and offered as evidence."
    )
    name = line(gettext_lazy("Name of the piece of work"))
    text = area(gettext_lazy("What to make"), rows=6)
    indicators = CodesField(
        label=gettext_lazy("Questions of the shared framework that it can support"),
        help_text=gettext_lazy("Such as GOV.1.1 PEO.2.3."),
    )

    def columns(self) -> dict[str, forms.Field]:
        return {
            "criterion": line(gettext_lazy("Criterion")),
            "good": area(gettext_lazy("Good"), rows=2, required=False),
            "enough": area(gettext_lazy("Enough"), rows=2, required=False),
            "missing": area(gettext_lazy("Missing"), rows=2, required=False),
        }

    def most(self) -> int:
        return 10

    def rows_of(self, document: Mapping[str, Any]) -> Sequence[Any]:
        held = document.get("artefact")
        rows = held.get("rubric") if isinstance(held, dict) else None
        return rows if isinstance(rows, list) else []

    def first(self, document: Mapping[str, Any]) -> dict[str, Any]:
        held = document.get("artefact")
        if not isinstance(held, dict):
            return {"text": _plain(held or "")}
        return {
            "name": held.get("title", ""),
            "text": _plain(held.get("text", "")),
            "indicators": held.get("indicators", ()),
        }

    def clean_indicators(self) -> tuple[str, ...]:
        codes: tuple[str, ...] = self.cleaned_data["indicators"]
        for code in codes:
            if not INDICATOR.fullmatch(code):
                raise forms.ValidationError(_("“%(code)s” is no code of a question.") % {"code": code[:40]})
        return tuple(dict.fromkeys(codes))

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        filled = any(given.get(f"criterion.{n}") for n in range(self.asked))
        if (filled or given.get("indicators")) and not given.get("name"):
            self.add_error("name", _("A piece of work with a rubric has a name."))
        if given.get("name") and not filled and not self.errors:
            self.add_error("name", _("A piece of work with a name has at least one row of the rubric."))
        return given

    def wanted(self, document: Mapping[str, Any]) -> dict[str, Any]:
        given = self.cleaned_data
        if not self.rows:
            return {"artefact": given["text"].strip()}
        codes = {"indicators": list(given["indicators"])} if given["indicators"] else {}
        return {
            "artefact": {
                "title": given["name"].strip(),
                "text": given["text"].strip(),
                **codes,
                "rubric": self.rows,
            }
        }


RULES = ("draw", "pass_mark", "minutes", "supervised")


class TestsForm(PartForm):
    """What is asked in the end, how much of it has to be right, and the certificate that it earns."""

    part = "tests"
    title = gettext_lazy("Tests and certificate")
    lead = gettext_lazy("How many questions are drawn, what passes, and which certificate the course is for.")
    certificate = forms.ChoiceField(label=gettext_lazy("Certificate"), choices=CertificateKind.choices)
    validity_months = few(gettext_lazy("Valid for months"), 1, 120)
    pass_mark = few(gettext_lazy("Pass mark of the course, %"), 1, 100)
    final_draw = few(
        gettext_lazy("Final test: questions drawn"),
        1,
        200,
        required=False,
        hint=gettext_lazy("Empty: there is no final test."),
    )
    final_pass_mark = few(gettext_lazy("Final test: pass mark, %"), 1, 100, required=False)
    final_minutes = few(
        gettext_lazy("Final test: minutes"), 5, 480, required=False,
        hint=gettext_lazy("Empty: three minutes for each question, at least twenty."),
    )  # fmt: skip
    final_supervised = forms.BooleanField(
        label=gettext_lazy("Final test: counts only under supervision"), required=False,
        help_text=gettext_lazy("A trainer watches in the room and gives out a code. Re-checks need it then too."),
    )  # fmt: skip

    def __init__(self, *args: Any, document: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, document=document, **kwargs)
        for module in _tested(document):
            code, test = str(module["id"]), module["test"]
            self.fields[f"{code}_draw"] = few(
                _("Test of %(module)s: questions drawn") % {"module": code}, 1, 200
            )
            self.fields[f"{code}_pass_mark"] = few(
                _("Test of %(module)s: pass mark, %%") % {"module": code}, 1, 100
            )
            self.fields[f"{code}_minutes"] = few(
                _("Test of %(module)s: minutes") % {"module": code}, 5, 480, required=False
            )
            self.fields[f"{code}_supervised"] = forms.BooleanField(
                label=_("Test of %(module)s: counts only under supervision") % {"module": code},
                required=False,
            )
            for name in RULES:
                self.initial[f"{code}_{name}"] = test.get(name)

    def first(self, document: Mapping[str, Any]) -> dict[str, Any]:
        final = document.get("final")
        final = final if isinstance(final, dict) else {}
        plain = {name: document.get(name) for name in ("certificate", "validity_months", "pass_mark")}
        return plain | {f"final_{name}": final.get(name) for name in RULES}

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        parts = [given.get(f"final_{name}") for name in ("draw", "pass_mark")]
        if any((*parts, given.get("final_minutes"), given.get("final_supervised"))) and not all(parts):
            missing = "final_pass_mark" if parts[0] else "final_draw"
            if missing not in self.errors:
                self.add_error(missing, _("A final test has both a number of questions and a pass mark."))
        return given

    def wanted(self, document: Mapping[str, Any]) -> dict[str, Any]:
        given = self.cleaned_data
        plain = {name: given[name] for name in ("certificate", "validity_months", "pass_mark")}
        modules = [
            {**row, "test": self._rules(str(row["id"]))} if row in list(_tested(document)) else row
            for row in document.get("modules") or []
        ]
        return {**plain, "final": self._rules("final"), "modules": modules}

    def _rules(self, code: str) -> dict[str, Any] | None:
        found = {name: self.cleaned_data.get(f"{code}_{name}") for name in RULES}
        return {name: value for name, value in found.items() if value} or None


def _tested(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Modules that have a test with rules that can be read."""
    for row in document.get("modules") or []:
        if isinstance(row, dict) and isinstance(row.get("test"), dict) and "id" in row:
            yield row


PARTS: dict[str, type[PartForm]] = {
    form.part: form for form in (GlossaryForm, FactsForm, ArtefactForm, TestsForm)
}
