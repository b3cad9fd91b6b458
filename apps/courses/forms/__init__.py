"""What people fill in about courses."""

from apps.courses.forms.cohorts import CohortForm, ListForm

__all__ = ["CohortForm", "ListForm"]
