"""What may be compared with the result before: everything under one edition, the comparable part across two.

Both results are scored again by the engine, over the same indicators and with the newer edition's weights, from the
answers files that were stored with them. So a change is a change of answers, never of the framework.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.assessments.models import Result
from apps.assessments.selectors.inputs import score_file
from apps.assessments.selectors.results import result_before
from apps.frameworks.models import FrameworkVersion
from apps.frameworks.selectors.comparing import (
    Share,
    answers_over,
    comparable_in,
    comparison,
    only_indicators,
    share_of,
)
from apps.scoring import InputFaults, parse_framework

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Since:
    """The result before, and both over what is comparable: `now` and `then`, under the codes of the newer edition.

    `then` is None when nothing is; `share` is None when both are of one edition.
    """

    before: Result
    now: Document
    then: Document | None
    share: Share | None

    @property
    def note(self) -> str:
        """How much is compared, as a sentence; empty when it is everything."""
        if self.share is None:
            return ""
        if self.then is None:
            return _("The edition of the framework changed, and nothing in it can be compared with the last.")
        return ngettext(
            "The edition of the framework changed: %(n)s of %(total)s indicators is comparable (%(percent)s of the weight).",
            "The edition of the framework changed: %(n)s of %(total)s indicators are comparable (%(percent)s of the weight).",
            self.share.comparable,
        ) % {"n": self.share.comparable, "total": self.share.total, "percent": f"{self.share.percent} %"}


def since_last(result: Result) -> Since | None:
    """The comparison with the member's result before on the same framework; None without one.

    1 query for one edition, 2 across editions.
    """
    before = result_before(result)
    return None if before is None else between(before, result)


def between(
    before: Result, result: Result, documents: Mapping[int, dict[str, Any]] | None = None
) -> Since | None:
    """The comparison of any two results of one member; None where they are on different frameworks or scopes.

    No query for one edition, 1 across editions; none where `documents` of the framework are given.
    """
    frameworks = {row.assessment.version_of.framework_id for row in (before, result)}
    if len(frameworks) > 1 or before.document.get("scope") != result.document.get("scope"):
        return None
    if before.document.get("framework") == result.document.get("framework"):
        return Since(before, result.document, before.document, None)
    return _across(before, result, documents or published_documents(result))


def _across(before: Result, result: Result, documents: Mapping[int, dict[str, Any]]) -> Since:
    old = documents.get(before.assessment.version_of_id)
    new = documents.get(result.assessment.version_of_id)
    nothing = Since(before, result.document, None, Share(0, len(result.document["indicators"]), Fraction()))
    if old is None or new is None:
        return nothing
    scope = result.document["scope"]
    found = comparison(old, new, between=[d for d in documents.values() if d is not old and d is not new])
    changes = comparable_in(found, old, new, scope)
    if not changes:
        return nothing
    part = only_indicators(new, [code for change in changes for code in change.after])
    given = result.inputs["answers"]
    try:
        now = scored_over(
            part,
            result.inputs,
            {row["id"]: given[row["id"]] for row in part["indicators"] if row["id"] in given},
        )
        then = scored_over(part, before.inputs, answers_over(changes, before.inputs["answers"], new))
        return Since(before, now, then, share_of(found, old, new, scope))
    except InputFaults:
        return nothing


def published_documents(result: Result) -> dict[int, dict[str, Any]]:
    """Every published document of the result's framework by version id; there are few."""
    framework = result.assessment.version_of.framework_id
    return documents_of({framework})[framework]


def documents_of(frameworks: Collection[int]) -> dict[int, dict[int, dict[str, Any]]]:
    """Every published document of these frameworks by framework and version id; there are few. One query."""
    found: dict[int, dict[int, dict[str, Any]]] = {framework: {} for framework in frameworks}
    rows = FrameworkVersion.objects.published().filter(framework__in=frameworks)
    for framework, version, document in rows.values_list("framework", "pk", "document"):
        found[framework][version] = document
    return found


def scored_over(part: dict[str, Any], inputs: Mapping[str, Any], answers: dict[str, Any]) -> dict[str, Any]:
    """The document of a score over one part of a framework. Raises `InputFaults`."""
    spec = parse_framework(part, scope=inputs["scope"])
    sheet = {"framework": spec.id, "version": spec.version, "scope": spec.scope, "on": inputs["on"]}
    return score_file(spec, {**sheet, "answers": answers}).as_document()
