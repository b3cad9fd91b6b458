"""What the importer chooses beside the file: scope, method, id, version; and what a file without them gets."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.frameworks.services.importing.found import LONGEST_LINE, cut, one_line, paragraph

KINDS = {
    "auto": gettext_lazy("Find out from the file"),
    "belay": gettext_lazy("Belay framework, YAML or JSON"),
    "xlsx": gettext_lazy("Workbook made from the template, XLSX"),
    "oscal-json": gettext_lazy("OSCAL catalogue, JSON"),
    "oscal-xml": gettext_lazy("OSCAL catalogue, XML"),
    "library": gettext_lazy("CISO Assistant library, YAML"),
}
METHODS = {
    "shared-mean": gettext_lazy("Shared mean: key indicators count double, areas and dimensions weigh the same."),
    "mean-of-means": gettext_lazy("Mean of means: every indicator the same inside its area, then areas, then dimensions."),
    "weighted-sum": gettext_lazy("Weighted sum: every indicator counts its own weight, summed without rounding."),
    "cumulative": gettext_lazy("Cumulative: a stage is reached only if all of it and of those below is implemented."),
    "threshold-profile": gettext_lazy("Threshold profile: passed when every indicator reaches its own minimum."),
    "points-ratio": gettext_lazy("Points ratio: points reached out of the most possible, all or nothing each."),
}  # fmt: skip
# The scale of the shared framework in short, for files that bring none.
MATURITY = (
    ("Absent", "There is nothing yet that anyone can point to."),
    ("Initial", "Some people do it, sometimes; nothing about it has been agreed."),
    ("Developing", "It is approved or has begun for part of the scope."),
    ("Established", "It is in force across the main scope and was used in the last 12 months."),
    ("Managed", "Its results are measured, leaders see them every year, and shortfalls are corrected."),
    ("Adaptive", "It changes quickly with threat and technology, and outsiders check it."),
)
SCOPE = "organisational"
METHOD = "shared-mean"


@dataclass(frozen=True)
class Choices:
    """What was chosen on the form or the command line; empty is “as the file says”.

    `unmarked` takes in the controls of an OSCAL catalogue that look like leftovers of an earlier version.
    """

    kind: str = "auto"
    scope: str = ""
    method: str = ""
    slug: str = ""
    version: str = ""
    unmarked: bool = False
    publish: bool = False

    def as_dict(self) -> dict[str, Any]:
        """As the row of the upload holds them."""
        return asdict(self)


def frame(
    *, title: str, version: object, language: object, description: object, source: dict[str, str]
) -> tuple[dict[str, Any], list[str]]:
    """The head of a document for a file of another kind, and what had to be changed."""
    notes = []
    number = version_number(version)
    if number != str(version):
        notes.append(
            _("The version “%(given)s” was written as %(made)s.")
            % {"given": cut(str(version), 40), "made": number}
        )
    tag = (
        language
        if isinstance(language, str) and re.fullmatch("[a-z]{2,3}(-[A-Za-z0-9]{2,6})?", language)
        else "en"
    )
    head: dict[str, Any] = {
        "id": slug_of(title), "version": number, "language": tag, "name": cut(one_line(title), LONGEST_LINE),
    }  # fmt: skip
    text = paragraph(description)
    if text:
        head["description"] = cut(text, 2000)
    kept = {
        key: cut(paragraph(value), 150 if key in ("title", "publisher") else 500)
        for key, value in source.items()
    }
    kept = {key: one_line(value) if key != "note" else value for key, value in kept.items() if value}
    if kept:
        head["source"] = kept
    return head, notes


def slug_of(title: str) -> str:
    """An id for addresses made from a title."""
    slug = re.sub(r"-+", "-", slugify(title.replace(".", "-")).replace("_", "-"))[:60].strip("-")
    return slug if re.match("[a-z]", slug) else f"framework-{slug}".strip("-")[:60].strip("-")


def version_number(given: object) -> str:
    """`5.1.1+u4` → `5.1.1`, `3` → `3.0`; `1.0` when there is no number in it."""
    numbers = re.findall(r"[0-9]{1,6}", str(given))[:3] if given is not None else []
    if not numbers:
        return "1.0"
    return ".".join(numbers if len(numbers) > 1 else [numbers[0], "0"])


def maturity_scale() -> list[dict[str, Any]]:
    """Six levels from 0 to 5."""
    return [
        {"level": level, "name": name, "meaning": meaning} for level, (name, meaning) in enumerate(MATURITY)
    ]


def apply_choices(document: dict[str, Any], choices: Choices) -> None:
    """Put what was chosen into the document. The scope was used while reading: only files without one take it."""
    if choices.slug:
        document["id"] = choices.slug
    if choices.version:
        document["version"] = choices.version
    current = document.get("method")
    if choices.method and not (isinstance(current, dict) and current.get("name") == choices.method):
        document["method"] = {"name": choices.method, "version": 1}
        parameters = _parameters(document, choices.method)
        if parameters:
            document["method"]["parameters"] = parameters


def _parameters(document: dict[str, Any], method: str) -> dict[str, Any]:
    """What a method needs to know, as far as the document says it: its stages, or its target profiles in order."""
    rows = [row for row in document.get("indicators", []) if isinstance(row, dict)]
    if method == "threshold-profile":
        profiles = [row.get("id") for row in document.get("profiles", []) if isinstance(row, dict)]
        return {"profiles": profiles} if profiles else {}
    if method == "cumulative":
        stages = sorted({row["stage"] for row in rows if isinstance(row.get("stage"), int)})
        highest = stages[-1] if stages else 1
        names = [
            {"stage": stage, "name": _("Stage %(number)s") % {"number": stage}}
            for stage in range(highest + 1)
        ]
        return {"stages": names}
    return {}
