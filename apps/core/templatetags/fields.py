"""Form controls as they must be written: described, typed, with the writing direction of what is typed."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.forms import BoundField
from django.forms.boundfield import BoundWidget
from django.utils.safestring import SafeString

register = template.Library()
LATIN_ONLY = (
    forms.EmailField,
    forms.URLField,
    forms.IntegerField,
    forms.DecimalField,
    forms.FloatField,
    forms.UUIDField,
)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Whether the field is one box to tick, whose label stands after the box."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def is_optional(field: BoundField) -> bool:
    """Whether the field may be left out; a choice whose empty value stands for something is always made."""
    return not field.field.required and not getattr(field.field, "always_chosen", False)


@register.filter
def options(field: BoundField) -> list[BoundWidget]:
    """The radios or boxes of a group, without `required`, which the server says in words."""
    for option in field.subwidgets:
        option.data["attrs"].pop("required", None)
    return list(field.subwidgets)


def _direction(field: BoundField) -> str:
    if isinstance(field.field, LATIN_ONLY) or isinstance(field.field.widget, forms.PasswordInput):
        return "ltr"
    return "auto" if isinstance(field.field.widget, (forms.TextInput, forms.Textarea)) else ""


@register.simple_tag
def field_widget(field: BoundField, hint: str = "", short: bool = False) -> SafeString:
    """The control of `field`, tied to its hint and errors. No `required`, no placeholder: the label and the server say it."""
    described = [f"{field.auto_id}_helptext"] if hint else []
    described += [f"{field.auto_id}_error"] if field.errors else []
    attrs: dict[str, Any] = {"placeholder": False}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if field.errors:
        attrs["aria-invalid"] = "true"
    if direction := _direction(field):
        attrs["dir"] = direction
    if short:
        attrs["class"] = f"{field.field.widget.attrs.get('class', '')} input--short".strip()
    widget = field.field.widget
    attrs = field.build_widget_attrs(attrs, widget)
    attrs.pop("required", None)
    attrs.setdefault("id", field.id_for_label)
    html: SafeString = widget.render(
        name=field.html_name, value=field.value(), attrs=attrs, renderer=field.form.renderer
    )
    return html
