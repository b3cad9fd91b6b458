"""Pages about several results, saved as a table."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.assessments.selectors.saved_tables import comparison_rows, trend_rows
from apps.assessments.selectors.side_by_side import side_by_side
from apps.assessments.selectors.trend import trend_page
from apps.core.access import SIGNED_IN, access
from apps.core.downloads import table_file


@access(SIGNED_IN)
@require_safe
def compare_file(request: Request, member: str, ending: str) -> HttpResponse:
    """Two results of a member side by side; `?one=` and `?other=` name their assessments."""
    page = side_by_side(
        request.user, member, one=request.GET.get("one", ""), other=request.GET.get("other", "")
    )
    return table_file(comparison_rows(page), ending, name=f"comparison-{member}", title=_("Comparison"))


@access(SIGNED_IN)
@require_safe
def trend_file(request: Request, member: str, ending: str) -> HttpResponse:
    """All results of a member over time."""
    rows = trend_rows(trend_page(request.user, member))
    return table_file(rows, ending, name=f"results-{member}", title=_("Results over time"))
