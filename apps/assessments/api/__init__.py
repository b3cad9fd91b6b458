"""Results as data."""

from apps.assessments.api.views import MemberResults, ResultAnswers, ResultDocument

__all__ = ["MemberResults", "ResultAnswers", "ResultDocument"]
