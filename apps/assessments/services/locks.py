"""The one gate that every change of answers passes: the assessment row, locked and still open."""

from __future__ import annotations

from django.utils.translation import gettext as _

from apps.assessments.choices import CLOSED_STATES, AssessmentState
from apps.assessments.models import Assessment
from apps.core.errors import Conflict


class Closed(Conflict):
    """The assessment was submitted; its answers do not change any more."""


def lock_open(assessment: Assessment) -> Assessment:
    """Lock the assessment for this transaction and read it anew. Raises `Closed` when it was submitted or merged.

    Saving and submitting take the same lock, so that no answer slips in beside a snapshot.
    """
    row = Assessment.objects.select_for_update().get(pk=assessment.pk)
    check_open(row.state, row.title)
    return row


def hold_open(assessment: Assessment) -> None:
    """`lock_open` for those who need nothing of the row: an answer is saved often, and columns cost."""
    rows = Assessment.objects.select_for_update().filter(pk=assessment.pk)
    check_open(*rows.values_list("state", "title").get())


def check_open(state: str, title: str) -> None:
    """Raise `Closed` for an assessment that takes no answers any more."""
    if state == AssessmentState.MERGED:
        raise Closed(
            _("%(title)s was merged into another assessment. Work goes on there.") % {"title": title}
        )
    if state in CLOSED_STATES:
        raise Closed(_("%(title)s was submitted. Nobody can change its answers now.") % {"title": title})
