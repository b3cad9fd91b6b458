"""What people fill in about frameworks."""

from apps.frameworks.forms.drafts import DraftForm
from apps.frameworks.forms.indicator import IndicatorForm
from apps.frameworks.forms.tree import AddForm, PartForm
from apps.frameworks.forms.versions import CopyForm, PublishForm
from apps.frameworks.forms.whole import AboutForm, MethodForm, ProfileForm

__all__ = [
    "AboutForm",
    "AddForm",
    "CopyForm",
    "DraftForm",
    "IndicatorForm",
    "MethodForm",
    "PartForm",
    "ProfileForm",
    "PublishForm",
]
