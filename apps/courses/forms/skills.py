"""How many people are needed in each role."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from apps.courses.selectors.skills import RoleRow


class RoleNeedsForm(forms.Form):
    """A number for each role; empty is 0."""

    def __init__(self, *args: Any, rows: Sequence[RoleRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in rows:
            self.fields[row.role] = forms.IntegerField(
                label=_("Needed: %(role)s") % {"role": row.name}, min_value=0, max_value=100_000, required=False,
                initial=row.needed or None,
            )  # fmt: skip

    @property
    def needs(self) -> dict[str, int]:
        """By role; only after `is_valid`."""
        return {role: value or 0 for role, value in self.cleaned_data.items()}
