"""Reads of the library."""

from apps.resources.selectors.curation import (
    CurateDraft,
    DecideDraft,
    QueuePage,
    curate_draft,
    decide_draft,
    queue_page,
    waiting_for,
)
from apps.resources.selectors.gaps import ResourceLink, for_areas
from apps.resources.selectors.library import (
    Asked,
    ResourceList,
    ResourcePage,
    list_resources,
    markdown_file,
    resource_page,
    resource_rows,
)
from apps.resources.selectors.lines import ResourceLine
from apps.resources.selectors.ours import (
    ContributionPage,
    OursPage,
    ReportDraft,
    UseDraft,
    contribution_page,
    new_contribution,
    ours_page,
    report_draft,
    same_address,
    use_draft,
)

__all__ = [
    "Asked",
    "ContributionPage",
    "CurateDraft",
    "DecideDraft",
    "OursPage",
    "QueuePage",
    "ReportDraft",
    "ResourceLine",
    "ResourceLink",
    "ResourceList",
    "ResourcePage",
    "UseDraft",
    "contribution_page",
    "curate_draft",
    "decide_draft",
    "for_areas",
    "list_resources",
    "markdown_file",
    "new_contribution",
    "ours_page",
    "queue_page",
    "report_draft",
    "resource_page",
    "resource_rows",
    "same_address",
    "use_draft",
    "waiting_for",
]
