"""Results as data."""

from apps.assessments.api.views import MemberResults, ResultDocument

__all__ = ["MemberResults", "ResultDocument"]
