"""Fields that several forms share."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms


def new_key() -> str:
    """A key that makes a repeated save of the same page one save."""
    return secrets.token_urlsafe(18)


class DayInput(forms.DateInput):
    """A date, picked or typed."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TextField(forms.CharField):
    """Text with line ends as the site keeps them."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)
