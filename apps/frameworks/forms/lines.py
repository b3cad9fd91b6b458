"""Fields of several short texts, one a line, for people who write and for pages without scripts."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _

NEED = re.compile(r"(\S{1,40})\s+(\d{1,2})", re.ASCII)


class TextField(forms.CharField):
    """Text with line ends as the site keeps them."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class LinesField(forms.CharField):
    """A list of texts, one a line; the value is a list."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(str(line) for line in value) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> Any:
        text: str = super().clean(value)
        return [line.strip() for line in text.splitlines() if line.strip()]


class PairsField(LinesField):
    """Lines of two parts with a colon between them; the value is a list of pairs of texts."""

    def __init__(self, *, wanted: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.wanted = wanted

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return "\n".join(f"{first}: {second}" for first, second in value)
        return value

    def clean(self, value: Any) -> list[tuple[str, str]]:
        pairs = []
        for line in super().clean(value):
            first, colon, second = (part.strip() for part in line.partition(":"))
            if not first or not colon or not second:
                raise forms.ValidationError(
                    _("“%(line)s”: %(wanted)s") % {"line": line[:60], "wanted": self.wanted}
                )
            pairs.append((first, second))
        return pairs


class NeedsField(LinesField):
    """Lines of a code and a level; the value is a tuple of (code, level)."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return "\n".join(f"{code} {level}" for code, level in value)
        return value

    def clean(self, value: Any) -> tuple[tuple[str, int], ...]:
        found = []
        for line in super().clean(value):
            match = NEED.fullmatch(line)
            if match is None:
                raise forms.ValidationError(
                    _(
                        "“%(line)s”: write the code of an indicator and the level it must reach, such as GOV.1.1 2"
                    )
                    % {"line": line[:60]}
                )
            found.append((match[1], int(match[2])))
        return tuple(found)


class CodesField(forms.CharField):
    """Codes with spaces or commas between them; the value is a tuple."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "max_length": 2000, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return " ".join(value) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> tuple[str, ...]:
        text: str = super().clean(value)
        return tuple(re.findall(r"[^\s,;]+", text))
