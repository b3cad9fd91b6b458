"""The one gate that every change of answers passes: the assessment row, locked and still open."""

from __future__ import annotations

from django.utils.translation import gettext as _

from apps.assessments.choices import AssessmentState
from apps.assessments.models import Assessment
from apps.core.errors import Conflict


class Closed(Conflict):
    """The assessment was submitted; its answers do not change any more."""


def lock_open(assessment: Assessment) -> Assessment:
    """Lock the assessment for this transaction. Raises `Closed` when it was submitted or merged.

    Saving and submitting take the same lock, so that no answer slips in beside a snapshot.
    """
    row = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if row.state == AssessmentState.MERGED:
        raise Closed(
            _("%(title)s was merged into another assessment. Work goes on there.") % {"title": row.title}
        )
    if row.is_closed:
        raise Closed(_("%(title)s was submitted. Nobody can change its answers now.") % {"title": row.title})
    return row
