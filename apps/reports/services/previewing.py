"""A report in the browser before it is made: the same page that becomes the PDF, marked as a preview, and nothing stored."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.templatetags.static import static
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.reports.models import Report
from apps.reports.pdf import STATIC
from apps.reports.selectors.basis import DataLine, data_used
from apps.reports.services.asking import draft_report
from apps.reports.services.rendering import report_html

OURS = re.compile(rf"{STATIC}(css/[a-z-]+\.css)")


@dataclass(frozen=True, slots=True)
class Preview:
    """A report that is not made yet: its title, label, language and paper, and what it would rest on."""

    title: str
    tlp: str
    language: str
    paper: str
    data: tuple[DataLine, ...]


def preview_report(*, actor: User, ask: Callable[..., Report], **values: Any) -> Preview:
    """What a report would be made from and who agreed to that. Checks what asking would check, and stores nothing."""
    row = draft_report(actor=actor, ask=ask, **values)
    return Preview(row.title, row.tlp, row.language, row.get_paper_display(), data_used(row))


def preview_page(*, actor: User, ask: Callable[..., Report], **values: Any) -> str:
    """The page itself, whole, in the language of the report, with our own sheets and a line that it is a preview."""
    row = draft_report(actor=actor, ask=ask, **values)
    with translation.override(row.language):
        html, _input_hash = report_html(row)
        mark = format_html(
            '<p class="preview-mark" role="note">{}</p>', _("Preview: nothing has been made yet.")
        )
    sheet = format_html('<link rel="stylesheet" href="{}">', static("css/preview.css"))
    html = OURS.sub(lambda found: static(found[1]), html)
    html = html.replace("</head>", f"{sheet}</head>", 1)
    start = html.index("<body")
    end = html.index(">", start) + 1
    return f"{html[:end]}{mark}{html[end:]}"
