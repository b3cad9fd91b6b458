"""What people fill in about courses."""

from apps.courses.forms.clock import ExtraTimeForm
from apps.courses.forms.cohorts import CohortForm, ListForm
from apps.courses.forms.essays import MarkForm
from apps.courses.forms.opinions import OpinionForm
from apps.courses.forms.skills import RoleNeedsForm

__all__ = ["CohortForm", "ExtraTimeForm", "ListForm", "MarkForm", "OpinionForm", "RoleNeedsForm"]
